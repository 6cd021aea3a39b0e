import type { OutputBuffer } from '../output-buffer.js';
import { Backend } from './types.js';

/** Messages that tell of the session itself, outside any statement. */
export function encodeParameterStatus(out: OutputBuffer, name: string, value: string): void {
  out.begin(Backend.parameterStatus);
  out.writeCString(name);
  out.writeCString(value);
  out.finish();
}

export function encodeBackendKeyData(out: OutputBuffer, pid: number, secretKey: Uint8Array): void {
  out.begin(Backend.backendKeyData);
  out.writeInt32(pid);
  out.writeBytes(secretKey);
  out.finish();
}

export function encodeNotification(out: OutputBuffer, pid: number, channel: string, payload: string): void {
  out.begin(Backend.notification);
  out.writeInt32(pid);
  out.writeCString(channel);
  out.writeCString(payload);
  out.finish();
}
