import { beforeEach, describe, expect, test } from 'vitest';
import { Database, type Session } from './database.js';

let a: Session;
let b: Session;

beforeEach(async () => {
  const database = await Database.open();
  a = database.session();
  b = database.session();
  await a.run('create table t (id int primary key, n int, name text unique)');
  await a.run("insert into t values (1, 10, 'one'), (2, 20, 'two')");
  await a.run('create table child (id int primary key, t_id int references t)');
});

/** What a statement does while others have their turn: 'waiting' until it can go on. */
async function state(work: Promise<unknown>): Promise<string> {
  const later = new Promise<string>((resolve) => setTimeout(() => resolve('waiting'), 15));
  return Promise.race([work.then(() => 'done').catch((error: Error) => error.message), later]);
}

describe('READ COMMITTED', () => {
  test('an update waits, then works on the newest version', async () => {
    a.begin();
    b.begin();
    await a.run('update t set n = n + 1 where id = 1');
    const waiting = b.run('update t set n = n + 100 where id = 1');
    expect(await state(waiting)).toBe('waiting');
    await a.commit();
    expect((await waiting).affected).toBe(1);
    await b.commit();
    expect(await a.rows('select n from t where id = 1')).toEqual(['111']);
  });

  test('a row that no longer meets the condition is left alone', async () => {
    a.begin();
    b.begin();
    await a.run('update t set n = 99 where id = 1');
    const waiting = b.run('update t set n = 0 where n = 10 returning id');
    expect(await state(waiting)).toBe('waiting');
    await a.commit();
    expect((await waiting).affected).toBe(0);
    await b.commit();
    expect(await a.rows('select n from t order by id')).toEqual(['99', '20']);
  });

  test('a deleted row is gone for who waited', async () => {
    a.begin();
    b.begin();
    await a.run('delete from t where id = 1');
    const waiting = b.run('update t set n = 0 where id = 1');
    expect(await state(waiting)).toBe('waiting');
    await a.commit();
    expect((await waiting).affected).toBe(0);
    await b.commit();
  });

  test('after a rollback the row is as it was', async () => {
    a.begin();
    b.begin();
    await a.run('update t set n = 99 where id = 1');
    const waiting = b.run('update t set n = n + 1 where id = 1 returning n');
    expect(await state(waiting)).toBe('waiting');
    a.rollback();
    expect((await waiting).text).toEqual(['11']);
    await b.commit();
  });

  test('two inserts of one key: the second waits for the first', async () => {
    a.begin();
    b.begin();
    await a.run("insert into t values (3, 1, 'three')");
    const waiting = b.run("insert into t values (3, 2, 'drei')");
    expect(await state(waiting)).toBe('waiting');
    await a.commit();
    await expect(waiting).rejects.toThrow('duplicate key value violates unique constraint "t_pkey"');
    b.rollback();
    b.begin();
    const again = b.run("insert into t values (4, 2, 'three') on conflict (name) do nothing");
    expect((await again).affected).toBe(0);
    await b.commit();
  });

  test('a unique value is free again when its holder rolls back', async () => {
    a.begin();
    b.begin();
    await a.run("insert into t values (3, 1, 'x')");
    const waiting = b.run("insert into t values (4, 2, 'x')");
    expect(await state(waiting)).toBe('waiting');
    a.rollback();
    expect((await waiting).affected).toBe(1);
    await b.commit();
  });

  test('a unique value waits for who deletes its holder', async () => {
    a.begin();
    b.begin();
    await a.run('delete from t where id = 1');
    const waiting = b.run("insert into t values (5, 0, 'one') on conflict (name) do update set n = 99");
    expect(await state(waiting)).toBe('waiting');
    await a.commit();
    expect((await waiting).affected).toBe(1);
    await b.commit();
    expect(await a.rows('select id, n from t order by id')).toEqual(['2|20', '5|0']);
  });

  test('a foreign key waits for the referenced row', async () => {
    a.begin();
    b.begin();
    await a.run('delete from t where id = 1');
    const waiting = b.run('insert into child values (1, 1)');
    expect(await state(waiting)).toBe('waiting');
    await a.commit();
    await expect(waiting).rejects.toThrow('violates foreign key constraint "child_t_id_fkey"');
    b.rollback();
  });

  test('a referenced row can be changed, but neither deleted nor given another key', async () => {
    a.begin();
    b.begin();
    await a.run('insert into child values (1, 1)');
    expect((await b.run('update t set n = 5 where id = 1')).affected).toBe(1);
    const waiting = b.run('delete from t where id = 1');
    expect(await state(waiting)).toBe('waiting');
    await a.commit();
    await expect(waiting).rejects.toThrow(
      'update or delete on table "t" violates foreign key constraint "child_t_id_fkey" on table "child"',
    );
    b.rollback();
  });

  test('FOR UPDATE, NOWAIT and SKIP LOCKED', async () => {
    a.begin();
    b.begin();
    expect(await a.rows('select id from t where id = 1 for update')).toEqual(['1']);
    await expect(b.run('select id from t where id = 1 for update nowait')).rejects.toMatchObject({ code: '55P03' });
    expect(await b.rows('select id from t order by id for update skip locked')).toEqual(['2']);
    const waiting = b.run('select n from t where id = 1 for share');
    expect(await state(waiting)).toBe('waiting');
    await a.run('update t set n = 77 where id = 1');
    await a.commit();
    expect((await waiting).text).toEqual(['77']);
    await b.commit();
  });

  test('LIMIT locks no row that it does not take', async () => {
    a.begin();
    b.begin();
    expect(await a.rows('select id from t order by id limit 1 for update skip locked')).toEqual(['1']);
    expect(await b.rows('select id from t order by id limit 1 for update skip locked')).toEqual(['2']);
    a.rollback();
    b.rollback();
  });

  test('a sub-query of an expression may wait for a lock', async () => {
    a.begin();
    b.begin();
    await a.run('update t set n = 0 where id = 1');
    const waiting = b.run('update t set n = n + 5 where id = (select id from t order by id limit 1 for update) returning id, n');
    expect(await state(waiting)).toBe('waiting');
    await a.commit();
    expect((await waiting).text).toEqual(['1|5']);
    const again = await b.run("update t set name = 'x' where id in (select id from t where n > 5 for update skip locked) returning id");
    expect(again.text).toEqual(['2']);
    await b.commit();
    expect(await a.rows('select (select 7 from pg_sleep(0.001)), exists (select pg_sleep(0.001))')).toEqual(['7|t']);
  });

  test('a statement does not see its own writes', async () => {
    await a.run("insert into t select id + 10, n, name || 'x' from t");
    expect(await a.rows('select count(*) from t')).toEqual(['4']);
    a.begin();
    await a.run('update t set n = n + 1');
    await a.run('update t set n = n + 1');
    expect(await a.rows('select n from t where id = 1')).toEqual(['12']);
    expect(await b.rows('select n from t where id = 1')).toEqual(['10']);
    await a.commit();
  });

  test('a deadlock ends for one of the two', async () => {
    a.begin();
    b.begin();
    await a.run('update t set n = 1 where id = 1');
    await b.run('update t set n = 2 where id = 2');
    const first = a.run('update t set n = 1 where id = 2');
    const second = b.run('update t set n = 2 where id = 1');
    const results = await Promise.allSettled([
      first.catch((error) => {
        a.rollback();
        throw error;
      }),
      second.catch((error) => {
        b.rollback();
        throw error;
      }),
    ]);
    expect(results.filter((result) => result.status === 'rejected' && result.reason.code === '40P01')).toHaveLength(1);
  });
});

