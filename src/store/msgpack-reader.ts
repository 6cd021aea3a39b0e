import { assert } from '../commons/assert.js';
import { ExactDecimal } from '../types/numeric/numeric.js';
import { Jsonb, type JsonNode, Numeric, type SqlValue } from '../types/value.js';
import { numericFromText } from './numeric-text.js';
import { JSONB_TAG, type Plain, valueFromPlain } from './serde-msgpack.js';

/** Bytes of a value by its first byte; 0: it says more about its size. */
const SIZES = new Uint8Array(256);
SIZES.fill(1, 0x00, 0x81);
SIZES[0x90] = 1;
for (let length = 0; length < 32; length++) SIZES[0xa0 + length] = 1 + length;
SIZES.fill(1, 0xe0);
for (const kind of [0xc0, 0xc2, 0xc3]) SIZES[kind] = 1;
for (const kind of [0xcc, 0xd0]) SIZES[kind] = 2;
for (const kind of [0xcd, 0xd1]) SIZES[kind] = 3;
for (const kind of [0xca, 0xce, 0xd2]) SIZES[kind] = 5;
for (const kind of [0xcb, 0xcf, 0xd3]) SIZES[kind] = 9;

const NOTHING = Buffer.alloc(0);
/** Texts up to this many bytes are looked up among those that came lately. */
const REMEMBERED_BYTES = 16;
const REMEMBERED_TEXTS = 512;
/** Integers of JSON below it are made once. */
const REMEMBERED_INTEGERS = 1024;

/**
 * Reads values of stored rows where they lie: what serde-msgpack.ts writes, without making what nobody asks for. One for each reader of
 * rows, since it remembers where it is.
 */
export class MsgpackReader {
  /** Where the next value begins. */
  at = 0;
  #bytes: Uint8Array = NOTHING;
  /** Of the same memory, made when first needed. */
  #buffer: Buffer | undefined;
  #dataView: DataView | undefined;
  readonly #texts: (string | undefined)[] = [];
  readonly #integers: (Numeric | undefined)[] = [];

  open(bytes: Uint8Array, at: number): void {
    this.at = at;
    if (bytes === this.#bytes) return;
    this.#bytes = bytes;
    this.#buffer = undefined;
    this.#dataView = undefined;
  }

  get #text(): Buffer {
    const bytes = this.#bytes;
    this.#buffer ??= Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    return this.#buffer;
  }

