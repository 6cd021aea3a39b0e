import type { MessageReader } from '../message-reader.js';
import type { OutputBuffer } from '../output-buffer.js';
import type { ValueEncoder } from '../port.js';
import { Backend } from './types.js';

export interface FunctionCall {
  readonly function: number;
  readonly argFormats: readonly number[];
  /** Views into the input. */
  readonly args: readonly (Uint8Array | null)[];
  readonly resultFormat: number;
}

export function decodeFunctionCall(reader: MessageReader): FunctionCall {
  const oid = reader.int32() >>> 0;
  const argFormats = Array.from({ length: reader.uint16() }, () => reader.int16());
  const args = Array.from({ length: reader.uint16() }, () => {
    const length = reader.int32();
    return length === -1 ? null : reader.bytes(length);
  });
  const resultFormat = reader.int16();
  reader.done();
  return { function: oid, argFormats, args, resultFormat };
}

export function encodeFunctionResult(out: OutputBuffer, value: Parameters<ValueEncoder>[0] | null, encode: ValueEncoder): void {
  out.begin(Backend.functionResult);
  try {
    if (value === null) out.writeInt32(-1);
    else {
      const at = out.beginLength();
      encode(value, out);
      out.endLength(at);
    }
  } catch (error) {
    out.abandon();
    throw error;
  }
  out.finish();
}
