import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { ServerProcess } from '../../test/harness/server-process.js';
import { residentMiB } from '../contender.js';
import type { Subject } from '../subject.js';

const CONNECTIONS = 1000;
/** Garbage of starting and connecting is collected when nothing else is to be done. */
const SETTLE_MS = 5000;

/** What a server takes that does nothing: just started, and with clients that say nothing. */
export const memory: Subject = {
  name: 'memory',
  lines: () => [
    {
      kind: 'requirement',
      name: 'idle memory',
      unit: 'MiB',
      wanted: 120,
      measure: () => withFreshServer(async (server) => residentMiB(server.pid)),
    },
    {
      kind: 'requirement',
      name: `memory with ${CONNECTIONS} idle connections`,
      unit: 'MiB',
      wanted: 400,
      measure: () => withFreshServer(withConnections),
    },
  ],
};

async function withFreshServer(measure: (server: ServerProcess) => Promise<number>): Promise<number> {
  const server = await new ServerProcess({ label: 'bench-memory', args: ['--set', `max_connections=${CONNECTIONS + 10}`] }).start();
  try {
    await sleep(SETTLE_MS);
    return await measure(server);
  } finally {
    await server.close();
  }
}

async function withConnections(server: ServerProcess): Promise<number> {
  const clients: pg.Client[] = [];
  try {
    while (clients.length < CONNECTIONS) {
      const group = Array.from({ length: 20 }, () => new pg.Client(server.connection));
      clients.push(...group);
      await Promise.all(group.map((client) => client.connect()));
    }
    await Promise.all(clients.map((client) => client.query('SELECT 1')));
    await sleep(SETTLE_MS);
    return residentMiB(server.pid);
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
}
