import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { deflateRawSync, deflateSync, inflateRawSync, inflateSync } from 'node:zlib';
import { notSupported } from '../../../../../commons/sql-error.js';
import { corrupt, pgpError } from './errors.js';
import type { PgpOptions } from './options.js';
import { packet, packetsIn, Tag } from './packets.js';
import { hashNumber, keyOf, newStringToKey, readSpecifier, specifierOf } from './string-to-key.js';

/** Ciphers by OpenPGP's numbers: those that Node's OpenSSL has. */
const CIPHERS: Readonly<Record<number, { readonly name: string; readonly keySize: number }>> = {
  7: { name: 'aes-128-cfb', keySize: 16 },
  8: { name: 'aes-192-cfb', keySize: 24 },
  9: { name: 'aes-256-cfb', keySize: 32 },
};
export const CIPHER_NUMBERS: Readonly<Record<string, number>> = {
  aes: 7,
  aes128: 7,
  aes192: 8,
  aes256: 9,
  '3des': 2,
  cast5: 3,
  bf: 4,
  blowfish: 4,
};
const BLOCK = 16;
const DIGEST_SIZE = 20;
const SESSION_KEY_VERSION = 4;
const DATA_VERSION = 1;
/** What a modification detection code's packet begins with: its tag and its length. */
const MDC_HEADER = Buffer.of(0xd3, DIGEST_SIZE);
/** Nobody packs more into so little. */
const MAX_PLAIN = 1 << 30;

/** @throws SqlError 0A000 */
function cipherOf(number: number): { readonly name: string; readonly keySize: number } {
  const cipher = CIPHERS[number];
  if (cipher === undefined) throw notSupported('PGP ciphers besides AES');
  return cipher;
}

/** pgp_sym_encrypt: a session key's packet and the protected data. */
export function encryptWithPassword(data: Uint8Array, isText: boolean, password: Uint8Array, options: PgpOptions): Buffer {
  const number = CIPHER_NUMBERS[options.cipher] ?? 0;
  const { name, keySize } = cipherOf(number);
  const s2kNumber = CIPHER_NUMBERS[options.s2kCipher ?? options.cipher] ?? 0;
  const s2kCipher = cipherOf(s2kNumber);
  const s2k = newStringToKey(options.s2kMode, hashNumber(options.s2kDigest) ?? 2, options.s2kCount);
  const passwordKey = keyOf(s2k, password, s2kCipher.keySize);
  const sessionKey = options.ownSessionKey ? randomBytes(keySize) : passwordKey;
  const wrapped = options.ownSessionKey
    ? encryptCfb(s2kCipher.name, passwordKey, Buffer.concat([Uint8Array.of(number), sessionKey]))
    : Buffer.alloc(0);
  const head = packet(
    Tag.sessionKey,
    Buffer.concat([Uint8Array.of(SESSION_KEY_VERSION, options.ownSessionKey ? s2kNumber : number), specifierOf(s2k), wrapped]),
  );
  const random = randomBytes(BLOCK);
  const prefix = Buffer.concat([random, random.subarray(BLOCK - 2)]);
  const plain = Buffer.concat([prefix, compressed(literal(data, isText, options), options)]);
  const digest = createHash('sha1').update(plain).update(MDC_HEADER).digest();
  const body = encryptCfb(name, sessionKey, Buffer.concat([plain, MDC_HEADER, digest]));
  return Buffer.concat([head, packet(Tag.protectedData, Buffer.concat([Uint8Array.of(DATA_VERSION), body]))]);
}

function literal(data: Uint8Array, isText: boolean, { unicode, convertCrlf }: PgpOptions): Buffer {
  const head = Buffer.alloc(6);
  head.write(isText ? (unicode ? 'u' : 't') : 'b', 0);
  head.writeUInt32BE(Math.floor(Date.now() / 1000), 2);
  const body = isText && convertCrlf ? Buffer.from(Buffer.from(data).toString().replaceAll('\n', '\r\n')) : data;
  return packet(Tag.literal, Buffer.concat([head, body]));
}

