import type pg from 'pg';
import type { Contender, Contest } from '../contender.js';
import { NotificationCounter } from '../notification-counter.js';
import type { BenchOptions, Line, Requirement } from '../subject.js';
import { breath, connected, INSERT, newIds, quoted } from './clients.js';
import { settledMiB } from './held-memory.js';

/** Live queries of many users, who share the connections of an application server. */
interface Load {
  readonly name: string;
  /** Before the users' names. */
  readonly prefix: string;
  readonly users: number;
  readonly connections: number;
  readonly queries: readonly string[];
  readonly wantedMiB: number;
  readonly wantedP99Ms: number;
}

const FILTERS: Load = {
  name: '100,000 live queries of 10,000 users, 1,000 connections',
  prefix: 'many',
  users: 10_000,
  connections: 1000,
  queries: Array.from({ length: 10 }, (_, room) => `SELECT id, room, body FROM messages WHERE room > ${room - 10}`),
  wantedMiB: 1024,
  wantedP99Ms: 5,
};

const JOINS_AND_TOPS: Load = {
  name: '10,000 joins and top-k of 1,000 users, 100 connections',
  prefix: 'joined',
  users: 1000,
  connections: 100,
  queries: [
    ...Array.from({ length: 5 }, (_, n) => `SELECT r.name, m.id, m.body FROM rooms r JOIN messages m ON m.room = r.id AND m.id > ${n}`),
    ...Array.from({ length: 5 }, (_, n) => `SELECT id, body FROM messages ORDER BY id DESC LIMIT ${20 + n}`),
  ],
  wantedMiB: 1024,
  wantedP99Ms: 10,
};

const WRITES_PER_SECOND = 1000;
const WRITERS = 8;

export function manyQueries({ seconds }: BenchOptions): readonly Line[] {
  return [FILTERS, JOINS_AND_TOPS].flatMap((load) => linesOf(load, seconds));
}

function linesOf(load: Load, seconds: number): readonly Line[] {
  let opened: Opened | undefined;
  const requirement = (
    name: string,
    unit: string,
    wanted: number,
    measure: (contest: Contest, opened: Opened) => Promise<number>,
    moreIsBetter = false,
  ): Requirement => ({
    kind: 'requirement',
    name,
    unit,
    wanted,
    ...(moreIsBetter ? { moreIsBetter } : {}),
    async measure(contest) {
      opened ??= await open(load, contest, seconds);
      return measure(contest, opened);
    },
  });
  return [
    requirement(`${load.name}: memory`, 'MiB', load.wantedMiB, (_, { memoryMiB }) => Promise.resolve(memoryMiB)),
    requirement('… opened in', 's', 60, (_, { openedInSeconds }) => Promise.resolve(openedInSeconds)),
    requirement(
      '… writes of a user nobody listens to, of the rate before',
      '%',
      95,
      async ({ ours }, { rateBefore }) => ((await rateOf(ours, 'nobody', seconds)) / rateBefore) * 100,
      true,
    ),
    requirement(
      '… 1,000 writes/s to users with ten live queries: delivered, p99',
      'ms',
      load.wantedP99Ms,
      async ({ ours }, { clients }) => {
        const p99 = await deliveryOf(ours, load, clients, seconds);
        opened = undefined;
        return p99;
      },
    ),
  ];
}

interface Opened {
  readonly clients: readonly pg.Client[];
  readonly memoryMiB: number;
  readonly openedInSeconds: number;
  readonly rateBefore: number;
}

async function open(load: Load, contest: Contest, seconds: number): Promise<Opened> {
  const rateBefore = await rateOf(contest.ours, 'nobody', seconds);
  await fillRooms(load, contest.ours);
  const before = await settledMiB(contest);
  const clients: pg.Client[] = [];
  for (let i = 0; i < load.connections; i++) clients.push(await connected(contest.ours));
  const start = performance.now();
  const usersOfEach = load.users / load.connections;
  await Promise.all(
    clients.map(async (client, i) => {
      for (let n = 0; n < usersOfEach; n++) {
        for (const query of load.queries)
          await client.query(`LISTEN ${quoted(query)} WITH (user_id = '${load.prefix}${i * usersOfEach + n}')`);
      }
    }),
  );
  const openedInSeconds = (performance.now() - start) / 1000;
  return { clients, openedInSeconds, memoryMiB: (await settledMiB(contest)) - before, rateBefore };
}

