import pg from 'pg';
import type { Contender, Contest } from '../contender.js';
import { residentMiB } from '../contender.js';
import { NotificationCounter } from '../notification-counter.js';
import { type BenchOptions, type Comparison, type Line, median, type Requirement, type Subject } from '../subject.js';

/**
 * Live queries, and beside them what comes nearest in PostgreSQL: a trigger that sends each row with pg_notify. Listeners are sockets that only
 * count (notification-counter.ts).
 */
export const live: Subject = {
  name: 'live',
  async prepare({ ours, theirs }) {
    const admin = await connected(ours);
    await admin.query(`
      DROP TABLE IF EXISTS messages, rooms;
      CREATE TABLE messages (id int PRIMARY KEY, room int, body text, at timestamptz DEFAULT now()) WITH (type = 'user');
      CREATE TABLE rooms (id int PRIMARY KEY, name text, seen int) WITH (type = 'user');
    `);
    await admin.end();
    if (theirs === undefined) return;
    const other = await connected(theirs);
    await other.query(`
      DROP TABLE IF EXISTS messages;
      CREATE TABLE messages (id int PRIMARY KEY, room int, body text, at timestamptz DEFAULT now());
      CREATE OR REPLACE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN PERFORM pg_notify('messages', row_to_json(NEW)::text); RETURN NULL; END $$;
      CREATE TRIGGER tell AFTER INSERT ON messages FOR EACH ROW EXECUTE FUNCTION tell();
    `);
    await other.end();
  },
  lines: (options) => [
    commitToNotification(options),
    fanOut(90, options),
    fanOut(1000, options),
    ...FORMS.map((form) => heldMemory(form)),
    ...UPKEEP.map((form) => upkeep(form)),
    streamed(options),
    ...(options.large ? manyQueries(options) : []),
  ],
};

async function connected(contender: Contender): Promise<pg.Client> {
  const client = new pg.Client({ ...contender.connection, database: 'postgres' });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

async function listeners(contender: Contender, count: number, sql = 'LISTEN messages'): Promise<NotificationCounter[]> {
  const counters: NotificationCounter[] = [];
  for (let i = 0; i < count; i++) {
    const client = await connected(contender);
    await client.query(sql);
    counters.push(new NotificationCounter(client));
  }
  return counters;
}

let nextId = 1;

/** From sending an INSERT to hearing of it elsewhere: the commit is part of it, durable on both sides. */
function commitToNotification({ seconds }: BenchOptions): Comparison {
  return {
    kind: 'comparison',
    name: 'insert → notification, one listener, p50',
    unit: 'µs',
    wanted: 1.3,
    lessIsBetter: true,
    async measure(contender) {
      const [counter] = await listeners(contender, 1);
      const writer = await connected(contender);
      if (counter === undefined) return Number.NaN;
      const times: number[] = [];
      const end = Date.now() + seconds * 1000;
      while (Date.now() < end) {
        const start = performance.now();
        const heard = new Promise<void>((resolve) => {
          counter.heard = () => resolve();
        });
        await Promise.all([writer.query({ name: 'insert', text: INSERT, values: [nextId++, 1, 'hello'] }), heard]);
        times.push((performance.now() - start) * 1000);
      }
      counter.close();
      await writer.end();
      return median(times);
    },
  };
}

const INSERT = 'INSERT INTO messages (id, room, body) VALUES ($1, $2, $3)';
/** Notifications of one statement, so that it is not the writer's commits that are measured. */
const NOTIFICATIONS_AT_ONCE = 20_000;

function fanOut(sessions: number, { seconds }: BenchOptions): Comparison {
  return {
    kind: 'comparison',
    name: `one user's ${sessions} sessions hear of each row`,
    unit: 'notifications/s',
    wanted: 3,
    async measure(contender) {
      const counters = await listeners(contender, sessions);
      const writer = await connected(contender);
      const rowsAtOnce = Math.ceil(NOTIFICATIONS_AT_ONCE / sessions);
      const start = performance.now();
      let rows = 0;
      while (performance.now() - start < seconds * 1000) {
        await writer.query(
          `INSERT INTO messages (id, room, body) SELECT ${nextId} + n, 1, 'hello' FROM generate_series(0, ${rowsAtOnce - 1}) n`,
        );
        nextId += rowsAtOnce;
        rows += rowsAtOnce;
        // No further ahead of the slowest than a few statements.
        while (counters.some((counter) => counter.count < rows - 5 * rowsAtOnce)) await breath();
      }
      while (counters.some((counter) => counter.count < rows)) await breath();
      const took = (performance.now() - start) / 1000;
      for (const counter of counters) counter.close();
      await writer.end();
      return (rows * sessions) / took;
    },
  };
}

function breath(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1));
}

