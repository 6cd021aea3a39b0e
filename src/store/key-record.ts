import { assert } from '../commons/assert.js';
import { SqlArray, SqlRecord, type SqlValue } from '../types/value.js';
import type { KeyBuffer } from './key-buffer.js';
import type { KeyBytes } from './key-bytes.js';
import { NOT_NULL, NULL_LAST } from './key-marks.js';
import { type KeyType, keyTypeOf } from './key-type.js';

/**
 * A row within a key: for each field the oid of its type and its value, NULL after all others. Fields of users' types have no layout of their
 * own: one byte tells what their values are.
 */
export type WriteField = (key: KeyBuffer, type: KeyType, value: SqlValue) => void;
export type ReadField = (type: KeyType) => SqlValue;

/** What values of users' types may be, by the byte that tells it: an enum's and numeric domains' numbers, texts, rows, arrays of these. */
const SHAPES: readonly KeyType[] = ['float8', 'text', 'bool', 'record', { element: 'float8' }, { element: 'text' }, { element: 'record' }];

export function writeRecordKey(key: KeyBuffer, value: SqlValue, write: WriteField): void {
  assert(value instanceof SqlRecord, 'row key of another value');
  key.byte(value.values.length);
  for (let i = 0; i < value.values.length; i++) {
    const field = value.values[i] ?? null;
    const oid = value.types[i] ?? 0;
    key.uint32(oid);
    key.byte(field === null ? NULL_LAST : NOT_NULL);
    if (field === null) continue;
    const known = keyTypeOf(oid);
    if (known !== undefined) {
      write(key, known, field);
      continue;
    }
    const shape = shapeOf(field);
    key.byte(shape);
    const type = SHAPES[shape];
    assert(type !== undefined, 'a field of a row that has no place in keys');
    write(key, type, field);
  }
}

function shapeOf(value: SqlValue): number {
  if (typeof value === 'number') return 0;
  if (typeof value === 'string') return 1;
  if (typeof value === 'boolean') return 2;
  if (value instanceof SqlRecord) return 3;
  assert(value instanceof SqlArray, 'a field of a row that has no place in keys');
  const [element] = value.elements;
  return element instanceof SqlRecord ? 6 : typeof element === 'string' ? 5 : 4;
}

export function readRecordKey(bytes: KeyBytes, read: ReadField): SqlRecord {
  const count = bytes.byte();
  const values: SqlValue[] = [];
  const types: number[] = [];
  for (let i = 0; i < count; i++) {
    const oid = bytes.uint32();
    types.push(oid);
    if (bytes.byte() !== NOT_NULL) {
      values.push(null);
      continue;
    }
    const type = keyTypeOf(oid) ?? SHAPES[bytes.byte()];
    assert(type !== undefined, 'a row in a key of a kind that this version does not know');
    values.push(read(type));
  }
  return new SqlRecord(values, types);
}
