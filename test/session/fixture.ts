import pg from 'pg';
import { createServer, type KalamServer } from '../../src/server.js';
import type { Session } from '../../src/session/session.js';
import { MemoryStore } from '../../src/store/memory/memory-store.js';

/** A server in this process over a store in memory, and clients of it. */
export class Fixture {
  readonly server: KalamServer;
  readonly #clients: pg.Client[] = [];

  private constructor(server: KalamServer) {
    this.server = server;
  }

  static async start(settings: Readonly<Record<string, string>> = {}): Promise<Fixture> {
    return new Fixture(await createServer({ host: '127.0.0.1', port: 0, data: new MemoryStore(), trust: true, settings }));
  }

  async connect(user = 'postgres', options: pg.ClientConfig = {}): Promise<pg.Client> {
    const client = new pg.Client({ host: '127.0.0.1', port: this.server.port, user, database: 'postgres', ...options });
    // A FATAL error comes here; the test looks for it elsewhere.
    client.on('error', () => undefined);
    await client.connect();
    this.#clients.push(client);
    return client;
  }

  /** The server's side of a client. */
  async sessionOf(client: pg.Client): Promise<Session> {
    const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
    const entry = this.server.parts.sessions.get(rows[0].pid);
    if (entry === undefined) throw new Error('no such session');
    return entry.session;
  }

  /** Ends the clients, so that the next test starts alone. */
  async reset(): Promise<void> {
    for (const client of this.#clients.splice(0)) await client.end().catch(() => undefined);
  }

  async close(): Promise<void> {
    await this.reset();
    await this.server.close(100);
  }
}

/** Rows as arrays of values. */
export async function rows(client: pg.Client, text: string, values: readonly unknown[] = []): Promise<unknown[][]> {
  const result = await client.query({ text, values: [...values], rowMode: 'array' });
  return result.rows;
}

/** The error that a statement raises. */
export async function failure(client: pg.Client, text: string, values: readonly unknown[] = []): Promise<Record<string, unknown>> {
  try {
    await client.query(text, [...values]);
  } catch (error) {
    return { ...(error as object), message: (error as Error).message };
  }
  throw new Error(`no error: ${text}`);
}
