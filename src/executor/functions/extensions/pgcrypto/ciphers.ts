import { createCipheriv, createDecipheriv } from 'node:crypto';
import { notSupported, SqlError } from '../../../../commons/sql-error.js';
import { SqlState } from '../../../../commons/sqlstates.js';

interface Cipher {
  /** As OpenSSL names it. */
  readonly name: string;
  readonly key: Buffer;
  readonly blockSize: number;
  readonly padding: boolean;
  readonly usesIv: boolean;
}

const AES_BLOCK = 16;
const MAX_KEY = 32;
const AES_KEYS: readonly number[] = [16, 24, MAX_KEY];
const SIMPLE = /^(aes|rijndael|bf|blowfish|des|3des|cast5)(?:-(cbc|ecb))?(?:\/pad:(pkcs|none))?$/i;

/** `algorithm[-mode][/pad:padding]`, with a key filled up with zeros. @throws SqlError 22023, 0A000, 39000 */
function cipherOf(type: string, key: Uint8Array): Cipher {
  const match = SIMPLE.exec(type);
  if (match === null) throw new SqlError(SqlState.invalidParameterValue, `Cannot use "${type}": No such cipher algorithm`);
  const [, algorithm = '', mode = 'cbc', padding = 'pkcs'] = match.map((part) => part?.toLowerCase());
  // OpenSSL has the others in a provider that Node does not load.
  if (algorithm !== 'aes' && algorithm !== 'rijndael') throw notSupported(`encryption with ${algorithm}`);
  const size = AES_KEYS.find((length) => key.length <= length) ?? MAX_KEY;
  const filled = Buffer.alloc(size);
  filled.set(key.subarray(0, size));
  return { name: `aes-${size * 8}-${mode}`, key: filled, blockSize: AES_BLOCK, padding: padding === 'pkcs', usesIv: mode === 'cbc' };
}

function ivOf(cipher: Cipher, iv: Uint8Array | undefined): Buffer | null {
  if (!cipher.usesIv) return null;
  const filled = Buffer.alloc(cipher.blockSize);
  if (iv !== undefined) filled.set(iv.subarray(0, cipher.blockSize));
  return filled;
}

export function encrypt(data: Uint8Array, key: Uint8Array, iv: Uint8Array | undefined, type: string): Uint8Array {
  const cipher = cipherOf(type, key);
  if (!cipher.padding && data.length % cipher.blockSize !== 0)
    throw new SqlError(SqlState.externalRoutineInvocationException, 'encrypt error: Encryption failed');
  const running = createCipheriv(cipher.name, cipher.key, ivOf(cipher, iv));
  running.setAutoPadding(cipher.padding);
  return Buffer.concat([running.update(data), running.final()]);
}

export function decrypt(data: Uint8Array, key: Uint8Array, iv: Uint8Array | undefined, type: string): Uint8Array {
  const cipher = cipherOf(type, key);
  if (data.length % cipher.blockSize !== 0)
    throw new SqlError(SqlState.externalRoutineInvocationException, 'decrypt error: Decryption failed');
  const running = createDecipheriv(cipher.name, cipher.key, ivOf(cipher, iv));
  running.setAutoPadding(false);
  const plain = Buffer.concat([running.update(data), running.final()]);
  return cipher.padding ? withoutPadding(plain, cipher.blockSize) : plain;
}

/** PKCS#7's: as many bytes as each of them says. */
function withoutPadding(plain: Buffer, blockSize: number): Uint8Array {
  const count = plain.at(-1) ?? 0;
  const isPadding = count > 0 && count <= blockSize && plain.subarray(plain.length - count).every((byte) => byte === count);
  if (isPadding) return plain.subarray(0, plain.length - count);
  if (plain.length === 0) return plain;
  throw new SqlError(SqlState.externalRoutineInvocationException, 'decrypt error: Decryption failed');
}
