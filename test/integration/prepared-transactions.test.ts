import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PASSWORD, ServerProcess } from '../harness/server-process.js';

/** What a statement ends with: its rows, or its SQLSTATE. */
async function outcome(client: pg.Client, sql: string): Promise<unknown> {
  try {
    const { rows } = await client.query({ text: sql, rowMode: 'array' });
    return rows;
  } catch (error) {
    if (error instanceof pg.DatabaseError) return error.code;
    throw error;
  }
}

describe('prepared transactions', () => {
  const server = new ServerProcess({ label: 'prepared' });
  const open: pg.Client[] = [];

  const connect = async (user = 'postgres'): Promise<pg.Client> => {
    const client = new pg.Client({ ...server.connection, user });
    client.on('error', () => undefined);
    await client.connect();
    await client.query(`SET lock_timeout = '100ms'`);
    open.push(client);
    return client;
  };

  beforeAll(async () => {
    await server.start();
    const client = await connect();
    await client.query(`
      CREATE ROLE keeper LOGIN PASSWORD '${PASSWORD}';
      CREATE ROLE other LOGIN PASSWORD '${PASSWORD}';
      GRANT ALL ON SCHEMA public TO keeper, other`);
  });
  beforeEach(async () => {
    const client = await connect();
    await client.query(`
      DROP TABLE IF EXISTS child, t, fresh, altered, notes, seen;
      CREATE TABLE t (id int PRIMARY KEY, name text UNIQUE, n int);
      CREATE TABLE child (id int PRIMARY KEY, t int REFERENCES t);
      CREATE TABLE altered (id int PRIMARY KEY);
      CREATE TABLE notes (id int PRIMARY KEY, what text) WITH (type = 'user');
      CREATE TABLE seen (id int PRIMARY KEY, n int);
      INSERT INTO t VALUES (1, 'one', 1), (2, 'two', 2), (3, 'three', 3);
      INSERT INTO seen VALUES (1, 1), (2, 2);
      GRANT ALL ON ALL TABLES IN SCHEMA public TO keeper, other`);
  });
  afterEach(async () => {
    for (const client of open.splice(0)) await client.end().catch(() => undefined);
  });
  afterAll(() => server.close());

  const restarts: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['SIGKILL', () => server.kill()],
    ['a clean stop', () => server.stop()],
  ];
  for (const [name, end] of restarts) {
    it(`keep writes and locks over ${name}`, { timeout: 30_000 }, async () => {
      const before = await connect('keeper');
      await before.query(`
        BEGIN;
        UPDATE t SET n = 10 WHERE id = 1;
        DELETE FROM t WHERE id = 2;
        INSERT INTO t VALUES (4, 'four', 4);
        INSERT INTO child VALUES (1, 3);
        INSERT INTO notes VALUES (1, 'of keeper');
        SELECT pg_advisory_xact_lock(7), pg_advisory_xact_lock(1, 2);
        LOCK TABLE seen IN SHARE MODE;
        SELECT FROM seen WHERE id = 1 FOR NO KEY UPDATE;
        PREPARE TRANSACTION 'kept'`);
      const listed = 'SELECT transaction::text, gid, prepared::text, owner, database FROM pg_prepared_xacts';
      const shown = await outcome(before, listed);
      const locks = `SELECT locktype, relation::regclass::text, classid, objid, mode, granted, pid FROM pg_locks WHERE pid IS NULL ORDER BY 1, 2, 5, 3, 4`;
      const held = await outcome(before, locks);
      await end();
      await server.start();

      const client = await connect();
      expect(await outcome(client, listed)).toEqual(shown);
      expect(await outcome(client, locks)).toEqual(held);
      expect(await outcome(client, 'SELECT id, n FROM t ORDER BY id')).toEqual([
        [1, 1],
        [2, 2],
        [3, 3],
      ]);
      expect(await outcome(client, 'UPDATE t SET n = 0 WHERE id = 1')).toBe('55P03');
      expect(await outcome(client, 'SELECT id FROM t ORDER BY id FOR UPDATE SKIP LOCKED')).toEqual([]);
      expect(await outcome(client, 'SELECT id FROM t ORDER BY id FOR KEY SHARE SKIP LOCKED')).toEqual([[1], [3]]);
      expect(await outcome(client, `INSERT INTO t VALUES (5, 'four', 5)`)).toBe('55P03');
      expect(await outcome(client, `INSERT INTO t VALUES (4, 'another', 5)`)).toBe('55P03');
      expect(await outcome(client, 'DELETE FROM t WHERE id = 3')).toBe('55P03');
      expect(await outcome(client, 'SELECT id FROM seen ORDER BY id FOR SHARE SKIP LOCKED')).toEqual([[2]]);
      expect(await outcome(client, 'SELECT id FROM seen ORDER BY id FOR KEY SHARE NOWAIT')).toEqual([[1], [2]]);
      expect(await outcome(client, 'INSERT INTO seen VALUES (3, 3)')).toBe('55P03');
      expect(await outcome(client, 'DROP TABLE child')).toBe('55P03');
      expect(await outcome(client, 'SELECT pg_try_advisory_lock(7), pg_try_advisory_lock(1, 2), pg_try_advisory_lock(8)')).toEqual([
        [false, false, true],
      ]);
      expect(await outcome(client, 'BEGIN')).toEqual([]);
      expect(await outcome(client, `INSERT INTO t VALUES (9, 'nine', 9)`)).toEqual([]);
      expect(await outcome(client, `PREPARE TRANSACTION 'kept'`)).toBe('42710');

      const stranger = await connect('other');
      expect(await outcome(stranger, `COMMIT PREPARED 'kept'`)).toBe('42501');
      expect(await outcome(stranger, `ROLLBACK PREPARED 'kept'`)).toBe('42501');
      const keeper = await connect('keeper');
      expect(await outcome(keeper, `COMMIT PREPARED 'kept'`)).toEqual([]);
      expect(await outcome(keeper, `COMMIT PREPARED 'kept'`)).toBe('42704');
      await server.kill();
      await server.start();

      const after = await connect('keeper');
      expect(await outcome(after, listed)).toEqual([]);
      expect(await outcome(after, 'SELECT id, name, n FROM t ORDER BY id')).toEqual([
        [1, 'one', 10],
        [3, 'three', 3],
        [4, 'four', 4],
      ]);
      expect(await outcome(after, `SELECT id FROM t WHERE name = 'four'`)).toEqual([[4]]);
      expect(await outcome(after, 'SELECT * FROM child')).toEqual([[1, 3]]);
      expect(await outcome(after, 'SELECT * FROM notes')).toEqual([[1, 'of keeper']]);
      expect(await outcome(await connect('other'), 'SELECT * FROM notes')).toEqual([]);
      expect(await outcome(after, locks)).toEqual([]);
      expect(await outcome(after, 'UPDATE t SET n = 0')).toEqual([]);
    });
  }

  it('are rolled back after SIGKILL, and stay so', { timeout: 30_000 }, async () => {
    const before = await connect();
    await before.query(`BEGIN; UPDATE t SET n = 10; INSERT INTO t VALUES (4, 'four', 4); PREPARE TRANSACTION 'undone'`);
    await server.kill();
    await server.start();
    const client = await connect();
    const waiting = (await connect()).query(`SET lock_timeout = 0; UPDATE t SET n = n + 1 WHERE id = 1`);
    await client.query(`ROLLBACK PREPARED 'undone'`);
    await waiting;
    expect(await outcome(client, `INSERT INTO t VALUES (4, 'four', 44)`)).toEqual([]);
    await server.kill();
    await server.start();
    const after = await connect();
    expect(await outcome(after, 'SELECT id, n FROM t ORDER BY id')).toEqual([
      [1, 2],
      [2, 2],
      [3, 3],
      [4, 44],
    ]);
    expect(await outcome(after, 'SELECT count(*)::int FROM pg_prepared_xacts')).toEqual([[0]]);
  });

  it('carry DDL over SIGKILL', { timeout: 30_000 }, async () => {
    const before = await connect();
    await before.query(`
      BEGIN;
      CREATE TABLE fresh (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text);
      INSERT INTO fresh (name) VALUES ('a'), ('b');
      ALTER TABLE altered ADD COLUMN extra text DEFAULT 'x';
      CREATE INDEX t_n ON t (n);
      TRUNCATE seen;
      DROP TABLE child;
      PREPARE TRANSACTION 'ddl'`);
    await server.kill();
    await server.start();
    const client = await connect();
    expect(await outcome(client, 'SELECT * FROM fresh')).toBe('42P01');
    expect(await outcome(client, 'SELECT * FROM altered')).toBe('55P03');
    expect(await outcome(client, 'SELECT * FROM seen')).toBe('55P03');
    expect(await outcome(client, 'CREATE TABLE fresh (id int)')).toBe('55P03');
    const old = await connect();
    await old.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT * FROM t');
    await client.query(`COMMIT PREPARED 'ddl'`);
    expect(await outcome(old, 'SELECT id FROM t WHERE n = 3')).toEqual([[3]]);
    await client.query('SET enable_seqscan = off');
    const check = async (at: pg.Client): Promise<void> => {
      expect(await outcome(at, 'SELECT * FROM fresh ORDER BY id')).toEqual([
        [1, 'a'],
        [2, 'b'],
      ]);
      expect(await outcome(at, 'SELECT * FROM altered')).toEqual([]);
      expect(await outcome(at, `SELECT column_name FROM information_schema.columns WHERE table_name = 'altered' ORDER BY 1`)).toEqual([
        ['extra'],
        ['id'],
      ]);
      expect(await outcome(at, 'SELECT count(*)::int FROM seen')).toEqual([[0]]);
      expect(await outcome(at, 'SELECT * FROM child')).toBe('42P01');
      expect(await outcome(at, 'SELECT id FROM t WHERE n = 3')).toEqual([[3]]);
    };
    await check(client);
    expect(await outcome(client, `INSERT INTO fresh (name) VALUES ('c') RETURNING id > 2`)).toEqual([[true]]);
    await client.query('DELETE FROM fresh WHERE name = $1', ['c']);
    await server.kill();
    await server.start();
    await check(await connect());
  });

  it('stay serializable over SIGKILL', { timeout: 30_000 }, async () => {
    const before = await connect();
    await before.query(`
      BEGIN ISOLATION LEVEL SERIALIZABLE;
      SELECT sum(n) FROM seen;
      INSERT INTO t VALUES (4, 'four', 4);
      PREPARE TRANSACTION 'serializable'`);
    await server.kill();
    await server.start();
    const client = await connect();
    await client.query('BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT count(*) FROM t; UPDATE seen SET n = 9 WHERE id = 1');
    expect(await outcome(client, 'COMMIT')).toBe('40001');
    expect(await outcome(client, `COMMIT PREPARED 'serializable'`)).toEqual([]);
    await client.query('BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT count(*) FROM t; UPDATE seen SET n = 9 WHERE id = 1');
    expect(await outcome(client, 'COMMIT')).toEqual([]);
  });

  it('tell live queries when they commit', { timeout: 30_000 }, async () => {
    const before = await connect('keeper');
    await before.query(`INSERT INTO notes VALUES (1, 'old')`);
    await before.query(`BEGIN; UPDATE notes SET what = 'new'; INSERT INTO notes VALUES (2, 'two'); PREPARE TRANSACTION 'live'`);
    await server.kill();
    await server.start();
    const listener = await connect('keeper');
    const told: unknown[] = [];
    listener.on('notification', ({ payload }) => told.push(JSON.parse(payload ?? '')));
    await listener.query('LISTEN notes');
    const client = await connect();
    await client.query(`COMMIT PREPARED 'live'`);
    await expect.poll(() => told.length).toBe(2);
    expect(told).toMatchObject([
      { op: 'update', row: { id: 1, what: 'new' }, old: { what: 'old' } },
      { op: 'insert', row: { id: 2, what: 'two' } },
    ]);
  });

  it('are as many as max_prepared_transactions allows', { timeout: 30_000 }, async () => {
    const few = new ServerProcess({ label: 'prepared-few', args: ['--set', 'max_prepared_transactions=1'] });
    const none = new ServerProcess({ label: 'prepared-none', args: ['--set', 'max_prepared_transactions=0'] });
    for (const [other, expected] of [
      [few, [[], '53200']],
      [none, ['55000', '55000']],
    ] as const) {
      await other.start();
      const client = new pg.Client(other.connection);
      await client.connect();
      await client.query('BEGIN');
      const first = await outcome(client, `PREPARE TRANSACTION 'first'`);
      await client.query('BEGIN');
      expect([first, await outcome(client, `PREPARE TRANSACTION 'second'`)]).toEqual(expected);
      await client.end();
      await other.close();
    }
  });

  it('end once, whoever tries to end them', { timeout: 30_000 }, async () => {
    const observer = await connect();
    const clients = await Promise.all([connect(), connect(), connect()]);
    for (let i = 100; i < 150; i++) {
      await observer.query(`BEGIN; INSERT INTO seen VALUES (${i}, 0); PREPARE TRANSACTION 'once'`);
      const ends = clients.map((each, n) => outcome(each, `${n === i % 3 ? 'ROLLBACK' : 'COMMIT'} PREPARED 'once'`));
      const outcomes = await Promise.all(ends);
      expect(outcomes.filter((each) => typeof each !== 'string')).toHaveLength(1);
      for (const each of outcomes) expect([[], '42704', '55000']).toContainEqual(each);
      const isThere = ((await outcome(observer, `SELECT FROM seen WHERE id = ${i}`)) as unknown[]).length === 1;
      expect(isThere).toBe(typeof outcomes[i % 3] === 'string');
    }
  });

  it('are there, or not at all, when their session ends meanwhile', { timeout: 30_000 }, async () => {
    const client = await connect();
    for (let i = 0; i < 10; i++) {
      const victim = await connect();
      await victim.query(`BEGIN; INSERT INTO seen SELECT n, 0 FROM generate_series(${i * 1000 + 1000}, ${i * 1000 + 1999}) AS n`);
      const [[pid]] = (await outcome(victim, 'SELECT pg_backend_pid()')) as [[number]];
      const preparing = outcome(victim, `PREPARE TRANSACTION 'victim'`).catch(() => 'lost');
      await client.query('SELECT pg_terminate_backend($1)', [pid]);
      await preparing;
      await expect.poll(() => outcome(client, `SELECT count(*)::int FROM pg_stat_activity WHERE pid = ${pid}`)).toEqual([[0]]);
      const prepared = ((await outcome(client, 'SELECT FROM pg_prepared_xacts')) as unknown[]).length;
      if (prepared === 1) await client.query(`COMMIT PREPARED 'victim'`);
      expect(await outcome(client, `SELECT count(*)::int FROM seen WHERE id >= 1000`)).toEqual([[prepared * 1000]]);
      await client.query('DELETE FROM seen WHERE id >= 1000');
    }
  });

  it('may be large', { timeout: 60_000 }, async () => {
    const before = await connect();
    await before.query(
      `BEGIN; INSERT INTO t SELECT i, repeat(i::text, 5), i FROM generate_series(100, 20000) AS i; PREPARE TRANSACTION 'large'`,
    );
    await server.kill();
    await server.start();
    const client = await connect();
    expect(await outcome(client, `INSERT INTO t VALUES (19999, 'x', 0)`)).toBe('55P03');
    await client.query(`COMMIT PREPARED 'large'`);
    expect(await outcome(client, 'SELECT count(*)::int, max(id) FROM t')).toEqual([[19_904, 20_000]]);
    expect(await outcome(client, `SELECT id FROM t WHERE name = repeat('777', 5)`)).toEqual([[777]]);
  });
});
