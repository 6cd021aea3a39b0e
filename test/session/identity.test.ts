import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Fixture, failure, rows } from './fixture.js';

describe('who a session acts for', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await Fixture.start();
    const admin = await fixture.connect();
    await admin.query(`
      CREATE ROLE app LOGIN IN ROLE kalamdb_service;
      CREATE ROLE operator LOGIN IN ROLE kalamdb_admin;
      CREATE ROLE alice LOGIN;
      CREATE ROLE bob LOGIN;
      GRANT alice TO app;
      CREATE TABLE notes (id int PRIMARY KEY, text text) WITH (type = 'user');
      GRANT ALL ON notes TO app, operator, alice, bob;
    `);
    for (const user of ['alice', 'bob']) {
      const client = await fixture.connect(user);
      await client.query('INSERT INTO notes VALUES (1, current_user)');
    }
  });
  afterEach(() => fixture.reset());
  afterAll(() => fixture.close());

  const TEXTS = 'SELECT text FROM notes ORDER BY text';

  it('is the current role, unless a service says otherwise', async () => {
    const app = await fixture.connect('app');
    expect(await rows(app, TEXTS)).toEqual([]);
    await app.query("SET kalamdb.user_id = 'alice'");
    expect(await rows(app, TEXTS)).toEqual([['alice']]);
    expect(await rows(app, 'SELECT current_user')).toEqual([['app']]);
    await app.query("SET kalamdb.user_id = 'somebody without a role'");
    await app.query("INSERT INTO notes VALUES (1, 'end user')");
    expect(await rows(app, TEXTS)).toEqual([['end user']]);
    await app.query('RESET kalamdb.user_id');
    expect(await rows(app, TEXTS)).toEqual([]);
    await app.query('SET ROLE alice');
    expect(await rows(app, TEXTS)).toEqual([['alice']]);
    expect(await failure(app, 'SET ROLE bob')).toMatchObject({ code: '42501', message: 'permission denied to set role "bob"' });
  });

  it('lasts as long as SET LOCAL says, with the same cached statement', async () => {
    const app = await fixture.connect('app');
    const select = { name: 'texts', text: TEXTS, rowMode: 'array' as const };
    for (const user of ['alice', 'bob', 'alice']) {
      await app.query('BEGIN');
      await app.query(`SET LOCAL kalamdb.user_id = '${user}'`);
      expect((await app.query(select)).rows).toEqual([[user]]);
      await app.query(user === 'bob' ? 'ROLLBACK' : 'COMMIT');
      expect((await app.query(select)).rows).toEqual([]);
    }
    await app.query('BEGIN; SAVEPOINT s; SET LOCAL kalamdb.user_id = alice; ROLLBACK TO s');
    expect((await app.query(select)).rows).toEqual([]);
    await app.query('COMMIT');
  });

  it('may be set at the start, by whoever may set it at all', async () => {
    const app = await fixture.connect('app', { options: '-c kalamdb.user_id=bob' });
    expect(await rows(app, TEXTS)).toEqual([['bob']]);
    await expect(fixture.connect('alice', { options: '-c kalamdb.user_id=bob' })).rejects.toMatchObject({ code: '42501' });
  });

  it('is refused to others, also by set_config, and when the right is taken away', async () => {
    const alice = await fixture.connect('alice');
    const denied = { code: '42501', message: 'permission denied to set parameter "kalamdb.user_id"' };
    expect(await failure(alice, "SET kalamdb.user_id = 'bob'")).toMatchObject(denied);
    expect(await failure(alice, "SELECT set_config('kalamdb.user_id', 'bob', false)")).toMatchObject(denied);
    expect(await failure(alice, 'SET kalamdb.all_users = on')).toMatchObject({ code: '42501' });
    expect(await failure(alice, 'SET SESSION AUTHORIZATION bob')).toMatchObject({ code: '42501' });
    expect(await rows(alice, TEXTS)).toEqual([['alice']]);
    const admin = await fixture.connect();
    await admin.query('CREATE ROLE gone LOGIN IN ROLE kalamdb_service; GRANT ALL ON notes TO gone');
    const gone = await fixture.connect('gone');
    await gone.query("SET kalamdb.user_id = 'alice'");
    expect(await rows(gone, TEXTS)).toEqual([['alice']]);
    await admin.query('REVOKE kalamdb_service FROM gone');
    expect(await failure(gone, TEXTS)).toMatchObject(denied);
    await gone.query('RESET kalamdb.user_id');
    expect(await rows(gone, TEXTS)).toEqual([]);
  });

  it('is everybody for administrators who ask for it, and never by default', async () => {
    const operator = await fixture.connect('operator');
    expect(await rows(operator, TEXTS)).toEqual([]);
    await operator.query('SET kalamdb.all_users = on');
    expect(await rows(operator, "SELECT _user_id, text FROM notes WHERE text IN ('alice', 'bob') ORDER BY 1")).toEqual([
      ['alice', 'alice'],
      ['bob', 'bob'],
    ]);
    await operator.query('RESET kalamdb.all_users');
    expect(await rows(operator, TEXTS)).toEqual([]);
    // In the name of a user, an administrator is that user.
    const admin = await fixture.connect();
    await admin.query('SET kalamdb.all_users = on; SET ROLE alice');
    expect(await rows(admin, TEXTS)).toEqual([['alice']]);
  });

  it('ends live queries of the user it no longer acts for', async () => {
    const app = await fixture.connect('app');
    const notices: string[] = [];
    const payloads: string[] = [];
    app.on('notice', (notice) => notices.push(notice.message ?? ''));
    app.on('notification', ({ payload }) => payloads.push(payload ?? ''));
    await app.query("SET kalamdb.user_id = 'alice'");
    await app.query('LISTEN notes');
    await app.query("SET kalamdb.user_id = 'bob'");
    expect(notices).toEqual(['a live query ended: the session acts for another user now']);
    const alice = await fixture.connect('alice');
    await alice.query("INSERT INTO notes VALUES (50, 'unheard')");
    await app.query('SELECT 1');
    expect(payloads).toEqual([]);
  });

  it('starts with what the role and the database say', async () => {
    const admin = await fixture.connect();
    await admin.query(
      "ALTER ROLE alice SET work_mem = '7MB'; ALTER DATABASE postgres SET work_mem = '6MB'; ALTER DATABASE postgres SET application_name = 'db'",
    );
    const alice = await fixture.connect('alice');
    expect(await rows(alice, "SELECT current_setting('work_mem'), current_setting('application_name')")).toEqual([['7MB', 'db']]);
    await alice.query("SET work_mem = '8MB'; RESET work_mem");
    expect(await rows(alice, 'SHOW work_mem')).toEqual([['7MB']]);
    const bob = await fixture.connect('bob', { application_name: 'mine' });
    expect(await rows(bob, "SELECT current_setting('work_mem'), current_setting('application_name')")).toEqual([['6MB', 'mine']]);
    await admin.query('ALTER ROLE alice RESET ALL; ALTER DATABASE postgres RESET ALL');
  });
});
