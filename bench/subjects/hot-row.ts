import { psql } from '../contender.js';
import { pgbenchRate, scriptFile } from '../pgbench.js';
import type { Subject } from '../subject.js';

/** Everybody updates the same row: the lock's way from one client to the next is what counts. */
export const hotRow: Subject = {
  name: 'hot-row',
  lines(options) {
    const script = scriptFile(options, 'hot-row', 'UPDATE bench_hot SET n = n + 1 WHERE id = 1;\n');
    return [
      {
        kind: 'comparison',
        name: 'one hot row updated, 16 clients',
        unit: 'tps',
        wanted: 3,
        async prepare(contender) {
          const table = 'CREATE TABLE bench_hot (id int PRIMARY KEY, n int)';
          await psql(contender, 'DROP TABLE IF EXISTS bench_hot', table, 'INSERT INTO bench_hot VALUES (1, 0)');
        },
        measure: (contender) => pgbenchRate(contender, script, 'prepared', 16, options),
      },
    ];
  },
};
