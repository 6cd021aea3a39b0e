import { beforeAll, describe, expect, it } from 'vitest';
import { SqlError } from '../../src/commons/sql-error.js';
import { loadParser, type Parser } from '../../src/planner/parse/parse.js';
import { corpusTexts } from './sql-texts.js';

let parser: Parser;
beforeAll(async () => {
  parser = await loadParser();
});

describe('the corpus of what real clients send', () => {
  it('is read without an error', (context) => {
    const texts = corpusTexts();
    if (texts === undefined) return context.skip('../shared/corpus is not here');
    const refused: string[] = [];
    for (const text of texts) {
      try {
        parser.parse(text);
      } catch (error) {
        if (!(error instanceof SqlError)) throw error;
        refused.push(`${error.code} ${error.message}: ${text.slice(0, 200)}`);
      }
    }
    expect(refused).toEqual([]);
    expect(texts.length).toBeGreaterThan(1000);
  });
});
