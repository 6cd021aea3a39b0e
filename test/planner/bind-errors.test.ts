import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { SqlError } from '../../src/commons/sql-error.js';
import { type Fixture, openFixture } from './bind-fixture.js';

interface Expected {
  readonly sql: string;
  readonly code: string;
  readonly message: string;
  readonly detail?: string;
  readonly hint?: string;
  /** From 0, into the statement. */
  readonly position?: number;
}

/** What PostgreSQL 15 answers to PREPARE of each line of bind-errors.sql, on the tables of bind-fixture.sql (scripts/generate-bind-golden.mjs). */
const golden: readonly Expected[] = JSON.parse(readFileSync(new URL('bind-errors.golden.json', import.meta.url), 'utf8'));

let fixture: Fixture;
beforeAll(async () => {
  fixture = await openFixture();
});

function refusal(sql: string): Expected {
  try {
    fixture.bind(sql);
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    const { detail, hint, position } = error.fields;
    return {
      sql,
      code: error.code,
      message: error.message,
      ...(detail === undefined ? {} : { detail }),
      ...(hint === undefined ? {} : { hint }),
      ...(position === undefined ? {} : { position }),
    };
  }
  throw new Error(`was bound: ${sql}`);
}

describe("errors are PostgreSQL's", () => {
  test.each(golden.map((expected) => [expected.sql, expected] as const))('%s', (sql, expected) => {
    expect(refusal(sql)).toEqual(expected);
  });
});
