import { execFileSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** An authority and what it signs, made by the openssl program. */
export class TestAuthority {
  readonly directory: string;
  readonly certificate: string;
  readonly #name: string;

  constructor(directory: string, name = 'authority') {
    this.directory = directory;
    this.#name = name;
    this.certificate = join(directory, `${name}.crt`);
    this.#openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '2',
      '-subj',
      `/CN=${name}`,
      '-keyout',
      this.#key,
      '-out',
      this.certificate,
    );
  }

  get #key(): string {
    return join(this.directory, `${this.#name}.key`);
  }

  /** @param subject as openssl takes it: `/O=Shop/CN=ann` */
  issue(file: string, subject: string, hash = 'sha256'): { readonly certificate: string; readonly key: string } {
    const [certificate, key, request] = ['crt', 'key', 'csr'].map((end) => join(this.directory, `${file}.${end}`)) as [
      string,
      string,
      string,
    ];
    this.#openssl('req', '-newkey', 'rsa:2048', '-nodes', '-subj', subject, '-keyout', key, '-out', request);
    const extensions = join(this.directory, `${file}.ext`);
    writeFileSync(extensions, 'subjectAltName=DNS:localhost,IP:127.0.0.1\n');
    const signing = ['-CA', this.certificate, '-CAkey', this.#key, '-CAcreateserial', '-days', '2', '-extfile', extensions, `-${hash}`];
    this.#openssl('x509', '-req', '-in', request, '-out', certificate, ...signing);
    chmodSync(key, 0o600);
    return { certificate, key };
  }

  #openssl(...args: readonly string[]): void {
    execFileSync('openssl', args, { stdio: 'pipe' });
  }
}
