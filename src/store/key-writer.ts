import { assert } from '../commons/assert.js';
import type { UserId } from '../commons/ids.js';
import { lowerCase } from '../types/letter-case.js';
import { Interval, Jsonb, Numeric, SqlArray, SqlMultirange, SqlRange, type SqlValue, TimeTz } from '../types/value.js';
import { KeyBuffer } from './key-buffer.js';
import { writeJsonbKey } from './key-jsonb.js';
import { NOT_NULL, NULL_FIRST, NULL_LAST, RangeMark } from './key-marks.js';
import { writeNumericKey } from './key-numeric.js';
import { writeRecordKey } from './key-record.js';
import type { KeyType, ScalarKeyType } from './key-type.js';

const MICROS_PER_DAY = 86_400_000_000n;
const INT64_MIN = -(1n << 63n);
const INT64_MAX = (1n << 63n) - 1n;

/**
 * Writes memcomparable keys: the order of the bytes is the order of the values, equal values give equal bytes, and no value's bytes are
 * the beginning of another's.
 */
export class KeyWriter extends KeyBuffer {
  /** Rows of user and stream tables start with their user. */
  writeUser(user: UserId): void {
    this.text(user);
  }

  /** One column. `notNull` columns have no mark, so their keys are a byte shorter. */
  write(type: KeyType, value: SqlValue, desc = false, nullsFirst = false, notNull = false): void {
    if (value === null) {
      assert(!notNull, 'NULL in a key column that is NOT NULL');
      this.byte(nullsFirst ? NULL_FIRST : NULL_LAST);
      return;
    }
    if (!notNull) this.byte(NOT_NULL);
    const start = this.length;
    writeValue(this, type, value);
    if (desc) this.invert(start);
  }
}

/** Elements (NULL after all others), then the shape: PostgreSQL's array_cmp. */
function writeArray(key: KeyBuffer, element: ScalarKeyType, value: SqlValue): void {
  assert(value instanceof SqlArray, 'array key of another value');
  const write = WRITERS[element];
  for (const item of value.elements) {
    if (item === null) key.byte(NULL_LAST);
    else {
      key.byte(NOT_NULL);
      write(key, item);
    }
  }
  key.byte(0);
  key.byte(value.dimensions.length);
  for (const size of value.dimensions) key.uint32(size);
  for (const bound of value.lowerBounds) key.int32(bound);
}

/** An empty range before all others; then the bounds as places between values. A multirange's ranges one after the other. */
function writeRanges(key: KeyBuffer, subtype: ScalarKeyType, value: SqlValue): void {
  if (value instanceof SqlMultirange) {
    for (const range of value.ranges) {
      key.byte(1);
      writeRanges(key, subtype, range);
    }
    key.byte(0);
    return;
  }
  assert(value instanceof SqlRange, 'range key of another value');
  key.byte(value.isEmpty ? 0 : 1);
  if (value.isEmpty) return;
  writeBound(key, subtype, value.lower, RangeMark.lowest, value.lowerInclusive ? 0 : 1);
  writeBound(key, subtype, value.upper, RangeMark.highest, value.upperInclusive ? 1 : 0);
}

function writeBound(key: KeyBuffer, subtype: ScalarKeyType, value: SqlValue, infinite: number, side: number): void {
  key.byte(value === null ? infinite : RangeMark.finite);
  if (value === null) return;
  WRITERS[subtype](key, value);
  key.byte(side);
}

type Writer = (key: KeyBuffer, value: SqlValue) => void;

function writeValue(key: KeyBuffer, type: KeyType, value: SqlValue): void {
  if (typeof type === 'string') WRITERS[type](key, value);
  else if ('element' in type) writeArray(key, type.element, value);
  else writeRanges(key, type.range, value);
}

/** One writer a type; the casts say which values a column of that type holds (value.ts). */
const WRITERS: Readonly<Record<ScalarKeyType, Writer>> = {
  bool: (key, value) => key.byte(value === true ? 1 : 0),
  int2: (key, value) => key.uint16((value as number) + 0x8000),
  int4: (key, value) => key.int32(value as number),
  oid: (key, value) => key.uint32(value as number),
  int8: (key, value) => key.int64(value as number | bigint),
  float4: (key, value) => key.float32(value as number),
  float8: (key, value) => key.float64(value as number),
  numeric: (key, value) => {
    assert(value instanceof Numeric, 'numeric key of another value');
    writeNumericKey(key, value.decimal);
  },
  text: (key, value) => key.text(value as string),
  folded: (key, value) => key.text(lowerCase(value as string)),
  bpchar: (key, value) => key.text((value as string).replace(/ +$/, '')),
  bytea: (key, value) => key.bytea(value as Uint8Array),
  uuid: (key, value) => key.uuid(value as string),
  date: (key, value) => {
    const days = value as number;
    key.int32(days === Number.POSITIVE_INFINITY ? 0x7fffffff : days === Number.NEGATIVE_INFINITY ? -0x80000000 : days);
  },
  time: (key, value) => key.int64(value as number),
  timetz: (key, value) => {
    assert(value instanceof TimeTz, 'timetz key of another value');
    key.int64(value.micros + value.zone * 1_000_000);
    key.int32(value.zone);
  },
  timestamp: (key, value) => {
    const micros = value as number | bigint;
    key.int64(micros === Number.POSITIVE_INFINITY ? INT64_MAX : micros === Number.NEGATIVE_INFINITY ? INT64_MIN : micros);
  },
  interval: (key, value) => {
    assert(value instanceof Interval, 'interval key of another value');
    const days = BigInt(value.months) * 30n + BigInt(value.days);
    const span = days * MICROS_PER_DAY + BigInt(value.micros);
    key.uint32(Number(BigInt.asUintN(32, (span >> 64n) + 0x80000000n)));
    key.uint32(Number(BigInt.asUintN(32, span >> 32n)));
    key.uint32(Number(BigInt.asUintN(32, span)));
  },
  jsonb: (key, value) => {
    assert(value instanceof Jsonb, 'jsonb key of another value');
    writeJsonbKey(key, value.node);
  },
  record: (key, value) => writeRecordKey(key, value, writeValue),
};
