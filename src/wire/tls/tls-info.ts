import type { TLSSocket } from 'node:tls';

/** What TLS says of a connection: pg_stat_ssl, and rules that ask for a certificate. */
export interface TlsInfo {
  readonly version: string;
  readonly cipher: string;
  readonly bits: number;
  /** Only of a certificate that an authority of ours has signed. */
  readonly certificate: ClientCertificate | undefined;
  readonly endpointHash: Buffer | undefined;
}

export interface ClientCertificate {
  /** Undefined when it has none, or one that is no plain text. */
  readonly commonName: string | undefined;
  /** `/O=…/CN=…`, as PostgreSQL shows it. */
  readonly subject: string;
  readonly issuer: string;
  /** In decimal. */
  readonly serial: string;
}

/** @returns 'untrusted' when the client has shown a certificate that is not to be believed */
export function tlsInfo(socket: TLSSocket, endpointHash: Buffer | undefined): TlsInfo | 'untrusted' {
  const certificate = clientCertificate(socket);
  if (certificate === 'untrusted') return certificate;
  const { name } = socket.getCipher();
  return { version: socket.getProtocol() ?? 'TLS', cipher: name, bits: bitsOf(name), certificate, endpointHash };
}

function clientCertificate(socket: TLSSocket): ClientCertificate | 'untrusted' | undefined {
  const x509 = socket.getPeerX509Certificate();
  if (x509 === undefined) return undefined;
  if (!isVerified(socket)) return 'untrusted';
  // With several common names the type says string, and an array comes.
  const names: unknown = socket.getPeerCertificate().subject?.CN;
  const commonName = Array.isArray(names) ? names[0] : names;
  const isPlain = typeof commonName === 'string' && commonName !== '' && !commonName.includes('\0');
  return {
    commonName: isPlain ? commonName : undefined,
    subject: oneLine(x509.subject),
    issuer: oneLine(x509.issuer),
    serial: BigInt(`0x${x509.serialNumber}`).toString(),
  };
}

/**
 * `authorized` is what a tls.Server sets, and this stream began as another; so OpenSSL's verdict is asked for as Node's own server does. Where a future
 * Node has it elsewhere, no certificate is believed.
 */
function isVerified(socket: TLSSocket): boolean {
  const { ssl } = socket as unknown as { readonly ssl?: { verifyError?(): Error | null | undefined } };
  return typeof ssl?.verifyError === 'function' && !(ssl.verifyError() instanceof Error);
}

const oneLine = (name: string): string => name.split('\n').reduce((line, part) => `${line}/${part}`, '');

function bitsOf(cipher: string): number {
  return /256|CHACHA20/.test(cipher.replace(/SHA256/, '')) ? 256 : 128;
}
