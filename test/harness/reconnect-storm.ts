import pg from 'pg';
import { type LiveRows, live } from '../../src/client/live.js';
import type { ServerProcess } from './server-process.js';

const QUERIES = [
  // What was missed can be told.
  'SELECT id, v FROM storm WHERE v >= 0',
  // All of it is read anew.
  'SELECT v % 3 AS k, count(*)::int AS n, sum(v)::int AS s FROM storm GROUP BY v % 3',
] as const;
const ROWS_OF_A_USER = 20;
const WRITERS = 4;
/** A writer's pause: some 200 commits a second of all of them. */
const WRITE_PAUSE_MS = 20;
const PATIENCE_MS = 60_000;

export interface Storm {
  /** From the moment at which the server listens again until the last client has all that was committed by then. */
  readonly currentMs: number;
  readonly medianMs: number;
  /** Clients that in the end have other rows than their queries give, and how. */
  readonly differences: readonly string[];
  /** Commits while the clients came back. */
  readonly writes: number;
}

interface Follower {
  readonly user: string;
  readonly rows: (readonly unknown[])[];
  readonly stops: (() => Promise<void>)[];
  currentAt: number | undefined;
  error: Error | undefined;
}

/** Clients with two live queries each, whose server is killed and started again while others go on writing. */
export async function reconnectStorm(server: ServerProcess, clients: number): Promise<Storm> {
  const admin = await writerOf(server);
  await admin.query("DROP TABLE IF EXISTS storm; CREATE TABLE storm (id int PRIMARY KEY, v int NOT NULL) WITH (type = 'user')");
  for (let i = 0; i < clients; i++) {
    await admin.query(`SET kalamdb.user_id = '${userOf(i)}'; INSERT INTO storm SELECT i, i FROM generate_series(1, ${ROWS_OF_A_USER}) i`);
  }
  await admin.end();
  const marker = 1_000_000;
  const followers: Follower[] = [];
  // A few at a time: it is their coming back that is a storm.
  for (let i = 0; i < clients; i += 20) {
    const some = Array.from({ length: Math.min(20, clients - i) }, (_, n) => follow(server, userOf(i + n), marker));
    followers.push(...some);
    await until(() => some.every(({ rows, error }) => error !== undefined || QUERIES.every((_, q) => rows[q] !== undefined)));
  }
  const writing = new Writing(server, clients);
  await pause(500);
  await server.kill();
  await server.start();
  const upAt = performance.now();
  const before = writing.count;
  await mark(server, clients, marker);
  await until(() => followers.every(({ currentAt, error }) => currentAt !== undefined || error !== undefined));
  const writes = writing.count - before;
  await writing.end();
  const times = followers.map(({ currentAt }) => (currentAt ?? Number.NaN) - upAt).sort((a, b) => a - b);
  const differences = await differencesOf(server, followers);
  for (const { stops } of followers) for (const stop of stops) await stop();
  return { currentMs: times.at(-1) ?? Number.NaN, medianMs: times[Math.floor(times.length / 2)] ?? Number.NaN, differences, writes };
}

const userOf = (i: number): string => `storm${i}`;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function until(isSo: () => boolean): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!isSo()) {
    if (performance.now() > deadline) return;
    await pause(2);
  }
}

async function writerOf(server: ServerProcess): Promise<pg.Client> {
  const client = new pg.Client(server.connection);
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

function follow(server: ServerProcess, user: string, marker: number): Follower {
  const follower: Follower = { user, rows: [], stops: [], currentAt: undefined, error: undefined };
  // One connection a user, and both live queries on it.
  const connect = async (): Promise<pg.Client> => {
    const client = new pg.Client({ ...server.connection, options: `-c kalamdb.user_id=${user}` });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };
  for (const [i, sql] of QUERIES.entries()) {
    const rows: LiveRows<{ readonly id?: number }> = live(connect, sql);
    const stop = rows.subscribe(
      (now) => {
        follower.rows[i] = now;
        if (i === 0 && follower.currentAt === undefined && now.some(({ id }) => id === marker)) follower.currentAt = performance.now();
      },
      (error) => {
        follower.error = error;
      },
    );
    follower.stops.push(stop);
  }
  return follower;
}

/** A row that tells of each user that all before it has come. */
async function mark(server: ServerProcess, clients: number, marker: number): Promise<void> {
  const writers = await Promise.all(Array.from({ length: WRITERS }, () => writerOf(server)));
  let next = 0;
  const work = async (writer: pg.Client): Promise<void> => {
    for (let i = next++; i < clients; i = next++) {
      await writer.query(`SET kalamdb.user_id = '${userOf(i)}'; INSERT INTO storm VALUES (${marker}, 1)`);
    }
  };
  await Promise.all(writers.map(work));
  for (const writer of writers) await writer.end();
}

/** Writers that go on, and come back too. */
class Writing {
  readonly #server: ServerProcess;
  readonly #clients: number;
  readonly #work: Promise<unknown>;
  #isOver = false;
  #next = 0;
  count = 0;

  constructor(server: ServerProcess, clients: number) {
    this.#server = server;
    this.#clients = clients;
    this.#work = Promise.all(Array.from({ length: WRITERS }, () => this.#write()));
  }

  async end(): Promise<void> {
    this.#isOver = true;
    await this.#work;
  }

  async #write(): Promise<void> {
    let writer: pg.Client | undefined;
    while (!this.#isOver) {
      try {
        writer ??= await writerOf(this.#server);
        const n = this.#next++;
        const change = [
          `INSERT INTO storm VALUES (${1000 + n}, ${n})`,
          `UPDATE storm SET v = -v WHERE id = ${(n % ROWS_OF_A_USER) + 1}`,
          `UPDATE storm SET v = v + 3 WHERE id % 4 = ${n % 4}`,
          `DELETE FROM storm WHERE id = ${((n * 7) % ROWS_OF_A_USER) + 1}`,
        ][n % 4];
        await writer.query(`SET kalamdb.user_id = '${userOf((n * 37) % this.#clients)}'; ${change}`);
        this.count++;
      } catch {
        // The server is away.
        writer?.end().catch(() => undefined);
        writer = undefined;
      }
      await pause(WRITE_PAUSE_MS);
    }
    await writer?.end();
  }
}

async function differencesOf(server: ServerProcess, followers: readonly Follower[]): Promise<string[]> {
  const reader = await writerOf(server);
  const differences: string[] = [];
  for (const { user, rows, error } of followers) {
    if (error !== undefined) differences.push(`${user}: ${error.message}`);
    for (const [i, sql] of QUERIES.entries()) {
      await reader.query(`SET kalamdb.user_id = '${user}'`);
      const wanted = texts((await reader.query(sql)).rows);
      const isSame = (): boolean => JSON.stringify(texts(rows[i] ?? [])) === JSON.stringify(wanted);
      await until(() => isSame() || differences.length > 5);
      if (!isSame()) differences.push(`${user}: ${texts(rows[i] ?? []).join(' ')}\nin place of ${wanted.join(' ')}`);
    }
  }
  await reader.end();
  return differences;
}

const texts = (rows: readonly unknown[]): string[] => rows.map((row) => JSON.stringify(row)).sort();
