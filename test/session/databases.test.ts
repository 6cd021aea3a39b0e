import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { decodeDescriptor, descriptorKey, encodeDescriptor } from '../../src/catalog/descriptor-codec.js';
import { SpaceName } from '../../src/commons/space-name.js';
import { SystemSpace } from '../../src/commons/system-names.js';
import { createServer, type KalamServer } from '../../src/server.js';
import { IdleCatalogs } from '../../src/session/idle-catalogs.js';
import { openLmdbStore } from '../../src/store/lmdb/lmdb-store.js';
import type { WriteOperation } from '../../src/store/store.js';
import { temporaryDirectory } from '../harness/temporary-directory.js';
import { Fixture, failure, rows } from './fixture.js';

/** Databases as sessions see them: who may connect, who is in whose way, and what each has for itself. */
describe('databases', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await Fixture.start({ max_prepared_transactions: '5' });
  });
  afterEach(() => fixture.reset());
  afterAll(() => fixture.close());

  const connect = (database: string, user = 'postgres') => fixture.connect(user, { database });
  const refused = async (database: string, user = 'postgres') => {
    try {
      await connect(database, user);
    } catch (error) {
      const { severity, code, message, detail } = error as pg.DatabaseError;
      return [severity, code, message, detail];
    }
    return undefined;
  };
  const spaces = async () => [...(await fixture.server.parts.transactions.store.spaces())].sort();

  it('refuse who may not come in', async () => {
    const admin = await connect('postgres');
    await admin.query('CREATE ROLE guest LOGIN');
    await admin.query('CREATE DATABASE room');
    expect(await refused('nowhere')).toEqual(['FATAL', '3D000', 'database "nowhere" does not exist', undefined]);
    expect(await refused('template0')).toEqual([
      'FATAL',
      '55000',
      'database "template0" is not currently accepting connections',
      undefined,
    ]);
    await admin.query('ALTER DATABASE room ALLOW_CONNECTIONS false');
    expect(await refused('room')).toEqual(['FATAL', '55000', 'database "room" is not currently accepting connections', undefined]);
    await admin.query('ALTER DATABASE room ALLOW_CONNECTIONS true CONNECTION LIMIT 1');
    const first = await connect('room', 'guest');
    expect(await refused('room', 'guest')).toEqual(['FATAL', '53300', 'too many connections for database "room"', undefined]);
    await connect('room');
    await first.end();
    await admin.query('ALTER DATABASE room CONNECTION LIMIT -1');
    await admin.query('REVOKE CONNECT ON DATABASE room FROM PUBLIC');
    expect(await refused('room', 'guest')).toEqual([
      'FATAL',
      '42501',
      'permission denied for database "room"',
      'User does not have CONNECT privilege.',
    ]);
    await fixture.reset();
    const again = await connect('postgres');
    await again.query('DROP DATABASE room');
    await again.query('DROP ROLE guest');
  });

  it('are not dropped while somebody is connected', async () => {
    const admin = await connect('postgres');
    await admin.query('CREATE DATABASE busy');
    const guest = await connect('busy');
    const drop = await failure(admin, 'DROP DATABASE busy');
    const detail = 'There is 1 other session using the database.';
    expect(drop).toMatchObject({ code: '55006', message: 'database "busy" is being accessed by other users', detail });
    await guest.query('SELECT 1');
    // Whoever is just leaving is waited for.
    const dropping = admin.query('DROP DATABASE busy');
    await guest.end();
    await dropping;
    expect(await refused('busy')).toEqual(['FATAL', '3D000', 'database "busy" does not exist', undefined]);
  }, 30_000);

  it('are dropped with force', async () => {
    const admin = await connect('postgres');
    await admin.query('CREATE DATABASE crowded');
    const guests = await Promise.all([1, 2, 3].map(() => connect('crowded')));
    const [idle, , sleeping] = guests;
    const slept = sleeping === undefined ? undefined : failure(sleeping, 'SELECT pg_sleep(20)');
    await idle?.query('BEGIN; CREATE TABLE t (a int)');
    await admin.query('DROP DATABASE crowded WITH (FORCE)');
    expect(await slept).toMatchObject({ code: '57P01', message: 'terminating connection due to administrator command' });
    expect(await rows(admin, `SELECT 1 FROM pg_database WHERE datname = 'crowded'`)).toEqual([]);
  });

  it('let who connects wait while they are being dropped or copied', async () => {
    const admin = await connect('postgres');
    await admin.query('CREATE DATABASE going');
    const guest = await connect('going');
    const dropping = admin.query('DROP DATABASE going');
    await expect.poll(() => fixture.server.parts.transactions.locks.list().some(({ mode }) => mode === 'ACCESS EXCLUSIVE')).toBe(true);
    const late = refused('going');
    await guest.end();
    await dropping;
    expect(await late).toEqual(['FATAL', '3D000', 'database "going" does not exist', undefined]);
  });

  it('are dropped once', async () => {
    const [a, b] = [await connect('postgres'), await connect('postgres')];
    await a.query('CREATE DATABASE twice');
    const outcomes = await Promise.allSettled([a.query('DROP DATABASE twice'), b.query('DROP DATABASE twice')]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    expect(failed?.status === 'rejected' && failed.reason).toMatchObject({ code: '3D000' });
    const makers = await Promise.allSettled([a.query('CREATE DATABASE once'), b.query('CREATE DATABASE once')]);
    expect(makers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(makers.find((outcome) => outcome.status === 'rejected')).toMatchObject({ reason: { code: '42P04' } });
    await a.query('DROP DATABASE once');
  });

  it('take their rows and their catalog with them', async () => {
    const admin = await connect('postgres');
    const before = await spaces();
    await admin.query('CREATE DATABASE made');
    const inside = await connect('made');
    await inside.query(`
      CREATE TABLE shared (a int, b text UNIQUE); INSERT INTO shared SELECT i, 'b' || i FROM generate_series(1, 2000) AS i;
      CREATE TABLE own (a int PRIMARY KEY, b text) WITH (type = 'user'); CREATE INDEX ON own (b); INSERT INTO own VALUES (1, 'mine');
      CREATE SEQUENCE counter; SELECT nextval('counter')`);
    await inside.end();
    await admin.query('CREATE DATABASE copied TEMPLATE made');
    const copied = await connect('copied');
    expect(await rows(copied, `SELECT count(*)::int, (SELECT b FROM own), nextval('counter')::int FROM shared`)).toEqual([
      [2000, 'mine', 2],
    ]);
    expect(await rows(copied, `SELECT a FROM shared WHERE b = 'b77'`)).toEqual([[77]]);
    await copied.end();
    expect((await spaces()).length).toBeGreaterThan(before.length + 8);
    await admin.query('DROP DATABASE made');
    await admin.query('DROP DATABASE copied');
    await expect.poll(spaces, { timeout: 5000 }).toEqual(before);
  });

  it('leave nothing behind when making them fails', async () => {
    const admin = await connect('postgres');
    const before = await spaces();
    await admin.query('CREATE DATABASE large');
    const inside = await connect('large');
    await inside.query(`CREATE TABLE t (a int, b text); INSERT INTO t SELECT i, repeat('x', 1000) FROM generate_series(1, 5000) AS i`);
    await inside.end();
    await admin.query('SET statement_timeout = 15');
    expect(await failure(admin, 'CREATE DATABASE copy TEMPLATE large')).toMatchObject({ code: '57014' });
    await admin.query('RESET statement_timeout');
    expect(await rows(admin, `SELECT 1 FROM pg_database WHERE datname = 'copy'`)).toEqual([]);
    await admin.query('CREATE DATABASE copy TEMPLATE large');
    await admin.query('DROP DATABASE copy');
    await admin.query('DROP DATABASE large');
    await expect.poll(spaces, { timeout: 5000 }).toEqual(before);
  });

  it('have channels, live queries, advisory locks and snapshots of their own', async () => {
    const admin = await connect('postgres');
    await admin.query('CREATE DATABASE left_one');
    const left = await connect('left_one');
    await left.query(`CREATE TABLE t (a int PRIMARY KEY) WITH (type = 'user')`);
    await left.end();
    await admin.query('CREATE DATABASE right_one TEMPLATE left_one');
    const [l, r] = [await connect('left_one'), await connect('right_one')];
    const heard: string[] = [];
    for (const client of [l, r])
      client.on('notification', ({ channel, payload }) => heard.push(`${client === l ? 'left' : 'right'} ${channel} ${payload}`));
    for (const client of [l, r]) await client.query('LISTEN news; LISTEN t');
    await r.query('INSERT INTO t VALUES (1)');
    await r.query(`NOTIFY news, 'from the right'`);
    await admin.query(`NOTIFY news, 'from elsewhere'`);
    await l.query('DROP TABLE t');
    await l.query('SELECT 1');
    await r.query('INSERT INTO t VALUES (2)');
    await expect.poll(() => heard.length).toBe(4);
    expect(heard.map((line) => line.replace(/"seq":"\d+"/, '"seq":"n"'))).toEqual([
      'right t {"op":"insert","seq":"n","key":{"a":1},"row":{"a":1},"last":true}',
      'right news from the right',
      'left t {"op":"end","reason":"t was dropped"}',
      'right t {"op":"insert","seq":"n","key":{"a":2},"row":{"a":2},"last":true}',
    ]);
    expect(await rows(r, 'SELECT pg_try_advisory_lock(1)')).toEqual([[true]]);
    expect(await rows(l, 'SELECT pg_try_advisory_lock(1)')).toEqual([[true]]);
    await l.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    const [[snapshot]] = (await rows(l, 'SELECT pg_export_snapshot()')) as [[string]];
    await r.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    expect(await failure(r, `SET TRANSACTION SNAPSHOT '${snapshot}'`)).toMatchObject({
      code: '0A000',
      message: 'cannot import a snapshot from a different database',
    });
    await fixture.reset();
    const last = await connect('postgres');
    await last.query('DROP DATABASE left_one');
    await last.query('DROP DATABASE right_one');
  });

  it('do not wait for each other: the same numbers are other objects', async () => {
    const admin = await connect('postgres');
    await admin.query('CREATE DATABASE one');
    const maker = await connect('one');
    await maker.query('CREATE TABLE t (a int PRIMARY KEY, b int); INSERT INTO t VALUES (1, 1)');
    await maker.end();
    await admin.query('CREATE DATABASE two TEMPLATE one');
    const [a, b] = [await connect('one'), await connect('two')];
    const oid = `SELECT 't'::regclass::oid::int`;
    expect(await rows(a, oid)).toEqual(await rows(b, oid));
    await a.query('BEGIN; LOCK TABLE t IN ACCESS EXCLUSIVE MODE');
    await b.query('UPDATE t SET b = 2');
    await a.query('ALTER TABLE t ADD c text DEFAULT $$one$$');
    await a.query('COMMIT');
    // The same text is planned for each.
    for (let i = 0; i < 3; i++) {
      expect(await rows(a, 'SELECT * FROM t WHERE a = 1')).toEqual([[1, 1, 'one']]);
      expect(await rows(b, 'SELECT * FROM t WHERE a = 1')).toEqual([[1, 2]]);
    }
    await fixture.reset();
    const last = await connect('postgres');
    await last.query('DROP DATABASE one');
    await last.query('DROP DATABASE two');
  });

  it('keep their prepared transactions', async () => {
    const admin = await connect('postgres');
    await admin.query('CREATE DATABASE prepared');
    const inside = await connect('prepared');
    await inside.query('CREATE TABLE t (a int)');
    await inside.query('BEGIN; INSERT INTO t VALUES (1); CREATE TABLE u (a int)');
    await inside.query(`PREPARE TRANSACTION 'there'`);
    await inside.end();
    expect(await failure(admin, `COMMIT PREPARED 'there'`)).toMatchObject({
      code: '0A000',
      message: 'prepared transaction belongs to another database',
      hint: 'Connect to the database where the transaction was prepared to finish it.',
    });
    expect(await rows(admin, 'SELECT gid, database FROM pg_prepared_xacts')).toEqual([['there', 'prepared']]);
    expect(await failure(admin, 'DROP DATABASE prepared')).toMatchObject({
      code: '55006',
      detail: 'There is 1 prepared transaction using the database.',
    });
    expect(await failure(admin, 'DROP DATABASE prepared WITH (FORCE)')).toMatchObject({
      code: '55006',
      message: 'database "prepared" is being used by prepared transactions',
    });
    const again = await connect('prepared');
    await again.query(`COMMIT PREPARED 'there'`);
    expect(await rows(again, 'SELECT (SELECT count(*)::int FROM t), (SELECT count(*)::int FROM u)')).toEqual([[1, 0]]);
    await again.end();
    await admin.query('DROP DATABASE prepared');
  }, 30_000);

  it('may have a default type of tables each', async () => {
    const admin = await connect('postgres');
    await admin.query('CREATE DATABASE apps');
    await admin.query(`ALTER DATABASE apps SET kalamdb.default_table_type = 'user'`);
    const inside = await connect('apps');
    await inside.query('CREATE TABLE t (a int PRIMARY KEY)');
    await admin.query('CREATE TABLE t_of_all (a int PRIMARY KEY)');
    const type = (table: string) => `SELECT reloptions FROM pg_class WHERE relname = '${table}'`;
    expect(await rows(inside, type('t'))).toEqual([[['type=user']]]);
    expect(await rows(admin, type('t_of_all'))).toEqual([[null]]);
    await inside.end();
    await admin.query('DROP TABLE t_of_all');
    await admin.query('DROP DATABASE apps');
  });

  it('are read again when they were left for long', async () => {
    const admin = await connect('postgres');
    await admin.query('CREATE DATABASE left_alone');
    const maker = await connect('left_alone');
    await maker.query('CREATE TABLE t (a int); INSERT INTO t VALUES (1)');
    const { catalogs } = fixture.server.parts;
    const idle = new IdleCatalogs(fixture.server.parts, 0);
    const opened = () => {
      idle.look();
      return Array.from(catalogs.opened(), (catalog) => catalog.committed.database().name);
    };
    idle.look();
    expect(opened()).toContain('left_alone');
    await maker.end();
    await expect.poll(opened).not.toContain('left_alone');
    expect(opened()).toContain('postgres');
    await admin.query('CREATE ROLE meanwhile');
    const [a, b] = await Promise.all([connect('left_alone'), connect('left_alone')]);
    await a.query('ALTER TABLE t ADD b int DEFAULT 2; ALTER TABLE t OWNER TO meanwhile');
    expect(await rows(b, 'SELECT * FROM t')).toEqual([[1, 2]]);
    await a.end();
    await b.end();
    await admin.query('DROP DATABASE left_alone');
    await admin.query('DROP ROLE meanwhile');
  });

  it('may be dropped and made anew, the first one too', async () => {
    const client = await connect('template1');
    const at = await connect('postgres');
    await at.query('CREATE TABLE t (a int); INSERT INTO t VALUES (1)');
    await at.end();
    await client.query('DROP DATABASE postgres');
    expect(await refused('postgres')).toEqual(['FATAL', '3D000', 'database "postgres" does not exist', undefined]);
    await client.query('CREATE ROLE other');
    await client.query('CREATE DATABASE postgres TEMPLATE template0');
    const again = await connect('postgres');
    expect(await failure(again, 'SELECT * FROM t')).toMatchObject({ code: '42P01' });
    expect(await rows(again, 'SELECT nspname FROM pg_namespace WHERE oid = 2200')).toEqual([['public']]);
    await again.query('DROP ROLE other');
  });
});

