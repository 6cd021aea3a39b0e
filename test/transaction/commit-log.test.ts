import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { seq, shardId, storageId } from '../../src/commons/ids.js';
import { SpaceName } from '../../src/commons/space-name.js';
import { openLmdbStore } from '../../src/store/lmdb/lmdb-store.js';
import { MemoryStore } from '../../src/store/memory/memory-store.js';
import { encodeRow } from '../../src/store/row-codec.js';
import type { Store } from '../../src/store/store.js';
import { applyRecord, readLog } from '../../src/transaction/commit-log.js';
import { type CommitRecord, decodeRecord, encodeRecord } from '../../src/transaction/commit-record.js';
import { Bench, key, row, STORES } from './support.js';

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

describe('commit record', () => {
  it('comes back as it was', () => {
    const store = new MemoryStore();
    const space = fc.constantFrom(SpaceName.shared(storageId(1)), SpaceName.user(storageId(2), shardId(3)), SpaceName.index(storageId(9)));
    const change = fc.record({
      space,
      key: fc.uint8Array({ maxLength: 300 }),
      value: fc.option(fc.uint8Array({ maxLength: 300 }), { nil: undefined }),
    });
    const record = fc.record({
      epoch: fc.nat(2 ** 32 - 1),
      seq: fc.nat(Number.MAX_SAFE_INTEGER).map(seq),
      commitMicros: fc.maxSafeInteger(),
      changesOmitted: fc.boolean(),
      changes: fc.array(change),
      notifications: fc.array(fc.record({ channel: fc.string(), payload: fc.string({ unit: 'grapheme' }) })),
    });
    fc.assert(
      fc.property(record, fc.nat(), (one, at) => {
        const bytes = encodeRecord({ ...one, changes: one.changes.map((c) => ({ ...c, space: store.space(c.space) })) });
        const back = decodeRecord(bytes);
        expect({
          ...back,
          changes: back.changes.map((c) => ({ ...c, key: new Uint8Array(c.key), value: c.value && new Uint8Array(c.value) })),
        }).toEqual(one);
        const damaged = Buffer.from(bytes);
        damaged[at % bytes.length] = (damaged[at % bytes.length] ?? 0) ^ 1;
        expect(() => decodeRecord(damaged)).toThrow();
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
      // The one commit that only wrote shard 2 lies in its log.
      expect([...(await bench.store.spaces())].filter((space) => space.startsWith('log.')).sort()).toEqual(['log.0', 'log.2']);
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

    it('forgets its oldest records', async () => {
      const opened = await open();
      cleanUp = opened.cleanUp;
      const bench = await Bench.over(opened.store, { limits: { logRetentionBytes: 2000 } });
      for (let i = 0; i < 60; i++) await bench.seed(`k${i}`);
      const records = await logOf(bench.store);
      expect(records.length).toBeLessThan(40);
      expect(records.at(-1)?.seq).toBe(60);
      expect(records.map((record) => record.seq)).toEqual(records.map((_, i) => 61 - records.length + i));
      const again = await Bench.over(bench.store, { limits: { logRetentionBytes: 0 } });
      expect(again.manager.lastSeq).toBe(60);
      for (let i = 0; i < 5; i++) await again.seed('k');
      expect((await logOf(bench.store)).map((record) => record.seq)).toEqual([65]);
      await bench.close();
    });
  });
}

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
