import { type Contender, psql } from '../contender.js';
import { pgbenchRate, scriptFile } from '../pgbench.js';
import type { Subject } from '../subject.js';

const ROWS = 1000;

/** INSERT of one row by many clients, and of many rows by one statement. */
export const insert: Subject = {
  name: 'insert',
  lines(options) {
    const one = scriptFile(
      options,
      'insert-one',
      `\\set n random(1, 1000000000)\nINSERT INTO bench_insert (number, title) VALUES (:n, 'one row');\n`,
    );
    // The first row's number is drawn, so that the text is always another.
    const tuples = Array.from({ length: ROWS }, (_, i) => `(${i === 0 ? ':n' : i * 7919}, 'row number ${i}')`);
    const many = scriptFile(
      options,
      'insert-many',
      `\\set n random(1, 1000000000)\nINSERT INTO bench_insert (number, title) VALUES ${tuples.join(', ')};\n`,
    );
    return [
      {
        kind: 'comparison',
        name: 'INSERT of one row, 16 clients',
        unit: 'tps',
        wanted: 2.5,
        prepare: makeTable,
        measure: (contender) => pgbenchRate(contender, one, 'prepared', 16, options),
      },
      {
        kind: 'comparison',
        name: 'INSERT of 1,000 rows in one statement',
        unit: 'rows/s',
        wanted: 0.5,
        prepare: makeTable,
        measure: async (contender) => ROWS * (await pgbenchRate(contender, many, 'simple', 1, options)),
      },
    ];
  },
};

async function makeTable(contender: Contender): Promise<void> {
  const table = 'CREATE TABLE bench_insert (id bigserial PRIMARY KEY, number int, title text)';
  await psql(contender, 'DROP TABLE IF EXISTS bench_insert', table);
}