/** Makes of a data directory what one was when there was one database. */
async function asOfOneDatabase(directory: string): Promise<void> {
  const store = await openLmdbStore(directory);
  const catalog = store.space(SpaceName.system(SystemSpace.catalog));
  const changes: WriteOperation[] = [];
  const snapshot = store.snapshot();
  const scan = snapshot.scan(catalog, {});
  while (await scan.next()) {
    const object = decodeDescriptor(scan.value);
    if (object.kind !== 'database') continue;
    const { allowsConnections: _, storage, comment: __, ...before } = object;
    const key = descriptorKey('database', object.oid);
    if (storage === undefined) changes.push({ op: 'put', space: catalog, key, value: encodeDescriptor(before) });
    else changes.push({ op: 'delete', space: catalog, key }, { op: 'delete range', space: store.space(SpaceName.catalog(storage)) });
  }
  scan.close();
  snapshot.release();
  await store.write(changes);
  await store.close();
}

describe('a data directory from before there were several databases', () => {
  const directory = temporaryDirectory('old');
  afterAll(() => directory.remove());

  it('has what it had in database postgres, and the templates beside it', async () => {
    const start = () => createServer({ host: '127.0.0.1', port: 0, data: directory.path, trust: true });
    const connected = async (server: KalamServer, database = 'postgres') => {
      const client = new pg.Client({ host: '127.0.0.1', port: server.port, user: 'postgres', database });
      await client.connect();
      return client;
    };
    let server = await start();
    let client = await connected(server);
    await client.query(
      `CREATE ROLE someone; CREATE TABLE t (a int PRIMARY KEY); INSERT INTO t VALUES (1), (2); COMMENT ON DATABASE postgres IS 'mine'`,
    );
    await client.end();
    await server.close(100);
    await asOfOneDatabase(directory.path);
    for (let times = 0; times < 2; times++) {
      server = await start();
      client = await connected(server);
      expect(await rows(client, 'SELECT a FROM t ORDER BY a')).toEqual([[1], [2]]);
      expect(await rows(client, 'SELECT datname, datallowconn, datistemplate FROM pg_database ORDER BY oid')).toEqual([
        ['template1', true, true],
        ['template0', false, true],
        ['postgres', true, false],
      ]);
      expect(await rows(client, `SELECT 1 FROM pg_roles WHERE rolname = 'someone'`)).toEqual([[1]]);
      await client.query('CREATE DATABASE made');
      const inside = await connected(server, 'made');
      expect(await rows(inside, `SELECT to_regclass('t'), nspname FROM pg_namespace WHERE nspname = 'public'`)).toEqual([[null, 'public']]);
      await inside.end();
      await client.query('DROP DATABASE made');
      await client.end();
      await server.close(100);
    }
  });
});
