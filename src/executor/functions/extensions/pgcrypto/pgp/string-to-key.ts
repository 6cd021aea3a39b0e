import { createHash, randomBytes, randomInt } from 'node:crypto';
import { corrupt } from './errors.js';

/** Hash algorithms by OpenPGP's numbers. */
const HASHES: Readonly<Record<number, string>> = { 1: 'md5', 2: 'sha1', 8: 'sha256', 9: 'sha384', 10: 'sha512', 11: 'sha224' };

export function hashNumber(name: string): number | undefined {
  const found = Object.entries(HASHES).find(([, known]) => known === name.toLowerCase());
  return found === undefined ? undefined : Number(found[0]);
}

/** How a password becomes a key: simple (0), salted (1), salted and iterated (3). */
export interface StringToKey {
  readonly mode: number;
  readonly hash: number;
  readonly salt: Buffer;
  /** Coded: (16 + low four bits) << (high four bits + 6) bytes are hashed. */
  readonly count: number;
}

const SALT_SIZE = 8;

/** @param count of bytes; left out: a random one between 65,536 and 253,952 */
export function newStringToKey(mode: number, hash: number, count?: number): StringToKey {
  return {
    mode,
    hash,
    salt: mode === 0 ? Buffer.alloc(0) : randomBytes(SALT_SIZE),
    count: count === undefined ? randomInt(96, 160) : codedCount(count),
  };
}

function codedCount(count: number): number {
  for (let coded = 0; coded < 256; coded++) if (bytesOf(coded) >= count) return coded;
  return 255;
}

const bytesOf = (coded: number): number => (16 + (coded & 15)) * 2 ** ((coded >> 4) + 6);

export function specifierOf({ mode, hash, salt, count }: StringToKey): Buffer {
  return Buffer.concat([Uint8Array.of(mode, hash), salt, ...(mode === 3 ? [Uint8Array.of(count)] : [])]);
}

/** @throws SqlError 39000 */
export function readSpecifier(bytes: Buffer): { readonly s2k: StringToKey; readonly size: number } {
  const mode = bytes[0] ?? -1;
  const hash = bytes[1] ?? 0;
  if ((mode !== 0 && mode !== 1 && mode !== 3) || HASHES[hash] === undefined) throw corrupt();
  const salt = mode === 0 ? Buffer.alloc(0) : bytes.subarray(2, 2 + SALT_SIZE);
  const count = mode === 3 ? (bytes[2 + SALT_SIZE] ?? 0) : 0;
  return { s2k: { mode, hash, salt, count }, size: 2 + salt.length + (mode === 3 ? 1 : 0) };
}

/** Digests of the salted password one after the other, each begun with one more zero byte, until there is enough. */
export function keyOf({ mode, hash, salt, count }: StringToKey, password: Uint8Array, size: number): Buffer {
  const unit = Buffer.concat([salt, password]);
  const total = mode === 3 ? Math.max(bytesOf(count), unit.length) : unit.length;
  const parts: Buffer[] = [];
  for (let length = 0; length < size; ) {
    const digest = createHash(HASHES[hash] ?? 'sha1').update(Buffer.alloc(parts.length));
    let left = total;
    for (; left > 0 && unit.length > 0; left -= unit.length) digest.update(left >= unit.length ? unit : unit.subarray(0, left));
    const part = digest.digest();
    parts.push(part);
    length += part.length;
  }
  return Buffer.concat(parts).subarray(0, size);
}
