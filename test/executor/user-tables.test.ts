import { beforeEach, describe, expect, test } from 'vitest';
import { userId } from '../../src/commons/ids.js';
import { slotOfUser } from '../../src/executor/access/index.js';
import { Database, type Session } from './database.js';

let database: Database;
let alice: Session;
let bob: Session;

beforeEach(async () => {
  database = await Database.open();
  const admin = database.session();
  await admin.run("create table note (id int primary key, title text unique, n int) with (type = 'user')");
  await admin.run('create index note_n on note (n desc)');
  alice = database.session('alice');
  bob = database.session('bob');
  await alice.run("insert into note values (1, 'a1', 5), (2, 'a2', 6)");
  await bob.run("insert into note values (1, 'a1', 7), (3, 'b3', 5)");
});

describe('user tables', () => {
  test('each user sees the own rows only, by scan, index and key', async () => {
    expect(await alice.rows('select id, title from note order by id')).toEqual(['1|a1', '2|a2']);
    expect(await bob.rows('select id, title from note order by id')).toEqual(['1|a1', '3|b3']);
    expect(await bob.rows('select title from note where id = 2')).toEqual([]);
    expect(await alice.rows('select n from note where id = 1')).toEqual(['5']);
    expect(await bob.rows('select id from note where n = 5')).toEqual(['3']);
    expect(await alice.rows("select id from note where title = 'b3'")).toEqual([]);
    expect(await alice.rows('select id from note order by n desc')).toEqual(['2', '1']);
    expect(await bob.rows('select count(*) from note')).toEqual(['2']);
  });

  test('changes reach the own rows only', async () => {
    expect((await bob.run('update note set n = 0')).affected).toBe(2);
    expect(await alice.rows('select n from note order by id')).toEqual(['5', '6']);
    expect((await bob.run('delete from note where id = 2')).affected).toBe(0);
    expect((await bob.run("insert into note values (2, 'a2', 1) on conflict do nothing")).affected).toBe(1);
    expect((await bob.run('delete from note')).affected).toBe(3);
    expect(await alice.rows('select count(*) from note')).toEqual(['2']);
  });

  test('keys are unique within a partition', async () => {
    await expect(alice.run("insert into note values (1, 'x', 1)")).rejects.toThrow('duplicate key');
    await expect(alice.run("insert into note values (9, 'a1', 1)")).rejects.toMatchObject({
      fields: { detail: 'Key (title)=(a1) already exists.' },
    });
  });

  test('administrators read all partitions when they ask to', async () => {
    const admin = database.session();
    admin.allUsers = true;
    expect(await admin.rows('select _user_id, id from note order by 1, 2')).toEqual(['alice|1', 'alice|2', 'bob|1', 'bob|3']);
    expect(await admin.rows('select _user_id from note where id = 3')).toEqual(['bob']);
    expect((await admin.run("update note set n = 1 where title = 'a2'")).affected).toBe(1);
    expect(await alice.rows('select n from note where id = 2')).toEqual(['1']);
  });

  test('hidden columns tell the commit, and are no part of *', async () => {
    const [row] = (await alice.run('select _seq, _updated, _deleted, id from note where id = 1')).rows;
    expect(typeof row?.[0]).toBe('number');
    expect(Number(row?.[1])).toBeGreaterThan(0);
    expect(row?.[2]).toBe(false);
    expect((await alice.run('select * from note where id = 1')).rows[0]).toHaveLength(3);
  });

  test('a deleted key can be used again', async () => {
    await alice.run('delete from note where id = 1');
    await alice.run("insert into note values (1, 'a1', 9)");
    expect(await alice.rows('select n from note where id = 1')).toEqual(['9']);
    expect(await alice.rows('select id from note where n = 5')).toEqual([]);
  });
});

describe('stream tables', () => {
  test('rows past their time are not seen, and their keys are free', async () => {
    const admin = database.session();
    await admin.run("create table tick (id int primary key, v int) with (type = 'stream', ttl = '1 s')");
    await admin.run('create index tick_v on tick (v)');
    await alice.run('insert into tick values (1, 10)');
    expect(await alice.rows('select v from tick')).toEqual(['10']);
    const now = database.clock.nowMicros.bind(database.clock);
    database.clock.nowMicros = () => now() + 2_000_000;
    expect(await alice.rows('select v from tick')).toEqual([]);
    await alice.run('insert into tick values (1, 20)');
    expect(await alice.rows('select id from tick where v = 10')).toEqual([]);
    await expect(alice.run('update tick set v = 1')).rejects.toMatchObject({ code: '0A000' });
    await expect(alice.run('delete from tick')).rejects.toMatchObject({ code: '0A000' });
  });
});

test('slots are the documented hash', () => {
  // FNV-1a over UTF-8: these numbers are part of the storage format.
  expect(slotOfUser(userId('alice'))).toBe(999);
  expect(slotOfUser(userId('jürgen'))).toBe(202);
});
