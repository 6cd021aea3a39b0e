import { TextDecoder } from 'node:util';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { GB18030_ENCODING, uhcCodes } from './east-asian.js';
import { MULTI_BYTE } from './multi-byte.js';
import { SINGLE_BYTE } from './single-byte.js';

/** A client's encoding other than UTF8: bytes ↔ text, with what PostgreSQL's conversions say of what can't be converted. */
export interface TextEncoding {
  readonly name: string;
  /** @throws SqlError 22021 for bytes that are no characters, 22P05 for characters that UTF8 has not */
  decode(bytes: Uint8Array): string;
  /** How many bytes at the end begin a character that is not whole yet. */
  unfinished(bytes: Uint8Array): number;
  /** @throws SqlError 22P05 for characters that the encoding has not */
  encode(text: string): Buffer;
  /** The same for what must not fail, such as an error: `?` for them. */
  encodeLossy(text: string): Buffer;
}

const FIRST_NOT_ASCII = 0x80;
const NOTHING = '\uFFFD';
const QUESTION_MARK = 0x3f;

/** How characters lie in bytes. */
interface Shape {
  /** Bytes of a character by its first one. */
  length(first: number, second: number): number;
  isTrail(byte: number): boolean;
}

const SINGLE: Shape = { length: () => 1, isTrail: () => true };
const isEucTrail = (byte: number): boolean => byte >= 0xa1 && byte <= 0xfe;
const isAny = (byte: number): boolean => byte !== 0;

const SHAPES: Readonly<Record<string, Shape>> = {
  EUC_JP: { length: (first) => (first === 0x8f ? 3 : 2), isTrail: isEucTrail },
  EUC_CN: { length: () => 2, isTrail: isEucTrail },
  EUC_KR: { length: () => 2, isTrail: isEucTrail },
  SJIS: {
    length: (first) => (first >= 0xa1 && first <= 0xdf ? 1 : 2),
    isTrail: (byte) => (byte >= 0x40 && byte <= 0x7e) || (byte >= 0x80 && byte <= 0xfc),
  },
  BIG5: { length: () => 2, isTrail: isAny },
  GBK: { length: () => 2, isTrail: isAny },
  UHC: { length: () => 2, isTrail: isAny },
  GB18030: {
    length: (_, second) => (second >= 0x30 && second <= 0x39 ? 4 : 2),
    isTrail: (byte) => byte >= 0x30 && byte !== 0x7f && byte !== 0xff,
  },
};

/** Characters by their codes, and back. Made when it is first used. */
interface Codes {
  readonly characters: ReadonlyMap<number, string>;
  readonly codes: ReadonlyMap<string, number>;
}

class TableEncoding implements TextEncoding {
  readonly name: string;
  readonly #shape: Shape;
  readonly #make: () => Iterable<readonly [code: number, character: string, isOneWay: boolean]>;
  #made: Codes | undefined;

  constructor(name: string, shape: Shape, make: () => Iterable<readonly [code: number, character: string, isOneWay: boolean]>) {
    this.name = name;
    this.#shape = shape;
    this.#make = make;
  }

  get #codes(): Codes {
    if (this.#made === undefined) {
      const characters = new Map<number, string>();
      const codes = new Map<string, number>();
      for (const [code, character, isOneWay] of this.#make()) {
        if (isOneWay) codes.set(character, code);
        else {
          characters.set(code, character);
          if (!codes.has(character)) codes.set(character, code);
        }
      }
      this.#made = { characters, codes };
    }
    return this.#made;
  }

  decode(bytes: Uint8Array): string {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let at = firstNotAscii(buffer, 0);
    if (at === buffer.length) return buffer.toString('latin1', 0, at);
    const { characters } = this.#codes;
    const parts: string[] = [];
    let start = 0;
    while (at < buffer.length) {
      if (at > start) parts.push(buffer.toString('latin1', start, at));
      const length = this.#lengthAt(buffer, at);
      let code = 0;
      for (let i = 0; i < length; i++) {
        const byte = buffer[at + i];
        if (byte === undefined || (i > 0 && !this.#shape.isTrail(byte))) throw invalidBytes(this.name, buffer.subarray(at, at + length));
        code = code * 256 + byte;
      }
      const character = characters.get(code) ?? (length === 4 ? GB18030_ENCODING.character(code) : undefined);
      if (character === undefined) throw untranslatable(buffer.subarray(at, at + length), this.name, 'UTF8');
      parts.push(character);
      start = at + length;
      at = firstNotAscii(buffer, start);
    }
    parts.push(buffer.toString('latin1', start, buffer.length));
    return parts.join('');
  }

  #lengthAt(buffer: Buffer, at: number): number {
    return this.#shape.length(buffer[at] ?? 0, buffer[at + 1] ?? 0);
  }

  unfinished(bytes: Uint8Array): number {
    if (this.#shape === SINGLE) return 0;
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = firstNotAscii(buffer, 0); at < buffer.length; ) {
      const next = at + this.#lengthAt(buffer, at);
      if (next > buffer.length || (next === buffer.length && at + 1 === buffer.length && this.#shape.length(buffer[at] ?? 0, 0) > 1)) {
        return buffer.length - at;
      }
      at = firstNotAscii(buffer, next);
    }
    return 0;
  }

  encode(text: string): Buffer {
    return this.#encode(text, false);
  }

  encodeLossy(text: string): Buffer {
    return this.#encode(text, true);
  }

  #encode(text: string, isLossy: boolean): Buffer {
    const bytes = Buffer.allocUnsafe(text.length * 4);
    const { codes } = this.#codes;
    let length = 0;
    for (const character of text) {
      const point = character.codePointAt(0) ?? 0;
      if (point < FIRST_NOT_ASCII) {
        bytes[length++] = point;
        continue;
      }
      const code = codes.get(character) ?? (this.name === GB18030_ENCODING.name ? GB18030_ENCODING.code(point) : undefined);
      if (code === undefined) {
        if (!isLossy) throw untranslatable(Buffer.from(character), 'UTF8', this.name);
        bytes[length++] = QUESTION_MARK;
      } else {
        const size = code > 0xffffff ? 4 : code > 0xffff ? 3 : code > 0xff ? 2 : 1;
        bytes.writeUIntBE(code, length, size);
        length += size;
      }
    }
    return bytes.subarray(0, length);
  }
}

