import type pg from 'pg';
import type { NotificationCounter } from '../notification-counter.js';
import type { BenchOptions, Requirement } from '../subject.js';
import { breath, connected, listeners } from './clients.js';

const STREAM_LISTENERS = 1000;
const STREAM_ROWS = 20;

/** A stream's rows as fast as they can be written and heard of: 20 at a time, of one user after the other, each with a listener. Expiry is part of it. */
export function streamed({ seconds }: BenchOptions): Requirement {
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
