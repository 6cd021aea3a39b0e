import { createHash, X509Certificate } from 'node:crypto';
import { oid, parts } from './der.js';

/** Hashes of signature algorithms; RFC 5929 asks for SHA-256 where it is MD5 or SHA-1. What is not here (Ed25519, RSA-PSS) has no channel binding. */
const HASHES: readonly (readonly [algorithm: string, hash: string])[] = [
  ['1.2.840.113549.1.1.4', 'sha256'],
  ['1.2.840.113549.1.1.5', 'sha256'],
  ['1.2.840.113549.1.1.11', 'sha256'],
  ['1.2.840.113549.1.1.12', 'sha384'],
  ['1.2.840.113549.1.1.13', 'sha512'],
  ['1.2.840.113549.1.1.14', 'sha224'],
  ['1.2.840.10045.4.1', 'sha256'],
  ['1.2.840.10045.4.3.1', 'sha224'],
  ['1.2.840.10045.4.3.2', 'sha256'],
  ['1.2.840.10045.4.3.3', 'sha384'],
  ['1.2.840.10045.4.3.4', 'sha512'],
];

/** Channel binding data of type tls-server-end-point (RFC 5929): the hash of the server's certificate. Undefined where none is defined. */
export function endpointHash(certificatePem: string): Buffer | undefined {
  const der = new X509Certificate(certificatePem).raw;
  const [, algorithm] = parts(der) ?? [];
  const [id] = (algorithm && parts(algorithm)) ?? [];
  const hash = HASHES.find(([dotted]) => id?.equals(oid(dotted)))?.[1];
  return hash === undefined ? undefined : createHash(hash).update(der).digest();
}
