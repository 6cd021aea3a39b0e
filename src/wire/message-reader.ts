import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import type { TextEncoding } from '../types/encodings/text-encoding.js';

const ZERO = 0;

/**
 * Reads the body of one message. pg-protocol's BufferReader trusts its sender (a string without its zero byte runs past the message); this one
 * checks every bound, since here the sender is anybody.
 *
 * Errors are SqlError 08P01 with PostgreSQL's texts.
 */
export class MessageReader {
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;
  #end = 0;
  /** The client's, where it is not UTF8. */
  encoding: TextEncoding | undefined;

  reset(bytes: Buffer, start: number, end: number): void {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
  }

  get remaining(): number {
    return this.#end - this.#at;
  }

  byte(): number {
    if (this.#at >= this.#end) throw insufficient();
    return this.#bytes[this.#at++] ?? 0;
  }

  int16(): number {
    if (this.#at + 2 > this.#end) throw insufficient();
    const value = this.#bytes.readInt16BE(this.#at);
    this.#at += 2;
    return value;
  }

  /** A count: PostgreSQL's unsigned 16-bit. */
  uint16(): number {
    return this.int16() & 0xffff;
  }

  int32(): number {
    if (this.#at + 4 > this.#end) throw insufficient();
    const value = this.#bytes.readInt32BE(this.#at);
    this.#at += 4;
    return value;
  }

  /** Text up to a zero byte, in the client's encoding. @throws SqlError 22021 when it is not, 22P05 */
  cstring(): string {
    const bytes = this.#bytes;
    const start = this.#at;
    if (bytes[start] === ZERO && start < this.#end) {
      this.#at = start + 1;
      return '';
    }
    const end = bytes.indexOf(ZERO, start);
    if (end < 0 || end >= this.#end) throw new SqlError(SqlState.protocolViolation, 'invalid string in message');
    this.#at = end + 1;
    return this.encoding === undefined ? decodeText(bytes, start, end) : this.encoding.decode(bytes.subarray(start, end));
  }

  /** A view into the chunk, valid until it is handled; keep a copy. */
  bytes(length: number): Buffer {
    if (length < 0 || this.#at + length > this.#end) throw insufficient();
    const value = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return value;
  }

  rest(): Buffer {
    return this.bytes(this.#end - this.#at);
  }

  /** @throws SqlError 08P01 when something is left over */
  done(): void {
    if (this.#at !== this.#end) throw new SqlError(SqlState.protocolViolation, 'invalid message format');
  }
}

function insufficient(): SqlError {
  return new SqlError(SqlState.protocolViolation, 'insufficient data left in message');
}

/** UTF-8 → text. @throws SqlError 22021 */
export function decodeText(bytes: Buffer, start = 0, end = bytes.length): string {
  const text = bytes.toString('utf8', start, end);
  if (text.includes('\uFFFD')) requireUtf8(bytes.subarray(start, end));
  return text;
}

const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function requireUtf8(bytes: Buffer): void {
  try {
    strictDecoder.decode(bytes);
  } catch {
    throw new SqlError(SqlState.characterNotInRepertoire, `invalid byte sequence for encoding "UTF8": ${firstInvalid(bytes)}`);
  }
}

/** The first bytes that are no UTF-8, as PostgreSQL shows them: `0xff`, `0xc3 0x28`. */
function firstInvalid(bytes: Buffer): string {
  let at = 0;
  while (at < bytes.length) {
    const length = sequenceLength(bytes[at] ?? 0);
    const piece = bytes.subarray(at, at + length);
    if (piece.length < length || piece.toString('utf8').includes('\uFFFD')) {
      if (!piece.equals(REPLACEMENT)) return Array.from(piece, (byte) => `0x${byte.toString(16).padStart(2, '0')}`).join(' ');
    }
    at += length;
  }
  return '';
}

const REPLACEMENT = Buffer.from('\uFFFD');

function sequenceLength(first: number): number {
  if (first >= 0xf0 && first < 0xf8) return 4;
  if (first >= 0xe0 && first < 0xf0) return 3;
  if (first >= 0xc0 && first < 0xe0) return 2;
  return 1;
}
