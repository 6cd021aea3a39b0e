import { constants } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { createSecureContext, type SecureContext, type SecureContextOptions, TLSSocket } from 'node:tls';
import { endpointHash } from './endpoint-hash.js';

export interface TlsFiles {
  readonly certificate: string;
  readonly key: string;
  /** Authorities whose client certificates are believed; absent: none is asked for. */
  readonly authorities?: string | undefined;
  readonly revocations?: string | undefined;
}

export interface TlsOptions {
  readonly minVersion?: 'TLSv1.2' | 'TLSv1.3' | undefined;
  readonly ciphers?: string | undefined;
}

/** The name of PostgreSQL's protocol in ALPN. */
export const ALPN = 'postgresql';

/** What is wrong with a certificate, a key or their files, in a sentence. */
export class TlsFileError extends Error {
  override readonly name = 'TlsFileError';
}

/** What is in the files now. Connections under way keep what they began with. */
interface Loaded {
  readonly context: SecureContext;
  readonly endpointHash: Buffer | undefined;
  readonly asksForCertificate: boolean;
}

/** The server's certificate and key, read at the start and again at each reload. */
export class ServerTls {
  readonly #files: TlsFiles;
  readonly #options: TlsOptions;
  #loaded: Loaded;

  /** @throws TlsFileError */
  constructor(files: TlsFiles, options: TlsOptions = {}) {
    this.#files = files;
    this.#options = options;
    this.#loaded = load(files, options);
  }

  /** Whether clients are asked for a certificate. */
  get asksForCertificate(): boolean {
    return this.#loaded.asksForCertificate;
  }

  /** New connections get what is in the files now. @throws TlsFileError, and then nothing has changed */
  reload(): void {
    this.#loaded = load(this.#files, this.#options);
  }

  /** Takes over a stream whose next bytes are the client's hello. Emits `secure` when the handshake is through. */
  secure(stream: Duplex): { readonly socket: TLSSocket; readonly endpointHash: Buffer | undefined } {
    const { context, endpointHash: hash, asksForCertificate } = this.#loaded;
    const socket = new TLSSocket(stream, {
      isServer: true,
      secureContext: context,
      requestCert: asksForCertificate,
      // A client without one may have a password; one with a bad one is refused when the handshake is through.
      rejectUnauthorized: false,
      ALPNProtocols: [ALPN],
    });
    return { socket, endpointHash: hash };
  }
}

function load(files: TlsFiles, options: TlsOptions): Loaded {
  const certificate = read('certificate', files.certificate);
  const key = readKey(files.key);
  const contextOptions: SecureContextOptions = {
    cert: certificate,
    key,
    minVersion: options.minVersion ?? 'TLSv1.2',
    honorCipherOrder: true,
    // As in PostgreSQL: each connection shows its certificate anew.
    secureOptions: constants.SSL_OP_NO_TICKET,
    ...(options.ciphers === undefined ? {} : { ciphers: options.ciphers }),
    ...(files.authorities === undefined ? {} : { ca: read('root certificate', files.authorities) }),
    ...(files.revocations === undefined ? {} : { crl: read('certificate revocation list', files.revocations) }),
  };
  try {
    const context = createSecureContext(contextOptions);
    return { context, endpointHash: endpointHash(certificate), asksForCertificate: files.authorities !== undefined };
  } catch (error) {
    throw new TlsFileError(`certificate "${files.certificate}" and key "${files.key}" cannot be used: ${textOf(error)}`);
  }
}

function read(what: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new TlsFileError(`could not load server ${what} file "${file}": ${textOf(error)}`);
  }
}

const OTHERS_MODE = 0o077;
/** A key of root's may be read by a group: that is how certificates are shared among services. */
const OTHERS_MODE_OF_ROOT = 0o037;

function readKey(file: string): string {
  const key = read('private key', file);
  const { mode, uid } = statSync(file);
  if ((mode & (uid === 0 ? OTHERS_MODE_OF_ROOT : OTHERS_MODE)) !== 0) {
    throw new TlsFileError(
      `private key file "${file}" has group or world access: it must have permissions u=rw (0600) or less, or u=rw,g=r (0640) or less if it is owned by root`,
    );
  }
  return key;
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
