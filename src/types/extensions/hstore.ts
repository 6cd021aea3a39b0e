import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { TypeCodec } from '../codec.js';
import { insufficientData, isSpace } from '../input-errors.js';
import { ObjectValue } from '../value.js';
import { ExtensionTypeOid } from './oids.js';

/** Keys with values or NULL, in hstore's order: shorter keys first, then by bytes. */
export class Hstore extends ObjectValue {
  readonly oid = ExtensionTypeOid.hstore;
  readonly pairs: ReadonlyMap<string, string | null>;

  /** @param pairs in order */
  constructor(pairs: ReadonlyMap<string, string | null>) {
    super();
    this.pairs = pairs;
  }

  exactText(): string {
    const quote = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`;
    const parts: string[] = [];
    for (const [key, value] of this.pairs) parts.push(`${quote(key)}=>${value === null ? 'NULL' : quote(value)}`);
    return parts.join(', ');
  }
}

/** Of pairs in any order; the first of a key counts. */
export function hstoreOf(pairs: Iterable<readonly [string, string | null]>): Hstore {
  const first = new Map<string, string | null>();
  for (const [key, value] of pairs) if (!first.has(key)) first.set(key, value);
  return new Hstore(new Map([...first].sort(([a], [b]) => compareKeys(a, b))));
}

function compareKeys(a: string, b: string): number {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length - right.length || Buffer.compare(left, right);
}

/** As hstore_cmp: over all keys and values as they are laid out, then by number of pairs, and by lengths. */
export function compareHstores(a: Hstore, b: Hstore): number {
  if (a.pairs.size === 0 || b.pairs.size === 0) return a.pairs.size - b.pairs.size;
  const textOf = (hstore: Hstore) => Buffer.from([...hstore.pairs].map(([key, value]) => key + (value ?? '')).join(''));
  const left = textOf(a);
  const right = textOf(b);
  const shared = Math.min(left.length, right.length);
  const order =
    Buffer.compare(left.subarray(0, shared), right.subarray(0, shared)) || left.length - right.length || a.pairs.size - b.pairs.size;
  if (order !== 0) return order;
  const others = [...b.pairs];
  let i = 0;
  for (const [key, value] of a.pairs) {
    const [otherKey, otherValue] = others[i++] ?? ['', null];
    const lengths = Buffer.byteLength(key) - Buffer.byteLength(otherKey);
    if (lengths !== 0) return lengths;
    if ((value === null) !== (otherValue === null)) return value === null ? 1 : -1;
    const valueLengths = Buffer.byteLength(value ?? '') - Buffer.byteLength(otherValue ?? '');
    if (valueLengths !== 0) return valueLengths;
  }
  return 0;
}

/** Reads `key => value, …`, words bare or in double quotes, a bare NULL value. @throws SqlError XX000, as PostgreSQL 15 has it */
class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): Hstore {
    const pairs: [string, string | null][] = [];
    this.#skipSpaces();
    while (this.#at < this.#text.length) {
      const { word: key } = this.#word(true);
      this.#skipSpaces();
      if (this.#text[this.#at] !== '=') throw this.#unexpected();
      this.#at++;
      if (this.#text[this.#at] !== '>') throw this.#unexpected();
      this.#at++;
      this.#skipSpaces();
      const { word, quoted } = this.#word(false);
      pairs.push([key, !quoted && word.toLowerCase() === 'null' ? null : word]);
      this.#skipSpaces();
      if (this.#at >= this.#text.length) break;
      if (this.#text[this.#at] !== ',') throw this.#unexpected();
      this.#at++;
      this.#skipSpaces();
    }
    return hstoreOf(pairs);
  }

  /** A key ends before =, a value before a comma, both before a blank unless in quotes. */
  #word(isKey: boolean): { readonly word: string; readonly quoted: boolean } {
    const end = isKey ? '=' : ',';
    const quoted = this.#text[this.#at] === '"';
    if (quoted) this.#at++;
    else if (this.#at >= this.#text.length) throw this.#ended();
    else if (isKey && this.#text[this.#at] === '=') throw this.#unexpected();
    let word = '';
    for (; this.#at < this.#text.length; this.#at++) {
      const char = this.#text[this.#at] ?? '';
      if (char === '\\') {
        this.#at++;
        if (this.#at >= this.#text.length) throw this.#ended();
        word += this.#text[this.#at];
        continue;
      }
      if (quoted && char === '"') {
        this.#at++;
        return { word, quoted };
      }
      // What a word begins with is part of it.
      if (!quoted && (isSpace(char.charCodeAt(0)) || (char === end && word !== ''))) break;
      word += char;
    }
    if (quoted) throw this.#ended();
    return { word, quoted };
  }

  #skipSpaces(): void {
    while (isSpace(this.#text.charCodeAt(this.#at))) this.#at++;
  }

  #unexpected(): SqlError {
    if (this.#at >= this.#text.length) return this.#ended();
    const char = this.#text[this.#at] ?? '';
    return new SqlError(
      SqlState.internalError,
      `Syntax error near "${char}" at position ${Buffer.byteLength(this.#text.slice(0, this.#at))}`,
    );
  }

  #ended(): SqlError {
    return new SqlError(SqlState.internalError, 'Unexpected end of string');
  }
}

export function parseHstore(text: string): Hstore {
  return new Reader(text).read();
}

function send(hstore: Hstore): Uint8Array {
  const parts: Buffer[] = [];
  const number = (value: number) => {
    const bytes = Buffer.allocUnsafe(4);
    bytes.writeInt32BE(value);
    parts.push(bytes);
  };
  const text = (value: string) => {
    const bytes = Buffer.from(value);
    number(bytes.length);
    parts.push(bytes);
  };
  number(hstore.pairs.size);
  for (const [key, value] of hstore.pairs) {
    text(key);
    if (value === null) number(-1);
    else text(value);
  }
  return Buffer.concat(parts);
}

function receive(source: Uint8Array): Hstore {
  const bytes = Buffer.from(source);
  let at = 0;
  const number = () => {
    if (at + 4 > bytes.length) throw insufficientData();
    at += 4;
    return bytes.readInt32BE(at - 4);
  };
  const text = (length: number) => {
    if (length < 0 || at + length > bytes.length) throw insufficientData();
    at += length;
    return bytes.toString('utf8', at - length, at);
  };
  const pairs: [string, string | null][] = [];
  for (let left = number(); left > 0; left--) {
    const length = number();
    if (length < 0) throw new SqlError(SqlState.nullValueNotAllowed, 'null value not allowed for hstore key');
    const key = text(length);
    const valueLength = number();
    pairs.push([key, valueLength < 0 ? null : text(valueLength)]);
  }
  return hstoreOf(pairs);
}

export const hstoreCodec: TypeCodec = {
  oid: ExtensionTypeOid.hstore,
  name: 'hstore',
  input: parseHstore,
  output: (value) => (value as Hstore).exactText(),
  send: (value) => send(value as Hstore),
  receive,
  compare: (a, b) => compareHstores(a as Hstore, b as Hstore),
  hashKey: (value) => (value as Hstore).exactText(),
};
