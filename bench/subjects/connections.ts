import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { ServerProcess } from '../../test/harness/server-process.js';
import { type Contender, contendersOf, runProgram } from '../contender.js';
import { scriptFile } from '../pgbench.js';
import { type BenchOptions, type Comparison, median, type Subject } from '../subject.js';
import { percentile99 } from './latency.js';

/** Roles that log in by the method they are called after. */
const ROLES = { trust: 'by_trust', 'scram-sha-256': 'by_scram' } as const;
type Method = keyof typeof ROLES;
const PASSWORD = 'connections';
const WANTED: Readonly<Record<Method, number>> = { trust: 4, 'scram-sha-256': 2 };
const CLIENTS = 4;

const IDLE = 4900;
const ACTIVE = 100;
/** Connections that are opened at a time. */
const OPENING = 50;
/** Files that a process needs for so many connections. */
const FILES = IDLE + ACTIVE + 200;

/** Connecting for each transaction, and many connections that do nothing. */
export const connections: Subject = {
  name: 'connections',
  async prepare(contest) {
    for (const contender of contendersOf(contest)) await addRoles(contender);
  },
  lines: (options) => [
    ...Object.entries(ROLES).map(([method, role]) => connecting(method as Method, role, options)),
    {
      kind: 'requirement',
      name: `select-only, prepared, ${ACTIVE} clients: p99 with ${IDLE} idle connections besides / without`,
      unit: '',
      wanted: 2,
      measure: () => slowdown(options),
    },
  ],
};

/** Lines in front of the server's own rules let the roles in as they are called. */
async function addRoles(contender: Contender): Promise<void> {
  const client = new pg.Client({ ...contender.connection, database: 'postgres' });
  await client.connect();
  for (const role of Object.values(ROLES)) await client.query(`CREATE ROLE ${role} LOGIN PASSWORD '${PASSWORD}'`);
  const { rows } = await client.query('SHOW hba_file');
  const file: string = rows[0].hba_file;
  const rules = Object.entries(ROLES).map(([method, role]) => `host all ${role} 127.0.0.1/32 ${method}\n`);
  writeFileSync(file, rules.join('') + readFileSync(file, 'utf8'));
  await client.query('SELECT pg_reload_conf()');
  await client.end();
}

function connecting(method: Method, role: string, options: BenchOptions): Comparison {
  return {
    kind: 'comparison',
    name: `connect for each SELECT, ${method}, ${CLIENTS} clients`,
    unit: '/s',
    wanted: WANTED[method],
    async measure({ libpq }) {
      const script = scriptFile(options, 'select-one', 'SELECT 1;\n');
      const environment = { ...libpq, PGUSER: role, PGPASSWORD: PASSWORD, PGSSLMODE: 'disable', PGGSSENCMODE: 'disable' };
      const clients = ['-c', String(CLIENTS), '-j', '2', '-T', String(options.seconds)];
      const output = await runProgram('pgbench', environment, ['-n', '-C', ...clients, '-f', script.file]);
      return Number(/tps = ([0-9.]+)/.exec(output)?.[1] ?? Number.NaN);
    },
  };
}

async function slowdown(options: BenchOptions): Promise<number> {
  requireFiles();
  const server = new ServerProcess({ label: 'bench-connections', args: ['--set', `max_connections=${IDLE + ACTIVE + 50}`] });
  writeFileSync(join(server.directory.path, 'hba.conf'), 'host all all 127.0.0.1/32 trust\n');
  await server.start();
  const idle: Socket[] = [];
  try {
    await runProgram('pgbench', server.libpq, ['-i', '-q', '-s', '1']);
    const alone: number[] = [];
    const beside: number[] = [];
    await percentile99(server.libpq, ACTIVE, options);
    for (let round = 0; round < options.rounds; round++) alone.push(await percentile99(server.libpq, ACTIVE, options));
    while (idle.length < IDLE) idle.push(...(await Promise.all(Array.from({ length: OPENING }, () => openIdle(server.port)))));
    for (let round = 0; round < options.rounds; round++) beside.push(await percentile99(server.libpq, ACTIVE, options));
    return median(beside) / median(alone);
  } finally {
    for (const socket of idle) socket.destroy();
    await server.close();
  }
}

/** @throws Error where this process, and so the server that it starts, may not open files enough */
function requireFiles(): void {
  const limit = execFileSync('/bin/sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).trim();
  if (limit !== 'unlimited' && Number(limit) < FILES) {
    throw new Error(`${IDLE + ACTIVE} connections need ${FILES} open files, and ulimit -n allows ${limit}: raise it first`);
  }
}

/** A session that has asked once, as pools have them. */
function openIdle(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  const parameters = Buffer.from('user\0postgres\0database\0postgres\0\0');
  const hello = Buffer.alloc(8);
  hello.writeInt32BE(parameters.length + 8, 0);
  hello.writeInt32BE(196_608, 4);
  const question = Buffer.from('Q\0\0\0\rSELECT 1\0', 'latin1');
  return new Promise((resolve, reject) => {
    let seen = Buffer.alloc(0);
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`the server closed an idle connection: ${seen.toString('latin1')}`)));
    socket.on('data', (bytes) => {
      seen = Buffer.concat([seen, bytes]).subarray(-2000);
      if (seen.includes('SELECT 1\0')) resolve(socket);
    });
    socket.write(Buffer.concat([hello, parameters, question]));
  });
}
