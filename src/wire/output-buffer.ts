import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import type { TextEncoding } from '../types/encodings/text-encoding.js';
import type { ValueBuffer } from './port.js';

const INITIAL_BYTES = 16 * 1024;
/** Beyond this, a buffer is not kept after it was sent. */
const KEEP_BYTES = 256 * 1024;
/** Up to this many characters, copying ASCII by hand beats the call into native code. */
const SHORT_TEXT = 24;
/** From so many characters on their bytes are counted first: three times their number is much to reserve. */
const LONG_TEXT = 64 * 1024;
/** A row, which is built in one go and goes out as a whole. */
const MAX_MESSAGE_BYTES = 512 * 1024 * 1024;
/** Sign and digits of 2^53. */
const MAX_INTEGER_DIGITS = 17;

/**
 * The bytes on their way to one client. pg-protocol's Writer makes a new buffer for every message; on the path of rows that costs more than the
 * rows, so this one holds all messages of an input chunk and is written to the socket once.
 */
export class OutputBuffer implements ValueBuffer {
  #bytes = Buffer.allocUnsafe(INITIAL_BYTES);
  #length = 0;
  #messageStart = 0;
  /** The client's, where it is not UTF8. */
  encoding: TextEncoding | undefined;

  get length(): number {
    return this.#length;
  }

