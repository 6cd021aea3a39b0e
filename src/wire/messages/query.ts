import type { MessageReader } from '../message-reader.js';
import type { OutputBuffer } from '../output-buffer.js';
import type { TransactionStatus } from '../port.js';
import { Backend } from './types.js';

export function decodeQuery(reader: MessageReader): string {
  const text = reader.cstring();
  reader.done();
  return text;
}

export function encodeReadyForQuery(out: OutputBuffer, status: TransactionStatus): void {
  out.begin(Backend.readyForQuery);
  out.writeByte(status.charCodeAt(0));
  out.finish();
}
