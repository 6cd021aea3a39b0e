import { assert } from '../commons/assert.js';
import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import { copyBytes } from './bytes.js';

const TWO_32 = 4_294_967_296;
const INT64_MIN = -(1n << 63n);

/** The pieces that memcomparable keys are made of, in a buffer that grows. Reusable: `reset`, write, `finish`. */
export class KeyBuffer {
  /** From Buffer's pool: each plan has a few of these, and many plans run once. */
  #bytes: Buffer = Buffer.allocUnsafe(128);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  reset(): void {
    this.#length = 0;
  }

  /** A copy of what was written. */
  finish(): Uint8Array {
    return copyBytes(this.#bytes, this.#length);
  }

  /** Turns the order of what was written since `start` around. */
  invert(start: number): void {
    const bytes = this.#bytes;
    for (let i = start; i < this.#length; i++) bytes[i] = 255 - (bytes[i] ?? 0);
  }

  byte(value: number): void {
    if (this.#length === this.#bytes.length) this.#grow(1);
    this.#bytes[this.#length++] = value;
  }

  uint16(value: number): void {
    if (this.#length + 2 > this.#bytes.length) this.#grow(2);
    const bytes = this.#bytes;
    bytes[this.#length++] = value >>> 8;
    bytes[this.#length++] = value;
  }

  uint32(value: number): void {
    if (this.#length + 4 > this.#bytes.length) this.#grow(4);
    const bytes = this.#bytes;
    const at = this.#length;
    bytes[at] = value >>> 24;
    bytes[at + 1] = value >>> 16;
    bytes[at + 2] = value >>> 8;
    bytes[at + 3] = value;
    this.#length = at + 4;
  }

  int32(value: number): void {
    this.uint32((value ^ 0x80000000) >>> 0);
  }

  int64(value: number | bigint): void {
    if (typeof value === 'number') {
      const high = Math.floor(value / TWO_32);
      this.uint32((high ^ 0x80000000) >>> 0);
      this.uint32((value - high * TWO_32) >>> 0);
    } else {
      const shifted = BigInt.asUintN(64, value - INT64_MIN);
      this.uint32(Number(shifted >> 32n));
      this.uint32(Number(shifted & 0xffffffffn));
    }
  }

  float64(value: number): void {
    if (this.#length + 8 > this.#bytes.length) this.#grow(8);
    const at = this.#length;
    // NaN is above all, -0 equals 0 (PostgreSQL manual, "Floating-Point Types").
    this.#bytes.writeDoubleBE(value === 0 ? 0 : value, at);
    this.#length = at + 8;
    this.#sortableFloat(at, 8);
  }

  float32(value: number): void {
    if (this.#length + 4 > this.#bytes.length) this.#grow(4);
    const at = this.#length;
    this.#bytes.writeFloatBE(value === 0 ? 0 : value, at);
    this.#length = at + 4;
    this.#sortableFloat(at, 4);
  }

  /** Positive: flip the sign; negative: flip every bit. */
  #sortableFloat(at: number, size: number): void {
    const bytes = this.#bytes;
    const first = bytes[at] ?? 0;
    if (first < 0x80) bytes[at] = first ^ 0x80;
    else for (let i = at; i < at + size; i++) bytes[i] = 255 - (bytes[i] ?? 0);
  }

  /** UTF-8 and a zero byte, which text can't contain: the order of bytes is that of code points. */
  text(value: string): void {
    const room = value.length * 3 + 1;
    if (this.#length + room > this.#bytes.length) this.#grow(room);
    const bytes = this.#bytes;
    let at = this.#length;
    const size = value.length;
    let i = 0;
    if (size <= 24) {
      // Short ASCII text is faster here than through a native call.
      for (; i < size; i++) {
        const unit = value.charCodeAt(i);
        if (unit >= 0x80 || unit === 0) break;
        bytes[at++] = unit;
      }
    }
    if (i < size) {
      if (value.includes('\0')) throw new SqlError(SqlState.characterNotInRepertoire, 'invalid byte sequence for encoding "UTF8": 0x00');
      at = this.#length + bytes.write(value, this.#length, 'utf8');
    }
    bytes[at++] = 0;
    this.#length = at;
  }

  /** Bytes with 0 as 00 FF, then 00 01. */
  bytea(value: Uint8Array): void {
    const room = value.length * 2 + 2;
    if (this.#length + room > this.#bytes.length) this.#grow(room);
    const bytes = this.#bytes;
    let at = this.#length;
    for (const byte of value) {
      bytes[at++] = byte;
      if (byte === 0) bytes[at++] = 0xff;
    }
    bytes[at++] = 0;
    bytes[at++] = 1;
    this.#length = at;
  }

  raw(value: Uint8Array): void {
    if (this.#length + value.length > this.#bytes.length) this.#grow(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  uuid(value: string): void {
    if (this.#length + 16 > this.#bytes.length) this.#grow(16);
    const bytes = this.#bytes;
    let at = this.#length;
    for (let i = 0; i < 36; ) {
      if (value.charCodeAt(i) === 45) {
        i++;
        continue;
      }
      bytes[at++] = (hexDigit(value.charCodeAt(i)) << 4) | hexDigit(value.charCodeAt(i + 1));
      i += 2;
    }
    assert(at === this.#length + 16, 'not a uuid');
    this.#length = at;
  }

  #grow(room: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#length + room));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

function hexDigit(unit: number): number {
  return unit <= 57 ? unit - 48 : (unit | 32) - 87;
}
