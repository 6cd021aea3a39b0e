import { afterEach, describe, expect, it } from 'vitest';
import { SqlError } from '../../src/commons/sql-error.js';
import { SqlState } from '../../src/commons/sqlstates.js';
import { MemoryStore } from '../../src/store/memory/memory-store.js';
import { lockTags } from '../../src/transaction/lock-tags.js';
import type { Finisher, Transaction } from '../../src/transaction/transaction.js';
import { Bench, INDEX, key, OTHER_TABLE, row, STORES } from './support.js';

const OWNER = 10;
const owner: Finisher = { backendPid: 1, database: 0, mayFinish: (oid) => oid === OWNER };
const stranger: Finisher = { backendPid: 2, database: 0, mayFinish: () => false };

/** A store that is full when it is told so. */
class FillingStore extends MemoryStore {
  isFull = false;

  override write(...args: Parameters<MemoryStore['write']>): Promise<void> {
    if (this.isFull) return Promise.reject(new SqlError(SqlState.diskFull, 'no space left'));
    return super.write(...args);
  }
}

const put = (t: Transaction, name: string, value = 'new') => t.put(bench.table, key(name), row(value));
let bench: Bench;

describe.each(Object.entries(STORES))('over %s', (_name, open) => {
  it('are there again, with their locks, for the next manager of the store', async () => {
    const { store, cleanUp } = await open();
    bench = await Bench.over(store);
    await bench.seed('a', 'b', 'c');
    const t = bench.begin();
    put(t, 'a');
    t.delete(bench.table, key('b'));
    t.put(store.space(INDEX), key('entry'), new Uint8Array());
    const held = [
      [lockTags.row(bench.table, key('a')), 'UPDATE'],
      [lockTags.row(bench.table, key('c')), 'KEY SHARE'],
      [lockTags.indexKey(store.space(INDEX), key('entry')), 'EXCLUSIVE'],
      [lockTags.relation(16_384), 'ROW EXCLUSIVE'],
      [lockTags.advisory(-1n), 'SHARE'],
      [lockTags.advisoryPair(-1, 2), 'EXCLUSIVE'],
      [lockTags.object('schema', 'ünïcode'), 'EXCLUSIVE'],
    ] as const;
    for (const [tag, mode] of held) await t.lock(tag, mode);
    await t.prepare('gid ünïcode', OWNER);
    const locks = bench.manager.locks.list();
    const shown = [...bench.manager.prepared.list()];
    expect(shown).toMatchObject([{ transactionId: t.id, gid: 'gid ünïcode', owner: OWNER }]);
    expect(locks.map(({ tag, mode, backendPid }) => [tag, mode, backendPid])).toEqual(held.map(([tag, mode]) => [tag, mode, 0]));

    const again = await Bench.over(store);
    expect([...again.manager.prepared.list()]).toEqual(shown);
    expect(again.manager.locks.list()).toEqual(locks);
    expect(await again.committed()).toEqual(['a=a', 'b=b', 'c=c']);
    const other = again.begin();
    expect(other.id).toBeGreaterThan(t.id);
    for (const [tag, mode] of held) {
      if (mode === 'ROW EXCLUSIVE' || mode === 'SHARE' || mode === 'KEY SHARE') continue;
      await expect(Promise.resolve().then(() => other.lock(tag, mode, 'nowait'))).rejects.toMatchObject({ code: '55P03' });
    }
    other.rollback();
    await expect(again.manager.prepared.commit('gid ünïcode', stranger)).rejects.toMatchObject({ code: '42501' });
    await again.manager.prepared.commit('gid ünïcode', owner);
    expect(await again.committed()).toEqual(['a=new', 'c=c']);
    expect(again.manager.locks.list()).toEqual([]);
    expect([...(await Bench.over(store)).manager.prepared.list()]).toEqual([]);
    await again.close();
    cleanUp();
  });
});

describe('when the store is full', () => {
  afterEach(() => bench.close());

  it('a transaction that is prepared is rolled back, and one that was prepared stays so', async () => {
    const store = new FillingStore();
    bench = await Bench.over(store);
    await bench.seed('a');
    const refused = bench.begin();
    put(refused, 'a', 'refused');
    await refused.lock(lockTags.row(bench.table, key('a')), 'UPDATE');
    store.isFull = true;
    await expect(refused.prepare('refused', OWNER)).rejects.toMatchObject({ code: '53100' });
    store.isFull = false;
    expect([...bench.manager.prepared.list()]).toEqual([]);
    expect(bench.manager.locks.list()).toEqual([]);

    const kept = bench.begin();
    put(kept, 'a', 'kept');
    kept.dropSpace(store.space(OTHER_TABLE));
    await kept.lock(lockTags.row(bench.table, key('a')), 'UPDATE');
    await kept.prepare('kept', OWNER);
    for (const end of ['commit', 'rollback', 'commit'] as const) {
      store.isFull = true;
      await expect(bench.manager.prepared[end]('kept', owner)).rejects.toMatchObject({ code: '53100' });
      store.isFull = false;
      expect(bench.manager.locks.list()).toHaveLength(1);
      expect(await bench.committed()).toEqual(['a=a']);
    }
    await bench.manager.prepared.commit('kept', owner);
    expect(await bench.committed()).toEqual(['a=kept']);
    await expect(bench.manager.prepared.commit('kept', owner)).rejects.toMatchObject({ code: '42704' });
  });
});

describe('of serializable transactions', () => {
  afterEach(() => bench.close());
  const get = async (t: Transaction, name: string) => {
    const view = t.view();
    await view.get(bench.table, key(name));
    view.release();
  };
  const failed = { code: '40001' };

  it('keep what they have read from being written by others, until they end', async () => {
    bench = await Bench.over(new MemoryStore());
    await bench.seed('a', 'b', 'c');
    const t = bench.begin('serializable');
    await get(t, 'a');
    put(t, 'b');
    await t.prepare('reader', OWNER);
    const overtaking = bench.begin('serializable');
    await get(overtaking, 'c');
    put(overtaking, 'a');
    await expect(overtaking.commit()).rejects.toMatchObject(failed);
    // Who has read what it writes comes before it; who wants to be prepared might come after.
    const before = bench.begin('serializable');
    await get(before, 'b');
    put(before, 'c');
    await before.commit();
    const either = bench.begin('serializable');
    await get(either, 'b');
    put(either, 'c');
    await expect(either.prepare('either', OWNER)).rejects.toMatchObject(failed);
    const careless = bench.begin();
    put(careless, 'a');
    await careless.commit();
    const missing = bench.begin('serializable');
    await get(missing, 'b');
    put(missing, 'c');
    await bench.manager.prepared.commit('reader', owner);
    await expect(missing.commit()).rejects.toMatchObject(failed);
    const after = bench.begin('serializable');
    await get(after, 'b');
    put(after, 'a');
    await after.commit();
  });
});
