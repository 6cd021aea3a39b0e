import { median, type Requirement } from '../subject.js';
import { connected, quoted } from './clients.js';
import type { Form } from './forms.js';

export const UPKEEP: readonly Form[] = [
  { name: 'count(*)', query: 'SELECT count(*) AS n FROM messages' },
  { name: 'sum by group', query: 'SELECT room, sum(id) AS total FROM messages GROUP BY room' },
  { name: 'the first 20', query: 'SELECT id, body FROM messages ORDER BY body, id LIMIT 20' },
];
const LARGE_PARTITION = 100_000;

/** CPU of a statement that changes many rows, with and without a live query over them. */
export function upkeep({ name, query }: Form): Requirement {
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
