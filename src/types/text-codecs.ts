import { aclitemCodec } from './aclitem-codec.js';
import type { TypeCodec } from './codec.js';
import { asBuffer } from './integer-codecs.js';
import { TypeOid } from './oids.js';
import { compareBlankPadded, compareText, trimTrailingBlanks, truncateName } from './text.js';
import type { SqlValue } from './value.js';

export function sendText(value: SqlValue): Uint8Array {
  return Buffer.from(value as string, 'utf8');
}

export function receiveText(bytes: Uint8Array): string {
  return asBuffer(bytes).toString('utf8');
}

const text: TypeCodec = {
  oid: TypeOid.text,
  name: 'text',
  input: (value) => value,
  output: (value) => value as string,
  send: sendText,
  receive: receiveText,
  compare: (a, b) => compareText(a as string, b as string),
  hashKey: (value) => value as string,
};

const name: TypeCodec = {
  ...text,
  oid: TypeOid.name,
  name: 'name',
  input: truncateName,
  receive: (bytes) => truncateName(receiveText(bytes)),
};

const bpchar: TypeCodec = {
  ...text,
  oid: TypeOid.bpchar,
  name: 'bpchar',
  compare: (a, b) => compareBlankPadded(a as string, b as string),
  hashKey: (value) => trimTrailingBlanks(value as string),
};

const OCTAL_BYTE = /^\\[0-3][0-7]{2}$/;

/** The first byte of a text (or the one that '\\377' names) as a character U+0001 … U+00FF; '' stands for the zero byte. */
export function firstCharacter(value: string): string {
  const code = OCTAL_BYTE.test(value) ? Number.parseInt(value.slice(1), 8) : (Buffer.from(value.slice(0, 2))[0] ?? 0);
  return code === 0 ? '' : String.fromCharCode(code);
}

/** A "char" as text: bytes beyond ASCII in octal. */
export function textOfByteCharacter(value: string): string {
  const code = value.charCodeAt(0);
  return code > 127 ? `\\${code.toString(8)}` : value;
}

/** "char" is one byte, whatever the encoding. */
const singleCharacter: TypeCodec = {
  ...text,
  oid: TypeOid.char,
  name: 'char',
  input: firstCharacter,
  output: (value) => textOfByteCharacter(value as string),
  send: (value) => Uint8Array.of((value as string) === '' ? 0 : (value as string).charCodeAt(0)),
  receive: (bytes) => (bytes[0] === 0 || bytes[0] === undefined ? '' : String.fromCharCode(bytes[0])),
};

const { compare: _compare, hashKey: _hashKey, ...withoutOrder } = text;

export const textCodecs: readonly TypeCodec[] = [
  text,
  { ...text, oid: TypeOid.varchar, name: 'varchar' },
  bpchar,
  name,
  singleCharacter,
  { ...withoutOrder, oid: TypeOid.unknown, name: 'unknown' },
  { ...withoutOrder, oid: TypeOid.cstring, name: 'cstring' },
  { ...withoutOrder, oid: TypeOid.refcursor, name: 'refcursor' },
  // Has no order in SQL, but can be told apart.
  aclitemCodec(text, TypeOid.aclitem),
  { ...withoutOrder, oid: TypeOid.void, name: 'void', input: () => '', output: () => '', send: () => new Uint8Array(0), receive: () => '' },
];
