import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { createLocalJWKSet, createRemoteJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';

const FETCH_TIMEOUT_MS = 5000;
/** A token with a key that is not known makes the keys be fetched anew, at most so often. */
const FETCH_COOLDOWN_MS = 30_000;
const FETCH_MAX_AGE_MS = 600_000;
/** A file of keys is small. */
const MAX_FILE_BYTES = 1024 * 1024;

/** The public keys of issuers, by where they come from: a file, or the URL of a JWKS. */
export class JwtKeys {
  readonly #directory: string;
  readonly #sets = new Map<string, JWTVerifyGetKey>();

  /** @param directory that files' names are relative to */
  constructor(directory: string) {
    this.#directory = directory;
  }

  /** @throws Error where a file has no keys */
  of(source: string): JWTVerifyGetKey {
    let keys = this.#sets.get(source);
    if (keys === undefined) {
      keys = isUrl(source) ? remote(source) : this.#fromFile(source);
      this.#sets.set(source, keys);
    }
    return keys;
  }

  /** Files are read, and URLs fetched, anew when they are next asked for. */
  forget(): void {
    this.#sets.clear();
  }

  #fromFile(name: string): JWTVerifyGetKey {
    const file = resolve(this.#directory, name);
    if (statSync(file).size > MAX_FILE_BYTES) throw new Error(`"${file}" is too large`);
    const set: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (!isKeySet(set)) throw new Error(`"${file}" is no JSON Web Key Set`);
    return createLocalJWKSet(set);
  }
}

const isUrl = (source: string): boolean => /^https?:\/\//.test(source);

/** Keys that anybody on the way may replace are none: without TLS only from this machine. */
export function isSafeKeySource(source: string): boolean {
  if (!isUrl(source)) return true;
  if (!URL.canParse(source)) return false;
  const { protocol, hostname } = new URL(source);
  return protocol === 'https:' || /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}

function remote(url: string): JWTVerifyGetKey {
  return createRemoteJWKSet(new URL(url), {
    timeoutDuration: FETCH_TIMEOUT_MS,
    cooldownDuration: FETCH_COOLDOWN_MS,
    cacheMaxAge: FETCH_MAX_AGE_MS,
  });
}

function isKeySet(value: unknown): value is JSONWebKeySet {
  return typeof value === 'object' && value !== null && 'keys' in value && Array.isArray(value.keys);
}
