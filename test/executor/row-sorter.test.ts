import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DatabaseCounters } from '../../src/commons/activity-counters.js';
import { quickSort } from '../../src/executor/operators/quick-sort.js';
import { atOnce, RowSorter } from '../../src/executor/operators/row-sorter.js';
import type { Row } from '../../src/types/value.js';

const byFirst = (a: Row, b: Row): number => Number(a[0]) - Number(b[0]);
const rowsOf = (keys: readonly number[]): Row[] => keys.map((key, i) => [key, i]);
const keysOf = (rows: Iterable<Row>): number[] => [...rows].map((row) => Number(row[0]));
const sorted = (keys: readonly number[]): number[] => [...keys].sort((a, b) => a - b);

function sort(rows: Row[]): Row[] {
  atOnce(quickSort(rows, byFirst));
  return rows;
}

const MUCH = 1 << 20;
const LITTLE = 4096;

describe('quick sort', () => {
  test('sorts and loses nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 300 }), (keys) => {
        const rows = sort(rowsOf(keys));
        expect(keysOf(rows)).toEqual(sorted(keys));
        expect(new Set(rows.map((row) => row[1])).size).toBe(keys.length);
      }),
    );
  });

  test('leaves what is sorted in its order, and takes no harm from made-up input', () => {
    const rows = rowsOf([1, 1, 2, 2, 2, 3, 3, 3]);
    expect(sort([...rows])).toEqual(rows);
    // Organ pipes and saws make naive choices of a pivot quadratic.
    const pipes = Array.from({ length: 100_000 }, (_, i) => Math.min(i, 100_000 - i) % 977);
    expect(keysOf(sort(rowsOf(pipes)))).toEqual(sorted(pipes));
  });

  test("brings equal rows in PostgreSQL's order", () => {
    // select id from (values …) t(id, key) order by key, on PostgreSQL 15.
    const keys = [0, 2, 1, 2, 0, 1, 0, 2, 1, 0, 1, 2];
    expect(sort(rowsOf(keys)).map((row) => row[1])).toEqual([0, 4, 6, 9, 8, 10, 2, 5, 3, 7, 1, 11]);
  });
});

describe('row sorter', () => {
  test.each([
    ['in memory', MUCH],
    ['in files', LITTLE],
  ])('sorts %s', (_where, workMemBytes) => {
    const keys = Array.from({ length: 3000 }, (_, i) => (i * 7919) % 1013);
    const counts = { tempFiles: 0, tempBytes: 0 };
    const sorter = new RowSorter(byFirst, workMemBytes, counts);
    for (const row of rowsOf(keys)) if (!sorter.add(row)) atOnce(sorter.spill());
    expect(sorter.hasFiles).toBe(workMemBytes === LITTLE);
    expect([counts.tempFiles > 1, counts.tempBytes > 10_000]).toEqual([sorter.hasFiles, sorter.hasFiles]);
    expect(keysOf(atOnce(sorter.finish()))).toEqual(sorted(keys));
    sorter.close();
  });

  test('with a bound keeps the first rows', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 200 }), fc.integer({ min: 1, max: 20 }), (keys, bound) => {
        const sorter = new RowSorter(byFirst, MUCH, new DatabaseCounters(), bound);
        for (const row of rowsOf(keys)) if (!sorter.add(row)) atOnce(sorter.spill());
        expect(keysOf(atOnce(sorter.finish())).slice(0, bound)).toEqual(sorted(keys).slice(0, bound));
      }),
    );
  });

  test('with a bound that does not fit in memory sorts in files', () => {
    const keys = Array.from({ length: 3000 }, (_, i) => (i * 7919) % 1013);
    const sorter = new RowSorter(byFirst, LITTLE, new DatabaseCounters(), 2500);
    for (const row of rowsOf(keys)) if (!sorter.add(row)) atOnce(sorter.spill());
    expect(keysOf(atOnce(sorter.finish())).slice(0, 2500)).toEqual(sorted(keys).slice(0, 2500));
    sorter.close();
  });
});
