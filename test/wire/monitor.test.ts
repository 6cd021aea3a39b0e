import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServer, type KalamServer } from '../../src/server.js';
import { temporaryDirectory } from '../harness/temporary-directory.js';

describe('figures', () => {
  const directory = temporaryDirectory('figures');
  let server: KalamServer;
  beforeAll(async () => {
    server = await createServer({ host: '127.0.0.1', port: 0, metricsPort: 0, data: directory.path, trust: true });
  });
  afterAll(async () => {
    await server.close();
    directory.remove();
  });

  const get = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${server.metricsPort}${path}`, init);

  const valueIn =
    (text: string) =>
    (series: string): number =>
      Number(
        text
          .split('\n')
          .find((line) => line.startsWith(`${series} `))
          ?.split(' ')
          .at(-1),
      );
  const figures = async () => valueIn(await (await get('/metrics')).text());

  it('are told on loopback, in Prometheus form', async () => {
    const client = new pg.Client({ host: '127.0.0.1', port: server.port, user: 'postgres', database: 'postgres' });
    await client.connect();
    await client.query('CREATE TABLE f (a int); INSERT INTO f VALUES (1), (2)');
    for (let i = 0; i < 3; i++) await client.query('SELECT * FROM f WHERE a = $1', [i]);
    await client.query('BEGIN');
    const answer = await get('/metrics');
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    const text = await answer.text();
    const value = valueIn(text);
    expect(value('kalamdb_sessions{state="idle in transaction"}')).toBe(1);
    expect(value('kalamdb_sessions{state="active"}')).toBe(0);
    expect(value('kalamdb_statement_duration_seconds_count{kind="SELECT"}')).toBe(3);
    expect(value('kalamdb_statement_duration_seconds_count{kind="INSERT"}')).toBe(1);
    expect(value('kalamdb_statement_duration_seconds_count{kind="other"}')).toBe(1);
    expect(value('kalamdb_commits_total')).toBeGreaterThan(0);
    expect(value('kalamdb_commit_groups_total')).toBeLessThanOrEqual(value('kalamdb_commits_total'));
    expect(value('kalamdb_commit_write_seconds_total')).toBeGreaterThan(0);
    const commits = value('kalamdb_commits_total');
    expect(value('kalamdb_commit_group_size_count')).toBeLessThanOrEqual(value('kalamdb_commit_groups_total'));
    expect(value('kalamdb_commit_group_size_sum')).toBeGreaterThan(0);
    expect(value('kalamdb_commit_group_size_sum')).toBeLessThanOrEqual(commits);
    expect(value('kalamdb_fsync_duration_seconds_count')).toBe(value('kalamdb_commit_group_size_count'));
    expect(value('kalamdb_fsync_duration_seconds_sum')).toBeGreaterThan(0);
    expect(value('kalamdb_memory_bytes')).toBeGreaterThan(10_000_000);
    expect(value('kalamdb_heap_used_bytes')).toBeGreaterThan(1_000_000);
    expect(value('kalamdb_max_connections')).toBe(100);
    expect(value('kalamdb_live_queries')).toBe(0);
    expect(value('kalamdb_audited_events{event="login"}')).toBe(1);
    expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds \d/m);
    expect(text).toMatch(/^process_resident_memory_bytes \d/m);
    await client.end();
  });

  it('tell of live queries and how late their notifications are, and of the event loop', async () => {
    const client = new pg.Client({ host: '127.0.0.1', port: server.port, user: 'postgres', database: 'postgres' });
    await client.connect();
    await client.query("CREATE TABLE heard (id int PRIMARY KEY) WITH (type = 'user')");
    const heard = new Promise((resolve) => client.once('notification', resolve));
    await client.query('LISTEN heard');
    const early = await figures();
    expect(early('kalamdb_live_queries')).toBe(1);
    await client.query('INSERT INTO heard VALUES (1)');
    await heard;
    await new Promise((resolve) => setTimeout(resolve, 100));
    const late = await figures();
    expect(late('kalamdb_notification_lag_seconds_count')).toBe(early('kalamdb_notification_lag_seconds_count') + 1);
    const lag = late('kalamdb_notification_lag_seconds_sum') - early('kalamdb_notification_lag_seconds_sum');
    expect(lag).toBeGreaterThanOrEqual(0);
    expect(lag).toBeLessThan(1);
    expect(late('kalamdb_event_loop_delay_seconds_count')).toBeGreaterThan(early('kalamdb_event_loop_delay_seconds_count'));
    // A statement that takes a while is in the buckets above that, and in no smaller one.
    await client.query('SELECT pg_sleep(0.06)');
    const slow = await figures();
    const bucket = (of: typeof slow, le: string) => of(`kalamdb_statement_duration_seconds_bucket{le="${le}",kind="SELECT"}`);
    expect(bucket(slow, '0.05') - bucket(late, '0.05')).toBe(0);
    expect(bucket(slow, '10') - bucket(late, '10')).toBe(1);
    await client.end();
  });

  it('say whether the server is alive and ready', async () => {
    expect(await (await get('/healthz')).text()).toBe('ok\n');
    expect((await get('/readyz')).status).toBe(200);
    expect((await get('/else')).status).toBe(404);
    expect((await get('/metrics', { method: 'POST' })).status).toBe(405);
  });

  it('are off unless they are asked for', async () => {
    const home = temporaryDirectory('no-figures');
    const plain = await createServer({ host: '127.0.0.1', port: 0, data: home.path, trust: true });
    expect([plain.metricsPort, plain.websocketPort, plain.parts.statementFigures]).toEqual([undefined, undefined, undefined]);
    await plain.close();
    home.remove();
  });
});
