import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { hostname } from 'node:os';
import { bitString, derTrue, octetString, oid, positiveInteger, sequence, set, tagged, time, utf8String } from './der.js';

export interface CertificatePair {
  /** PEM. */
  readonly certificate: string;
  readonly key: string;
}

const VALID_YEARS = 10;
const SERIAL_BYTES = 16;
/** Clocks that are a little late must not find it not yet valid. */
const BACKDATED_MS = 86_400_000;

const Oid = {
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  commonName: '2.5.4.3',
  subjectAlternativeName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  keyUsage: '2.5.29.15',
  extendedKeyUsage: '2.5.29.37',
  serverAuthentication: '1.3.6.1.5.5.7.3.1',
} as const;

/**
 * A key on P-256 and a certificate (RFC 5280) that it signs itself, for this machine and loopback. It is its own authority, so clients that are
 * given the file as their root may use sslmode=verify-full.
 */
export function makeSelfSigned(now: Date, host: string = hostname()): CertificatePair {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(oid(Oid.ecdsaWithSha256));
  const name = sequence(set(sequence(oid(Oid.commonName), utf8String(host))));
  const serial = randomBytes(SERIAL_BYTES);
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  const end = new Date(now);
  end.setUTCFullYear(end.getUTCFullYear() + VALID_YEARS);
  const body = sequence(
    tagged(0xa0, positiveInteger(Buffer.from([2]))),
    positiveInteger(serial),
    algorithm,
    name,
    sequence(time(new Date(now.getTime() - BACKDATED_MS)), time(end)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(...extensions(host))),
  );
  const certificate = sequence(body, algorithm, bitString(sign('sha256', body, privateKey)));
  return { certificate: pem(certificate), key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

function extensions(host: string): readonly Buffer[] {
  const dns = (name: string): Buffer => tagged(0x82, Buffer.from(name));
  const address = (...bytes: readonly number[]): Buffer => tagged(0x87, Buffer.from(bytes));
  const loopback6 = [...Array.from({ length: 15 }, () => 0), 1];
  const names = sequence(...Array.from(new Set([host, 'localhost']), dns), address(127, 0, 0, 1), address(...loopback6));
  // digitalSignature and keyCertSign: bits 0 and 5.
  const usage = bitString(Buffer.from([0b1000_0100]), 2);
  return [
    extension(Oid.subjectAlternativeName, names),
    extension(Oid.basicConstraints, sequence(derTrue()), true),
    extension(Oid.keyUsage, usage, true),
    extension(Oid.extendedKeyUsage, sequence(oid(Oid.serverAuthentication))),
  ];
}

function extension(id: string, value: Buffer, isCritical = false): Buffer {
  return sequence(oid(id), ...(isCritical ? [derTrue()] : []), octetString(value));
}

function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
