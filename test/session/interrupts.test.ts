import { once } from 'node:events';
import { connect } from 'node:net';
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Fixture, failure, rows } from './fixture.js';

describe('what stops a statement or a session', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await Fixture.start();
    const admin = await fixture.connect();
    await admin.query('CREATE TABLE t (a int PRIMARY KEY, b int); INSERT INTO t VALUES (1, 1), (2, 2); CREATE ROLE plain LOGIN');
  });
  afterEach(() => fixture.reset());
  afterAll(() => fixture.close());

  const cancel = async (client: pg.Client): Promise<void> => {
    const { processID, secretKey } = client as unknown as { processID: number; secretKey: number };
    const socket = connect(fixture.server.port, '127.0.0.1');
    const request = Buffer.alloc(16);
    [16, 80_877_102, processID, secretKey].forEach((number, i) => {
      request.writeInt32BE(number, i * 4);
    });
    socket.write(request);
    await once(socket, 'close');
  };
  const soon = () => new Promise((resolve) => setTimeout(resolve, 50));
  /** The FATAL error that ends a connection, as the driver hears it. */
  const ended = (client: pg.Client) => once(client, 'error').then(([error]) => ({ code: error.code, message: error.message }));

  it('cancels a sleep, a long computation, a wait for a row and a COPY', async () => {
    const client = await fixture.connect();
    const other = await fixture.connect();
    await other.query('BEGIN; UPDATE t SET b = 9 WHERE a = 1');
    const long = 'SELECT count(*) FROM generate_series(1, 3000) a, generate_series(1, 3000) b WHERE a * b % 7 = 3';
    for (const text of ['SELECT pg_sleep(30)', long, 'UPDATE t SET b = 2 WHERE a = 1', 'LOCK TABLE t']) {
      const running = failure(client, text.startsWith('LOCK') ? `BEGIN; ${text}` : text);
      await soon();
      await cancel(client);
      expect(await running).toMatchObject({ code: '57014', message: 'canceling statement due to user request' });
      await client.query('ROLLBACK');
      expect(await rows(client, 'SELECT 1')).toEqual([[1]]);
    }
    await other.query('ROLLBACK');
  });

  it('ignores a cancel that comes too late', async () => {
    const client = await fixture.connect();
    await client.query('SELECT 1');
    await cancel(client);
    expect(await rows(client, 'SELECT 2')).toEqual([[2]]);
  });

  it('obeys statement_timeout in computations and waits, and lock_timeout', async () => {
    const client = await fixture.connect();
    const other = await fixture.connect();
    await other.query('BEGIN; UPDATE t SET b = 9 WHERE a = 1');
    await client.query("SET statement_timeout = '60ms'");
    const timedOut = { code: '57014', message: 'canceling statement due to statement timeout' };
    expect(await failure(client, 'SELECT pg_sleep(30)')).toMatchObject(timedOut);
    expect(await failure(client, 'SELECT count(*) FROM generate_series(1, 100000) a, generate_series(1, 100000) b')).toMatchObject(
      timedOut,
    );
    expect(await failure(client, 'UPDATE t SET b = 2 WHERE a = 1')).toMatchObject(timedOut);
    expect(await failure(client, 'UPDATE t SET b = $1 WHERE a = 1', [3])).toMatchObject(timedOut);
    await client.query("SET statement_timeout = 0; SET lock_timeout = '60ms'");
    expect(await failure(client, 'UPDATE t SET b = 2 WHERE a = 1')).toMatchObject({
      code: '55P03',
      message: 'canceling statement due to lock timeout',
    });
    await other.query('ROLLBACK');
  });

  it('lets others work during a long statement', async () => {
    const client = await fixture.connect();
    const other = await fixture.connect();
    const long = failure(client, 'SELECT count(*) FROM generate_series(1, 100000) a, generate_series(1, 100000) b');
    await soon();
    const start = performance.now();
    for (let i = 0; i < 5; i++) await other.query('SELECT 1');
    expect(performance.now() - start).toBeLessThan(1500);
    await cancel(client);
    await long;
  });

  it('ends a session by pg_terminate_backend, idle or not', async () => {
    const admin = await fixture.connect();
    const idle = await fixture.connect();
    const [[idlePid]] = (await rows(idle, 'SELECT pg_backend_pid()')) as [[number]];
    const idleEnd = ended(idle);
    expect(await rows(admin, 'SELECT pg_terminate_backend($1)', [idlePid])).toEqual([[true]]);
    const killed = { code: '57P01', message: 'terminating connection due to administrator command' };
    expect(await idleEnd).toEqual(killed);
    const busy = await fixture.connect();
    const [[busyPid]] = (await rows(busy, 'SELECT pg_backend_pid()')) as [[number]];
    const sleeping = failure(busy, 'SELECT pg_sleep(30)');
    await soon();
    await admin.query('SELECT pg_terminate_backend($1)', [busyPid]);
    expect(await sleeping).toMatchObject(killed);
    expect(await rows(admin, 'SELECT pg_terminate_backend(999999)')).toEqual([[false]]);
    const plain = await fixture.connect('plain');
    const [[adminPid]] = (await rows(admin, 'SELECT pg_backend_pid()')) as [[number]];
    expect(await failure(plain, 'SELECT pg_cancel_backend($1)', [adminPid])).toMatchObject({ code: '42501' });
  });

  it('ends sessions that idle too long, and transactions that last too long', async () => {
    const inTransaction = await fixture.connect('postgres', { options: '-c idle_in_transaction_session_timeout=60' });
    const first = ended(inTransaction);
    await inTransaction.query('BEGIN');
    expect(await first).toEqual({ code: '25P03', message: 'terminating connection due to idle-in-transaction timeout' });
    const idle = await fixture.connect('postgres', { options: '-c idle_session_timeout=60' });
    expect(await ended(idle)).toEqual({ code: '57P05', message: 'terminating connection due to idle-session timeout' });
    const lasting = await fixture.connect('postgres', { options: '-c transaction_timeout=100' });
    await lasting.query('BEGIN');
    expect(await failure(lasting, 'SELECT pg_sleep(30)')).toMatchObject({ code: '25P04' });
  });

  it('counts transaction_timeout from BEGIN over all statements, or from where a block sets it', async () => {
    const steady = await fixture.connect('postgres', { options: '-c transaction_timeout=150' });
    for (let i = 0; i < 5; i++) await steady.query('SELECT pg_sleep(0.05)');
    const idle = ended(steady);
    await steady.query('BEGIN');
    await steady.query('SELECT 1');
    expect(await idle).toEqual({ code: '25P04', message: 'terminating connection due to transaction timeout' });
    const late = await fixture.connect();
    const lateEnd = ended(late);
    await late.query('BEGIN');
    await late.query("SET LOCAL transaction_timeout = '60ms'");
    expect(await lateEnd).toMatchObject({ code: '25P04' });
    const lifted = await fixture.connect('postgres', { options: '-c transaction_timeout=100' });
    await lifted.query('BEGIN');
    await lifted.query('SET transaction_timeout = 0');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await rows(lifted, 'SELECT 1')).toEqual([[1]]);
    await lifted.query('COMMIT');
    const both = await fixture.connect('postgres', {
      options: '-c transaction_timeout=60 -c idle_in_transaction_session_timeout=5000 -c statement_timeout=5000',
    });
    await both.query('BEGIN');
    expect(await failure(both, 'SELECT pg_sleep(30)')).toMatchObject({ code: '25P04' });
  });

  it('leaves a transaction alone that is within idle_in_transaction_session_timeout, and ends a failed one too', async () => {
    const client = await fixture.connect('postgres', { options: '-c idle_in_transaction_session_timeout=200' });
    await client.query('BEGIN');
    for (let i = 0; i < 4; i++) {
      await new Promise((resolve) => setTimeout(resolve, 80));
      await client.query('SELECT 1');
    }
    await client.query('COMMIT');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await rows(client, 'SELECT 1')).toEqual([[1]]);
    const end = ended(client);
    await client.query('BEGIN');
    await failure(client, 'SELECT 1/0');
    expect(await end).toMatchObject({ code: '25P03' });
  });

  it('goes on with a block after a cancel within a savepoint', async () => {
    const client = await fixture.connect();
    const other = await fixture.connect();
    await other.query('BEGIN; UPDATE t SET b = 9 WHERE a = 1');
    await client.query('BEGIN; SAVEPOINT s');
    const waiting = failure(client, 'UPDATE t SET b = 2 WHERE a = 1');
    await soon();
    await cancel(client);
    await waiting;
    await client.query('ROLLBACK TO s');
    await other.query('ROLLBACK');
    await client.query('UPDATE t SET b = 3 WHERE a = 1');
    await client.query('COMMIT');
    expect(await rows(client, 'SELECT b FROM t WHERE a = 1')).toEqual([[3]]);
  });
});

it('lets running statements finish when the server closes, and ends the rest', async () => {
  const fixture = await Fixture.start();
  const idle = await fixture.connect();
  const quick = await fixture.connect();
  const slow = await fixture.connect();
  const idleEnd = once(idle, 'error');
  const finishing = rows(quick, "SELECT 'done' FROM pg_sleep(0.2)");
  const cut = failure(slow, 'SELECT pg_sleep(30)');
  await new Promise((resolve) => setTimeout(resolve, 50));
  const closing = fixture.server.close(600);
  expect(await finishing).toEqual([['done']]);
  expect((await idleEnd)[0]).toMatchObject({ code: '57P01' });
  expect(await cut).toMatchObject({ code: '57P01' });
  await closing;
  await expect(fixture.connect()).rejects.toThrow();
});
