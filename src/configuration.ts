import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from './commons/logger.js';
import { SettingName } from './commons/setting-names.js';
import type { ServerConfiguration } from './session/server-configuration.js';
import { type Row, SqlArray } from './types/value.js';
import { JwtKeys } from './wire/authentication/jwt-keys.js';
import { HBA_FILE, HbaFile, HbaFileError, TRUSTING_RULES } from './wire/hba/hba-file.js';
import type { HbaRule } from './wire/hba/hba-rule.js';
import { makeSelfSigned } from './wire/tls/self-signed.js';
import { ServerTls, TlsFileError, type TlsFiles } from './wire/tls/server-tls.js';

/** A certificate and its key, or `auto`: the server makes a pair in its data directory. */
export type TlsChoice = TlsFiles | { readonly kind: 'auto'; readonly authorities?: string | undefined };

export interface ConfigurationOptions {
  /** The data directory; absent for a store in memory. */
  readonly directory: string | undefined;
  readonly trust: boolean;
  readonly tls: TlsChoice | undefined;
  readonly settings: Readonly<Record<string, string>>;
  readonly logger: Logger;
}

/** Who may connect, and the server's certificate: files that are read at the start, and again when somebody asks for it. */
export class ConfigurationFiles implements ServerConfiguration {
  readonly rules: HbaFile;
  readonly tls: ServerTls | undefined;
  readonly tlsFiles: TlsFiles | undefined;
  readonly keys: JwtKeys;
  readonly #logger: Logger;

  /** @throws HbaFileError, TlsFileError */
  constructor({ directory, trust, tls, settings, logger }: ConfigurationOptions) {
    this.#logger = logger;
    this.rules = trust
      ? new HbaFile(undefined, TRUSTING_RULES)
      : new HbaFile(directory === undefined ? undefined : join(directory, HBA_FILE));
    this.tlsFiles = tls !== undefined && 'kind' in tls ? { ...selfSigned(directory), authorities: tls.authorities } : tls;
    this.tls =
      this.tlsFiles === undefined
        ? undefined
        : new ServerTls(this.tlsFiles, {
            minVersion: settings[SettingName.sslMinProtocolVersion] === 'TLSv1.3' ? 'TLSv1.3' : 'TLSv1.2',
            ciphers: settings[SettingName.sslCiphers] || undefined,
          });
    this.keys = new JwtKeys(directory ?? process.cwd());
  }

  /** What SHOW says of them. */
  get settings(): Readonly<Record<string, string>> {
    const { rules, tlsFiles } = this;
    return {
      [SettingName.ssl]: tlsFiles === undefined ? 'off' : 'on',
      ...(rules.path === undefined ? {} : { [SettingName.hbaFile]: rules.path }),
      ...(tlsFiles === undefined ? {} : { [SettingName.sslCertFile]: tlsFiles.certificate, [SettingName.sslKeyFile]: tlsFiles.key }),
      ...(tlsFiles?.authorities === undefined ? {} : { [SettingName.sslCaFile]: tlsFiles.authorities }),
    };
  }

  reload(): void {
    this.keys.forget();
    for (const part of [this.rules, this.tls]) {
      try {
        part?.reload();
      } catch (error) {
        if (!(error instanceof HbaFileError || error instanceof TlsFileError)) throw error;
        this.#logger.error({ reason: error.message }, 'configuration file not reloaded');
      }
    }
    this.#logger.info('configuration files reloaded');
  }

  hbaRows(): Iterable<Row> {
    const { rules, mistakes } = this.rules.lines();
    return inOrder([...rules.map(ruleRow), ...mistakes.map(({ line, message }) => mistakeRow(line, message))]);
  }

  hbaState(): Iterable<Row> {
    const { rules, mistakes } = this.rules.lines();
    const inForce = this.rules.rules.map(ruleRow);
    const known = new Set(inForce.map(String));
    // A file that was changed, and not read again or not without a mistake.
    const others = [
      ...rules.map(ruleRow).filter((row) => !known.has(String(row))),
      ...mistakes.map(({ line, message }) => mistakeRow(line, message)),
    ];
    const state =
      (isInForce: boolean): ((row: Row) => Row) =>
      ([line = null, ...rest]) => [line, isInForce, ...rest];
    return [...inOrder(inForce).map(state(true)), ...inOrder(others).map(state(false))];
  }
}

const inOrder = (rows: readonly Row[]): Row[] => [...rows].sort((a, b) => Number(a[0]) - Number(b[0]));

function ruleRow({ line, type, databases, users, address, method, options }: HbaRule): Row {
  const shown = Array.from(options, ([name, value]) => `${name}=${value}`);
  return [
    line,
    type,
    new SqlArray(databases.map(({ text }) => text)),
    new SqlArray(users.map(({ text }) => text)),
    address?.text ?? null,
    address?.netmask ?? null,
    method,
    shown.length === 0 ? null : new SqlArray(shown),
    null,
  ];
}

const mistakeRow = (line: number, message: string): Row => [line, null, null, null, null, null, null, null, message];

/** Made once: clients may have taken the certificate for their root. */
function selfSigned(directory: string | undefined): TlsFiles {
  if (directory === undefined) throw new TlsFileError('a certificate is made in the data directory, and a store in memory has none');
  const files = { certificate: join(directory, 'server.crt'), key: join(directory, 'server.key') };
  if (!existsSync(files.certificate)) {
    const { certificate, key } = makeSelfSigned(new Date());
    writeFileSync(files.key, key, { mode: 0o600 });
    writeFileSync(files.certificate, certificate, { mode: 0o644 });
  }
  return files;
}