function firstNotAscii(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && (bytes[at] ?? 0) < FIRST_NOT_ASCII) at++;
  return at;
}

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => `0x${byte.toString(16).padStart(2, '0')}`).join(' ');

function invalidBytes(encoding: string, bytes: Uint8Array): SqlError {
  return new SqlError(SqlState.characterNotInRepertoire, `invalid byte sequence for encoding "${encoding}": ${hex(bytes)}`);
}

function untranslatable(bytes: Uint8Array, from: string, to: string): SqlError {
  return new SqlError(
    SqlState.untranslatableCharacter,
    `character with byte sequence ${hex(bytes)} in encoding "${from}" has no equivalent in encoding "${to}"`,
  );
}

function* singleByteCodes(upper: string): Iterable<readonly [number, string, boolean]> {
  for (let i = 0; i < upper.length; i++) {
    const character = upper.charAt(i);
    if (character !== NOTHING) yield [FIRST_NOT_ASCII + i, character, false];
  }
}

function* multiByteCodes(name: string): Iterable<readonly [number, string, boolean]> {
  const table = MULTI_BYTE[name];
  if (table === undefined) return;
  const decoder = new TextDecoder(table.decoder, { fatal: true });
  const without = words(table.without).map((range) => range.split('-').map((code) => Number.parseInt(code, 16)));
  const instead = new Map(words(table.instead).map(codeAndCharacter));
  const shape = SHAPES[name] ?? SINGLE;
  for (const code of candidates(name)) {
    const other = instead.get(code);
    if (other !== undefined) yield [code, other, false];
    else if (!without.some(([from = 0, to = 0]) => code >= from && code <= to)) {
      const character = decodeOne(decoder, code, shape);
      if (character !== undefined) yield [code, character, false];
    }
  }
  for (const word of words(table.back)) yield [...codeAndCharacter(word), true];
}

function* candidates(name: string): Iterable<number> {
  const from = name === 'EUC_CN' ? 0xa1a1 : 0x8000;
  for (let code = 0x80; code <= 0xff; code++) yield code;
  for (let code = from; code <= 0xffff; code++) if (name !== 'EUC_CN' || (code & 0xff) >= 0xa1) yield code;
  if (name === 'EUC_JP') for (let code = 0x8fa1a1; code <= 0x8ffefe; code++) yield code;
}

function decodeOne(decoder: TextDecoder, code: number, shape: Shape): string | undefined {
  const size = code > 0xffff ? 3 : code > 0xff ? 2 : 1;
  const bytes = Buffer.alloc(size);
  bytes.writeUIntBE(code, 0, size);
  if (shape.length(bytes[0] ?? 0, bytes[1] ?? 0) !== size) return undefined;
  try {
    const text = decoder.decode(bytes);
    return [...text].length === 1 ? text : undefined;
  } catch {
    // Not a character: the decoder has no other way to say so.
    return undefined;
  }
}

const words = (text: string): readonly string[] => text.split(' ').filter((word) => word !== '');

function codeAndCharacter(word: string): readonly [number, string] {
  const [, code = '', character = ''] = /^([0-9a-f]+)(.+)$/su.exec(word) ?? [];
  return [Number.parseInt(code, 16), character];
}

const ENCODINGS: ReadonlyMap<string, TextEncoding> = new Map(
  [
    ...Object.entries(SINGLE_BYTE).map(([name, upper]) => new TableEncoding(name, SINGLE, () => singleByteCodes(upper))),
    ...Object.keys(MULTI_BYTE).map((name) => new TableEncoding(name, SHAPES[name] ?? SINGLE, () => multiByteCodes(name))),
    new TableEncoding('UHC', SHAPES.UHC ?? SINGLE, () => uhcCodes([...multiByteCodes('EUC_KR')])),
  ].map((encoding) => [encoding.name, encoding]),
);

/** Whether texts in an encoding can be read and written at all. */
export const isConvertible = (name: string): boolean => name === 'UTF8' || name === 'SQL_ASCII' || ENCODINGS.has(name);

/**
 * What converts between an encoding and UTF8. Undefined where nothing has to be converted: UTF8, and SQL_ASCII, whose bytes are UTF-8 here.
 * @param name as `encodingName` gives it
 * @throws SqlError 0A000
 */
export function encodingFor(name: string): TextEncoding | undefined {
  if (name === 'UTF8' || name === 'SQL_ASCII') return undefined;
  const encoding = ENCODINGS.get(name);
  if (encoding === undefined) throw new SqlError(SqlState.featureNotSupported, `conversion between ${name} and UTF8 is not supported`);
  return encoding;
}
