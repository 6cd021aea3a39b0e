import { Interval, Jsonb, Numeric, SqlArray, SqlMultirange, SqlRange, type SqlValue, TimeTz } from '../types/value.js';
import { KeyBytes } from './key-bytes.js';
import { readJsonbKey } from './key-jsonb.js';
import { NOT_NULL, RangeMark } from './key-marks.js';
import { readNumericKey } from './key-numeric.js';
import { readRecordKey } from './key-record.js';
import type { KeyColumn, KeyType, RangeKeyType, ScalarKeyType } from './key-type.js';

const MICROS_PER_DAY = 86_400_000_000n;
const DAYS_PER_MONTH = 30n;
const TWO_32 = 4_294_967_296;
const INT64_MIN = -(1n << 63n);
const INT64_MAX = (1n << 63n) - 1n;
const INT32_MAX = 0x7fffffff;
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Reads what KeyWriter wrote. Point it at bytes with `over`. */
export class KeyReader extends KeyBytes {
  column(column: KeyColumn): SqlValue {
    if (column.notNull !== true && this.byte() !== NOT_NULL) return null;
    this.flip = column.desc === true ? 0xff : 0;
    const value = this.#value(column.type, column.scale);
    this.flip = 0;
    return value;
  }

  #value(type: KeyType, scale: number | undefined): SqlValue {
    if (typeof type === 'string') return this.#scalar(type, scale);
    if ('element' in type) return this.#array(type.element);
    return type.multi ? this.#multirange(type) : this.#range(type);
  }

  #multirange(type: RangeKeyType): SqlMultirange {
    const ranges: SqlRange[] = [];
    while (this.byte() === 1) ranges.push(this.#range(type));
    return new SqlMultirange(type.subtype, ranges);
  }

  #range(type: RangeKeyType): SqlRange {
    if (this.byte() === 0) return new SqlRange(type.subtype, null, null, false, false, true);
    const lower = this.#bound(type);
    const lowerInclusive = lower !== null && this.byte() === 0;
    const upper = this.#bound(type);
    const upperInclusive = upper !== null && this.byte() === 1;
    return new SqlRange(type.subtype, lower, upper, lowerInclusive, upperInclusive);
  }

  #bound(type: RangeKeyType): SqlValue {
    return this.byte() === RangeMark.finite ? this.#scalar(type.range, undefined) : null;
  }

  #int32(): number {
    return (this.uint32() ^ 0x80000000) | 0;
  }

  #int64(): number | bigint {
    const high = (this.uint32() ^ 0x80000000) | 0;
    const low = this.uint32();
    // ±2^53 lies at ±2^21 in the upper half.
    if (high >= -0x200000 && high < 0x200000) {
      const value = high * TWO_32 + low;
      return Number.isSafeInteger(value) ? value : BigInt(high) * 0x100000000n + BigInt(low);
    }
    return BigInt(high) * 0x100000000n + BigInt(low);
  }

  #float(size: 4 | 8): number {
    const raw = Buffer.allocUnsafe(size);
    for (let i = 0; i < size; i++) raw[i] = this.byte();
    const first = raw[0] ?? 0;
    if (first >= 0x80) raw[0] = first ^ 0x80;
    else for (let i = 0; i < size; i++) raw[i] = 255 - (raw[i] ?? 0);
    return size === 8 ? raw.readDoubleBE(0) : raw.readFloatBE(0);
  }

  #bytea(): Uint8Array {
    const out: number[] = [];
    for (;;) {
      const byte = this.byte();
      if (byte === 0 && this.byte() === 1) return Uint8Array.from(out);
      out.push(byte);
    }
  }

  #uuid(): string {
    let text = '';
    for (let i = 0; i < 16; i++) {
      if (i === 4 || i === 6 || i === 8 || i === 10) text += '-';
      text += HEX[this.byte()];
    }
    return text;
  }

  #array(element: ScalarKeyType): SqlArray {
    const elements: SqlValue[] = [];
    for (let mark = this.byte(); mark !== 0; mark = this.byte()) {
      elements.push(mark === NOT_NULL ? this.#scalar(element, undefined) : null);
    }
    const rank = this.byte();
    const dimensions: number[] = [];
    for (let i = 0; i < rank; i++) dimensions.push(this.uint32());
    const lowerBounds: number[] = [];
    for (let i = 0; i < rank; i++) lowerBounds.push(this.#int32());
    return new SqlArray(elements, dimensions, lowerBounds);
  }

  #scalar(type: ScalarKeyType, scale: number | undefined): SqlValue {
    switch (type) {
      case 'bool':
        return this.byte() === 1;
      case 'int2':
        return ((this.byte() << 8) | this.byte()) - 0x8000;
      case 'int4':
        return this.#int32();
      case 'oid':
        return this.uint32();
      case 'int8':
      case 'time':
        return this.#int64();
      case 'float4':
        return this.#float(4);
      case 'float8':
        return this.#float(8);
      case 'numeric': {
        const decimal = readNumericKey(this);
        return new Numeric(decimal, decimal.isFinite() ? Math.max(scale ?? 0, decimal.decimalPlaces()) : 0);
      }
      case 'text':
      case 'folded':
      case 'bpchar':
        return this.text();
      case 'bytea':
        return this.#bytea();
      case 'uuid':
        return this.#uuid();
      case 'date': {
        const days = this.#int32();
        return days === INT32_MAX ? Number.POSITIVE_INFINITY : days === -INT32_MAX - 1 ? Number.NEGATIVE_INFINITY : days;
      }
      case 'timetz': {
        const utc = Number(this.#int64());
        const zone = this.#int32();
        return new TimeTz(utc - zone * 1_000_000, zone);
      }
      case 'timestamp': {
        const micros = this.#int64();
        return micros === INT64_MAX ? Number.POSITIVE_INFINITY : micros === INT64_MIN ? Number.NEGATIVE_INFINITY : micros;
      }
      case 'interval':
        return this.#interval();
      case 'jsonb':
        return new Jsonb(readJsonbKey(this));
      case 'record':
        return readRecordKey(this, (field) => this.#value(field, undefined));
    }
  }

  /** An interval that compares equal: the fewest months. */
  #interval(): Interval {
    const high = BigInt((this.uint32() ^ 0x80000000) | 0);
    const middle = BigInt(this.uint32());
    const span = (high << 64n) + (middle << 32n) + BigInt(this.uint32());
    let days = span / MICROS_PER_DAY;
    let months = 0n;
    if (days > BigInt(INT32_MAX) || days < -BigInt(INT32_MAX)) {
      months = days / DAYS_PER_MONTH;
      days %= DAYS_PER_MONTH;
    }
    return new Interval(Number(months), Number(days), Number(span % MICROS_PER_DAY));
  }
}
