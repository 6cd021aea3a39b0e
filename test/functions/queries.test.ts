import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseGolden } from './case-line.js';
import { openQueryRunner } from './query-runner.js';

const cases = parseGolden(readFileSync(join(import.meta.dirname, 'golden', 'queries.txt'), 'utf8'));

describe('functions through the binder', () => {
  let run: (sql: string) => Promise<string>;

  beforeAll(async () => {
    run = await openQueryRunner();
  });

  it.each(cases.map((test) => ({ sql: test.line, expected: test.expected })))('$sql', async ({ sql, expected }) => {
    expect(await run(sql)).toBe(expected);
  });
});
