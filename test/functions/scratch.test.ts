import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';

const { answer } = await import('./call-case.js');
const { parseGolden } = await import('./case-line.js');

const folder = join(import.meta.dirname, 'golden');
describe.each(readdirSync(folder))('%s', (file) => {
  const cases = parseGolden(readFileSync(join(folder, file), 'utf8'));
  it('all', () => {
    const bad: string[] = [];
    for (const test of cases) {
      let a;
      try {
        a = answer(test);
      } catch (e) {
        a = 'EXC ' + (e as Error).stack?.split('\n').slice(0, 3).join(' ');
      }
      if (a !== test.expected) bad.push(`${test.line}\n   exp ${test.expected}\n   got ${a}`);
    }
    console.log(`${file}: ${cases.length - bad.length} of ${cases.length}\n` + bad.join('\n'));
  });
});
