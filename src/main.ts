#!/usr/bin/env node
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadBuiltinCatalog } from './catalog/builtin/index.js';
import { createLogger, LOG_LEVELS, type LogLevel } from './commons/logger.js';
import { SettingRegistry } from './commons/settings/registry.js';
import { SqlError } from './commons/sql-error.js';
import { RoleName } from './commons/system-names.js';
import type { TlsChoice } from './configuration.js';
import { KALAMDB_VERSION } from './executor/functions/system/version.js';
import { createServer, INITIAL_PASSWORD_FILE, type KalamServer } from './server.js';
import { collectGarbage } from './session/server-memory.js';
import { StoreOpenError } from './store/store-open-error.js';
import { HBA_FILE, HbaFileError } from './wire/hba/hba-file.js';
import { TlsFileError } from './wire/tls/server-tls.js';

const HELP = `kalamdb ${KALAMDB_VERSION}: a PostgreSQL-compatible server for applications whose users each own their rows

Usage: kalamdb serve [options]

Options, each also an environment variable:
  --host ADDRESS      address to listen on        KALAMDB_HOST       127.0.0.1
  --port NUMBER       port to listen on           KALAMDB_PORT       5432
  --data DIRECTORY    where the data lies         KALAMDB_DATA       ./kalamdb-data
  --socket-dir DIR    Unix socket besides         KALAMDB_SOCKET_DIR
  --tls-cert FILE, --tls-key FILE                 KALAMDB_TLS_CERT, KALAMDB_TLS_KEY
  --tls-ca FILE       authorities of client certificates
                                                  KALAMDB_TLS_CA
  --tls auto          TLS with a certificate that the server makes in the data directory
                                                  KALAMDB_TLS
  --websocket-port N  the protocol over WebSocket too
                                                  KALAMDB_WEBSOCKET_PORT
  --websocket-origin ORIGIN                       of pages that may connect so, as often as needed
                                                  KALAMDB_WEBSOCKET_ORIGINS  separated by commas
  --metrics-port N    /metrics, /healthz, /readyz on loopback
                                                  KALAMDB_METRICS_PORT
  --log-level LEVEL   ${LOG_LEVELS.join(', ')}
                                                  KALAMDB_LOG_LEVEL  info
  --set NAME=VALUE    a setting, as often as needed (SELECT * FROM system.settings shows them)
                                                  KALAMDB_SET        separated by semicolons
  --help, --version

KALAMDB_PASSWORD is the password of role ${RoleName.postgres} at the first start; without it one is made up, printed,
and kept in DIRECTORY/${INITIAL_PASSWORD_FILE}. Who may connect stands in DIRECTORY/${HBA_FILE}; SIGHUP reads it and the certificate again.
`;

/** What the user got wrong, in one sentence. */
class UsageError extends Error {}

interface ServeOptions {
  readonly host: string;
  readonly port: number;
  readonly data: string;
  readonly logLevel: LogLevel;
  readonly socketDirectory: string | undefined;
  readonly tls: TlsChoice | undefined;
  readonly websocketPort: number | undefined;
  readonly websocketOrigins: readonly string[];
  readonly metricsPort: number | undefined;
  readonly settings: Readonly<Record<string, string>>;
}

function readOptions(args: readonly string[], environment: NodeJS.ProcessEnv): ServeOptions | 'help' | 'version' {
  const { values, positionals } = parse(args);
  if (values.help === true) return 'help';
  if (values.version === true) return 'version';
  const [command = 'serve', ...more] = positionals;
  if (command !== 'serve' || more.length > 0) throw new UsageError(`there is no command "${positionals.join(' ')}": see kalamdb --help`);
  const port = readPort(values.port ?? environment.KALAMDB_PORT) ?? DEFAULT_PORT;
  const levelText = values['log-level'] ?? environment.KALAMDB_LOG_LEVEL ?? 'info';
  const logLevel = LOG_LEVELS.find((level) => level === levelText);
  if (logLevel === undefined) throw new UsageError(`"${levelText}" is no log level: choose one of ${LOG_LEVELS.join(', ')}`);
  return {
    host: values.host ?? environment.KALAMDB_HOST ?? '127.0.0.1',
    port,
    data: resolve(values.data ?? environment.KALAMDB_DATA ?? './kalamdb-data'),
    logLevel,
    socketDirectory: path(values['socket-dir'] ?? environment.KALAMDB_SOCKET_DIR),
    tls: readTls({
      choice: values.tls ?? environment.KALAMDB_TLS,
      certificate: path(values['tls-cert'] ?? environment.KALAMDB_TLS_CERT),
      key: path(values['tls-key'] ?? environment.KALAMDB_TLS_KEY),
      authorities: path(values['tls-ca'] ?? environment.KALAMDB_TLS_CA),
    }),
    websocketPort: readPort(values['websocket-port'] ?? environment.KALAMDB_WEBSOCKET_PORT),
    websocketOrigins: values['websocket-origin'] ?? (environment.KALAMDB_WEBSOCKET_ORIGINS ?? '').split(',').filter((text) => text !== ''),
    metricsPort: readPort(values['metrics-port'] ?? environment.KALAMDB_METRICS_PORT),
    settings: readSettings([...(environment.KALAMDB_SET ?? '').split(';').filter((text) => text.trim() !== ''), ...(values.set ?? [])]),
  };
}

const path = (name: string | undefined): string | undefined => (name === undefined || name === '' ? undefined : resolve(name));