describe('REPEATABLE READ', () => {
  test('an update of a row that was changed since fails', async () => {
    a.begin('repeatable read');
    expect(await a.rows('select n from t where id = 1')).toEqual(['10']);
    await b.run('update t set n = 11 where id = 1');
    expect(await a.rows('select n from t where id = 1')).toEqual(['10']);
    await expect(a.run('update t set n = 12 where id = 1')).rejects.toMatchObject({
      code: '40001',
      message: 'could not serialize access due to concurrent update',
    });
    a.rollback();
  });

  test('a delete of a row that was deleted since fails', async () => {
    a.begin('repeatable read');
    expect(await a.rows('select count(*) from t')).toEqual(['2']);
    await b.run('delete from t where id = 2');
    await expect(a.run('delete from t where id = 2')).rejects.toMatchObject({
      code: '40001',
      message: 'could not serialize access due to concurrent delete',
    });
    a.rollback();
  });
});

test('read-only transactions refuse changes', async () => {
  a.begin('read committed', true);
  await expect(a.run('update t set n = 1')).rejects.toMatchObject({
    code: '25006',
    message: 'cannot execute UPDATE in a read-only transaction',
  });
  await expect(a.run('select * from t for update')).rejects.toMatchObject({ code: '25006' });
  a.rollback();
});
