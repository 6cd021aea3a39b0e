import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ServerProcess } from '../harness/server-process.js';

describe('transaction blocks', () => {
  const server = new ServerProcess({ label: 'blocks' });
  const open: pg.Client[] = [];
  beforeAll(() => server.start());
  afterEach(async () => {
    for (const client of open.splice(0)) await client.end();
  });
  afterAll(() => server.close());

  const connect = async (): Promise<pg.Client> => {
    const client = new pg.Client(server.connection);
    await client.connect();
    open.push(client);
    return client;
  };
  const column = async (client: pg.Client, sql: string): Promise<unknown[]> =>
    (await client.query({ text: sql, rowMode: 'array' })).rows.map((row: unknown[]) => row[0]);

  /** Many statements in one message: what is measured is the server. */
  const repeat = (count: number, statement: (i: number) => string): string =>
    Array.from({ length: count }, (_, i) => statement(i)).join(';');

  describe('with 10,000 savepoints in each other', () => {
    const DEEP = 10_000;

    it('roll back to any of them and release them', async () => {
      const client = await connect();
      await client.query('CREATE TABLE deep (id int PRIMARY KEY, n int); INSERT INTO deep VALUES (-1, 0)');
      await client.query('BEGIN');
      await client.query(
        repeat(DEEP, (i) => `SAVEPOINT s${i}; INSERT INTO deep VALUES (${i}, 0); UPDATE deep SET n = n + 1 WHERE id = -1`),
      );
      expect(await column(client, 'SELECT n FROM deep WHERE id = -1')).toEqual([DEEP]);
      await client.query('ROLLBACK TO s7500');
      expect(await column(client, 'SELECT count(*)::int FROM deep')).toEqual([7501]);
      await client.query(repeat(2500, (i) => `RELEASE s${7500 - i}`));
      expect(await column(client, 'SELECT n FROM deep WHERE id = -1')).toEqual([7500]);
      await client.query(repeat(2500, (i) => `ROLLBACK TO s${5000 - i}`));
      expect(await column(client, 'SELECT n FROM deep WHERE id = -1')).toEqual([2501]);
      await expect(client.query('SELECT 1 / 0')).rejects.toMatchObject({ code: '22012' });
      await client.query('ROLLBACK TO s1000; RELEASE s500');
      await expect(client.query('ROLLBACK TO s500')).rejects.toMatchObject({ code: '3B001' });
      await client.query('ROLLBACK TO s0; INSERT INTO deep VALUES (0, 1); COMMIT');
      expect(await column(client, 'SELECT id FROM deep ORDER BY id')).toEqual([-1, 0]);
    });

    it('take time and memory in proportion', async () => {
      const client = await connect();
      await client.query('CREATE TABLE wide (id int PRIMARY KEY, n int); INSERT INTO wide VALUES (-1, 0)');
      const run = async (depth: number): Promise<number> => {
        const start = performance.now();
        await client.query('BEGIN');
        await client.query(repeat(depth, (i) => `SAVEPOINT s; SET LOCAL work_mem = ${1000 + i}; INSERT INTO wide VALUES (${i}, 0)`));
        await client.query(repeat(depth / 2, () => 'ROLLBACK TO s; RELEASE s'));
        await client.query('ROLLBACK');
        return performance.now() - start;
      };
      await run(1000);
      const shallow = await run(1000);
      const deep = await run(DEEP);
      // Ten times as much; a machine that does other things besides may be uneven, squares would be a hundred times.
      expect(deep / shallow).toBeLessThan(40);
    });
  });

  it('import a snapshot that another has exported', async () => {
    const [lender, borrower, writer] = [await connect(), await connect(), await connect()];
    await writer.query('CREATE TABLE lent (id int PRIMARY KEY); INSERT INTO lent VALUES (1)');
    await lender.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    const [id] = await column(lender, 'SELECT pg_export_snapshot()');
    await lender.query('INSERT INTO lent VALUES (2)');
    await writer.query('INSERT INTO lent VALUES (3)');
    await borrower.query(`BEGIN ISOLATION LEVEL REPEATABLE READ; SET TRANSACTION SNAPSHOT '${String(id)}'`);
    expect(await column(borrower, 'SELECT id FROM lent')).toEqual([1]);
    await lender.query('COMMIT');
    expect(await column(borrower, 'SELECT id FROM lent')).toEqual([1]);
    await borrower.query('COMMIT');
    expect(await column(borrower, 'SELECT id FROM lent ORDER BY id')).toEqual([1, 2, 3]);
    await borrower.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    await expect(borrower.query(`SET TRANSACTION SNAPSHOT '${String(id)}'`)).rejects.toMatchObject({ code: '22023' });
    await borrower.query('ROLLBACK');

    await lender.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const [plain] = await column(lender, 'SELECT pg_export_snapshot()');
    await borrower.query('BEGIN ISOLATION LEVEL SERIALIZABLE');
    await expect(borrower.query(`SET TRANSACTION SNAPSHOT '${String(plain)}'`)).rejects.toMatchObject({ code: '0A000' });
    await borrower.query('ROLLBACK');
    await lender.query('ROLLBACK; BEGIN ISOLATION LEVEL SERIALIZABLE');
    const [strict] = await column(lender, 'SELECT pg_export_snapshot()');
    await borrower.query(`BEGIN ISOLATION LEVEL SERIALIZABLE; SET TRANSACTION SNAPSHOT '${String(strict)}'; SELECT * FROM lent`);
    await writer.query('INSERT INTO lent VALUES (4)');
    await borrower.query('CREATE TABLE other (id int)');
    await expect(borrower.query('COMMIT')).rejects.toMatchObject({ code: '40001' });
    await lender.query('ROLLBACK');
  });

  it('have numbers that never come again', async () => {
    const numbers: number[] = [];
    const own = new ServerProcess({ label: 'numbers' });
    await own.start();
    for (const end of [() => own.kill(), () => own.stop(), () => own.stop()]) {
      const client = new pg.Client(own.connection);
      client.on('error', () => undefined);
      await client.connect();
      for (let i = 0; i < 3; i++) numbers.push(...(await column(client, 'SELECT txid_current()')).map(Number));
      expect(await column(client, 'SELECT age(backend_xid) FROM pg_stat_activity WHERE backend_xid IS NOT NULL')).toEqual([]);
      await client.query('BEGIN; CREATE TABLE t (id int)');
      expect(await column(client, 'SELECT age(backend_xid) FROM pg_stat_activity WHERE backend_xid IS NOT NULL')).toEqual([0]);
      await end();
      await own.start();
      await client.end().catch(() => undefined);
    }
    expect([...new Set(numbers)].sort((a, b) => a - b)).toEqual(numbers);
    await own.close();
  });

  it('begin when their first statement begins', async () => {
    const client = await connect();
    expect(await column(client, 'SELECT now() = statement_timestamp() AND now() < clock_timestamp()')).toEqual([true]);
    await client.query('BEGIN');
    const begun = await column(client, 'SELECT now()::text');
    expect(await column(client, 'SELECT now() < statement_timestamp()')).toEqual([true]);
    await client.query('COMMIT AND CHAIN');
    expect(await column(client, 'SELECT now()::text')).not.toEqual(begun);
    await client.query('ROLLBACK');
  });

  it('show how old their snapshots are, and are given up when one is too old', async () => {
    const strict = new ServerProcess({ label: 'old-snapshots', args: ['--set', 'kalamdb.max_snapshot_age=1s'] });
    await strict.start();
    const open = async (): Promise<pg.Client> => {
      const client = new pg.Client(strict.connection);
      await client.connect();
      return client;
    };
    const [reader, writer] = [await open(), await open()];
    const failure = (client: pg.Client, text: string) =>
      client.query(text).then(
        () => undefined,
        (error: unknown) => error,
      );
    await writer.query('CREATE TABLE t (id int)');
    const [pid] = await column(reader, 'SELECT pg_backend_pid()');
    const sessions = (what: string) => column(writer, `SELECT ${what} FROM system.sessions WHERE pid = ${String(pid)}`);
    const begin = 'BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT * FROM t; SAVEPOINT a';

    await reader.query(begin);
    expect(await sessions('snapshot_behind::int')).toEqual([0]);
    await new Promise((resolve) => setTimeout(resolve, 1700));
    // Nothing was committed since, so that it holds nothing back.
    expect(await sessions('snapshot_age > 1.5')).toEqual([true]);
    await writer.query('INSERT INTO t VALUES (1)');
    await writer.query('INSERT INTO t VALUES (2)');
    await expect.poll(() => sessions('snapshot_age'), { timeout: 5000 }).toEqual([null]);
    expect(await failure(reader, 'SELECT * FROM t')).toMatchObject({ code: '72000', severity: 'ERROR', message: 'snapshot too old' });
    expect(await failure(reader, 'SELECT * FROM t')).toMatchObject({ code: '25P02' });
    expect(await failure(reader, 'ROLLBACK TO a')).toMatchObject({ code: '3B001' });
    await reader.query('ROLLBACK');

    await reader.query(begin);
    await writer.query('INSERT INTO t VALUES (3)');
    await expect.poll(() => sessions('snapshot_age'), { timeout: 5000 }).toEqual([null]);
    expect(await failure(reader, 'COMMIT')).toMatchObject({ code: '72000' });
    expect(await column(reader, 'SELECT count(*)::int FROM t')).toEqual([3]);

    const long = failure(
      reader,
      'SELECT count(*) FROM generate_series(1, 1000) a, generate_series(1, 1000) b, generate_series(1, 1000) c, t',
    );
    await writer.query('INSERT INTO t VALUES (4)');
    expect(await long).toMatchObject({ code: '72000' });
    expect(await column(reader, 'SELECT count(*)::int FROM t')).toEqual([4]);
    await Promise.all([reader.end(), writer.end()]);
    await strict.close();
  }, 30_000);
});
