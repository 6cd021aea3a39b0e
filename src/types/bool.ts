import type { TypeCodec } from './codec.js';
import { invalidInput } from './input-errors.js';
import { fixedSize, sendFixed } from './integer-codecs.js';
import { TypeOid } from './oids.js';
import type { SqlValue } from './value.js';

const BOOL_WORDS: ReadonlyMap<string, boolean> = new Map([
  ...['t', 'tr', 'tru', 'true', 'y', 'ye', 'yes', 'on', '1'].map((word): [string, boolean] => [word, true]),
  ...['f', 'fa', 'fal', 'fals', 'false', 'n', 'no', 'of', 'off', '0'].map((word): [string, boolean] => [word, false]),
]);

/** 'true', 'yes', 'on', '1' and their opposites, in any case, down to a unique prefix; undefined for anything else. */
export function boolOfWord(text: string): boolean | undefined {
  return BOOL_WORDS.get(text) ?? BOOL_WORDS.get(text.toLowerCase());
}

/** @throws SqlError 22P02 */
export function parseBool(text: string): boolean {
  const value = boolOfWord(text) ?? boolOfWord(text.replace(/^[ \t-\r]+|[ \t-\r]+$/g, ''));
  if (value === undefined) throw invalidInput('boolean', text);
  return value;
}

function writeBool(value: SqlValue, target: Buffer, offset: number): void {
  target[offset] = value === true ? 1 : 0;
}

export const boolCodec: TypeCodec = {
  oid: TypeOid.bool,
  name: 'bool',
  input: parseBool,
  output: (value) => (value === true ? 't' : 'f'),
  send: sendFixed(1, writeBool),
  receive: (bytes) => fixedSize(bytes, 1)[0] !== 0,
  binarySize: 1,
  writeBinary: writeBool,
  compare: (a, b) => (a === b ? 0 : a === true ? 1 : -1),
  hashKey: (value) => value as boolean,
};
