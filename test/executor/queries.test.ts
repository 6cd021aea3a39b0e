import { describe, expect, test } from 'vitest';
import { Database } from './database.js';
import { answer, readSqlFile } from './sql-file.js';

/** Statements whose answers are those of a real PostgreSQL. */
describe.each(['joins', 'aggregates', 'changes'])('%s', (name) => {
  test('answers as PostgreSQL does', async () => {
    const session = (await Database.open()).session();
    for (const { sql, expected } of readSqlFile(name))
      expect({ sql, answer: await answer(session, sql) }).toEqual({ sql, answer: expected });
  });
});
