import { createHash } from 'node:crypto';
import { lettersOf } from './radix-64.js';

const PREFIX = '$1$';
const ROUNDS = 1000;
const MAX_SALT = 8;

const md5 = (...parts: readonly Uint8Array[]): Buffer => createHash('md5').update(Buffer.concat(parts)).digest();

/** Poul-Henning Kamp's MD5-based crypt(3), as FreeBSD describes it: `$1$salt$hash`. */
export function md5Crypt(password: string, setting: string): string {
  const key = Buffer.from(password);
  const rest = setting.startsWith(PREFIX) ? setting.slice(PREFIX.length) : setting;
  const end = rest.indexOf('$');
  const saltText = (end < 0 ? rest : rest.slice(0, end)).slice(0, MAX_SALT);
  const salt = Buffer.from(saltText);
  const inner = md5(key, salt, key);
  const parts: Buffer[] = [key, Buffer.from(PREFIX), salt];
  for (let left = key.length; left > 0; left -= inner.length) parts.push(inner.subarray(0, Math.min(left, inner.length)));
  for (let bits = key.length; bits > 0; bits >>= 1) parts.push((bits & 1) === 1 ? Buffer.from([0]) : key.subarray(0, 1));
  let hash = md5(...parts);
  for (let round = 0; round < ROUNDS; round++) {
    const odd = round % 2 === 1;
    const pieces: Buffer[] = [odd ? key : hash];
    if (round % 3 !== 0) pieces.push(salt);
    if (round % 7 !== 0) pieces.push(key);
    pieces.push(odd ? hash : key);
    hash = md5(...pieces);
  }
  const byte = (i: number) => hash[i] ?? 0;
  let text = '';
  for (let i = 0; i < 5; i++) text += lettersOf((byte(i) << 16) | (byte(i + 6) << 8) | byte(i === 4 ? 5 : i + 12), 4);
  return `${PREFIX}${saltText}$${text}${lettersOf(byte(11), 2)}`;
}
