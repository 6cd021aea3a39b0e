import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

/**
 * A password as pg_authid keeps it (RFC 5803): `SCRAM-SHA-256$<iterations>:<salt>$<StoredKey>:<ServerKey>`. It lets a server check a log-in
 * without being able to log in itself.
 */
export interface ScramSecret {
  readonly iterations: number;
  readonly salt: Uint8Array;
  readonly storedKey: Uint8Array;
  readonly serverKey: Uint8Array;
}

export const SCRAM_ITERATIONS = 4096;
const SALT_BYTES = 16;
const KEY_BYTES = 32;
const FORM = /^SCRAM-SHA-256\$([1-9][0-9]*):([A-Za-z0-9+/=]+)\$([A-Za-z0-9+/=]+):([A-Za-z0-9+/=]+)$/;

export function parseScramSecret(text: string): ScramSecret | undefined {
  const [, iterations, salt, storedKey, serverKey] = FORM.exec(text) ?? [];
  if (iterations === undefined || salt === undefined || storedKey === undefined || serverKey === undefined) return undefined;
  const secret = {
    iterations: Number(iterations),
    salt: Buffer.from(salt, 'base64'),
    storedKey: Buffer.from(storedKey, 'base64'),
    serverKey: Buffer.from(serverKey, 'base64'),
  };
  return secret.storedKey.length === KEY_BYTES && secret.serverKey.length === KEY_BYTES ? secret : undefined;
}

export const isScramSecret = (text: string): boolean => parseScramSecret(text) !== undefined;

/** The secret of a new password. Passwords are normalised as RFC 4013 asks, as far as Unicode's NFKC does it. */
export async function scramSecret(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const salted = await promisify(pbkdf2)(password.normalize('NFKC'), salt, SCRAM_ITERATIONS, KEY_BYTES, 'sha256');
  const clientKey = createHmac('sha256', salted).update('Client Key').digest();
  const storedKey = createHash('sha256').update(clientKey).digest();
  const serverKey = createHmac('sha256', salted).update('Server Key').digest();
  return `SCRAM-SHA-256$${SCRAM_ITERATIONS}:${salt.toString('base64')}$${storedKey.toString('base64')}:${serverKey.toString('base64')}`;
}

/** Whether a password that was sent as it is belongs to the secret. */
export async function verifyPassword(password: string, secret: ScramSecret): Promise<boolean> {
  const salted = await promisify(pbkdf2)(password.normalize('NFKC'), secret.salt, secret.iterations, KEY_BYTES, 'sha256');
  const serverKey = createHmac('sha256', salted).update('Server Key').digest();
  return timingSafeEqual(serverKey, secret.serverKey);
}
