import { beforeEach, describe, expect, it } from 'vitest';
import { SqlError } from '../../src/commons/sql-error.js';
import { MemoryStore } from '../../src/store/memory/memory-store.js';
import { isRowMode, LOCK_MODES } from '../../src/transaction/lock-modes.js';
import { lockTags, parseLockTag } from '../../src/transaction/lock-tags.js';
import type { LockMode, LockTag, Transaction } from '../../src/transaction/transaction.js';
import { Bench, key } from './support.js';

let bench: Bench;
let row: LockTag;
const table = lockTags.relation(16_384);
beforeEach(async () => {
  bench = await Bench.over(new MemoryStore());
  row = lockTags.row(bench.table, key('a'));
});
const tick = () => new Promise((resolve) => setImmediate(resolve));
const pid = (t: Transaction) => t.options.backendPid;

/** Whether another may have the second mode while one has the first. */
function conflicts(first: LockMode, second: LockMode): boolean {
  const [a, b] = [bench.begin(), bench.begin()];
  const tag = isRowMode(first) ? row : table;
  expect(a.lock(tag, first)).toBe(true);
  const got = b.lock(tag, second, 'skip');
  a.rollback();
  b.rollback();
  return got === false;
}

describe('lock modes', () => {
  // PostgreSQL manual, tables 13.2 and 13.3; x: conflict.
  const tables = ['.......x', '......xx', '....xxxx', '...xxxxx', '..xx.xxx', '..xxxxxx', '.xxxxxxx', 'xxxxxxxx'];
  const rows = ['...x', '..xx', '.xxx', 'xxxx'];
  it('conflict as in PostgreSQL', () => {
    const found = (modes: readonly LockMode[]) => modes.map((a) => modes.map((b) => (conflicts(a, b) ? 'x' : '.')).join(''));
    expect(found(LOCK_MODES.slice(0, 8))).toEqual(tables);
    expect(found(LOCK_MODES.slice(8))).toEqual(rows);
  });
});

