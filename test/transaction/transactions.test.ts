import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeHeader, rowSeq } from '../../src/store/row-codec.js';
import type { CommitEvent } from '../../src/transaction/transaction.js';
import { Bench, columnOf, drain, INDEX, key, OTHER_TABLE, row, STORES } from './support.js';

for (const [name, open] of Object.entries(STORES)) {
  describe(`transactions over ${name}`, () => {
    let bench: Bench;
    let cleanUp: () => void;
    beforeEach(async () => {
      const opened = await open();
      cleanUp = opened.cleanUp;
      bench = await Bench.over(opened.store);
    });
    afterEach(async () => {
      await bench.close();
      cleanUp();
    });

    it('commits, and rolls back', async () => {
      const t1 = bench.begin();
      t1.put(bench.table, key('a'), row(1));
      expect(await bench.committed()).toEqual([]);
      expect(t1.hasWrites).toBe(true);
      expect(await t1.commit()).toBe(1);
      const t2 = bench.begin();
      t2.put(bench.table, key('b'), row(2));
      t2.delete(bench.table, key('a'));
      expect(await bench.rows(t2)).toEqual(['b=2']);
      t2.rollback();
      expect(await bench.committed()).toEqual(['a=1']);
      expect(bench.manager.lastSeq).toBe(1);
      expect([...bench.manager.active()]).toEqual([]);
    });

    it('commits what has no writes at once', () => {
      const t = bench.begin();
      const told: number[] = [];
      t.onCommit((seq) => told.push(seq));
      t.view().release();
      expect(t.commit()).toBeUndefined();
      expect(told).toEqual([0]);
    });

    it('shows a command the writes of earlier commands only', async () => {
      await bench.seed('a', 'b');
      const t = bench.begin();
      const first = t.view();
      const scan = first.scan(bench.table, {});
      const seen: string[] = [];
      while (await scan.next()) {
        const name = Buffer.from(scan.key).toString();
        seen.push(name);
        // Each row that is seen makes another one behind it.
        t.put(bench.table, key(`${name}x`), row('new'));
        t.delete(bench.table, key(name));
      }
      scan.close();
      expect(seen).toEqual(['a', 'b']);
      expect(columnOf(await first.get(bench.table, key('a')))).toBe('a');
      expect(await first.get(bench.table, key('ax'))).toBeUndefined();
      expect(columnOf(await t.getNewest(bench.table, key('ax')))).toBe('new');
      const second = t.view();
      expect(await drain(second.scan(bench.table, {}))).toEqual(['ax=new', 'bx=new']);
      // The second command writes while the first's portal is still open.
      t.put(bench.table, key('ax'), row('newer'));
      expect(await drain(first.scan(bench.table, {}))).toEqual(['a=a', 'b=b']);
      expect(await drain(second.scan(bench.table, {}))).toEqual(['ax=new', 'bx=new']);
      expect(await drain(t.scanNewest(bench.table, { reverse: true }))).toEqual(['bx=new', 'ax=newer']);
      first.release();
      second.release();
      await t.commit();
      expect(await bench.committed()).toEqual(['ax=newer', 'bx=new']);
    });

    it('gives READ COMMITTED a snapshot a command, and the others one', async () => {
      await bench.seed('a');
      const rc = bench.begin('read committed');
      const rr = bench.begin('repeatable read');
      expect(await bench.rows(rc)).toEqual(['a=a']);
      expect(await bench.rows(rr)).toEqual(['a=a']);
      const portal = rc.view();
      await bench.seed('b');
      expect(await bench.rows(rc)).toEqual(['a=a', 'b=b']);
      expect(await bench.rows(rr)).toEqual(['a=a']);
      expect(await drain(portal.scan(bench.table, {}))).toEqual(['a=a']);
      expect(columnOf(await rr.getNewest(bench.table, key('b')))).toBe('b');
      const view = rr.view();
      expect(view.seq).toBe(1);
      expect(portal.seq).toBe(1);
      view.retain();
      view.release();
      expect(await view.get(bench.table, key('b'))).toBeUndefined();
      // Views that nobody released end with their transaction.
      rr.rollback();
      rc.rollback();
    });

    it('undoes what came after a savepoint', async () => {
      await bench.seed('a');
      const told: string[] = [];
      const t = bench.begin();
      t.put(bench.table, key('b'), row('one'));
      expect(t.savepoint()).toBe(1);
      t.view().release();
      t.put(bench.table, key('b'), row('two'));
      t.put(bench.table, key('c'), row('two'));
      t.notify('channel', 'lost');
      t.onCommit(() => told.push('lost'));
      t.onRollback(() => told.push('undone'));
      expect(t.savepoint()).toBe(2);
      t.delete(bench.table, key('a'));
      t.delete(bench.table, key('c'));
      t.put(bench.table, key('c'), row('three'));
      expect(await bench.rows(t)).toEqual(['b=two', 'c=three']);
      t.rollbackTo(2);
      expect(await bench.rows(t)).toEqual(['a=a', 'b=two', 'c=two']);
      t.release(2);
      t.rollbackTo(1);
      expect(told).toEqual(['undone']);
      expect(await bench.rows(t)).toEqual(['a=a', 'b=one']);
      t.put(bench.table, key('d'), row('kept'));
      t.onCommit(() => told.push('kept'));
      t.notify('channel', 'lost');
      t.notify('channel', 'lost');
      t.release(1);
      const events: CommitEvent[] = [];
      bench.manager.subscribe({ wantsOld: () => false, committed: (event) => events.push(event) });
      await t.commit();
      expect(told).toEqual(['undone', 'kept']);
      expect(events[0]?.notifications).toEqual([{ channel: 'channel', payload: 'lost' }]);
      expect(await bench.committed()).toEqual(['a=a', 'b=one', 'd=kept']);
    });

    it('tells observers in commit order, after actions, with the old versions they want', async () => {
      await bench.seed('a');
      const index = bench.store.space(INDEX);
      const log: string[] = [];
      bench.manager.subscribe({
        wantsOld: (_, changed) => Buffer.from(changed).toString() === 'a',
        committed: ({ seq, backendPid, changes, notifications }) => {
          expect(bench.manager.lastSeq).toBeGreaterThanOrEqual(seq);
          for (const { key: changed, value, old } of changes) {
            log.push(
              `${seq} ${backendPid} ${Buffer.from(changed).toString()} ${value === undefined ? 'gone' : value.length > 18 ? columnOf(value) : 'entry'} ${columnOf(old)}`,
            );
          }
          for (const { channel, payload } of notifications) log.push(`${seq} ${channel} ${payload}`);
        },
      });
      const t1 = bench.begin();
      t1.put(bench.table, key('b'), row('new'));
      t1.put(bench.table, key('a'), row('changed'));
      t1.put(index, key('i'), key('x'));
      t1.onCommit((seq) => log.push(`action ${seq}`));
      const t2 = bench.begin();
      t2.delete(bench.table, key('z'));
      const t3 = bench.begin();
      t3.notify('c', 'only this');
      const done = [t1, t2, t3].map(async (t) => {
        const seq = await t.commit();
        log.push(`done ${seq}`);
      });
      await Promise.all(done);
      expect(log.filter((line) => !line.startsWith('done'))).toEqual([
        'action 2',
        `2 ${t1.options.backendPid} b new undefined`,
        `2 ${t1.options.backendPid} a changed a`,
        `2 ${t1.options.backendPid} i entry undefined`,
        `3 ${t2.options.backendPid} z gone undefined`,
        '4 c only this',
      ]);
      expect(log.indexOf('done 2')).toBeGreaterThan(log.indexOf('action 2'));
    });

    it('stamps rows with their commit', async () => {
      const before = bench.manager.clock.nowMicros();
      await bench.seed('a', 'b');
      await bench.seed('b');
      const t = bench.begin();
      const view = t.view();
      const header = decodeHeader((await view.get(bench.table, key('a'))) ?? new Uint8Array(0));
      expect(header.seq).toBe(1);
      expect(header.updatedMicros).toBeGreaterThan(before);
      expect(rowSeq((await view.get(bench.table, key('b'))) ?? new Uint8Array(0))).toBe(2);
      expect(view.seq).toBe(2);
      t.rollback();
    });

    it('refuses writes that may not be', async () => {
      const readOnly = bench.begin('read committed', true);
      expect(() => readOnly.put(bench.table, key('a'), row(1))).toThrow('read-only transaction');
      readOnly.put(bench.table, key('temporary'), row(1), true);
      readOnly.view().release();
      expect(() => readOnly.setOptions({ readOnly: false })).toThrow('transaction read-write mode must be set before any query');
      expect(() => readOnly.setOptions({ isolation: 'serializable' })).toThrow(
        'SET TRANSACTION ISOLATION LEVEL must be called before any query',
      );
      readOnly.rollback();
      const long = bench.begin();
      expect(() => long.put(bench.table, new Uint8Array(3000), row(1))).toThrow(
        `index row size 3000 exceeds btree version 4 maximum ${bench.store.maxKeyBytes}`,
      );
      // A scan that nobody closes ends with its transaction.
      await long.scanNewest(bench.table, {}).next();
      long.rollback();
      bench.manager.limits.maxTransactionBytes = 5000;
      const large = bench.begin();
      expect(() => {
        for (let i = 0; i < 100; i++) large.put(bench.table, key(`k${i}`), row(i));
      }).toThrow('need more than 5000 bytes');
      large.rollback();
    });

    it('empties a dropped space in the background', async () => {
      const other = bench.store.space(OTHER_TABLE);
      const fill = bench.begin();
      for (let i = 0; i < 2500; i++) fill.put(other, key(`k${i}`), row(i));
      await fill.commit();
      const reader = bench.begin('repeatable read');
      expect(await bench.rows(reader, other)).toHaveLength(2500);
      const undone = bench.begin();
      undone.dropSpace(other);
      undone.rollback();
      const t = bench.begin();
      t.savepoint();
      t.dropSpace(bench.table);
      t.rollbackTo(1);
      t.put(other, key('more'), row(1));
      t.dropSpace(other);
      t.put(bench.table, key('a'), row('a'));
      await t.commit();
      await bench.manager.droppedSpaces.idle();
      expect(await bench.committed(other)).toEqual([]);
      expect(await bench.rows(reader, other)).toHaveLength(2500);
      expect(await bench.committed()).toEqual(['a=a']);
      expect([...(await bench.store.spaces())].sort()).toEqual([bench.table.name]);
      reader.rollback();
    });

    it('goes on emptying after a restart', async () => {
      const other = bench.store.space(OTHER_TABLE);
      const fill = bench.begin();
      for (let i = 0; i < 1500; i++) fill.put(other, key(`k${i}`), row(i));
      await fill.commit();
      const t = bench.begin();
      t.dropSpace(other);
      await t.commit();
      await bench.manager.droppedSpaces.stop();
      expect((await bench.committed(other)).length).toBeGreaterThan(0);
      const again = await Bench.over(bench.store);
      await again.manager.droppedSpaces.idle();
      expect(await again.committed(other)).toEqual([]);
      expect(again.manager.lastSeq).toBe(2);
    });
  });
}
