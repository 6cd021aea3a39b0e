import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { type Fixture, openFixture } from './bind-fixture.js';

const statements = readFileSync(new URL('bind-plans.sql', import.meta.url), 'utf8')
  .split('\n')
  .filter(Boolean);

let fixture: Fixture;
beforeAll(async () => {
  fixture = await openFixture();
});

test('logical plans are as they were reviewed', async () => {
  const text = statements.map((sql) => `-- ${sql}\n${fixture.plan(sql)}\n`).join('\n');
  await expect(text).toMatchFileSnapshot('bind-plans.golden.txt');
});