interface Form {
  readonly name: string;
  readonly query: string;
}

const FORMS: readonly Form[] = [
  { name: 'a table', query: 'SELECT * FROM messages' },
  { name: 'a filter', query: "SELECT id, upper(body) AS body FROM messages WHERE room = 1 AND body <> ''" },
  { name: 'count and sum by group', query: 'SELECT room, count(*) AS n, sum(id) AS total FROM messages GROUP BY room' },
  { name: 'the last 20', query: 'SELECT id, body FROM messages ORDER BY id DESC LIMIT 20' },
  { name: 'a join', query: 'SELECT r.name, m.id, m.body FROM rooms r JOIN messages m ON m.room = r.id' },
  {
    name: 'unread counts',
    query:
      'SELECT r.id, r.name, count(m.id) AS unread FROM rooms r LEFT JOIN messages m ON m.room = r.id AND m.id > r.seen GROUP BY r.id, r.name',
  },
];

/** Users who each have 10 rooms and 50 messages, and one live query. */
const USERS = 1000;

/** What one live query of that form costs a server, for users with 60 rows each. */
function heldMemory({ name, query }: Form): Requirement {
  return {
    kind: 'requirement',
    name: `memory of a live query, ${name}, over 60 rows`,
    unit: 'KiB',
    wanted: 100,
    async measure(contest) {
      const admin = await connected(contest.ours);
      await fillUsers(admin, USERS);
      const client = await connected(contest.ours);
      // Once, so that what is compiled and grown for the first of them is not counted.
      await client.query(`LISTEN ${quoted(query)} WITH (user_id = 'u0')`);
      const before = await settledMiB(contest);
      for (let i = 1; i < USERS; i++) await client.query(`LISTEN ${quoted(query)} WITH (user_id = 'u${i}')`);
      const after = await settledMiB(contest);
      const { rows } = await admin.query('SELECT avg(bytes_held)::int AS counted FROM system.live_queries');
      await client.end();
      await admin.end();
      process.stderr.write(`  ${name}: ${rows[0]?.counted} bytes by its own count\n`);
      return ((after - before) * 1024) / (USERS - 1);
    },
  };
}

async function settledMiB({ server }: Contest): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 1500));
  return residentMiB(server.pid);
}

let filledUsers = 0;

async function fillUsers(admin: pg.Client, count: number): Promise<void> {
  for (; filledUsers < count; filledUsers++) {
    await admin.query(
      `SET kalamdb.user_id = 'u${filledUsers}';
       INSERT INTO rooms SELECT n, 'room ' || n, 5 FROM generate_series(1, 10) n;
       INSERT INTO messages SELECT n, n % 10 + 1, 'message ' || n FROM generate_series(1, 50) n`,
    );
  }
}

function quoted(query: string): string {
  return `"${query.replaceAll('"', '""')}"`;
}

const UPKEEP: readonly Form[] = [
  { name: 'count(*)', query: 'SELECT count(*) AS n FROM messages' },
  { name: 'sum by group', query: 'SELECT room, sum(id) AS total FROM messages GROUP BY room' },
  { name: 'the first 20', query: 'SELECT id, body FROM messages ORDER BY body, id LIMIT 20' },
];
const LARGE_PARTITION = 100_000;

