import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { answer } from './call-case.js';
import { parseGolden } from './case-line.js';

const folder = join(import.meta.dirname, 'golden');

describe.each(readdirSync(folder).filter((file) => file !== 'queries.txt'))('%s', (file) => {
  const cases = parseGolden(readFileSync(join(folder, file), 'utf8'));
  it.each(cases.map((test) => ({ line: test.line, test })))('$line', ({ test }) => {
    expect(answer(test)).toBe(test.expected);
  });
});
