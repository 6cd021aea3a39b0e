import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadBuiltinCatalog } from '../../src/catalog/builtin/index.js';
import { answer, type GoldenRow } from './golden-resolution.js';

const catalog = loadBuiltinCatalog();
const rows = JSON.parse(readFileSync(new URL('builtin-resolution.golden.json', import.meta.url), 'utf8')) as GoldenRow[];

/** Domains of information_schema have no name in formatType, which knows only types of pg_catalog. */
const named = (row: unknown[]): boolean => !JSON.stringify(row).includes('???');

describe('resolution as PostgreSQL 15 does it', () => {
  for (const kind of ['infix', 'prefix', 'any', 'function', 'common', 'order', 'cast'] as const) {
    it(kind, () => {
      const asked = rows.filter((row) => row[0] === kind);
      expect(asked.length).toBeGreaterThan(20);
      const differing = asked
        .map((row) => ({ row, ours: answer(catalog, row) }))
        .filter(({ row, ours }) => named(ours) && JSON.stringify(ours) !== JSON.stringify(row));
      expect(differing).toEqual([]);
    });
  }
});
