import { SqlError } from '../../../../../commons/sql-error.js';
import { SqlState } from '../../../../../commons/sqlstates.js';
import type { SqlArray } from '../../../../../types/value.js';

const LINE = 76;
const BEGIN = '-----BEGIN PGP MESSAGE-----';
const END = '-----END PGP MESSAGE-----';

/** CRC-24 of RFC 4880. */
function checksum(data: Uint8Array): Buffer {
  let crc = 0xb704ce;
  for (const byte of data) {
    crc ^= byte << 16;
    for (let bit = 0; bit < 8; bit++) {
      crc <<= 1;
      if ((crc & 0x1000000) !== 0) crc ^= 0x1864cfb;
    }
  }
  const bytes = Buffer.alloc(3);
  bytes.writeUIntBE(crc & 0xffffff, 0, 3);
  return bytes;
}

/** @throws SqlError 22023 */
export function armor(data: Uint8Array, keys?: SqlArray, values?: SqlArray): string {
  const headers: string[] = [];
  if (keys !== undefined && values !== undefined) {
    if (keys.elements.length !== values.elements.length) throw new SqlError(SqlState.arraySubscriptError, 'mismatched array dimensions');
    keys.elements.forEach((key, i) => {
      headers.push(`${String(key)}: ${String(values.elements[i] ?? '')}\n`);
    });
  }
  const text = Buffer.from(data).toString('base64');
  const lines: string[] = [];
  for (let at = 0; at < text.length; at += LINE) lines.push(text.slice(at, at + LINE));
  return `${BEGIN}\n${headers.join('')}\n${lines.map((line) => `${line}\n`).join('')}=${checksum(data).toString('base64')}\n${END}\n`;
}

/** @throws SqlError 39000 */
export function dearmor(text: string): Buffer {
  const corrupt = () => new SqlError(SqlState.externalRoutineInvocationException, 'Corrupt ascii-armor');
  const match =
    /-----BEGIN PGP [A-Z ]+-----\r?\n(?:[^\r\n]+: [^\r\n]*\r?\n)*\s*\r?\n([A-Za-z0-9+/=\s]*?)\r?\n=([A-Za-z0-9+/]{4})\r?\n-----END PGP [A-Z ]+-----/.exec(
      text,
    );
  if (match === null) throw corrupt();
  const data = Buffer.from(match[1] ?? '', 'base64');
  if (!checksum(data).equals(Buffer.from(match[2] ?? '', 'base64'))) throw corrupt();
  return data;
}

/** The `Key: value` lines. */
export function* armorHeaders(text: string): Generator<readonly [string, string]> {
  const [, block = ''] = /-----BEGIN PGP [A-Z ]+-----\r?\n([\s\S]*?)\r?\n\r?\n/.exec(text) ?? [];
  for (const line of block.split(/\r?\n/)) {
    const at = line.indexOf(': ');
    if (at > 0) yield [line.slice(0, at), line.slice(at + 2)];
  }
}
