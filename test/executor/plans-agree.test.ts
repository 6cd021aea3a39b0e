import { describe, expect, test } from 'vitest';
import type { PlanningSettings } from '../../src/planner/context.js';
import { Database, PLANNING } from './database.js';
import { answer, readSqlFile } from './sql-file.js';

/** However a statement is planned, and however little memory there is, its answer is the same. */
const SETTINGS: Readonly<Record<string, Partial<PlanningSettings>>> = {
  'without hash joins': { enableHashJoin: false },
  'without merge joins and nested loops': { enableMergeJoin: false, enableNestedLoop: false },
  'without hash joins and nested loops': { enableHashJoin: false, enableNestedLoop: false },
  'without index scans': { enableIndexScan: false },
  'without sequential scans': { enableSequentialScan: false },
  'without hash aggregates': { enableHashAggregate: false },
  'without sorts': { enableSort: false },
  'with little memory': { workMemBytes: 2000 },
};

describe.each(Object.keys(SETTINGS))('%s', (name) => {
  test.each(['joins', 'aggregates', 'changes'])('%s', async (file) => {
    const session = (await Database.open()).session();
    session.planning = { ...PLANNING, ...SETTINGS[name] };
    for (const { sql, expected } of readSqlFile(file))
      expect({ sql, answer: await answer(session, sql) }).toEqual({ sql, answer: expected });
  });
});
