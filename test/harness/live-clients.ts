import pg from 'pg';
import { expect } from 'vitest';
import type { ServerProcess } from './server-process.js';

/** What a notification of a live query says. */
export interface LiveChange {
  readonly op: string;
  readonly seq: string;
  readonly user?: string;
  readonly key?: Record<string, unknown>;
  readonly row?: Record<string, unknown>;
  readonly old?: Record<string, unknown>;
  readonly last?: boolean;
  readonly reason?: string;
}

/** Clients of one test, which are closed after it. */
export class LiveClients {
  readonly #server: ServerProcess;
  readonly #open: pg.Client[] = [];

  constructor(server: ServerProcess) {
    this.#server = server;
  }

  readonly connect = async (user: string): Promise<pg.Client> => {
    const client = new pg.Client({ ...this.#server.connection, user });
    // Told by whatever is under way.
    client.on('error', () => undefined);
    await client.connect();
    this.#open.push(client);
    return client;
  };

  /** @param statement LISTEN … @param before run by itself @returns the client, and what it is told from now on */
  readonly listen = async (user: string, statement: string, before = 'SELECT 1') => {
    const client = await this.connect(user);
    const changes: LiveChange[] = [];
    client.on('notification', (message) => changes.push(JSON.parse(message.payload ?? '')));
    await client.query(before);
    await client.query(statement);
    return { client, changes };
  };

  /** Ends one of them before the test does. */
  async end(client: pg.Client): Promise<void> {
    this.#open.splice(this.#open.indexOf(client), 1);
    await client.end();
  }

  async close(): Promise<void> {
    for (const client of this.#open.splice(0)) await client.end();
  }
}

/** So many changes have come. */
export function settled(changes: readonly LiveChange[], count: number): Promise<void> {
  return expect.poll(() => changes.length, { timeout: 5000 }).toBe(count);
}
