import { type Contender, contendersOf, psql } from '../contender.js';
import { pgbenchRate, scriptFile } from '../pgbench.js';
import type { BenchOptions, Comparison, Subject } from '../subject.js';

/** `NAME` is a column's name; :key a number that is drawn anew for each statement. */
const SHAPES = [
  { name: 'a row by its key', text: 'SELECT title AS NAME, owner FROM bench_note WHERE id = :key AND NOT done' },
  {
    name: 'a join with groups',
    text:
      'SELECT o.name AS NAME, count(*), max(b.title) FROM bench_note b JOIN bench_owner o ON o.id = b.owner ' +
      'WHERE o.id = :key AND b.title IS NOT NULL GROUP BY o.name ORDER BY count(*) DESC LIMIT 10',
  },
  {
    name: 'expressions and a sub-query',
    text:
      "SELECT b.id, CASE WHEN b.done THEN 'done' ELSE upper(b.title) END AS NAME FROM bench_note b " +
      'WHERE b.id IN (:key, :key + 1, :key + 2) AND EXISTS (SELECT 1 FROM bench_owner o WHERE o.id = b.owner) ORDER BY b.id',
  },
] as const;

const ROWS = 1000;
const WANTED = 0.7;

/**
 * Statements whose text no one has seen before, through the simple protocol. Where only literals are new, a plan can be shared; where a name is
 * new as well, no cache knows the statement, and reading, binding, planning and compiling is what counts.
 */
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
  lines: (options) => [
    ...SHAPES.map(({ name, text }) => line(`new literals and names: ${name}, 1 client`, [scriptOf(text, true)], 1, undefined, options)),
    ...[1, 16].flatMap((clients) => {
      const suffix = `three shapes, ${clients} client${clients === 1 ? '' : 's'}`;
      return [
        line(`new literals: ${suffix}`, all(false), clients, WANTED, options),
        line(`new literals and names: ${suffix}`, all(true), clients, WANTED, options),
      ];
    }),
  ],
};

const all = (newNames: boolean): readonly string[] => SHAPES.map(({ text }) => scriptOf(text, newNames));

function scriptOf(text: string, newNames: boolean): string {
  const draw = `\\set n random(1, 1000000000000)\n\\set key random(1, ${ROWS})\n`;
  return `${draw}${text.replace('NAME', newNames ? 'c:n' : 'c')};\n`;
}

function line(name: string, scripts: readonly string[], clients: number, wanted: number | undefined, options: BenchOptions): Comparison {
  const file = scriptFile(options, name.replaceAll(/\W+/g, '-'), scripts.join(''));
  return {
    kind: 'comparison',
    name,
    unit: 'statements/s',
    ...(wanted !== undefined && { wanted }),
    measure: async (contender: Contender) => scripts.length * (await pgbenchRate(contender, file, 'simple', clients, options)),
  };
}