function compressed(data: Buffer, { compression, compressionLevel: level }: PgpOptions): Buffer {
  if (compression === 0 || level === 0) return data;
  const body = compression === 1 ? deflateRawSync(data, { level }) : deflateSync(data, { level });
  return packet(Tag.compressed, Buffer.concat([Uint8Array.of(compression), body]));
}

const ZERO_IV = Buffer.alloc(BLOCK);

function encryptCfb(name: string, key: Uint8Array, data: Uint8Array): Buffer {
  const cipher = createCipheriv(name, key, ZERO_IV);
  return Buffer.concat([cipher.update(data), cipher.final()]);
}

function decryptCfb(name: string, key: Uint8Array, data: Uint8Array): Buffer {
  const cipher = createDecipheriv(name, key, ZERO_IV);
  return Buffer.concat([cipher.update(data), cipher.final()]);
}

interface SessionKey {
  readonly cipher: number;
  readonly key: Buffer;
}

/** pgp_sym_decrypt. @throws SqlError 39000, 0A000 */
export function decryptWithPassword(message: Uint8Array, wantsText: boolean, password: Uint8Array, options: PgpOptions): Buffer {
  let session: SessionKey | undefined;
  for (const { tag, body } of packetsIn(Buffer.from(message))) {
    if (tag === Tag.sessionKey) session = sessionKeyOf(body, password);
    else if (tag === Tag.protectedData && session !== undefined) return contentOf(unprotected(body, session), wantsText, options);
    else if (tag === Tag.encrypted) throw notSupported('PGP data without modification detection');
    else throw corrupt();
  }
  throw corrupt();
}

function sessionKeyOf(body: Buffer, password: Uint8Array): SessionKey {
  if (body[0] !== SESSION_KEY_VERSION) throw corrupt();
  const number = body[1] ?? 0;
  const { s2k, size } = readSpecifier(body.subarray(2));
  const cipher = cipherOf(number);
  const key = keyOf(s2k, password, cipher.keySize);
  const wrapped = body.subarray(2 + size);
  if (wrapped.length === 0) return { cipher: number, key };
  const unwrapped = decryptCfb(cipher.name, key, wrapped);
  const inner = unwrapped[0] ?? 0;
  if (CIPHERS[inner]?.keySize !== unwrapped.length - 1) throw corrupt();
  return { cipher: inner, key: unwrapped.subarray(1) };
}

function unprotected(body: Buffer, { cipher, key }: SessionKey): Buffer {
  if (body[0] !== DATA_VERSION) throw corrupt();
  const plain = decryptCfb(cipherOf(cipher).name, key, body.subarray(1));
  const end = plain.length - DIGEST_SIZE - MDC_HEADER.length;
  if (end < BLOCK + 2 || !plain.subarray(BLOCK, BLOCK + 2).equals(plain.subarray(BLOCK - 2, BLOCK))) throw corrupt();
  const digest = createHash('sha1').update(plain.subarray(0, end)).update(MDC_HEADER).digest();
  if (!plain.subarray(end, end + MDC_HEADER.length).equals(MDC_HEADER) || !plain.subarray(end + MDC_HEADER.length).equals(digest))
    throw corrupt();
  return plain.subarray(BLOCK + 2, end);
}

function contentOf(data: Buffer, wantsText: boolean, options: PgpOptions): Buffer {
  for (const { tag, body } of packetsIn(data)) {
    if (tag === Tag.compressed) return contentOf(inflated(body), wantsText, options);
    if (tag !== Tag.literal) throw corrupt();
    const isText = body[0] === 't'.charCodeAt(0) || body[0] === 'u'.charCodeAt(0);
    if (wantsText && !isText) throw pgpError('Not text data');
    const content = body.subarray(2 + (body[1] ?? 0) + 4);
    return wantsText && options.convertCrlf ? Buffer.from(content.toString().replaceAll('\r\n', '\n')) : content;
  }
  throw corrupt();
}

function inflated(body: Buffer): Buffer {
  try {
    if (body[0] === 1) return inflateRawSync(body.subarray(1), { maxOutputLength: MAX_PLAIN });
    if (body[0] === 2) return inflateSync(body.subarray(1), { maxOutputLength: MAX_PLAIN });
  } catch {
    throw corrupt();
  }
  if (body[0] === 0) return body.subarray(1);
  throw pgpError('Unsupported compression algorithm');
}
