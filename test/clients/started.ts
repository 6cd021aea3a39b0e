import { afterAll, beforeAll } from 'vitest';
import { ServerProcess } from '../harness/server-process.js';

/** A server for the tests of one file. */
export function startedServer(label: string): ServerProcess {
  const server = new ServerProcess({ label });
  beforeAll(async () => {
    await server.start();
  });
  afterAll(async () => {
    await server.close();
  });
  return server;
}

export function urlOf(server: ServerProcess): string {
  const { user, password, host, port, database } = server.connection;
  return `postgres://${user}:${password}@${host}:${port}/${database}`;
}