const DEFAULT_PORT = 5432;

function readPort(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new UsageError(`"${text}" is no port: a port is a number from 0 to 65535`);
  return port;
}

interface TlsWords {
  readonly choice: string | undefined;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
  readonly authorities: string | undefined;
}

function readTls({ choice, certificate, key, authorities }: TlsWords): TlsChoice | undefined {
  if (choice !== undefined && choice !== '' && choice !== 'auto' && choice !== 'off') {
    throw new UsageError(`"${choice}" is no choice for --tls: it is auto or off`);
  }
  if (choice === 'auto') {
    if (certificate !== undefined || key !== undefined)
      throw new UsageError('--tls auto makes its own certificate: leave out --tls-cert and --tls-key');
    return { kind: 'auto', authorities };
  }
  if (choice === 'off' || (certificate === undefined && key === undefined && authorities === undefined)) return undefined;
  if (certificate === undefined || key === undefined) throw new UsageError('TLS needs both --tls-cert and --tls-key');
  return { certificate, key, authorities };
}

function readSettings(assignments: readonly string[]): Readonly<Record<string, string>> {
  const registry = new SettingRegistry(loadBuiltinCatalog().settings());
  return Object.fromEntries(
    assignments.map((assignment) => {
      const at = assignment.indexOf('=');
      if (at < 1) throw new UsageError(`"${assignment}" sets nothing: write --set name=value`);
      try {
        return registry.bootValue(assignment.slice(0, at).trim(), assignment.slice(at + 1).trim());
      } catch (error) {
        throw error instanceof SqlError ? new UsageError(error.message) : error;
      }
    }),
  );
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        host: { type: 'string' },
        port: { type: 'string' },
        data: { type: 'string' },
        'log-level': { type: 'string' },
        'socket-dir': { type: 'string' },
        tls: { type: 'string' },
        'tls-cert': { type: 'string' },
        'tls-key': { type: 'string' },
        'tls-ca': { type: 'string' },
        'websocket-port': { type: 'string' },
        'websocket-origin': { type: 'string', multiple: true },
        'metrics-port': { type: 'string' },
        set: { type: 'string', multiple: true },
        help: { type: 'boolean' },
        version: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

async function serve(options: ServeOptions): Promise<void> {
  const logger = createLogger(options.logLevel);
  const password = process.env.KALAMDB_PASSWORD || undefined;
  const server = await createServer({ ...options, logger, password });
  const { host, port, generatedPassword } = server;
  const lines = [`KalamDB ${KALAMDB_VERSION} listens on ${host}:${port}, data in ${options.data}`];
  if (generatedPassword !== undefined) {
    lines.push(`The password of ${RoleName.postgres} is ${generatedPassword} (kept in ${options.data}/${INITIAL_PASSWORD_FILE})`);
  }
  if (server.websocketPort !== undefined) lines.push(`WebSockets: ws://${host}:${server.websocketPort}`);
  if (server.metricsPort !== undefined) lines.push(`Figures: http://127.0.0.1:${server.metricsPort}/metrics`);
  lines.push(`psql -h ${host} -p ${port} -U ${RoleName.postgres}`);
  process.stdout.write(`${lines.join('\n')}\n`);
  closeOnSignal(server);
  // A start reads the catalog's data and leaves garbage, which V8 would keep as long as nobody asks for anything.
  setTimeout(collectGarbage, START_MEMORY_MS).unref();
}

/** Once the start is over and its last work done. */
const START_MEMORY_MS = 1500;

/** The first signal closes in order; a second one does not wait. */
function closeOnSignal(server: KalamServer): void {
  let closing = false;
  const close = (): void => {
    if (closing) process.exit(1);
    closing = true;
    server.close().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  process.on('SIGTERM', close);
  process.on('SIGINT', close);
  process.on('SIGHUP', () => server.reload());
}

function sentenceFor(error: unknown, options: ServeOptions): string | undefined {
  if (error instanceof StoreOpenError || error instanceof HbaFileError || error instanceof TlsFileError) return error.message;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const file = error instanceof Error && 'address' in error && typeof error.address === 'string' ? error.address : '';
  if (file.startsWith('/')) return `socket file ${file} cannot be made (${String(code)}): choose another directory with --socket-dir`;
  switch (code) {
    case 'EADDRINUSE':
      return `port ${portOf(error, options)} on ${options.host} is in use: stop the other server or choose another with --port`;
    case 'EACCES':
      return `port ${portOf(error, options)} on ${options.host} may not be opened by this user: choose one above 1023 with --port`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${options.host} is no address of this machine: choose another with --host`;
    default:
      return undefined;
  }
}

const portOf = (error: unknown, { port }: ServeOptions): unknown => (error instanceof Error && 'port' in error ? error.port : port);

function fail(error: unknown, options?: ServeOptions): never {
  const sentence = error instanceof UsageError ? error.message : options && sentenceFor(error, options);
  process.stderr.write(`kalamdb: ${sentence ?? (error instanceof Error ? error.stack : String(error))}\n`);
  process.exit(1);
}

let options: ServeOptions | undefined;
try {
  const read = readOptions(process.argv.slice(2), process.env);
  if (read === 'help') process.stdout.write(HELP);
  else if (read === 'version') process.stdout.write(`kalamdb ${KALAMDB_VERSION}\n`);
  else {
    options = read;
    await serve(read);
  }
} catch (error) {
  fail(error, options);
}