/** CPU of a statement that changes many rows, with and without a live query over them. */
function upkeep({ name, query }: Form): Requirement {
  return {
    kind: 'requirement',
    name: `upkeep of ${name} over 100,000 rows, a changed row`,
    unit: 'µs',
    wanted: 100,
    async measure({ ours }) {
      const client = await connected(ours);
      await client.query("SET kalamdb.user_id = 'large'");
      const { rows } = await client.query('SELECT count(*)::int AS n FROM messages');
      if (rows[0]?.n === 0) {
        await client.query(`INSERT INTO messages SELECT n, n % 100, md5(n::text) FROM generate_series(1, ${LARGE_PARTITION}) n`);
      }
      const change = async (): Promise<number> => {
        const times: number[] = [];
        for (let i = 0; i < 15; i++) {
          const start = performance.now();
          await client.query('UPDATE messages SET room = (room + 1) % 100, body = md5(body) WHERE id % 1000 = $1', [i]);
          times.push(performance.now() - start);
        }
        return median(times);
      };
      const without = await change();
      await client.query(`LISTEN ${quoted(query)}`);
      const withLive = await change();
      await client.query('UNLISTEN *');
      await client.end();
      return ((withLive - without) * 1000) / (LARGE_PARTITION / 1000);
    },
  };
}

const STREAM_LISTENERS = 1000;
const STREAM_ROWS = 20;

/** A stream's rows as fast as they can be written and heard of: 20 at a time, of one user after the other, each with a listener. Expiry is part of it. */
function streamed({ seconds }: BenchOptions): Requirement {
  return {
    kind: 'requirement',
    name: `rows of a stream, each heard by one of ${STREAM_LISTENERS} listeners`,
    unit: 'rows/s',
    wanted: 20_000,
    moreIsBetter: true,
    async measure({ ours }) {
      const admin = await connected(ours);
      await admin.query(`
        DROP TABLE IF EXISTS ticks;
        CREATE TABLE ticks (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, what text, at timestamptz DEFAULT now())
          WITH (type = 'stream', ttl = '5 s')`);
      await admin.end();
      const counters: NotificationCounter[] = [];
      for (let i = 0; i < STREAM_LISTENERS; i++)
        counters.push(...(await listeners(ours, 1, `SET kalamdb.user_id = 'ticks${i}'; LISTEN ticks`)));
      // What expires is told too, and is not what is waited for.
      let heard = 0;
      for (const counter of counters) {
        counter.heard = (text) => {
          if (text.includes('"op":"insert"')) heard++;
        };
      }
      const writers = await Promise.all(Array.from({ length: 8 }, () => connected(ours)));
      let rows = 0;
      let next = 0;
      const start = performance.now();
      const write = async (writer: pg.Client): Promise<void> => {
        while (performance.now() - start < seconds * 1000) {
          const user = next++ % STREAM_LISTENERS;
          rows += STREAM_ROWS;
          await writer.query(
            `SET kalamdb.user_id = 'ticks${user}'; INSERT INTO ticks (what) SELECT 'tick ' || n FROM generate_series(1, ${STREAM_ROWS}) n`,
          );
        }
      };
      await Promise.all(writers.map(write));
      while (heard < rows) await breath();
      const took = (performance.now() - start) / 1000;
      for (const counter of counters) counter.close();
      for (const writer of writers) await writer.end();
      return rows / took;
    },
  };
}

const MANY_USERS = 10_000;
const CONNECTIONS = 1000;
const QUERIES_A_USER = 10;

