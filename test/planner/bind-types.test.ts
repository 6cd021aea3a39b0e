import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { FIRST_USER_OID } from '../../src/commons/ids.js';
import type { ResultColumn } from '../../src/planner/bind/logical.js';
import { type Fixture, openFixture } from './bind-fixture.js';

/** Name, type, modifier, and `table.column number` where the column comes straight from a table. */
type Column = readonly [name: string, type: number | 'row', typmod: number, origin: string];

/** What PostgreSQL 15 describes for each line of bind-types.sql, on the tables of bind-fixture.sql (scripts/generate-bind-golden.mjs). */
const golden: readonly { readonly sql: string; readonly params: readonly number[]; readonly columns: readonly Column[] }[] = JSON.parse(
  readFileSync(new URL('bind-types.golden.json', import.meta.url), 'utf8'),
);

let fixture: Fixture;
beforeAll(async () => {
  fixture = await openFixture();
});

function described(column: ResultColumn): Column {
  const table = fixture.cx.catalog.relationByOid(column.tableOid)?.name;
  const isRow = column.type >= FIRST_USER_OID;
  return [column.name, isRow ? 'row' : column.type, column.typmod, table === undefined || isRow ? '' : `${table}.${column.columnNumber}`];
}

describe("result columns and parameters are PostgreSQL's", () => {
  test.each(golden.map((expected) => [expected.sql, expected] as const))('%s', (sql, expected) => {
    const bound = fixture.bind(sql);
    expect(bound.paramTypes).toEqual(expected.params);
    // PostgreSQL says of a whole row that it is column 0 of its table; that is not told here.
    expect(bound.columns.map(described)).toEqual(
      expected.columns.map((column) => (column[1] === 'row' ? [...column.slice(0, 3), ''] : column)),
    );
  });
});
