import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../fuzz/random.js';
import { ServerProcess } from '../harness/server-process.js';
import { BANK_TOTAL, Bank } from './history/bank.js';
import { checkHistory } from './history/check-history.js';
import type { Level } from './history/history.js';
import { ListAppend } from './history/list-append.js';
import { TWO_PHASE_TOTAL, TwoPhase } from './history/two-phase.js';

const CLIENTS = 16;
const LEVELS: readonly Level[] = ['READ COMMITTED', 'REPEATABLE READ', 'SERIALIZABLE'];
/** KALAMDB_TEST_MINUTES: for all parts together; one where it is not set. */
const minutes = Number(process.env.KALAMDB_TEST_MINUTES ?? 0);
const PARTS = LEVELS.length + 2;
const PART_MS = ((minutes > 0 ? minutes : 1) * 60_000) / PARTS;
const seed = Number(process.env.KALAMDB_TEST_SEED ?? Math.floor(Math.random() * 1_000_000));

/** A history of fewer proves nothing: on a busy machine a part goes on until it has them, up to so many times its time. */
const ENOUGH_COMMITTED = 200;
const MOST_PARTS = 8;

interface Workload {
  run(client: number): Promise<void>;
  stop(): void;
  readonly committed: number;
}

/** Sixteen clients, random SIGKILLs: what they saw and were told must fit the isolation level, and nothing acknowledged may be lost. */
describe(`histories (KALAMDB_TEST_SEED=${seed})`, () => {
  const server = new ServerProcess({ label: 'history' });
  beforeAll(() => server.start());
  afterAll(() => server.close());

  for (const level of LEVELS) {
    it(`of lists under ${level}`, { timeout: PART_MS * (MOST_PARTS + 2) + 60_000 }, async () => {
      await ListAppend.createTable(server.connection);
      const lists = new ListAppend(server.connection, level, seed);
      await runWithKills(lists);
      expect(checkHistory(lists.history, await lists.finalLists(), level)).toEqual([]);
      // Whoever finds nothing in a history that a lower level allows would find nothing in any.
      if (level === 'READ COMMITTED') expect(checkHistory(lists.history, await lists.finalLists(), 'SERIALIZABLE')).not.toEqual([]);
      expect(lists.committed).toBeGreaterThanOrEqual(ENOUGH_COMMITTED);
    });
  }

  it('of a bank keep its sum', { timeout: PART_MS * (MOST_PARTS + 2) + 60_000 }, async () => {
    const bank = new Bank(server.connection, seed);
    await bank.open();
    await runWithKills(bank, async () => expect(await bank.total()).toBe(BANK_TOTAL));
    expect(bank.problems).toEqual([]);
    expect(await bank.total()).toBe(BANK_TOTAL);
    expect(bank.committed).toBeGreaterThanOrEqual(ENOUGH_COMMITTED);
  });

  it('of transfers in two phases end as they were told to', { timeout: PART_MS * (MOST_PARTS + 2) + 60_000 }, async () => {
    const transfers = new TwoPhase(server.connection, seed);
    await transfers.open();
    await runWithKills(transfers, async () => expect(await transfers.total()).toBe(TWO_PHASE_TOTAL));
    await transfers.finish();
    expect(transfers.problems).toEqual([]);
    expect(await transfers.total()).toBe(TWO_PHASE_TOTAL);
    expect(transfers.committed).toBeGreaterThanOrEqual(ENOUGH_COMMITTED);
  });

  async function runWithKills(workload: Workload, afterStart: () => Promise<void> = async () => undefined): Promise<void> {
    const random = new Random(seed);
    const start = performance.now();
    const clients = Array.from({ length: CLIENTS }, (_, client) => workload.run(client));
    try {
      for (;;) {
        await sleep(500 + random.below(1500));
        const elapsed = performance.now() - start;
        if (elapsed >= PART_MS && (workload.committed >= ENOUGH_COMMITTED || elapsed >= PART_MS * MOST_PARTS)) break;
        await server.kill();
        await server.start();
        await afterStart();
      }
    } finally {
      workload.stop();
      await Promise.all(clients);
    }
  }
});