/** 10,000 users with ten live queries each, over 1,000 connections of an application server. */
function manyQueries({ seconds }: BenchOptions): readonly Line[] {
  let clients: pg.Client[] = [];
  let openedIn = 0;
  let memory = 0;
  let alone = 0;
  const open = async (contest: Contest): Promise<void> => {
    if (clients.length > 0) return;
    alone = await rateOf(contest.ours, 'nobody', seconds);
    const before = await settledMiB(contest);
    for (let i = 0; i < CONNECTIONS; i++) clients.push(await connected(contest.ours));
    const start = performance.now();
    await Promise.all(
      clients.map(async (client, i) => {
        for (let n = 0; n < MANY_USERS / CONNECTIONS; n++) {
          for (let q = 0; q < QUERIES_A_USER; q++) {
            await client.query(
              `LISTEN "SELECT id, room, body FROM messages WHERE room > ${-1 - q}" WITH (user_id = 'many${i * (MANY_USERS / CONNECTIONS) + n}')`,
            );
          }
        }
      }),
    );
    openedIn = (performance.now() - start) / 1000;
    memory = (await settledMiB(contest)) - before;
  };
  const requirement = (name: string, unit: string, wanted: number, measure: Requirement['measure'], moreIsBetter = false): Requirement => ({
    kind: 'requirement',
    name,
    unit,
    wanted,
    ...(moreIsBetter ? { moreIsBetter } : {}),
    async measure(contest) {
      await open(contest);
      return measure(contest);
    },
  });
  return [
    requirement('100,000 live queries of 10,000 users, 1,000 connections: memory', 'MiB', 1024, () => Promise.resolve(memory)),
    requirement('… opened in', 's', 60, () => Promise.resolve(openedIn)),
    requirement(
      '… writes of a user nobody listens to, of the rate before',
      '%',
      95,
      async ({ ours }) => ((await rateOf(ours, 'nobody', seconds)) / alone) * 100,
      true,
    ),
    requirement('… 1,000 writes/s to users with ten live queries: delivered, p99', 'ms', 5, async ({ ours }) => {
      const result = await deliveryOf(ours, clients, seconds);
      for (const client of clients) client.end().catch(() => undefined);
      clients = [];
      return result;
    }),
  ];
}

/** Single-row commits a second of one session. */
async function rateOf(contender: Contender, user: string, seconds: number): Promise<number> {
  const client = await connected(contender);
  await client.query(`SET kalamdb.user_id = '${user}'`);
  const end = Date.now() + seconds * 1000;
  let count = 0;
  for (; Date.now() < end; count++) await client.query({ name: 'insert', text: INSERT, values: [nextId++, 1, 'hello'] });
  await client.end();
  return count / seconds;
}

async function deliveryOf(contender: Contender, clients: readonly pg.Client[], seconds: number): Promise<number> {
  const sent = new Map<number, number>();
  const times: number[] = [];
  for (const client of clients) {
    client.removeAllListeners('notification');
    client.on('notification', ({ payload }) => {
      const { key } = JSON.parse(payload ?? '{}') as { readonly key?: { readonly id?: number } };
      const at = sent.get(key?.id ?? -1);
      if (at !== undefined) times.push(performance.now() - at);
    });
  }
  const writers = await Promise.all(Array.from({ length: 8 }, () => connected(contender)));
  const pending: Promise<unknown>[] = [];
  const start = performance.now();
  for (let n = 0; n < seconds * 1000; n++) {
    const due = start + n;
    while (performance.now() < due) await new Promise(setImmediate);
    const id = nextId++;
    const writer = writers[n % writers.length];
    sent.set(id, performance.now());
    const work = writer?.query(
      `SET kalamdb.user_id = 'many${(n * 37) % MANY_USERS}'; INSERT INTO messages (id, room, body) VALUES (${id}, ${n % QUERIES_A_USER}, 'hello')`,
    );
    if (work !== undefined) pending.push(work);
  }
  await Promise.all(pending);
  await new Promise((resolve) => setTimeout(resolve, 500));
  for (const writer of writers) await writer.end();
  times.sort((a, b) => a - b);
  process.stderr.write(`  ${times.length} notifications of ${seconds * 1000} writes\n`);
  return times[Math.floor(times.length * 0.99)] ?? Number.NaN;
}
