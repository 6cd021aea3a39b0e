import { createHash, createHmac, getHashes } from 'node:crypto';
import { SqlError } from '../../../../commons/sql-error.js';
import { SqlState } from '../../../../commons/sqlstates.js';

const ALGORITHMS: ReadonlySet<string> = new Set(['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512']);

/** As OpenSSL names it. @throws SqlError 22023 */
function algorithmOf(name: string): string {
  const lower = name.toLowerCase();
  if (ALGORITHMS.has(lower)) return lower;
  const known = getHashes().find((hash) => hash.toLowerCase() === lower);
  if (known === undefined || lower.includes('rsa'))
    throw new SqlError(SqlState.invalidParameterValue, `Cannot use "${name}": No such hash algorithm`);
  return known;
}

export function digest(data: string | Uint8Array, algorithm: string): Uint8Array {
  return createHash(algorithmOf(algorithm)).update(data).digest();
}

export function hmac(data: string | Uint8Array, key: string | Uint8Array, algorithm: string): Uint8Array {
  return createHmac(algorithmOf(algorithm), key).update(data).digest();
}
