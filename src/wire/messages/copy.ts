import type { MessageReader } from '../message-reader.js';
import type { OutputBuffer } from '../output-buffer.js';
import { Backend } from './types.js';

/** The bytes are a view into the input. */
export function decodeCopyData(reader: MessageReader): Buffer {
  return reader.rest();
}

export function decodeCopyFail(reader: MessageReader): string {
  const message = reader.cstring();
  reader.done();
  return message;
}

export function encodeCopyIn(out: OutputBuffer, binary: boolean, columns: number): void {
  encodeCopyStart(out, Backend.copyIn, binary, columns);
}

export function encodeCopyOut(out: OutputBuffer, binary: boolean, columns: number): void {
  encodeCopyStart(out, Backend.copyOut, binary, columns);
}

function encodeCopyStart(out: OutputBuffer, type: number, binary: boolean, columns: number): void {
  const format = binary ? 1 : 0;
  out.begin(type);
  out.writeByte(format);
  out.writeInt16(columns);
  for (let i = 0; i < columns; i++) out.writeInt16(format);
  out.finish();
}

export function encodeCopyData(out: OutputBuffer, bytes: Uint8Array): void {
  out.begin(Backend.copyData);
  out.writeBytes(bytes);
  out.finish();
}

export function encodeCopyDone(out: OutputBuffer): void {
  out.begin(Backend.copyDone);
  out.finish();
}
