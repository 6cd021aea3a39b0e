import { Logger, makeWorkerUtils, parseCronItems, run, runOnce, type WorkerUtils } from 'graphile-worker';
import pg from 'pg';
import PgBoss from 'pg-boss';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startedServer, urlOf } from './started.js';

/** KALAMDB_TEST_JOBS: how many each queue gets through. */
const JOBS = Number(process.env.KALAMDB_TEST_JOBS ?? 10_000);
const TIMEOUT_MS = 900_000;

async function until(done: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await done())) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('pg-boss', () => {
  const server = startedServer('pg-boss');
  let boss: PgBoss;
  const errors: unknown[] = [];
  beforeAll(async () => {
    boss = new PgBoss({
      connectionString: urlOf(server),
      cronMonitorIntervalSeconds: 1,
      cronWorkerIntervalSeconds: 1,
      archiveCompletedAfterSeconds: 3600,
    });
    boss.on('error', (error) => errors.push(error));
    await boss.start();
  });
  afterAll(async () => {
    await boss?.stop({ graceful: true, wait: true });
  });

  it(`${JOBS} jobs in batches`, { timeout: TIMEOUT_MS }, async () => {
    await boss.createQueue('q');
    const started = performance.now();
    for (let i = 0; i < JOBS; i += 1000)
      await boss.insert(Array.from({ length: Math.min(1000, JOBS - i) }, (_, j) => ({ name: 'q', data: { i: i + j } })));
    const inserted = performance.now();
    const seen = new Set<number>();
    let twice = 0;
    const workers = await Promise.all(
      [1, 2, 3].map(() =>
        boss.work<{ i: number }>('q', { batchSize: 200, pollingIntervalSeconds: 0.5 }, async (jobs) => {
          for (const { data } of jobs) {
            if (seen.has(data.i)) twice++;
            seen.add(data.i);
          }
          boss.notifyWorker(workers[0] ?? '');
        }),
      ),
    );
    await until(() => seen.size >= JOBS);
    for (const worker of workers) await boss.offWork({ id: worker });
    const size = async (): Promise<number> => boss.getQueueSize('q', { before: 'completed' });
    await until(async () => (await size()) === 0);
    console.log(
      `pg-boss: ${JOBS} inserted in ${Math.round(inserted - started)} ms, done in ${Math.round(performance.now() - inserted)} ms`,
    );
    expect([seen.size, twice]).toEqual([JOBS, 0]);
  });

  it('fetch, complete, fail, retries, dead letters, cancel and resume', async () => {
    await boss.createQueue('dead');
    await boss.createQueue('steps', { name: 'steps', retryLimit: 1, retryDelay: 0, deadLetter: 'dead' });
    const id = await boss.send('steps', { a: 1 });
    for (const attempt of [1, 2]) {
      const [job] = await boss.fetch<{ a: number }>('steps', { includeMetadata: true } as never);
      expect(job).toMatchObject({ id, data: { a: 1 }, retryCount: attempt - 1 });
      await boss.fail('steps', id ?? '', { attempt });
    }
    expect(await boss.getJobById('steps', id ?? '')).toMatchObject({ state: 'failed', output: { attempt: 2 } });
    expect((await boss.fetch('dead'))[0]?.data).toEqual({ a: 1 });
    const other = (await boss.send('steps', {})) ?? '';
    await boss.cancel('steps', other);
    expect(await boss.fetch('steps')).toEqual([]);
    await boss.resume('steps', other);
    expect((await boss.fetch('steps'))[0]?.id).toBe(other);
    await boss.complete('steps', other, { ok: true });
    expect(await boss.getJobById('steps', other)).toMatchObject({ state: 'completed', output: { ok: true } });
  });

  it('priorities, later jobs, singletons, throttling, policies', async () => {
    await boss.createQueue('order');
    for (const priority of [1, 3, 2]) await boss.send('order', { priority }, { priority });
    await boss.sendAfter('order', { priority: 9 }, { priority: 9 }, 3600);
    for (const priority of [3, 2, 1]) expect((await boss.fetch('order'))[0]?.data).toEqual({ priority });
    expect(await boss.fetch('order')).toEqual([]);
    await boss.createQueue('unique');
    const once = { singletonKey: 'k', singletonSeconds: 3600 };
    expect([typeof (await boss.send('unique', {}, once)), await boss.send('unique', {}, once)]).toEqual(['string', null]);
    expect([typeof (await boss.sendThrottled('unique', {}, {}, 3600, 't')), await boss.sendThrottled('unique', {}, {}, 3600, 't')]).toEqual(
      ['string', null],
    );
    expect([
      typeof (await boss.sendDebounced('unique', {}, {}, 3600, 'd')),
      typeof (await boss.sendDebounced('unique', {}, {}, 3600, 'd')),
    ]).toEqual(['string', 'string']);
    await boss.createQueue('short', { name: 'short', policy: 'short' });
    expect([typeof (await boss.send('short', {})), await boss.send('short', {})]).toEqual(['string', null]);
    await boss.createQueue('single', { name: 'single', policy: 'singleton' });
    await Promise.all([boss.send('single', {}), boss.send('single', {})]);
    expect((await boss.fetch('single')).length + (await boss.fetch('single')).length).toBe(1);
  });

  it('publish and subscribe, schedules, expiry, archive, queues', async () => {
    for (const name of ['a', 'b']) {
      await boss.createQueue(name);
      await boss.subscribe('event', name);
    }
    await boss.publish('event', { e: 1 });
    expect([(await boss.fetch('a'))[0]?.data, (await boss.fetch('b'))[0]?.data]).toEqual([{ e: 1 }, { e: 1 }]);
    await boss.createQueue('timed');
    await boss.schedule('timed', '*/1 * * * *', { s: 1 }, { tz: 'Europe/Vienna' });
    expect(await boss.getSchedules()).toMatchObject([{ name: 'timed', cron: '*/1 * * * *', timezone: 'Europe/Vienna' }]);
    await boss.unschedule('timed');
    await boss.createQueue('slow', { name: 'slow', expireInSeconds: 1, retryLimit: 0 });
    const id = (await boss.send('slow', {})) ?? '';
    await boss.fetch('slow');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await boss.maintain();
    expect((await boss.getJobById('slow', id))?.state).toBe('failed');
    const client = new pg.Client(server.connection);
    await client.connect();
    await client.query("UPDATE pgboss.job SET completed_on = completed_on - interval '2 hours' WHERE name = 'q'");
    await boss.maintain();
    expect((await client.query("SELECT count(*)::int AS n FROM pgboss.archive WHERE name = 'q'")).rows).toEqual([{ n: JOBS }]);
    await client.end();
    expect(Object.keys(await boss.getQueues()).length).toBe(12);
    await boss.purgeQueue('timed');
    await boss.deleteQueue('timed');
    expect(await boss.getQueue('timed')).toBeNull();
    expect(errors).toEqual([]);
  });
});

