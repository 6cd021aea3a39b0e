import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { SqlError } from '../../src/commons/sql-error.js';
import { applyTypmod, codecFor } from '../../src/types/type-codec.js';
import { inputCases } from './golden-cases.js';
import { contextOf } from './settings.js';
import { typeOfSql } from './sql-type.js';

type Answer = string | null | readonly (string | null)[];
const golden: { inputs: Answer[][]; operations: Answer[] } = JSON.parse(readFileSync(new URL('golden.json', import.meta.url), 'utf8'));

function answerOf(run: () => string | null): Answer {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    const { detail = null, hint = null, where = null } = error.fields;
    return [error.code, error.message, detail, hint, where];
  }
}

describe('texts in and out', () => {
  inputCases.forEach(({ type, settings, texts }, group) => {
    test(`${type} ${JSON.stringify(settings ?? {})}`, () => {
      const { oid, typmod } = typeOfSql(type);
      const codec = codecFor(oid);
      if (codec === undefined) throw new Error(`no codec for ${type}`);
      const cx = contextOf(settings);
      const fitValue = applyTypmod(oid, typmod, false);
      const ours = texts.map((text) => {
        const answer = answerOf(() => {
          const value = codec.input(text, cx, typmod);
          return codec.output(fitValue === undefined ? value : fitValue(value), cx);
        });
        return [text, answer];
      });
      expect(ours).toEqual(texts.map((text, i) => [text, golden.inputs[group]?.[i]]));
    });
  });
});
