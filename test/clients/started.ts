import { execFile } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll } from 'vitest';
import { ServerProcess } from '../harness/server-process.js';

const HERE = fileURLToPath(new URL('.', import.meta.url));

export interface Connection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

export interface StartedServer {
  readonly connection: Connection;
  /** A real PostgreSQL is asked (KALAMDB_TEST_POSTGRES), so that what only KalamDB has is left out. */
  readonly isPostgres: boolean;
}

/** A server for the tests of one file. KALAMDB_TEST_POSTGRES=postgres://user@host:port runs them on a new database of that PostgreSQL. */
export function startedServer(label: string): StartedServer {
  const other = process.env.KALAMDB_TEST_POSTGRES;
  return other === undefined ? ownServer(label) : newDatabase(label, new URL(other));
}

function ownServer(label: string): StartedServer {
  const server = new ServerProcess({ label });
  beforeAll(async () => {
    await server.start();
  });
  afterAll(async () => {
    await server.close();
  });
  return {
    isPostgres: false,
    get connection() {
      return server.connection;
    },
  };
}

function newDatabase(label: string, url: URL): StartedServer {
  const { hostname: host, port, username: user, password } = url;
  const connection = { host, port: Number(port), user, password, database: `clients_${label.replaceAll('-', '_')}` };
  const administer = async (...statements: readonly string[]): Promise<void> => {
    const client = new pg.Client({ ...connection, database: 'postgres' });
    await client.connect();
    for (const statement of statements) await client.query(statement);
    await client.end();
  };
  const drop = `DROP DATABASE IF EXISTS ${connection.database} WITH (FORCE)`;
  beforeAll(() => administer(drop, `CREATE DATABASE ${connection.database}`));
  afterAll(() => administer(drop));
  return { connection, isPostgres: true };
}

/** As URL; `options` are the connection's, for instance `-c kalamdb.default_table_type=user`. */
export function urlOf({ connection }: Pick<StartedServer, 'connection'>, options?: string): string {
  const { user, password, host, port, database } = connection;
  const query = options === undefined ? '' : `?options=${encodeURIComponent(options)}`;
  return `postgres://${user}:${password}@${host}:${port}/${database}${query}`;
}

/** An empty folder beside the tests, where what is written in it finds the clients' packages; it is removed at the end. */
export function workFolder(label: string): string {
  const folder = `${HERE}.work/${label}`;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** Runs a client's program in a folder and gives what it prints. */
export async function runProgram(cwd: string, env: NodeJS.ProcessEnv, program: string, ...args: readonly string[]): Promise<string> {
  const options = { cwd, env: { ...process.env, ...env }, encoding: 'utf8' } as const;
  try {
    const { stdout, stderr } = await promisify(execFile)(`${HERE}node_modules/.bin/${program}`, args, options);
    return stdout + stderr;
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`${program} ${args.join(' ')} failed:\n${stdout ?? ''}${stderr ?? ''}${(error as Error).message}`);
  }
}