describe('graphile-worker', () => {
  const server = startedServer('graphile');
  let pool: pg.Pool;
  let utils: WorkerUtils;
  // A pool of the tests' own: the worker does not wait for the end of those that it makes.
  const options = () => ({ pgPool: pool, noHandleSignals: true, logger: new Logger(() => () => undefined) });
  beforeAll(async () => {
    pool = new pg.Pool({ ...server.connection, max: 12 });
    for (const event of ['error', 'connect'] as const)
      pool.on(event, (it: Error | pg.PoolClient) => void ('on' in it && it.on('error', () => undefined)));
    utils = await makeWorkerUtils(options());
    await utils.migrate();
  });
  afterAll(async () => {
    await utils?.release();
    await pool?.end();
  });

  it(`${JOBS} jobs, five at a time`, { timeout: TIMEOUT_MS }, async () => {
    const started = performance.now();
    await pool.query(`SELECT graphile_worker.add_job('t', json_build_object('i', i)) FROM generate_series(1, ${JOBS}) i`);
    const added = performance.now();
    const seen = new Set<number>();
    await runOnce({ ...options(), concurrency: 5, taskList: { t: async (payload) => void seen.add((payload as { i: number }).i) } });
    console.log(`graphile-worker: ${JOBS} added in ${Math.round(added - started)} ms, done in ${Math.round(performance.now() - added)} ms`);
    expect(seen.size).toBe(JOBS);
    // The worker does not wait for the last answers.
    await until(async () => (await pool.query('SELECT 1 FROM graphile_worker.jobs')).rowCount === 0);
  });

  it('a new job wakes a running worker; several at once, from a local queue', async () => {
    const woken: number[] = [];
    const done: number[] = [];
    const runner = await run({
      ...options(),
      concurrency: 3,
      pollInterval: 60_000,
      preset: { worker: { localQueue: { size: 10 }, completeJobBatchDelay: 0, getQueueNameBatchDelay: 10 } },
      taskList: {
        wake: async (payload) => void woken.push(Date.now() - (payload as { at: number }).at),
        many: async (payload) => void done.push(payload as number),
      },
    });
    await runner.addJob('wake', { at: Date.now() });
    await until(() => woken.length === 1);
    await utils.addJobs(Array.from({ length: 100 }, (_, i) => ({ identifier: 'many', payload: i })));
    await until(() => done.length === 100);
    await runner.stop();
    expect(woken[0]).toBeLessThan(5000);
    expect(new Set(done).size).toBe(100);
  });

  it('retries, queues in order, priorities, keys, flags', async () => {
    const order: string[] = [];
    await utils.addJob('p', 'late', { priority: 9 });
    await utils.addJob('p', 'soon', { priority: -9 });
    for (let i = 0; i < 5; i++) await utils.addJob('serial', i, { queueName: 'one by one' });
    await utils.addJob('key', 1, { jobKey: 'k' });
    await utils.addJob('key', 2, { jobKey: 'k' });
    await utils.addJob('key', 3, { jobKey: 'later', runAt: new Date(Date.now() + 3_600_000) });
    await utils.addJob('key', 4, { jobKey: 'later', jobKeyMode: 'preserve_run_at' });
    await utils.addJob('flagged', 'x', { flags: ['no'] });
    const failing = await utils.addJob('fails', {}, { maxAttempts: 3 });
    let active = 0;
    const taskList = {
      p: async (payload: unknown) => void order.push(payload as string),
      serial: async () => {
        expect(++active).toBe(1);
        await new Promise((resolve) => setTimeout(resolve, 5));
        active--;
      },
      key: async (payload: unknown) => void order.push(`key ${payload}`),
      flagged: async () => void order.push('flagged'),
      fails: async () => {
        throw new Error('on purpose');
      },
    };
    // A run ends when a worker finds nothing, be it that another works on the queue's only job.
    await until(async () => {
      await runOnce({ ...options(), concurrency: 4, forbiddenFlags: ['no'], taskList });
      return (await pool.query("SELECT 1 FROM graphile_worker.jobs WHERE task_identifier IN ('serial', 'p')")).rowCount === 0;
    });
    expect(order.filter((each) => !each.startsWith('key'))).toEqual(['soon', 'late']);
    expect(order.filter((each) => each.startsWith('key'))).toEqual(['key 2']);
    await until(async () => (await pool.query('SELECT 1 FROM graphile_worker.jobs WHERE locked_by IS NOT NULL')).rowCount === 0);
    const { rows } = await pool.query(
      'SELECT task_identifier, attempts, last_error LIKE $1 AS told, run_at > now() AS later FROM graphile_worker.jobs ORDER BY 1',
      ['on purpose%'],
    );
    expect(rows).toEqual([
      { task_identifier: 'fails', attempts: 1, told: true, later: true },
      { task_identifier: 'flagged', attempts: 0, told: null, later: false },
      { task_identifier: 'key', attempts: 0, told: null, later: true },
    ]);
    expect(await utils.permanentlyFailJobs([failing.id], 'enough')).toMatchObject([{ attempts: 3, max_attempts: 3, last_error: 'enough' }]);
    expect(await utils.rescheduleJobs([failing.id], { attempts: 1, runAt: new Date() })).toMatchObject([{ attempts: 1 }]);
    expect(await utils.completeJobs([failing.id])).toHaveLength(1);
    await utils.cleanup({ tasks: ['GC_TASK_IDENTIFIERS', 'GC_JOB_QUEUES', 'DELETE_PERMAFAILED_JOBS'] });
    expect((await pool.query('SELECT identifier FROM graphile_worker._private_tasks ORDER BY 1')).rows).toEqual([
      { identifier: 'flagged' },
      { identifier: 'key' },
    ]);
  });

  it('cron: jobs that were due while no worker ran', async () => {
    const taskList = { hourly: async () => undefined };
    const items = parseCronItems([{ task: 'hourly', match: '0 * * * *', identifier: 'h', options: { backfillPeriod: 3 * 3_600_000 } }]);
    const first = await run({ ...options(), taskList, parsedCronItems: items });
    await until(async () => (await pool.query('SELECT 1 FROM graphile_worker._private_known_crontabs')).rowCount === 1);
    await first.stop();
    await pool.query(
      "UPDATE graphile_worker._private_known_crontabs SET known_since = now() - interval '1 day', last_execution = now() - interval '3 hours'",
    );
    let ran = 0;
    const second = await run({ ...options(), taskList: { hourly: async () => void ran++ }, parsedCronItems: items });
    await until(() => ran >= 2);
    await second.stop();
    expect(ran).toBeGreaterThanOrEqual(2);
  });
});
