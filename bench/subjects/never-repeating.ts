import { contendersOf, psql } from '../contender.js';
import { pgbenchRate, scriptFile } from '../pgbench.js';
import type { Subject } from '../subject.js';

/** A name in each text is drawn anew, so that no cache of statements knows it, even one that looks past literals. */
const SHAPES = [
  ['a row by its key', 'SELECT title AS t:n, owner FROM bench_note WHERE id = :key AND NOT done'],
  [
    'a join with groups',
    'SELECT o.name AS n:n, count(*), max(b.title) FROM bench_note b JOIN bench_owner o ON o.id = b.owner ' +
      'WHERE o.id = :key AND b.title IS NOT NULL GROUP BY o.name ORDER BY count(*) DESC LIMIT 10',
  ],
  [
    'expressions and a sub-query',
    "SELECT b.id, CASE WHEN b.done THEN 'done' ELSE upper(b.title) END AS c:n FROM bench_note b " +
      'WHERE b.id IN (:key, :key + 1, :key + 2) AND EXISTS (SELECT 1 FROM bench_owner o WHERE o.id = b.owner) ORDER BY b.id',
  ],
] as const;

const ROWS = 1000;

/** Statements whose text no one has seen before: reading, binding, planning and compiling is what counts. */
export const neverRepeating: Subject = {
  name: 'never-repeating',
  async prepare(contest) {
    for (const contender of contendersOf(contest)) {
      await psql(
        contender,
        'DROP TABLE IF EXISTS bench_note, bench_owner',
        'CREATE TABLE bench_owner (id int PRIMARY KEY, name text NOT NULL)',
        'CREATE TABLE bench_note (id int PRIMARY KEY, owner int NOT NULL REFERENCES bench_owner, title text, done boolean NOT NULL)',
        'CREATE INDEX ON bench_note (owner)',
        `INSERT INTO bench_owner SELECT i, 'owner ' || i FROM generate_series(1, ${ROWS}) i`,
        `INSERT INTO bench_note SELECT i, i, 'note ' || i, i % 2 = 0 FROM generate_series(1, ${ROWS}) i`,
        'ANALYZE bench_owner',
        'ANALYZE bench_note',
      );
    }
  },
  lines(options) {
    const draw = `\\set n random(1, 1000000000000)\n\\set key random(1, ${ROWS})\n`;
    const all = scriptFile(options, 'never', SHAPES.map(([, text]) => `${draw}${text};\n`).join(''));
    return [
      ...SHAPES.map(([name, text], i) => {
        const script = scriptFile(options, `never-${i}`, `${draw}${text};\n`);
        return {
          kind: 'comparison' as const,
          name: `never-repeating: ${name}`,
          unit: 'statements/s',
          measure: (contender: Parameters<typeof pgbenchRate>[0]) => pgbenchRate(contender, script, 'simple', 1, options),
        };
      }),
      ...[1, 16].map((clients) => ({
        kind: 'comparison' as const,
        name: `never-repeating: all three, ${clients} client${clients === 1 ? '' : 's'}`,
        unit: 'statements/s',
        wanted: 0.7,
        measure: async (contender: Parameters<typeof pgbenchRate>[0]) =>
          SHAPES.length * (await pgbenchRate(contender, all, 'simple', clients, options)),
      })),
    ];
  },
};
