import { Logger, makeWorkerUtils, runOnce } from 'graphile-worker';
import PgBoss from 'pg-boss';
import { describe, expect, it } from 'vitest';
import { startedServer, urlOf } from './started.js';

/** KALAMDB_TEST_JOBS: how many each queue gets through. */
const JOBS = Number(process.env.KALAMDB_TEST_JOBS ?? 1000);

describe('job queues', () => {
  const server = startedServer('jobs');

  it('pg-boss', async () => {
    const boss = new PgBoss(urlOf(server));
    boss.on('error', () => undefined);
    await boss.start();
    await boss.createQueue('q');
    for (let i = 0; i < JOBS; i += 500)
      await boss.insert(Array.from({ length: Math.min(500, JOBS - i) }, (_, j) => ({ name: 'q', data: { i: i + j } })));
    const seen = new Set<number>();
    await new Promise<void>((resolve) => {
      void boss.work<{ i: number }>('q', { batchSize: 200, pollingIntervalSeconds: 0.5 }, async (jobs) => {
        for (const job of jobs) seen.add(job.data.i);
        if (seen.size >= JOBS) resolve();
      });
    });
    expect(seen.size).toBe(JOBS);
    await boss.stop({ graceful: false, close: true, wait: true });
  });

  it('graphile-worker', async () => {
    const utils = await makeWorkerUtils({ connectionString: urlOf(server) });
    await utils.migrate();
    await utils.withPgClient((client) =>
      client.query(`SELECT graphile_worker.add_job('t', json_build_object('i', i)) FROM generate_series(1, ${JOBS}) i`),
    );
    const seen = new Set<number>();
    const options = { connectionString: urlOf(server), concurrency: 5, noHandleSignals: true, logger: new Logger(() => () => undefined) };
    await runOnce({ ...options, taskList: { t: async (payload) => void seen.add((payload as { i: number }).i) } });
    expect(seen.size).toBe(JOBS);
    await utils.release();
  });
});
