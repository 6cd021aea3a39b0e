import { PGlite } from '@electric-sql/pglite';
import { expect, test } from 'vitest';
import type { PlanningSettings } from '../../src/planner/context.js';
import { Database, PLANNING } from './database.js';
import { QueryGenerator } from './query-generator.js';

const SEEDS = [1, 2, 3];
const QUERIES = 120;

/** Random queries answer as PostgreSQL (in WASM) does, however they are planned. */
const SETTINGS: readonly Partial<PlanningSettings>[] = [
  {},
  { enableHashJoin: false },
  { enableNestedLoop: false },
  { enableIndexScan: false },
  { enableSequentialScan: false },
  { workMemBytes: 3000 },
  { enableHashAggregate: false },
];

test.each(SEEDS)(
  'seed %i',
  async (seed) => {
    const generator = new QueryGenerator(seed);
    const oracle = await PGlite.create();
    const session = (await Database.open()).session();
    for (const statement of generator.schema()) {
      await oracle.exec(statement);
      await session.run(statement);
    }
    if (seed % 2 === 0) await session.run('analyze');
    for (let i = 0; i < QUERIES; i++) {
      const sql = generator.query();
      const { rows } = await oracle.query<unknown[]>(sql, [], { rowMode: 'array' });
      session.planning = { ...PLANNING, ...generator.pick(SETTINGS) };
      const expected = rows.map((row) => row.map((value) => (value === null ? '' : String(value))).join('|'));
      expect({ sql, rows: await session.rows(sql) }).toEqual({ sql, rows: expected });
    }
    await oracle.close();
  },
  60_000,
);
