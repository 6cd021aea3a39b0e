import type { MessageReader } from '../message-reader.js';
import type { OutputBuffer } from '../output-buffer.js';
import { Backend } from './types.js';

export interface Parse {
  readonly name: string;
  readonly text: string;
  /** Type OIDs; 0 leaves one to be inferred. */
  readonly paramTypes: readonly number[];
}

export function decodeParse(reader: MessageReader): Parse {
  const name = reader.cstring();
  const text = reader.cstring();
  const count = reader.uint16();
  const paramTypes: number[] = [];
  for (let i = 0; i < count; i++) paramTypes.push(reader.int32() >>> 0);
  reader.done();
  return { name, text, paramTypes };
}

export function encodeParseComplete(out: OutputBuffer): void {
  out.begin(Backend.parseComplete);
  out.finish();
}

export function encodeParameterDescription(out: OutputBuffer, types: readonly number[]): void {
  out.begin(Backend.parameterDescription);
  out.writeInt16(types.length);
  for (const type of types) out.writeInt32(type);
  out.finish();
}
