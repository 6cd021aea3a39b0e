import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type LiveChange, LiveClients, settled } from '../harness/live-clients.js';
import { PASSWORD, ServerProcess } from '../harness/server-process.js';

/** From which commit on a live query tells, and of what: whatever is going on when it begins. */
describe('a live query that begins', () => {
  const server = new ServerProcess({ label: 'live-begin' });
  const clients = new LiveClients(server);
  beforeAll(async () => {
    await server.start();
  });
  beforeEach(async () => {
    const admin = await clients.connect('postgres');
    await admin.query(`
      DROP TABLE IF EXISTS t, u;
      CREATE TABLE t (id int PRIMARY KEY, k int, v int, tags text[]) WITH (type = 'user');
      CREATE TABLE u (id int PRIMARY KEY, k int, v int) WITH (type = 'user')`);
  });
  afterEach(() => clients.close());
  afterAll(() => server.close());

  const listening = async (): Promise<{ client: pg.Client; changes: LiveChange[] }> => {
    const client = await clients.connect('postgres');
    const changes: LiveChange[] = [];
    client.on('notification', ({ payload }) => changes.push(JSON.parse(payload ?? '')));
    return { client, changes };
  };

  it.each(['SELECT id, v FROM t WHERE v % 2 = 0', 'SELECT k, count(*)::int AS id, sum(v)::int AS v FROM t GROUP BY k'])(
    'in the midst of commits has all of them, right: %s',
    async (query) => {
      const writer = await clients.connect('postgres');
      await writer.query('INSERT INTO t SELECT i, i % 3, i FROM generate_series(1, 20) i');
      let isOver = false;
      const writing = (async () => {
        for (let i = 0; !isOver; i++) await writer.query('UPDATE t SET v = v + 1, k = (k + $1) % 3 WHERE id % 7 = $2', [i % 2, i % 7]);
      })();
      const kept = new Map<string, unknown>();
      const all: { client: pg.Client; kept: Map<string, unknown>; wrong: string[] }[] = [];
      for (let n = 0; n < 40; n++) {
        const { client, changes } = await listening();
        const rows = new Map(kept);
        const wrong: string[] = [];
        await client.query('BEGIN');
        await client.query(`LISTEN "${query}"`);
        const { rows: read } = await client.query('SELECT change FROM kalamdb.changes($1) AS change', [query]);
        for (const { change } of read) if (change.op === 'insert') rows.set(JSON.stringify(change.key), change.row);
        client.removeAllListeners('notification');
        client.on('notification', ({ payload }) => {
          const change: LiveChange = JSON.parse(payload ?? '');
          const key = JSON.stringify(change.key);
          if (rows.has(key) === (change.op === 'insert')) wrong.push(`${payload} after ${JSON.stringify(rows.get(key))}`);
          if (change.op === 'delete') rows.delete(key);
          else rows.set(key, change.row);
        });
        await client.query('COMMIT');
        expect(changes).toEqual([]);
        all.push({ client, kept: rows, wrong });
      }
      isOver = true;
      await writing;
      const { rows: now } = await writer.query(query);
      const texts = now.map((row) => JSON.stringify(row)).sort();
      for (const each of all) {
        await expect.poll(() => [...each.kept.values()].map((row) => JSON.stringify(row)).sort(), { timeout: 5000 }).toEqual(texts);
        expect(each.wrong).toEqual([]);
      }
    },
  );

  it.each(['', 'ISOLATION LEVEL REPEATABLE READ'])(
    'counts from the snapshot in which its transaction reads a partitioned table %s',
    async (isolation) => {
      const writer = await clients.connect('postgres');
      await writer.query(`
      DROP TABLE IF EXISTS p;
      CREATE TABLE p (id int PRIMARY KEY, v int) PARTITION BY RANGE (id) WITH (type = 'user');
      CREATE TABLE p_low PARTITION OF p FOR VALUES FROM (0) TO (10);
      CREATE TABLE p_high PARTITION OF p FOR VALUES FROM (10) TO (1000000)`);
      let isOver = false;
      let id = 0;
      const writing = (async () => {
        while (!isOver) await writer.query('INSERT INTO p VALUES ($1, 1)', [++id]);
      })();
      const all: { readonly ids: Set<number>; readonly doubled: number[]; resyncs: number }[] = [];
      for (let n = 0; n < 40; n++) {
        const client = await clients.connect('postgres');
        const one = { ids: new Set<number>(), doubled: [] as number[], resyncs: 0 };
        client.on('notification', ({ payload }) => {
          const { op, row }: LiveChange = JSON.parse(payload ?? '');
          if (op === 'resync') one.resyncs++;
          else if (one.ids.has(Number(row?.id))) one.doubled.push(Number(row?.id));
          else one.ids.add(Number(row?.id));
        });
        await client.query(`BEGIN ${isolation}`);
        await client.query('LISTEN p');
        for (const row of (await client.query('SELECT * FROM p')).rows) one.ids.add(row.id);
        await client.query('COMMIT');
        all.push(one);
      }
      isOver = true;
      await writing;
      for (const one of all) {
        if (one.resyncs > 0) continue;
        await expect.poll(() => one.ids.size, { timeout: 5000 }).toBe(id);
        expect(one.doubled).toEqual([]);
      }
      if (isolation === '') expect(all.filter(({ resyncs }) => resyncs > 0)).toEqual([]);
    },
  );

  it('says that rows must be read anew where its transaction reads a snapshot from before LISTEN', async () => {
    const { client, changes } = await listening();
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1');
    const writer = await clients.connect('postgres');
    await writer.query('INSERT INTO t VALUES (1, 1, 1)');
    await client.query('LISTEN t');
    expect((await client.query('SELECT * FROM t')).rows).toEqual([]);
    await client.query('COMMIT');
    await settled(changes, 1);
    expect(changes[0]).toMatchObject({ op: 'resync' });
  });

  it('is not what others have by the same text, where that means something else or may not be read', async () => {
    const { client, changes } = await listening();
    const QUERY = 'SELECT id, v FROM t';
    await client.query(`DROP ROLE IF EXISTS nobody; CREATE ROLE nobody LOGIN PASSWORD '${PASSWORD}'; LISTEN "${QUERY}"`);
    const nobody = await clients.connect('nobody');
    await expect(nobody.query(`LISTEN "${QUERY}"`)).rejects.toMatchObject({ code: '42501' });
    await expect(nobody.query('SELECT kalamdb.changes($1)', [QUERY])).rejects.toMatchObject({ code: '42501' });
    const other = await listening();
    await other.client.query('CREATE SCHEMA IF NOT EXISTS apart; SET search_path = apart; DROP TABLE IF EXISTS t');
    await other.client.query(`CREATE TABLE t (id int PRIMARY KEY, v text) WITH (type = 'user'); LISTEN "${QUERY}"`);
    const temporary = await clients.connect('postgres');
    await temporary.query('CREATE TEMP TABLE t (id int, v int)');
    await expect(temporary.query(`LISTEN "${QUERY}"`)).rejects.toMatchObject({ code: '0A000' });
    await client.query('INSERT INTO t VALUES (1, 1, 7)');
    await other.client.query("INSERT INTO t VALUES (1, 'x')");
    await settled(changes, 1);
    await settled(other.changes, 1);
    expect([changes[0]?.row, other.changes[0]?.row]).toEqual([
      { id: 1, v: 7 },
      { id: 1, v: 'x' },
    ]);
    await client.query('ALTER TABLE t ALTER COLUMN v TYPE text');
    const again = await listening();
    await again.client.query(`LISTEN "${QUERY}"; UPDATE t SET v = 'y' WHERE id = 1`);
    await settled(again.changes, 1);
    expect(again.changes[0]?.row).toEqual({ id: 1, v: 'y' });
    await client.query('DROP SCHEMA apart CASCADE');
  });

  it('may be given in brackets', async () => {
    const { client, changes } = await listening();
    await client.query('LISTEN "(SELECT id FROM t) UNION ALL (SELECT id FROM u)"; LISTEN "((TABLE t))"; LISTEN "VALUES(1)"');
    await client.query('INSERT INTO t VALUES (1)');
    await settled(changes, 2);
  });

  it('tells rows apart by their columns also where it says ORDER BY', async () => {
    const { client, changes } = await listening();
    await client.query('LISTEN "SELECT DISTINCT tags, k FROM t ORDER BY tags"');
    await client.query("INSERT INTO t VALUES (1, 7, 1, '{a,b}'), (2, 7, 1, '{c}')");
    await settled(changes, 2);
    expect(changes.map(({ key }) => key)).toEqual([
      { tags: ['a', 'b'], k: 7 },
      { tags: ['c'], k: 7 },
    ]);
  });

  it('sorts and joins what no table has', async () => {
    const { client, changes } = await listening();
    await client.query(
      `LISTEN "SELECT id, x FROM t CROSS JOIN LATERAL (SELECT DISTINCT a + k AS x FROM (VALUES (2), (1), (2)) s(a), generate_series(1, t.k) i ORDER BY x DESC LIMIT 2) l"`,
    );
    await client.query('INSERT INTO t VALUES (1, 1)');
    await settled(changes, 2);
    expect(changes.map(({ row }) => row)).toEqual([
      { id: 1, x: 3 },
      { id: 1, x: 2 },
    ]);
  });

  it("tells JSON's null from none", async () => {
    const { client, changes } = await listening();
    await client.query('LISTEN "SELECT DISTINCT nullif(to_jsonb(tags) -> 0, \'""a""\') AS j FROM t"');
    await client.query("INSERT INTO t VALUES (1, 1, 1, '{NULL}'), (2, 1, 1, '{a}'), (3, 1, 1, '{b}')");
    await settled(changes, 3);
    expect(new Set(changes.map(({ key }) => JSON.stringify(key))).size).toBe(3);
  });

  it.each([
    'SELECT t.id, u.id AS uid FROM t JOIN u ON t.k = u.k AND u.v IN (SELECT v FROM t x WHERE x.id = t.id)',
    'SELECT t.id, u.id AS uid FROM t LEFT JOIN u ON t.k = u.k AND EXISTS (SELECT FROM u x WHERE x.v = t.v)',
    'SELECT t.id, u.id AS uid FROM t FULL JOIN u ON t.k = u.k AND u.v = (SELECT max(v) FROM t)',
    'SELECT k, sum((SELECT max(v) FROM u WHERE u.k = t.k)) AS s FROM t GROUP BY k',
    'SELECT id, k FROM t WHERE (k, EXISTS (SELECT FROM u WHERE u.id = t.id)) IN (SELECT u.k, u.v > 1 FROM u)',
    'SELECT id, k FROM t WHERE (k, EXISTS (SELECT FROM u WHERE u.id = t.id)) NOT IN (SELECT u.k, true FROM u WHERE false)',
    'SELECT id, k FROM t ORDER BY (SELECT max(v) FROM u WHERE u.k = t.k) DESC NULLS LAST, id LIMIT 2',
    'SELECT id, unnest(ARRAY(SELECT u.id FROM u WHERE u.k = t.k ORDER BY u.id)) AS x FROM t',
    "SELECT id FROM t WHERE (current_setting('app.k')::int, id) IN (SELECT k, id FROM u WHERE false) OR (current_setting('app.k')::int, id) IN (SELECT k, id FROM u)",
  ])('asks sub-queries anywhere: %s', async (query) => {
    const { client, changes } = await listening();
    await client.query(`SET app.k = 1; LISTEN "${query}"`);
    const kept = new Map<string, unknown>();
    for (const sql of [
      'INSERT INTO t VALUES (1, 1, 1), (2, 2, 2), (3, 1, 3)',
      'INSERT INTO u VALUES (1, 1, 1), (2, 1, 3), (3, 2, 2)',
      'UPDATE u SET v = v + 1',
      'UPDATE t SET k = 3 - k WHERE id < 3',
      'DELETE FROM u WHERE id = 2',
      'DELETE FROM t WHERE id = 1',
    ]) {
      await client.query(sql);
      const { rows } = await client.query(query);
      for (const { op, key, row } of changes.splice(0)) {
        if (op === 'delete') kept.delete(JSON.stringify(key));
        else kept.set(JSON.stringify(key), row);
      }
      const texts = (some: Iterable<unknown>) => Array.from(some, (row) => JSON.stringify(row)).sort();
      expect(texts(kept.values())).toEqual(texts(query.includes('sum(') ? rows.map(({ k, s }) => ({ k, s: s && Number(s) })) : rows));
    }
  });

  it('refuses a sub-query about both sides of an outer join', async () => {
    const client = await clients.connect('postgres');
    await expect(
      client.query('LISTEN "SELECT t.id FROM t LEFT JOIN u ON EXISTS (SELECT FROM t x WHERE x.id = t.id AND x.k = u.k)"'),
    ).rejects.toMatchObject({
      code: '0A000',
      message: 'a live query with a sub-query about both sides of an outer join is not supported yet',
    });
  });
});
