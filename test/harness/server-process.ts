import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type TemporaryDirectory, temporaryDirectory } from './temporary-directory.js';

export const PASSWORD = 'test-password';

/** KALAMDB_TEST_MAIN: another build of the program. */
const MAIN = process.env.KALAMDB_TEST_MAIN ?? fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const START_TIMEOUT_MS = 20_000;

/** A KalamDB server as users start it: the built program in a process of its own. */
export class ServerProcess {
  readonly directory: TemporaryDirectory;
  readonly host = '127.0.0.1';
  port = 0;
  #process: ChildProcess | undefined;
  #output: string[] = [];
  readonly #args: readonly string[];
  readonly #environment: NodeJS.ProcessEnv;

  constructor(options: { readonly args?: readonly string[]; readonly environment?: NodeJS.ProcessEnv; readonly label?: string } = {}) {
    this.directory = temporaryDirectory(options.label ?? 'server');
    this.#args = options.args ?? [];
    this.#environment = options.environment ?? {};
  }

  /** Starts on a free port the first time and on the same one afterwards. */
  async start(): Promise<this> {
    if (!existsSync(MAIN)) throw new Error('dist/main.js is missing: run npm run build first');
    this.#output = [];
    const args = ['--enable-source-maps', MAIN, 'serve', '--host', this.host, '--port', String(this.port), '--data', this.directory.path];
    const child = spawn(process.execPath, [...args, '--log-level', 'warn', ...this.#args], {
      env: { ...process.env, KALAMDB_PASSWORD: PASSWORD, ...this.#environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process = child;
    child.stderr?.on('data', (data: Buffer) => this.#output.push(data.toString()));
    const lines = createInterface({ input: child.stdout ?? process.stdin });
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`the server did not start: ${this.output}`)), START_TIMEOUT_MS);
      lines.on('line', (line) => {
        this.#output.push(`${line}\n`);
        const port = /listens on 127\.0\.0\.1:(\d+)/.exec(line)?.[1] ?? /-p (\d+)/.exec(line)?.[1];
        if (port === undefined) return;
        this.port = Number(port);
        clearTimeout(timer);
        resolve();
      });
      child.once('exit', (code) => {
        clearTimeout(timer);
        reject(new Error(`the server ended with ${code}: ${this.output}`));
      });
    });
    return this;
  }

  get output(): string {
    return this.#output.join('');
  }

  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  /** Environment for psql, pgbench and other libpq programs. */
  get libpq(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      PGHOST: this.host,
      PGPORT: String(this.port),
      PGUSER: 'postgres',
      PGPASSWORD: PASSWORD,
      PGDATABASE: 'postgres',
      PGCLIENTENCODING: 'UTF8',
    };
  }

  /** For node-postgres. */
  get connection() {
    return { host: this.host, port: this.port, user: 'postgres', password: PASSWORD, database: 'postgres' };
  }

  /** SIGKILL: as a power cut leaves it. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** SIGTERM: a clean end; the data stay. */
  async stop(): Promise<number | null> {
    return this.#end('SIGTERM');
  }

  async close(): Promise<void> {
    await this.stop();
    this.directory.remove();
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null) return child?.exitCode ?? null;
    child.kill(signal);
    const [code] = (await once(child, 'exit')) as [number | null];
    return code;
  }
}