  get #view(): DataView {
    const bytes = this.#bytes;
    this.#dataView ??= new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    return this.#dataView;
  }

  /** Of an array; comes before its elements. */
  readArraySize(): number {
    const kind = this.#bytes[this.at++] ?? 0;
    if (kind >= 0x90 && kind <= 0x9f) return kind & 0x0f;
    return this.#readSize(kind, 0xdc, 0xdd);
  }

  skip(): void {
    const size = SIZES[this.#bytes[this.at] ?? 0] ?? 0;
    if (size === 0) this.#skipLong();
    else this.at += size;
  }

  #skipLong(): void {
    for (let left = 1; left > 0; left--) {
      const kind = this.#bytes[this.at] ?? 0;
      const size = SIZES[kind] ?? 0;
      if (size > 0) {
        this.at += size;
        continue;
      }
      this.at++;
      if (kind < 0x90) left += (kind & 0x0f) * 2;
      else if (kind < 0xa0) left += kind & 0x0f;
      else if (kind === 0xde || kind === 0xdf) left += this.#readSize(kind, 0xde, 0xdf) * 2;
      else if (kind === 0xdc || kind === 0xdd) left += this.#readSize(kind, 0xdc, 0xdd);
      else {
        const length = this.#readLength(kind);
        this.at += length;
      }
    }
  }

  /** A column. */
  readValue(): SqlValue {
    const kind = this.#bytes[this.at] ?? 0;
    if (kind < 0x80) {
      this.at++;
      return kind;
    }
    if (kind >= 0xc0 && kind < 0xdc) return this.#readPlainScalar(kind);
    if (kind >= 0xa0 && kind < 0xc0) {
      this.at++;
      return this.#readText(kind & 0x1f);
    }
    if (kind >= 0xe0) {
      this.at++;
      return kind - 0x100;
    }
    if (kind >= 0x91 && this.#bytes[this.at + 1] === JSONB_TAG) {
      this.readArraySize();
      this.at++;
      return new Jsonb(this.#readNode());
    }
    return valueFromPlain(this.#readPlain());
  }

  #readPlainScalar(kind: number): null | boolean | number | bigint | string | Uint8Array {
    const at = ++this.at;
    switch (kind) {
      case 0xc0:
        return null;
      case 0xc2:
        return false;
      case 0xc3:
        return true;
      case 0xca:
        this.at += 4;
        return this.#view.getFloat32(at);
      case 0xcb:
        this.at += 8;
        return this.#view.getFloat64(at);
      case 0xcc:
        this.at += 1;
        return this.#bytes[at] ?? 0;
      case 0xcd:
        this.at += 2;
        return this.#uint16(at);
      case 0xce:
        this.at += 4;
        return this.#uint16(at) * 0x10000 + this.#uint16(at + 2);
      case 0xcf:
        this.at += 8;
        return this.#view.getBigUint64(at);
      case 0xd0:
        this.at += 1;
        return ((this.#bytes[at] ?? 0) << 24) >> 24;
      case 0xd1:
        this.at += 2;
        return (this.#uint16(at) << 16) >> 16;
      case 0xd2:
        this.at += 4;
        return (this.#uint16(at) << 16) | this.#uint16(at + 2);
      case 0xd3:
        this.at += 8;
        return this.#view.getBigInt64(at);
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.#readText(this.#readLength(kind));
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return this.#readBytes(this.#readLength(kind));
      default:
        throw new RangeError(`a stored value of kind ${kind}, which this version does not know`);
    }
  }

  #uint16(at: number): number {
    return ((this.#bytes[at] ?? 0) << 8) | (this.#bytes[at + 1] ?? 0);
  }

  /** Of texts (d9, da, db) and bytes (c4, c5, c6): 1, 2 or 4 bytes of length. */
  #readLength(kind: number): number {
    const { at } = this;
    switch (kind) {
      case 0xd9:
      case 0xc4:
        this.at += 1;
        return this.#view.getUint8(at);
      case 0xda:
      case 0xc5:
        this.at += 2;
        return this.#view.getUint16(at);
      case 0xdb:
      case 0xc6:
        this.at += 4;
        return this.#view.getUint32(at);
      default:
        throw new RangeError(`a stored value of kind ${kind}, which this version does not know`);
    }
  }

  #readSize(kind: number, short: number, long: number): number {
    const { at } = this;
    assert(kind === short || kind === long, 'a stored list or map without its size');
    this.at += kind === short ? 2 : 4;
    return kind === short ? this.#view.getUint16(at) : this.#view.getUint32(at);
  }

  #readBytes(length: number): Uint8Array {
    const { at } = this;
    this.at += length;
    const copy = Buffer.allocUnsafe(length);
    copy.set(this.#bytes.subarray(at, at + length));
    return copy;
  }

  #readText(length: number): string {
    const { at } = this;
    const bytes = this.#bytes;
    this.at += length;
    if (length > REMEMBERED_BYTES) return this.#text.toString('utf8', at, at + length);
    if (length === 0) return '';
    let hash = length;
    for (let i = at; i < at + length; i++) {
      const byte = bytes[i] ?? 0;
      if (byte >= 0x80) return this.#text.toString('utf8', at, at + length);
      hash = (hash * 31 + byte) | 0;
    }
    const place = (hash ^ (hash >>> 9)) & (REMEMBERED_TEXTS - 1);
    const known = this.#texts[place];
    if (known !== undefined && known.length === length) {
      let i = 0;
      while (i < length && known.charCodeAt(i) === bytes[at + i]) i++;
      if (i === length) return known;
    }
    const text = this.#text.toString('latin1', at, at + length);
    this.#texts[place] = text;
    return text;
  }

  #readNode(): JsonNode {
    const kind = this.#bytes[this.at] ?? 0;
    if (kind < 0x80) {
      this.at++;
      return this.#integer(kind);
    }
    if ((kind >= 0x80 && kind < 0x90) || kind === 0xde || kind === 0xdf) {
      this.at++;
      const size = kind < 0x90 ? kind & 0x0f : this.#readSize(kind, 0xde, 0xdf);
      const map = new Map<string, JsonNode>();
      for (let i = 0; i < size; i++) {
        const key = this.readValue();
        map.set(key as string, this.#readNode());
      }
      return map;
    }
    if ((kind >= 0x90 && kind < 0xa0) || kind === 0xdc || kind === 0xdd) {
      const size = this.readArraySize();
      const items: JsonNode[] = [];
      for (let i = 0; i < size; i++) items.push(this.#readNode());
      return items;
    }
    const value = this.readValue();
    if (typeof value === 'number') return this.#integer(value);
    if (value instanceof Uint8Array) return numericFromText(Buffer.from(value).toString('latin1'));
    return value as JsonNode;
  }

  #integer(value: number): Numeric {
    if (value < 0 || value >= REMEMBERED_INTEGERS) return new Numeric(new ExactDecimal(value), 0);
    let known = this.#integers[value];
    if (known === undefined) {
      known = new Numeric(new ExactDecimal(value), 0);
      this.#integers[value] = known;
    }
    return known;
  }

  #readPlain(): Plain {
    const kind = this.#bytes[this.at] ?? 0;
    if ((kind >= 0x90 && kind < 0xa0) || kind === 0xdc || kind === 0xdd) {
      const size = this.readArraySize();
      const items: Plain[] = [];
      for (let i = 0; i < size; i++) items.push(this.#readPlain());
      return items;
    }
    if ((kind >= 0x80 && kind < 0x90) || kind === 0xde || kind === 0xdf) {
      this.at++;
      const size = kind < 0x90 ? kind & 0x0f : this.#readSize(kind, 0xde, 0xdf);
      const map = new Map<string, Plain>();
      for (let i = 0; i < size; i++) map.set(this.readValue() as string, this.#readPlain());
      return map;
    }
    return this.readValue() as Plain;
  }
}
