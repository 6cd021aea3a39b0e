import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { hasPostgres, PostgresOracle } from '../test/harness/postgres-oracle.js';
import { ServerProcess } from '../test/harness/server-process.js';

/** One of the two servers that are compared. */
export interface Contender {
  readonly name: 'KalamDB' | 'PostgreSQL 15';
  /** Environment for psql and pgbench. */
  readonly libpq: NodeJS.ProcessEnv;
  /** For node-postgres. */
  readonly connection: { readonly host: string; readonly port: number; readonly user: string; readonly password: string };
}

/** Both servers, for as long as the benchmarks run. */
export interface Contest {
  readonly server: ServerProcess;
  readonly ours: Contender;
  /** Absent where PostgreSQL 15 is not installed: then nothing is compared. */
  readonly theirs: Contender | undefined;
  close(): Promise<void>;
}

/** More connections than any subject opens. */
const MAX_CONNECTIONS = 1200;

export async function startContest(): Promise<Contest> {
  const server = await new ServerProcess({ label: 'bench', args: ['--set', `max_connections=${MAX_CONNECTIONS}`] }).start();
  const postgres = hasPostgres ? await new PostgresOracle([`max_connections=${MAX_CONNECTIONS}`]).start() : undefined;
  return {
    server,
    ours: { name: 'KalamDB', libpq: server.libpq, connection: server.connection },
    theirs: postgres && { name: 'PostgreSQL 15', libpq: postgres.libpq, connection: postgres.connection },
    async close() {
      await server.close();
      postgres?.close();
    },
  };
}

export const contendersOf = ({ ours, theirs }: Contest): readonly Contender[] => (theirs === undefined ? [ours] : [ours, theirs]);

/** Memory of a process that is in RAM, in MiB. */
export function residentMiB(pid: number): number {
  const kib = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
  return Number(kib) / 1024;
}

/** Runs a libpq program. @returns what it printed @throws Error with what it complained about */
export async function runProgram(
  program: 'psql' | 'pgbench' | 'pg_dump',
  env: NodeJS.ProcessEnv,
  args: readonly string[],
  cwd?: string,
): Promise<string> {
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'], ...(cwd !== undefined && { cwd }) });
  let output = '';
  let complaints = '';
  child.stdout.on('data', (data: Buffer) => {
    output += data.toString();
  });
  child.stderr.on('data', (data: Buffer) => {
    complaints += data.toString();
  });
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}:\n${output}\n${complaints}`);
  return output;
}

/** Statements through psql, stopping at the first error. */
export function psql(contender: Contender, ...statements: readonly string[]): Promise<string> {
  const args = ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', ...statements.flatMap((statement) => ['-c', statement])];
  return runProgram('psql', contender.libpq, args);
}
