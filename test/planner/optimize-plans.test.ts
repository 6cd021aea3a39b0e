import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Database } from '../executor/database.js';
import { statementsOf } from '../executor/sql-file.js';

/** The plans of optimize-plans.sql, as EXPLAIN (COSTS OFF) shows them. Compared with a real PostgreSQL's by hand when they change. */
test('plans', async () => {
  const session = (await Database.open()).session();
  const lines: string[] = [];
  for (const sql of statementsOf(readFileSync(new URL('./optimize-plans.sql', import.meta.url), 'utf8'))) {
    if (!sql.startsWith('explain')) {
      await session.run(sql);
      continue;
    }
    const query = sql.replace('explain (costs off) ', '');
    lines.push(`${query}\n${session.explain(query).join('\n')}\n`);
  }
  await expect(lines.join('\n')).toMatchFileSnapshot('./optimize-plans.golden.txt');
});
