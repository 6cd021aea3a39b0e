import { assert } from '../../commons/assert.js';
import type { Row, SqlValue } from '../../types/value.js';
import { compileRowDecoder, encodeRow } from '../access/stored-row.js';

/**
 * Spilled rows as bytes. Rows of nothing but NULLs, booleans, numbers and texts are written by hand, several times faster than the stored
 * row's form, which any other row has.
 *
 * | of a row | bytes |
 * | --- | --- |
 * | size of the rest | 4 |
 * | form: 0 by hand, 1 a stored row | 1 |
 * | by hand, each value: kind, then int4, float8, or a text's size and its bytes | 1, 4 or 8 or 4 + n |
 */
export const LENGTH_BYTES = 4;
const BY_HAND = 0;
const STORED = 1;

const NULL = 0;
const FALSE = 1;
const TRUE = 2;
const INTEGER = 3;
const FLOAT = 4;
const ASCII = 5;
const UTF8 = 6;

/** Texts up to this size are written unit by unit, which saves the call into V8. */
const SHORT_TEXT = 48;

export class RowEncoder {
  #chunk: Buffer;
  #view: DataView;
  used = 0;

  constructor(bytes: number) {
    this.#chunk = Buffer.allocUnsafeSlow(bytes);
    this.#view = new DataView(this.#chunk.buffer);
  }

  /** What was written so far. */
  get bytes(): Buffer {
    return this.#chunk;
  }

  /** @returns false where there is no room: then nothing was written, and the chunk has to be emptied */
  add(row: Row): boolean {
    const bound = boundOf(row);
    if (bound < 0) return this.#addStored(row);
    if (this.used + bound > this.#chunk.length) {
      if (this.used > 0) return false;
      this.#enlarge(bound);
    }
    const start = this.used;
    const view = this.#view;
    let at = start + LENGTH_BYTES;
    view.setUint8(at++, BY_HAND);
    for (let i = 0; i < row.length; i++) {
      const value = row[i] ?? null;
      if (typeof value === 'number') {
        if ((value | 0) === value && (value !== 0 || 1 / value > 0)) {
          view.setUint8(at, INTEGER);
          view.setInt32(at + 1, value);
          at += 5;
        } else {
          view.setUint8(at, FLOAT);
          view.setFloat64(at + 1, value);
          at += 9;
        }
      } else if (typeof value === 'string') at = this.#text(value, at);
      else view.setUint8(at++, value === null ? NULL : value === true ? TRUE : FALSE);
    }
    view.setUint32(start, at - start - LENGTH_BYTES);
    this.used = at;
    return true;
  }

  #text(text: string, at: number): number {
    const chunk = this.#chunk;
    const begin = at + 5;
    const { length } = text;
    let i = 0;
    if (length <= SHORT_TEXT) {
      for (; i < length; i++) {
        const unit = text.charCodeAt(i);
        if (unit >= 0x80) break;
        chunk[begin + i] = unit;
      }
    }
    const isAscii = i === length;
    const size = isAscii ? length : chunk.write(text, begin, 'utf8');
    chunk[at] = isAscii ? ASCII : UTF8;
    this.#view.setUint32(at + 1, size);
    return begin + size;
  }

  #addStored(row: Row): boolean {
    const stored = encodeRow(row);
    const size = LENGTH_BYTES + 1 + stored.length;
    if (this.used + size > this.#chunk.length) {
      if (this.used > 0) return false;
      this.#enlarge(size);
    }
    this.#view.setUint32(this.used, stored.length + 1);
    this.#view.setUint8(this.used + LENGTH_BYTES, STORED);
    this.#chunk.set(stored, this.used + LENGTH_BYTES + 1);
    this.used += size;
    return true;
  }

  #enlarge(bytes: number): void {
    this.#chunk = Buffer.allocUnsafeSlow(bytes);
    this.#view = new DataView(this.#chunk.buffer);
  }
}

/** Bytes that a row takes at most; -1 where it can't be written by hand. */
function boundOf(row: Row): number {
  let bound = LENGTH_BYTES + 1;
  for (let i = 0; i < row.length; i++) {
    const value = row[i] ?? null;
    if (typeof value === 'string') bound += 5 + value.length * 3;
    else if (typeof value === 'number') bound += 9;
    else if (value === null || typeof value === 'boolean') bound++;
    else return -1;
  }
  return bound;
}

/** @param bytes of a row, behind its size */
export type SpilledRowReader = (chunk: Buffer, view: DataView, at: number, end: number) => Row;

export function spilledRowReader(width: number): SpilledRowReader {
  const empty: Row = new Array<SqlValue>(width).fill(null);
  const decode = compileRowDecoder(width);
  return (chunk, view, start, end) => {
    if (chunk[start] === STORED) return decode(chunk.subarray(start + 1, end));
    const row = empty.slice();
    let at = start + 1;
    for (let i = 0; at < end; i++) {
      const kind = chunk[at++] ?? 0;
      switch (kind) {
        case NULL:
          break;
        case FALSE:
        case TRUE:
          row[i] = kind === TRUE;
          break;
        case INTEGER:
          row[i] = view.getInt32(at);
          at += 4;
          break;
        case FLOAT:
          row[i] = view.getFloat64(at);
          at += 8;
          break;
        default: {
          assert(kind === ASCII || kind === UTF8, 'a spilled value of an unknown kind');
          const size = view.getUint32(at);
          at += 4;
          row[i] = chunk.toString(kind === ASCII ? 'latin1' : 'utf8', at, at + size);
          at += size;
        }
      }
    }
    return row;
  };
}
