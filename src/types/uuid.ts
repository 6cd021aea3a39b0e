import type { TypeCodec } from './codec.js';
import { invalidInput } from './input-errors.js';
import { asBuffer, fixedSize, sendFixed } from './integer-codecs.js';
import { TypeOid } from './oids.js';
import type { SqlValue } from './value.js';

const CANONICAL = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** A hyphen may follow each group of four digits, braces may stand around. */
const LENIENT = /^(?:[0-9a-f]{4}-?){7}[0-9a-f]{4}$/i;

function canonical(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The 36 characters of a uuid, in lower case. @throws SqlError 22P02 */
export function parseUuid(text: string): string {
  if (CANONICAL.test(text)) return text;
  const inner = text.startsWith('{') && text.endsWith('}') ? text.slice(1, -1) : text;
  if (!LENIENT.test(inner)) throw invalidInput('uuid', text);
  return canonical(inner.replaceAll('-', '').toLowerCase());
}

function writeUuid(value: SqlValue, target: Buffer, offset: number): void {
  target.write((value as string).replaceAll('-', ''), offset, 16, 'hex');
}

export function uuidOfBytes(bytes: Uint8Array): string {
  return canonical(asBuffer(bytes).toString('hex'));
}

export const uuidCodec: TypeCodec = {
  oid: TypeOid.uuid,
  name: 'uuid',
  input: parseUuid,
  output: (value) => value as string,
  send: sendFixed(16, writeUuid),
  receive: (bytes) => uuidOfBytes(fixedSize(bytes, 16)),
  binarySize: 16,
  writeBinary: writeUuid,
  // Lower-case hex with hyphens at fixed places sorts as the bytes do.
  compare: (a, b) => ((a as string) < (b as string) ? -1 : (a as string) > (b as string) ? 1 : 0),
  hashKey: (value) => value as string,
};
