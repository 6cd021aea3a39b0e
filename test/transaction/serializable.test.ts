import { afterEach, beforeEach, expect, it } from 'vitest';
import { MemoryStore } from '../../src/store/memory/memory-store.js';
import type { Transaction } from '../../src/transaction/transaction.js';
import { Bench, key, row } from './support.js';

const FAILURE = 'could not serialize access due to read/write dependencies among transactions';
let bench: Bench;
beforeEach(async () => {
  bench = await Bench.over(new MemoryStore());
  await bench.seed('a', 'b', 'm', 'x');
});
afterEach(() => bench.close());

const get = async (t: Transaction, name: string) => {
  const view = t.view();
  await view.get(bench.table, key(name));
  view.release();
};
const scan = async (t: Transaction, from: string, to: string, limit?: number) => {
  const view = t.view();
  const cursor = view.scan(bench.table, { gte: key(from), lt: key(to), ...(limit !== undefined && { limit }) });
  let count = 0;
  while (await cursor.next()) count++;
  cursor.close();
  view.release();
  return count;
};
const put = (t: Transaction, name: string) => t.put(bench.table, key(name), row('new'));

it('refuses write skew: each read what the other wrote', async () => {
  const [t1, t2] = [bench.begin('serializable'), bench.begin('serializable')];
  await get(t1, 'a');
  await get(t2, 'b');
  put(t1, 'b');
  put(t2, 'a');
  const told: string[] = [];
  t2.onRollback(() => told.push('undone'));
  const results = await Promise.allSettled([t1.commit(), t2.commit()]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  expect(results[1]).toMatchObject({
    reason: { code: '40001', message: FAILURE, fields: { hint: 'The transaction might succeed if retried.' } },
  });
  expect(told).toEqual(['undone']);
  expect([...bench.manager.active()]).toEqual([]);
});

it('lets it happen in REPEATABLE READ', async () => {
  const [t1, t2] = [bench.begin('repeatable read'), bench.begin('repeatable read')];
  await get(t1, 'a');
  await get(t2, 'b');
  put(t1, 'b');
  put(t2, 'a');
  await Promise.all([t1.commit(), t2.commit()]);
});

it('refuses phantoms in what a scan covered, and only there', async () => {
  const attempt = async (name: string, limit?: number) => {
    const t = bench.begin('serializable');
    await scan(t, 'a', 'n', limit);
    put(t, 'zzz');
    const other = bench.begin();
    put(other, name);
    await other.commit();
    return t.commit();
  };
  await expect(attempt('c')).rejects.toThrow(FAILURE);
  await expect(attempt('mm')).rejects.toThrow(FAILURE);
  await attempt('n');
  // Two of the rows were read: what lies behind the second is of no matter.
  await attempt('f', 2);
  await expect(attempt('aa', 2)).rejects.toThrow(FAILURE);
  // The limit was not reached: the whole range was read.
  await expect(attempt('mz', 100)).rejects.toThrow(FAILURE);
});

it('sees commits that were ordered before its snapshot, but not in it', async () => {
  const early = bench.begin();
  put(early, 'a');
  const committing = early.commit();
  const t = bench.begin('serializable');
  await get(t, 'a');
  put(t, 'q');
  await Promise.all([committing, expect(t.commit()).rejects.toThrow(FAILURE)]);
});

it('never refuses those that only read, or read what nobody wrote', async () => {
  const reader = bench.begin('serializable');
  await scan(reader, 'a', 'z');
  const writer = bench.begin('serializable');
  await get(writer, 'x');
  put(writer, 'a');
  await bench.seed('c');
  await writer.commit();
  expect(reader.commit()).toBeUndefined();
});

it('refuses when too much happened meanwhile to remember it', async () => {
  const small = await Bench.over(new MemoryStore(), { limits: { maxTrackedKeys: 10 } });
  const t = small.begin('serializable');
  t.view().release();
  t.put(small.table, key('a'), row(1));
  for (let i = 0; i < 20; i++) await small.seed(`k${i}`);
  await expect(t.commit()).rejects.toThrow(FAILURE);
  const next = small.begin('serializable');
  next.view().release();
  next.put(small.table, key('a'), row(1));
  await next.commit();
  await small.close();
});