/** What joins find: rooms 0 to 9 of each user, and a few messages. */
async function fillRooms({ prefix, users }: Load, contender: Contender): Promise<void> {
  if (prefix !== JOINS_AND_TOPS.prefix) return;
  const admin = await connected(contender);
  for (let user = 0; user < users; user++) {
    await admin.query(
      `SET kalamdb.user_id = '${prefix}${user}';
       INSERT INTO rooms SELECT n, 'room ' || n, 0 FROM generate_series(0, 9) n ON CONFLICT DO NOTHING;
       INSERT INTO messages SELECT ${newIds(50)} + n, n % 10, 'message ' || n FROM generate_series(0, 49) n`,
    );
  }
  await admin.end();
}

/** Single-row commits a second of one session. */
async function rateOf(contender: Contender, user: string, seconds: number): Promise<number> {
  const client = await connected(contender);
  await client.query(`SET kalamdb.user_id = '${user}'`);
  const end = Date.now() + seconds * 1000;
  let count = 0;
  for (; Date.now() < end; count++) await client.query({ name: 'insert', text: INSERT, values: [newIds(), 1, 'hello'] });
  await client.end();
  return count / seconds;
}

/**
 * From the moment that a write is due, so many a second, until each of the user's live queries has told of it: the 99th percentile in
 * milliseconds. What runs is warm: the first second does not count.
 */
async function deliveryOf(contender: Contender, load: Load, clients: readonly pg.Client[], seconds: number): Promise<number> {
  const sent = new Map<number, number>();
  const times: number[] = [];
  const counters = clients.map((client) => {
    const counter = new NotificationCounter(client);
    counter.heard = (text) => {
      // Of a top-k, the row that has entered.
      if (!text.includes('"op":"insert"')) return;
      const at = sent.get(Number(/"id":(\d+)/.exec(text)?.[1]));
      if (at !== undefined) times.push(performance.now() - at);
    };
    return counter;
  });
  const writers = await Promise.all(Array.from({ length: WRITERS }, () => connected(contender)));
  const queues = writers.map(() => Promise.resolve());
  const start = performance.now();
  const writes = (seconds + 1) * WRITES_PER_SECOND;
  for (let n = 0; n < writes; n++) {
    const due = start + (n * 1000) / WRITES_PER_SECOND;
    // Not in a loop that would take the server's other threads a core.
    while (performance.now() < due) await breath();
    const id = newIds();
    if (n >= WRITES_PER_SECOND) sent.set(id, performance.now());
    const user = `${load.prefix}${(n * 37) % load.users}`;
    const at = n % WRITERS;
    const writer = writers[at];
    const before = queues[at];
    if (writer !== undefined && before !== undefined) queues[at] = before.then(() => write(writer, user, id, n % 10));
  }
  await Promise.all(queues);
  await new Promise((resolve) => setTimeout(resolve, 500));
  for (const counter of counters) counter.close();
  for (const writer of writers) await writer.end();
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.floor(times.length * share)] ?? Number.NaN;
  process.stderr.write(
    `  ${times.length} notifications of ${sent.size} writes; ms at 50 %: ${at(0.5).toFixed(1)}, 90 %: ${at(0.9).toFixed(1)}, 99 %: ${at(0.99).toFixed(1)}\n`,
  );
  return times.length < sent.size * load.queries.length ? Number.POSITIVE_INFINITY : at(0.99);
}

/** As an application server does it, for one of its users. */
async function write(writer: pg.Client, user: string, id: number, room: number): Promise<void> {
  await writer.query({ name: 'act for', text: "SELECT set_config('kalamdb.user_id', $1, false)", values: [user] });
  await writer.query({ name: 'insert', text: INSERT, values: [id, room, 'hello'] });
}
