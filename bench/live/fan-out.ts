import type pg from 'pg';
import type { Contender } from '../contender.js';
import type { BenchOptions, Comparison } from '../subject.js';
import { breath, connected, INSERT, listeners, newIds } from './clients.js';

/** Notifications of one statement, where it is not the commits that are measured. */
const NOTIFICATIONS_AT_ONCE = 20_000;
/** So many that neither server waits for a client between two statements. */
const WRITERS = 8;
/** Statements that the slowest listener may be behind. */
const MAX_BEHIND = 8;

export function fanOut(sessions: number, options: BenchOptions): readonly Comparison[] {
  const rowsAtOnce = Math.ceil(NOTIFICATIONS_AT_ONCE / sessions);
  return [
    { name: `one user's ${sessions} sessions hear of each row, a commit each`, rows: 1 },
    { name: `… ${rowsAtOnce} rows a commit`, rows: rowsAtOnce },
  ].map(({ name, rows }) => ({
    kind: 'comparison',
    name,
    unit: 'notifications/s',
    wanted: 3,
    measure: (contender) => notificationsPerSecond(contender, sessions, rows, options.seconds),
  }));
}

async function notificationsPerSecond(contender: Contender, sessions: number, rowsAtOnce: number, seconds: number): Promise<number> {
  const counters = await listeners(contender, sessions);
  const writers = await Promise.all(Array.from({ length: WRITERS }, () => connected(contender)));
  const maxBehind = rowsAtOnce * MAX_BEHIND * (rowsAtOnce === 1 ? WRITERS : 1);
  const start = performance.now();
  let rows = 0;
  const slowest = (): number => counters.reduce((least, { count }) => Math.min(least, count), Number.POSITIVE_INFINITY);
  const write = async (writer: pg.Client): Promise<void> => {
    while (performance.now() - start < seconds * 1000) {
      const first = newIds(rowsAtOnce);
      rows += rowsAtOnce;
      if (rowsAtOnce === 1) await writer.query({ name: 'insert', text: INSERT, values: [first, 1, 'hello'] });
      else await writer.query({ name: 'insert many', text: INSERT_MANY, values: [first, rowsAtOnce] });
      while (slowest() < rows - maxBehind) await breath();
    }
  };
  await Promise.all(writers.map(write));
  while (slowest() < rows) await breath();
  const took = (performance.now() - start) / 1000;
  for (const counter of counters) counter.close();
  for (const writer of writers) await writer.end();
  return (rows * sessions) / took;
}

const INSERT_MANY = "INSERT INTO messages (id, room, body) SELECT $1::int + n, 1, 'hello' FROM generate_series(0, $2::int - 1) n";
