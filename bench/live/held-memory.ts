import type pg from 'pg';
import { type Contest, residentMiB } from '../contender.js';
import type { Requirement } from '../subject.js';
import { connected, quoted } from './clients.js';
import type { Form } from './forms.js';

/** Users who each have 10 rooms and 50 messages, and one live query. */
const USERS = 1000;

/** What one live query of that form costs a server, for users with 60 rows each. */
export function heldMemory({ name, query }: Form): Requirement {
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

export async function settledMiB({ server }: Contest): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 1500));
  return residentMiB(server.pid);
}

let filledUsers = 0;

export async function fillUsers(admin: pg.Client, count: number): Promise<void> {
  for (; filledUsers < count; filledUsers++) {
    await admin.query(
      `SET kalamdb.user_id = 'u${filledUsers}';
       INSERT INTO rooms SELECT n, 'room ' || n, 5 FROM generate_series(1, 10) n;
       INSERT INTO messages SELECT n, n % 10 + 1, 'message ' || n FROM generate_series(1, 50) n`,
    );
  }
}
