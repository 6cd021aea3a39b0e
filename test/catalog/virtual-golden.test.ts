import { readFileSync, writeFileSync } from 'node:fs';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { catalogOf, contextOf, virtualRelation } from './virtual-fixture.js';
import { canonical, GOLDEN, type GoldenRows, goldenQuery, lines, type NamedRow, ourRows } from './virtual-golden.js';

/**
 * To write the golden file anew: load virtual-golden.schema.sql into a database of a PostgreSQL 15, then
 *   VIRTUAL_GOLDEN_URL=postgres://postgres@127.0.0.1:5432/virtual_golden npx vitest run test/catalog/virtual-golden.test.ts
 */
const URL_OF_ORACLE = process.env.VIRTUAL_GOLDEN_URL;
const FILE = new URL('virtual-golden.json', import.meta.url);
const catalog = catalogOf();

async function writeGolden(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  await client.query("SET search_path = ''");
  const entries: string[] = [];
  for (const relation of GOLDEN) {
    const names = virtualRelation(catalog, relation.relation).columns.map((column) => column.name);
    for (const role of relation.roles) {
      await client.query(`SET ROLE ${role}`);
      const result = await client.query<NamedRow>(goldenQuery(relation, names));
      await client.query('RESET ROLE');
      const { columns, rows } = canonical(relation, result.rows);
      const body = rows.map((row) => `  ${JSON.stringify(row)}`).join(',\n');
      entries.push(`"${relation.relation} ${role}": {"columns": ${JSON.stringify(columns)}, "rows": [\n${body}\n]}`);
    }
  }
  await client.end();
  writeFileSync(FILE, `{\n${entries.join(',\n')}\n}\n`);
}

if (URL_OF_ORACLE !== undefined) await writeGolden(URL_OF_ORACLE);
const golden: Readonly<Record<string, GoldenRows>> = JSON.parse(readFileSync(FILE, 'utf8'));

describe('relations show what PostgreSQL shows of the same objects', () => {
  for (const relation of GOLDEN)
    for (const role of relation.roles)
      it(`${relation.relation}, to ${role}`, () => {
        const cx = contextOf(catalog, catalog.role(role)?.oid ?? 0);
        const expected = golden[`${relation.relation} ${role}`];
        expect(lines(ourRows(relation, cx))).toEqual(expected === undefined ? 'no golden rows' : lines(expected));
      });
});