  /** Starts a message; `finish` fills in its length. */
  begin(type: number): void {
    if (this.#length + 5 > this.#bytes.length) this.#grow(5);
    this.#messageStart = this.#length;
    this.#bytes[this.#length] = type;
    this.#length += 5;
  }

  finish(): void {
    this.#putInt32(this.#messageStart + 1, this.#length - this.#messageStart - 1);
  }

  /** Forgets the message being built: an error came up in its middle. */
  abandon(): void {
    this.#length = this.#messageStart;
  }

  /** A message whose bytes are known. */
  writeRaw(bytes: Uint8Array): void {
    this.writeBytes(bytes);
  }

  /** Leaves room for a length. @returns where, for `endLength` */
  beginLength(): number {
    const at = this.#length;
    if (at + 4 > this.#bytes.length) this.#grow(4);
    this.#length = at + 4;
    return at;
  }

  endLength(at: number): void {
    this.#putInt32(at, this.#length - at - 4);
  }

  writeByte(value: number): void {
    if (this.#length + 1 > this.#bytes.length) this.#grow(1);
    this.#bytes[this.#length++] = value;
  }

  writeInt16(value: number): void {
    if (this.#length + 2 > this.#bytes.length) this.#grow(2);
    this.#bytes[this.#length++] = value >>> 8;
    this.#bytes[this.#length++] = value;
  }

  writeInt32(value: number): void {
    if (this.#length + 4 > this.#bytes.length) this.#grow(4);
    this.#putInt32(this.#length, value);
    this.#length += 4;
  }

  writeInt64(value: number | bigint): void {
    if (this.#length + 8 > this.#bytes.length) this.#grow(8);
    if (typeof value === 'number') {
      this.#putInt32(this.#length, Math.floor(value / 4_294_967_296));
      this.#putInt32(this.#length + 4, value >>> 0);
    } else {
      this.#bytes.writeBigInt64BE(value, this.#length);
    }
    this.#length += 8;
  }

  writeFloat32(value: number): void {
    if (this.#length + 4 > this.#bytes.length) this.#grow(4);
    this.#bytes.writeFloatBE(value, this.#length);
    this.#length += 4;
  }

  writeFloat64(value: number): void {
    if (this.#length + 8 > this.#bytes.length) this.#grow(8);
    this.#bytes.writeDoubleBE(value, this.#length);
    this.#length += 8;
  }

  /** In the client's encoding. @throws SqlError 22P05 for characters that it has not */
  writeText(text: string): void {
    const length = text.length;
    if (this.#length + length * 3 > this.#bytes.length) this.#grow(length > LONG_TEXT ? Buffer.byteLength(text) : length * 3);
    if (length <= SHORT_TEXT) {
      const bytes = this.#bytes;
      let at = this.#length;
      let i = 0;
      for (; i < length; i++) {
        const code = text.charCodeAt(i);
        if (code > 127) break;
        bytes[at++] = code;
      }
      if (i === length) {
        this.#length = at;
        return;
      }
    }
    if (this.encoding === undefined) this.#length += this.#bytes.write(text, this.#length, 'utf8');
    else this.writeBytes(this.encoding.encode(text));
  }

  writeAscii(text: string): void {
    const length = text.length;
    if (this.#length + length > this.#bytes.length) this.#grow(length);
    if (length <= SHORT_TEXT) {
      const bytes = this.#bytes;
      let at = this.#length;
      for (let i = 0; i < length; i++) bytes[at++] = text.charCodeAt(i);
      this.#length = at;
    } else {
      this.#length += this.#bytes.write(text, this.#length, 'latin1');
    }
  }

  /**
   * Text and the zero byte that ends it. Zero bytes inside would cut a message short, so they are left out. It never fails: what the client's encoding
   * has not is a question mark.
   */
  writeCString(text: string): void {
    const plain = text.includes('\0') ? text.replaceAll('\0', '') : text;
    if (this.encoding === undefined) this.writeText(plain);
    else this.writeBytes(this.encoding.encodeLossy(plain));
    this.writeByte(0);
  }

  writeBytes(bytes: Uint8Array): void {
    if (this.#length + bytes.length > this.#bytes.length) this.#grow(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** A safe integer in decimal. */
  writeInteger(value: number): void {
    if (this.#length + MAX_INTEGER_DIGITS > this.#bytes.length) this.#grow(MAX_INTEGER_DIGITS);
    const bytes = this.#bytes;
    let at = this.#length;
    let rest = value;
    if (rest < 0) {
      bytes[at++] = 45;
      rest = -rest;
    }
    let end = at + 1;
    for (let bound = 10; rest >= bound; bound *= 10) end++;
    this.#length = end;
    while (end > at) {
      const quotient = Math.floor(rest / 10);
      bytes[--end] = rest - quotient * 10 + 48;
      rest = quotient;
    }
  }

  /** A number from 0 with leading zeros: parts of dates and times. */
  writeDigits(value: number, digits: number): void {
    if (this.#length + digits > this.#bytes.length) this.#grow(digits);
    let rest = value;
    for (let at = this.#length + digits - 1; at >= this.#length; at--) {
      const quotient = Math.floor(rest / 10);
      this.#bytes[at] = rest - quotient * 10 + 48;
      rest = quotient;
    }
    this.#length += digits;
  }

  /** What is in the buffer. It must be handed back by `recycle`, or left to the receiver by `renew`, before anything more is written. */
  contents(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /** The contents are sent: the bytes may be overwritten. */
  recycle(): void {
    if (this.#bytes.length > KEEP_BYTES) this.#bytes = Buffer.allocUnsafe(INITIAL_BYTES);
    this.#length = 0;
  }

  /** The contents are still wanted by the receiver: goes on with new bytes. */
  renew(): void {
    this.#bytes = Buffer.allocUnsafe(INITIAL_BYTES);
    this.#length = 0;
  }

  #putInt32(at: number, value: number): void {
    const bytes = this.#bytes;
    bytes[at] = value >>> 24;
    bytes[at + 1] = value >>> 16;
    bytes[at + 2] = value >>> 8;
    bytes[at + 3] = value;
  }

  /** @throws SqlError 54000 for a message that is too large, with PostgreSQL's words */
  #grow(need: number): void {
    const size = this.#length - this.#messageStart;
    if (size + need > MAX_MESSAGE_BYTES) {
      throw new SqlError(SqlState.programLimitExceeded, 'out of memory', {
        detail: `Cannot enlarge string buffer containing ${size} bytes by ${need} more bytes.`,
      });
    }
    // Twice as large, but not so that a message beyond the limit would fit unseen.
    const twice = Math.min(this.#bytes.length * 2, MAX_MESSAGE_BYTES);
    const larger = Buffer.allocUnsafe(Math.max(twice, this.#length + need));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}
