import { rmSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { seq, shardId, storageId } from '../../src/commons/ids.js';
import { SpaceName } from '../../src/commons/space-name.js';
import { openLmdbStore } from '../../src/store/lmdb/lmdb-store.js';
import { MemoryStore } from '../../src/store/memory/memory-store.js';
import { encodeRow } from '../../src/store/row-codec.js';
import type { Store } from '../../src/store/store.js';
import { applyRecord, readLog } from '../../src/transaction/commit-log.js';
import { type CommitRecord, decodeLabel, encodeLabel } from '../../src/transaction/commit-record.js';
import { Bench, freshDirectory, key, row, STORES } from './support.js';

async function logOf(store: Store, from = 0): Promise<CommitRecord[]> {
  const records: CommitRecord[] = [];
  for await (const record of readLog(store, seq(from))) records.push(record);
  return records;
}

async function contentOf(store: Store): Promise<string[]> {
  const lines: string[] = [];
  const snapshot = store.snapshot();
  for (const name of [...(await store.spaces())].sort()) {
    const scan = snapshot.scan(store.space(name), {});
    while (await scan.next()) lines.push(`${name} ${Buffer.from(scan.key).toString('hex')} ${Buffer.from(scan.value).toString('hex')}`);
    scan.close();
  }
  snapshot.release();
  return lines;
}

describe('commit label', () => {
  it('comes back as it was', () => {
    const label = fc.record({
      epoch: fc.nat(2 ** 32 - 1),
      seq: fc.nat(Number.MAX_SAFE_INTEGER).map(seq),
      commitMicros: fc.maxSafeInteger(),
      database: fc.nat(2 ** 32 - 1),
      notifications: fc.array(fc.record({ channel: fc.string(), payload: fc.string({ unit: 'grapheme' }) })),
    });
    fc.assert(
      fc.property(label, (one) => {
        const database = one.notifications.length === 0 ? 0 : one.database;
        expect(decodeLabel(encodeLabel(one))).toEqual({ ...one, database });
      }),
    );
  });
});

for (const [name, open] of Object.entries(STORES)) {
  describe(`commit log over ${name}`, () => {
    let cleanUp: () => void = () => {};
    afterEach(() => cleanUp());

    it('holds every commit, from which another store can be made', async () => {
      const opened = await open();
      cleanUp = opened.cleanUp;
      const bench = await Bench.over(opened.store);
      const user = bench.store.space(SpaceName.user(storageId(5), shardId(2)));
      await bench.seed('a', 'b');
      const t = bench.begin();
      t.put(user, key('u'), row('of a user'));
      await t.commit();
      const big = bench.begin();
      big.put(bench.table, key('big'), encodeRow(['x'.repeat(1_500_000)]));
      big.delete(bench.table, key('a'));
      big.notify('channel', 'payload');
      await big.commit();
      const records = await logOf(bench.store);
      expect(records.map((record) => record.seq)).toEqual([1, 2, 3]);
      expect(records[2]?.notifications).toEqual([{ channel: 'channel', payload: 'payload' }]);
      expect((await logOf(bench.store, 3)).map((record) => record.seq)).toEqual([3]);
      const copy = new MemoryStore();
      for (const record of records) await applyRecord(copy, record);
      const once = await contentOf(copy);
      expect(once).toEqual(await contentOf(bench.store));
      for (const record of records) await applyRecord(copy, record);
      expect(await contentOf(copy)).toEqual(once);
      const second = await Bench.over(copy);
      expect(second.manager.lastSeq).toBe(3);
      await second.seed('next');
      expect(second.manager.lastSeq).toBe(4);
      await second.close();
      await bench.close();
    });
  });
}

it('forgets its oldest records', async () => {
  const directory = freshDirectory();
  const small = { historyBytes: 2000, segmentBytes: 1000, checkpointBytes: 1000 };
  const bench = await Bench.over(await openLmdbStore(directory, small));
  for (let i = 0; i < 60; i++) await bench.seed(`k${i}`);
  await bench.close();
  const again = await Bench.over(await openLmdbStore(directory, small));
  expect(again.manager.lastSeq).toBe(60);
  const records = await logOf(again.store);
  expect(records.length).toBeLessThan(40);
  expect(records.at(-1)?.seq).toBe(60);
  expect(records.map((record) => record.seq)).toEqual(records.map((_, i) => 61 - records.length + i));
  await again.close();
  rmSync(directory, { recursive: true });
});

it('knows its last number after the store was opened again', async () => {
  const opened = await STORES.lmdb?.();
  if (opened === undefined) return;
  const bench = await Bench.over(opened.store);
  await bench.seed('a');
  await bench.seed('b');
  await bench.close();
  const again = await Bench.over(await openLmdbStore(opened.directory));
  expect(again.manager.lastSeq).toBe(2);
  await again.seed('c');
  expect(again.manager.lastSeq).toBe(3);
  await again.close();
  opened.cleanUp();
});
