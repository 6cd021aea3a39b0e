import { execFileSync } from 'node:child_process';
import { chownSync, existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { type TemporaryDirectory, temporaryDirectory } from './temporary-directory.js';

const BIN = '/usr/lib/postgresql/15/bin';

/** False where PostgreSQL 15's server programs are not installed: what needs the oracle is skipped. */
export const hasPostgres = existsSync(`${BIN}/postgres`) && existsSync(`${BIN}/initdb`);

/** A real PostgreSQL 15 on a temporary directory: the oracle of tests, the other side of benchmarks. Durable as installed. */
export class PostgresOracle {
  readonly directory: TemporaryDirectory;
  readonly host = '127.0.0.1';
  port = 0;
  readonly #settings: readonly string[];

  constructor(settings: readonly string[] = []) {
    this.directory = temporaryDirectory('postgres');
    this.#settings = settings;
  }

  async start(): Promise<this> {
    this.port = await freePort();
    const { path } = this.directory;
    const user = process.getuid?.() === 0 ? 'postgres' : undefined;
    if (user !== undefined) {
      const id = (flag: string) => Number(execFileSync('id', [flag, user]).toString());
      chownSync(path, id('-u'), id('-g'));
    }
    const run = (command: string) =>
      user === undefined
        ? execFileSync('/bin/sh', ['-c', command], { stdio: 'pipe' })
        : execFileSync('su', [user, '-s', '/bin/sh', '-c', command], { stdio: 'pipe', cwd: '/' });
    run(`${BIN}/initdb -D ${path}/data -A trust -E UTF8 --locale=C -U postgres`);
    const settings = [`-p ${this.port}`, `-k ${path}`, '-c max_connections=200', ...this.#settings.map((setting) => `-c ${setting}`)].join(
      ' ',
    );
    run(`${BIN}/pg_ctl -D ${path}/data -w -o '${settings}' -l ${path}/log start`);
    this.#stop = () => run(`${BIN}/pg_ctl -D ${path}/data -m immediate stop`);
    return this;
  }

  #stop: () => void = () => undefined;

  get libpq(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      PGHOST: this.host,
      PGPORT: String(this.port),
      PGUSER: 'postgres',
      PGPASSWORD: 'unused',
      PGDATABASE: 'postgres',
      PGCLIENTENCODING: 'UTF8',
    };
  }

  get connection() {
    return { host: this.host, port: this.port, user: 'postgres', password: 'unused', database: 'postgres' };
  }

  close(): void {
    this.#stop();
    this.directory.remove();
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