describe('locks', () => {
  it('are had at once when nobody is in the way, again and more of them too', () => {
    const t = bench.begin();
    expect(t.lock(row, 'KEY SHARE')).toBe(true);
    expect(t.lock(row, 'KEY SHARE')).toBe(true);
    expect(t.lock(row, 'UPDATE')).toBe(true);
    expect(bench.manager.locks.list().map(({ mode }) => mode)).toEqual(['KEY SHARE', 'UPDATE']);
    t.rollback();
    expect(bench.manager.locks.list()).toEqual([]);
  });

  it('are served first come, first served', async () => {
    const [t1, t2, t3, t4] = [bench.begin(), bench.begin(), bench.begin(), bench.begin()];
    const got: string[] = [];
    await t1.lock(table, 'ACCESS SHARE');
    const waits = [
      Promise.resolve(t2.lock(table, 'ACCESS EXCLUSIVE')).then(() => got.push('t2')),
      Promise.resolve(t3.lock(table, 'ACCESS SHARE')).then(() => got.push('t3')),
    ];
    expect(t4.lock(table, 'ACCESS SHARE', 'skip')).toBe(false);
    await tick();
    expect(got).toEqual([]);
    expect(bench.manager.locks.blockers(pid(t3))).toEqual([pid(t2)]);
    expect(bench.manager.locks.blockers(pid(t2))).toEqual([pid(t1)]);
    expect(bench.manager.locks.list().filter(({ granted }) => !granted)).toHaveLength(2);
    t1.rollback();
    await tick();
    expect(got).toEqual(['t2']);
    t2.rollback();
    await Promise.all(waits);
    expect(got).toEqual(['t2', 't3']);
    t3.rollback();
    t4.rollback();
    expect(bench.manager.locks.list()).toEqual([]);
  });

  it('let a holder go before those who wait for it', async () => {
    const [t1, t2, t3] = [bench.begin(), bench.begin(), bench.begin()];
    await t1.lock(row, 'SHARE ROW');
    await t3.lock(row, 'KEY SHARE');
    const waiting = t2.lock(row, 'UPDATE');
    expect(t1.lock(row, 'NO KEY UPDATE')).toBe(true);
    t1.rollback();
    t3.rollback();
    expect(await waiting).toBe(true);
    t2.rollback();
  });

  it('end a wait by NOWAIT, time-out and cancel', async () => {
    const [t1, t2] = [bench.begin(), bench.begin()];
    await t1.lock(row, 'UPDATE');
    expect(() => t2.lock(row, 'UPDATE', 'nowait')).toThrow('could not obtain lock on row');
    await t1.lock(table, 'EXCLUSIVE');
    expect(() => t2.lock(table, 'EXCLUSIVE', 'nowait')).toThrow('could not obtain lock on relation with OID 16384');
    t2.lockTimeoutMs = 5;
    await expect(t2.lock(row, 'UPDATE')).rejects.toMatchObject({ code: '55P03', message: 'canceling statement due to lock timeout' });
    t2.lockTimeoutMs = 0;
    const cancel = new AbortController();
    t2.signal = cancel.signal;
    const waiting = t2.lock(row, 'UPDATE');
    cancel.abort();
    await expect(waiting).rejects.toMatchObject({ code: '57014', message: 'canceling statement due to user request' });
    const timeout = new AbortController();
    t2.signal = timeout.signal;
    const timed = t2.lock(row, 'UPDATE');
    timeout.abort(new SqlError('57014', 'canceling statement due to statement timeout'));
    await expect(timed).rejects.toThrow('statement timeout');
    await expect(t2.lock(row, 'UPDATE')).rejects.toThrow('statement timeout');
    t2.signal = undefined;
    // A transaction that ends while it waits, since its connection is gone.
    const lost = t2.lock(row, 'UPDATE');
    t2.rollback();
    await expect(lost).rejects.toMatchObject({ code: '57014' });
    t1.rollback();
    expect(bench.manager.locks.list()).toEqual([]);
  });

  it('find a deadlock of two', async () => {
    const other = lockTags.row(bench.table, key('b'));
    const [t1, t2] = [bench.begin(), bench.begin()];
    await t1.lock(row, 'UPDATE');
    await t2.lock(other, 'NO KEY UPDATE');
    const first = t1.lock(other, 'UPDATE');
    const second = Promise.resolve(t2.lock(row, 'UPDATE'));
    await expect(first).rejects.toMatchObject({
      code: '40P01',
      message: 'deadlock detected',
      fields: {
        detail:
          `Process ${pid(t1)} waits for ShareLock on transaction ${t2.id}; blocked by process ${pid(t2)}.\n` +
          `Process ${pid(t2)} waits for ShareLock on transaction ${t1.id}; blocked by process ${pid(t1)}.`,
        hint: 'See server log for query details.',
      },
    });
    t1.rollback();
    expect(await second).toBe(true);
    t2.rollback();
  });

  it('find a deadlock of three, through tables and upgrades', async () => {
    const tags = [lockTags.relation(1), lockTags.relation(2), lockTags.advisory(4_294_967_298n)] as const;
    const all = [bench.begin(), bench.begin(), bench.begin()] as const;
    await all[0].lock(tags[0], 'ROW EXCLUSIVE');
    await all[1].lock(tags[1], 'SHARE');
    await all[2].lock(tags[2], 'EXCLUSIVE');
    const outcomes = [
      all[0].lock(tags[1], 'ROW EXCLUSIVE'),
      all[1].lock(tags[2], 'EXCLUSIVE'),
      all[2].lock(tags[0], 'ACCESS EXCLUSIVE'),
    ].map((wait, i) =>
      Promise.resolve(wait).then(
        () => {
          all[i]?.rollback();
          return 'held';
        },
        (error: SqlError) => {
          all[i]?.rollback();
          return error;
        },
      ),
    );
    const settled = await Promise.all(outcomes);
    const failed = settled.filter((outcome) => outcome instanceof SqlError);
    expect(failed).toHaveLength(1);
    const [a, b, c] = all.map(pid);
    expect(failed[0]?.fields.detail).toBe(
      `Process ${a} waits for RowExclusiveLock on relation 2 of database 0; blocked by process ${b}.\n` +
        `Process ${b} waits for ExclusiveLock on advisory lock [0,1,2,1]; blocked by process ${c}.\n` +
        `Process ${c} waits for AccessExclusiveLock on relation 1 of database 0; blocked by process ${a}.`,
    );
    expect(bench.manager.locks.list()).toEqual([]);
  });

  it('find that two who upgrade the same lock wait for each other', async () => {
    const [t1, t2] = [bench.begin(), bench.begin()];
    await t1.lock(row, 'SHARE ROW');
    await t2.lock(row, 'SHARE ROW');
    const first = t1.lock(row, 'UPDATE');
    const second = Promise.resolve(t2.lock(row, 'UPDATE'));
    await expect(first).rejects.toThrow('deadlock detected');
    t1.rollback();
    expect(await second).toBe(true);
    t2.rollback();
  });

  it('undo a circle that only the order of waiting makes', async () => {
    const [t1, t2, t3] = [bench.begin(), bench.begin(), bench.begin()];
    await t1.lock(table, 'ACCESS SHARE');
    await t3.lock(row, 'UPDATE');
    // t2 waits for t1, t3 only for its turn behind t2, t1 for t3.
    const second = Promise.resolve(t2.lock(table, 'ACCESS EXCLUSIVE'));
    const third = t3.lock(table, 'ACCESS SHARE');
    const first = Promise.resolve(t1.lock(row, 'UPDATE'));
    expect(await third).toBe(true);
    t3.rollback();
    expect(await first).toBe(true);
    t1.rollback();
    expect(await second).toBe(true);
    t2.rollback();
  });

  it('go with the savepoint that they came after', async () => {
    const [t1, t2] = [bench.begin(), bench.begin()];
    await t1.lock(row, 'KEY SHARE');
    t1.savepoint();
    await t1.lock(row, 'UPDATE');
    await t1.lock(table, 'EXCLUSIVE');
    const waiting = t2.lock(row, 'NO KEY UPDATE');
    expect(waiting).toBeInstanceOf(Promise);
    t1.rollbackTo(1);
    expect(await waiting).toBe(true);
    expect(bench.manager.locks.list().map(({ mode, transactionId }) => `${transactionId} ${mode}`)).toEqual([
      `${t1.id} KEY SHARE`,
      `${t2.id} NO KEY UPDATE`,
    ]);
    t1.rollback();
    t2.rollback();
  });

  it('are held until the commit is durable', async () => {
    const [t1, t2] = [bench.begin(), bench.begin()];
    await t1.lock(row, 'UPDATE');
    t1.put(bench.table, key('a'), new Uint8Array(18));
    const order: string[] = [];
    const waiting = Promise.resolve(t2.lock(row, 'UPDATE')).then(() => order.push(`locked at ${bench.manager.lastSeq}`));
    await t1.commit();
    await waiting;
    expect(order).toEqual(['locked at 1']);
    t2.rollback();
  });

  it('count for a session, and do not stand in the way of its own transactions', async () => {
    const session = bench.manager.locks.session(7);
    const other = bench.manager.locks.session(8);
    const tag = lockTags.advisory(1);
    expect(session.lock(tag, 'EXCLUSIVE', 'wait')).toBe(true);
    expect(session.lock(tag, 'EXCLUSIVE', 'wait')).toBe(true);
    expect(session.lock(tag, 'SHARE', 'wait')).toBe(true);
    const own = bench.manager.begin({ isolation: 'read committed', readOnly: false, backendPid: 7 });
    expect(own.lock(tag, 'EXCLUSIVE', 'skip')).toBe(true);
    own.rollback();
    expect(other.lock(tag, 'EXCLUSIVE', 'skip')).toBe(false);
    expect(session.unlock(tag, 'EXCLUSIVE')).toBe(true);
    expect(other.lock(tag, 'SHARE', 'skip')).toBe(false);
    expect(session.unlock(tag, 'EXCLUSIVE')).toBe(true);
    expect(session.unlock(tag, 'EXCLUSIVE')).toBe(false);
    expect(other.lock(tag, 'SHARE', 'skip')).toBe(true);
    const waiting = other.lock(tag, 'EXCLUSIVE', 'wait');
    session.unlockAll();
    expect(await waiting).toBe(true);
    other.unlockAll();
    expect(bench.manager.locks.list()).toEqual([]);
  });

  it('find a deadlock between sessions and transactions', async () => {
    const session = bench.manager.locks.session(7);
    const t7 = bench.manager.begin({ isolation: 'read committed', readOnly: false, backendPid: 7 });
    const t8 = bench.begin();
    await session.lock(lockTags.advisory(1), 'EXCLUSIVE', 'wait');
    await t8.lock(row, 'UPDATE');
    const first = t8.lock(lockTags.advisory(1), 'EXCLUSIVE');
    const second = Promise.resolve(t7.lock(row, 'UPDATE'));
    await expect(first).rejects.toThrow('deadlock detected');
    t8.rollback();
    expect(await second).toBe(true);
    t7.rollback();
    session.unlockAll();
  });

  it('have tags that say what they are', () => {
    expect(parseLockTag(table)).toEqual({ kind: 'relation', oid: 16_384 });
    expect(parseLockTag(row)).toEqual({ kind: 'row', spaceId: bench.table.id });
    expect(parseLockTag(lockTags.advisory(-5n))).toEqual({ kind: 'advisory', key: -5n });
    expect(parseLockTag(lockTags.advisoryPair(-1, 2))).toEqual({ kind: 'advisory pair', first: -1, second: 2 });
    expect(parseLockTag(lockTags.object('role', 'alice'))).toEqual({ kind: 'object', objectKind: 'role', name: 'alice' });
  });
});
