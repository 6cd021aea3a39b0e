import type { Oid } from '../commons/ids.js';
import { SqlError } from '../commons/sql-error.js';
import type { TextEncoding } from '../types/encodings/text-encoding.js';
import { TypeOid } from '../types/oids.js';

/** Types whose binary form is their text. */
const TEXTS: ReadonlySet<Oid> = new Set([TypeOid.text, TypeOid.varchar, TypeOid.bpchar, TypeOid.name, TypeOid.unknown, TypeOid.json]);
const TEXT_FORMAT = 0;

export const isTextInBinary = (type: Oid): boolean => TEXTS.has(type);

/**
 * Parameters of a client that speaks another encoding, as UTF-8. What is binary stays as it is, unless it is text all the same.
 * @param where what errors say they are of
 * @throws SqlError 22021, 22P05
 */
export function utf8Params(
  params: readonly (Uint8Array | null)[],
  formats: readonly number[],
  types: readonly Oid[],
  encoding: TextEncoding,
  where?: string,
): readonly (Uint8Array | null)[] {
  return params.map((bytes, i) => {
    const format = (formats.length > 1 ? formats[i] : formats[0]) ?? TEXT_FORMAT;
    if (bytes === null || (format !== TEXT_FORMAT && !isTextInBinary(types[i] ?? 0))) return bytes;
    try {
      return Buffer.from(encoding.decode(bytes));
    } catch (error) {
      throw error instanceof SqlError && where !== undefined ? error.withDefaults({ where: `${where} parameter $${i + 1}` }) : error;
    }
  });
}
