import type { MessageReader } from '../message-reader.js';
import type { OutputBuffer } from '../output-buffer.js';
import { Backend } from './types.js';

export interface Bind {
  readonly portal: string;
  readonly statement: string;
  readonly paramFormats: readonly number[];
  /** Views into the input: decoded before the next chunk comes. */
  readonly params: readonly (Uint8Array | null)[];
  readonly resultFormats: readonly number[];
}

const NO_FORMATS: readonly number[] = Object.freeze([]);
const NO_PARAMS: readonly null[] = Object.freeze([]);

export function decodeBind(reader: MessageReader): Bind {
  const portal = reader.cstring();
  const statement = reader.cstring();
  const paramFormats = formats(reader);
  const count = reader.uint16();
  let params: (Uint8Array | null)[] | readonly null[] = NO_PARAMS;
  if (count > 0) {
    const values: (Uint8Array | null)[] = [];
    for (let i = 0; i < count; i++) {
      const length = reader.int32();
      values.push(length === -1 ? null : reader.bytes(length));
    }
    params = values;
  }
  const resultFormats = formats(reader);
  reader.done();
  return { portal, statement, paramFormats, params, resultFormats };
}

function formats(reader: MessageReader): readonly number[] {
  const count = reader.uint16();
  if (count === 0) return NO_FORMATS;
  const list: number[] = [];
  for (let i = 0; i < count; i++) list.push(reader.int16());
  return list;
}

export function encodeBindComplete(out: OutputBuffer): void {
  out.begin(Backend.bindComplete);
  out.finish();
}
