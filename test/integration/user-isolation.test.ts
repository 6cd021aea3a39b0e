import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, ServerProcess } from '../harness/server-process.js';

/** Fifty users on one user table: through every path that reaches rows, each must see, change, count and be told of its own only. */
const USERS = 50;
const ROWS = 8;
const names = Array.from({ length: USERS }, (_, i) => `user_${i}`);

describe('rows of a user table', () => {
  const server = new ServerProcess({ label: 'isolation' });
  let admin: pg.Client;

  beforeAll(async () => {
    await server.start();
    admin = new pg.Client(server.connection);
    await admin.connect();
    await admin.query(`
      CREATE TABLE notes (id int PRIMARY KEY, slug text UNIQUE, body text NOT NULL, stars int NOT NULL DEFAULT 0, parent int REFERENCES notes (id))
        WITH (type = 'user');
      CREATE INDEX notes_stars ON notes (stars DESC, body);
      CREATE TABLE tags (note int REFERENCES notes (id) ON DELETE CASCADE, tag text, PRIMARY KEY (note, tag)) WITH (type = 'user');
      CREATE TABLE colours (name text PRIMARY KEY, rgb text);
      INSERT INTO colours VALUES ('red', '#f00'), ('green', '#0f0');
      CREATE VIEW starred AS SELECT id, slug, body, stars FROM notes WHERE stars > 3;
      CREATE ROLE everyone;
      CREATE ROLE app LOGIN PASSWORD '${PASSWORD}' IN ROLE kalamdb_service;
      GRANT SELECT, INSERT, UPDATE, DELETE ON notes, tags, starred TO everyone;
      GRANT SELECT ON colours TO everyone;
      GRANT everyone TO app;
    `);
    for (const name of names) await admin.query(`CREATE ROLE ${name} LOGIN PASSWORD '${PASSWORD}' IN ROLE everyone`);
  });
  afterAll(async () => {
    await admin?.end();
    await server.close();
  });

  const connect = async (user: string): Promise<pg.Client> => {
    const client = new pg.Client({ ...server.connection, user });
    await client.connect();
    return client;
  };
  const asUser = async <T>(user: string, run: (client: pg.Client) => Promise<T>): Promise<T> => {
    const client = await connect(user);
    try {
      return await run(client);
    } finally {
      await client.end();
    }
  };
  const forAll = (run: (client: pg.Client, user: string, i: number) => Promise<void>): Promise<unknown> =>
    Promise.all(names.map((user, i) => asUser(user, (client) => run(client, user, i))));
  const column = async (client: pg.Client, sql: string, values: unknown[] = []): Promise<unknown[]> =>
    (await client.query({ text: sql, values, rowMode: 'array' })).rows.map((row: unknown[]) => row[0]);

  it('may have the same keys for every user', async () => {
    await forAll(async (client, user) => {
      for (let id = 1; id <= ROWS; id++)
        await client.query('INSERT INTO notes (id, slug, body, stars) VALUES ($1, $2, $3, $4)', [id, `slug-${id}`, `${user} ${id}`, id]);
      await client.query("INSERT INTO tags SELECT id, t FROM notes, (VALUES ('a'), ('b')) AS v (t)");
    });
    const own = async (client: pg.Client, user: string) =>
      expect(await column(client, 'SELECT body FROM notes ORDER BY id')).toEqual(
        Array.from({ length: ROWS }, (_, i) => `${user} ${i + 1}`),
      );
    await forAll(own);
  });

  const reads: readonly [path: string, sql: string, rows: (user: string) => unknown[]][] = [
    ['a scan', 'SELECT body FROM notes WHERE body LIKE $$%7$$', (user) => [`${user} 7`]],
    ['the primary key', 'SELECT body FROM notes WHERE id = 3', (user) => [`${user} 3`]],
    ['a range of the primary key', 'SELECT body FROM notes WHERE id > 6 ORDER BY id', (user) => [`${user} 7`, `${user} 8`]],
    ['a unique index', "SELECT body FROM notes WHERE slug = 'slug-4'", (user) => [`${user} 4`]],
    ['an index in its order', 'SELECT body FROM notes ORDER BY stars DESC, body LIMIT 2', (user) => [`${user} 8`, `${user} 7`]],
    ['a count', 'SELECT count(*)::int FROM notes', () => [ROWS]],
    ['an aggregate', 'SELECT max(stars) FROM notes', () => [ROWS]],
    ['a view', 'SELECT count(*)::int FROM starred', () => [ROWS - 3]],
    ['a join', 'SELECT count(*)::int FROM notes JOIN tags ON tags.note = notes.id', () => [2 * ROWS]],
    ['a self-join', 'SELECT count(*)::int FROM notes a, notes b WHERE a.id = b.id', () => [ROWS]],
    ['a left join from a shared table', 'SELECT count(*)::int FROM colours LEFT JOIN notes ON true', () => [2 * ROWS]],
    ['a scalar sub-query', 'SELECT (SELECT body FROM notes WHERE id = 2)', (user) => [`${user} 2`]],
    ['EXISTS', "SELECT EXISTS (SELECT FROM notes WHERE body NOT LIKE current_user || ' %')", () => [false]],
    ['IN', 'SELECT count(*)::int FROM tags WHERE note IN (SELECT id FROM notes WHERE stars > 6)', () => [4]],
    ['a CTE', 'WITH n AS MATERIALIZED (SELECT * FROM notes) SELECT count(*)::int FROM n', () => [ROWS]],
    [
      'a recursive CTE',
      'WITH RECURSIVE r AS (SELECT id FROM notes WHERE id = 1 UNION SELECT n.id FROM notes n, r WHERE n.id = r.id + 1) SELECT count(*)::int FROM r',
      () => [ROWS],
    ],
    ['UNION', 'SELECT count(*)::int FROM (SELECT body FROM notes UNION SELECT body FROM starred) AS u', () => [ROWS]],
    ['LATERAL', 'SELECT count(*)::int FROM notes n, LATERAL (SELECT * FROM tags WHERE note = n.id) AS t', () => [2 * ROWS]],
    ['FOR UPDATE', 'SELECT body FROM notes WHERE id = 5 FOR UPDATE', (user) => [`${user} 5`]],
    ['a prepared statement', 'SELECT body FROM notes WHERE id = $1', (user) => [`${user} 1`]],
  ];
  it.each(reads)('are read through %s by their owner only', async (_path, sql, rows) => {
    await forAll(async (client, user) => {
      expect(await column(client, sql, sql.includes('$1') ? [1] : [])).toEqual(rows(user));
    });
  });

  it('are copied out to their owner only', async () => {
    const { spawnSync } = await import('node:child_process');
    for (const user of names.slice(0, 5)) {
      const { stdout } = spawnSync('psql', ['-X', '-q', '-c', 'COPY notes (body) TO STDOUT'], {
        env: { ...server.libpq, PGUSER: user },
        encoding: 'utf8',
      });
      expect(stdout.trim().split('\n')).toEqual(Array.from({ length: ROWS }, (_, i) => `${user} ${i + 1}`));
    }
  });

  it('are copied in for their owner only', async () => {
    const { spawnSync } = await import('node:child_process');
    const user = names[7] ?? '';
    const copied = spawnSync('psql', ['-X', '-q', '-c', 'COPY notes (id, body) FROM STDIN'], {
      env: { ...server.libpq, PGUSER: user },
      encoding: 'utf8',
      input: '100\tcopied in\n',
    });
    expect(copied.stderr).toBe('');
    await forAll(async (client, other) => {
      expect(await column(client, 'SELECT count(*)::int FROM notes WHERE id = 100')).toEqual([other === user ? 1 : 0]);
    });
    await asUser(user, (client) => client.query('DELETE FROM notes WHERE id = 100'));
  });

  it('conflict within one user only', async () => {
    await asUser(names[0] ?? '', async (client) => {
      await client.query("INSERT INTO notes (id, slug, body) VALUES (50, 'only-mine', 'x')");
      await expect(client.query("INSERT INTO notes (id, body) VALUES (50, 'y')")).rejects.toMatchObject({ code: '23505' });
      await expect(client.query("INSERT INTO notes (id, slug, body) VALUES (51, 'only-mine', 'y')")).rejects.toMatchObject({
        code: '23505',
      });
    });
    await asUser(names[1] ?? '', async (client) => {
      await client.query("INSERT INTO notes (id, slug, body) VALUES (50, 'only-mine', 'x')");
      const upsert = await client.query(
        "INSERT INTO notes (id, slug, body) VALUES (50, 'z', 'z') ON CONFLICT (id) DO UPDATE SET body = excluded.body || '+' || notes.body RETURNING body",
      );
      expect(upsert.rows).toEqual([{ body: 'z+x' }]);
      const nothing = await client.query("INSERT INTO notes (id, slug, body) VALUES (52, 'only-mine', 'z') ON CONFLICT DO NOTHING");
      expect(nothing.rowCount).toBe(0);
      expect((await client.query('DELETE FROM notes WHERE id >= 50')).rowCount).toBe(1);
    });
    await asUser(names[0] ?? '', async (client) => {
      expect(await column(client, 'SELECT body FROM notes WHERE id = 50')).toEqual(['x']);
      await client.query('DELETE FROM notes WHERE id >= 50');
    });
  });

  it('are updated and deleted by their owner only', async () => {
    await asUser(names[2] ?? '', async (client) => {
      const updated = await client.query("UPDATE notes SET body = body || '!' RETURNING body");
      expect(updated.rowCount).toBe(ROWS);
      const from = await client.query('UPDATE notes SET stars = stars + 1 FROM tags WHERE tags.note = notes.id RETURNING notes.id');
      expect(from.rowCount).toBe(ROWS);
      const using = await client.query('DELETE FROM notes USING tags WHERE tags.note = notes.id AND notes.id > 4 RETURNING notes.body');
      expect(using.rowCount).toBe(ROWS - 4);
      expect(await column(client, 'SELECT count(*)::int FROM tags')).toEqual([8]);
    });
    await forAll(async (client, user, i) => {
      if (i === 2) return;
      expect(await column(client, 'SELECT count(*)::int FROM notes WHERE stars = id')).toEqual([ROWS]);
      expect(await column(client, 'SELECT body FROM notes WHERE id = 8')).toEqual([`${user} 8`]);
      expect(await column(client, 'SELECT count(*)::int FROM tags')).toEqual([2 * ROWS]);
    });
  });

  it('are not reached by a foreign key of another user', async () => {
    await asUser(names[2] ?? '', async (client) => {
      // Everybody else has a note 8.
      await expect(client.query("INSERT INTO tags VALUES (8, 'c')")).rejects.toMatchObject({ code: '23503' });
    });
  });

  it('belong to the acting user: SET ROLE, kalamdb.user_id', async () => {
    await admin.query('BEGIN; SET LOCAL ROLE user_3');
    expect(await column(admin, 'SELECT body FROM notes WHERE id = 1')).toEqual(['user_3 1']);
    await admin.query('COMMIT');
    expect(await column(admin, 'SELECT count(*)::int FROM notes')).toEqual([0]);

    await asUser('app', async (client) => {
      await client.query("BEGIN; SET LOCAL kalamdb.user_id = 'user_4'");
      expect(await column(client, 'SELECT body FROM notes WHERE id = 1')).toEqual(['user_4 1']);
      await client.query('COMMIT');
      await client.query("BEGIN; SET LOCAL kalamdb.user_id = 'somebody without a role'");
      expect(await column(client, 'SELECT count(*)::int FROM notes')).toEqual([0]);
      await client.query("INSERT INTO notes (id, body) VALUES (1, 'theirs')");
      await client.query('COMMIT');
      expect(await column(client, 'SELECT count(*)::int FROM notes')).toEqual([0]);
    });
  });

  it('are not opened by settings that a user may not set', async () => {
    await asUser(names[5] ?? '', async (client) => {
      await expect(client.query("SET kalamdb.user_id = 'user_6'")).rejects.toMatchObject({ code: '42501' });
      await expect(client.query('SET kalamdb.all_users = on')).rejects.toMatchObject({ code: '42501' });
      await expect(client.query('SET ROLE user_6')).rejects.toMatchObject({ code: '42501' });
      await expect(client.query('SELECT _user_id FROM notes')).rejects.toMatchObject({ code: '42703' });
    });
    await asUser(names[5] ?? '', async (client) => {
      await expect(client.query("SELECT set_config('kalamdb.user_id', 'user_6', false)")).rejects.toMatchObject({ code: '42501' });
    });
  });

  it('are all seen by administrators who ask for it', async () => {
    await admin.query('SET kalamdb.all_users = on');
    const { rows } = await admin.query('SELECT _user_id AS who, count(*)::int AS n FROM notes GROUP BY 1');
    expect(rows).toHaveLength(USERS + 1);
    expect(rows.find((row: { who: string }) => row.who === 'user_9')).toEqual({ who: 'user_9', n: ROWS });
    await admin.query('RESET kalamdb.all_users');
    expect(await column(admin, 'SELECT count(*)::int FROM notes')).toEqual([0]);
  });

  it('are told of by live queries to their owner only', async () => {
    const clients = await Promise.all(names.map(connect));
    const heard = clients.map((client) => {
      const payloads: { op: string; row: { body: string } }[] = [];
      client.on('notification', ({ payload }) => payloads.push(JSON.parse(payload ?? '{}')));
      return payloads;
    });
    await Promise.all(clients.map((client) => client.query('LISTEN notes')));
    await Promise.all(clients.map((client, i) => client.query('INSERT INTO notes (id, body) VALUES (200, $1)', [`for ${names[i]}`])));
    await expect.poll(() => heard.every((payloads) => payloads.length === 1), { timeout: 5000 }).toBe(true);
    heard.forEach((payloads, i) => {
      expect(payloads.map(({ op, row }) => [op, row.body])).toEqual([['insert', `for ${names[i]}`]]);
    });
    await Promise.all(clients.map((client) => client.end()));
  });
});
