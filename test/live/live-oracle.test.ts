import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../fuzz/random.js';
import { ServerProcess } from '../harness/server-process.js';
import { Oracle, prepare } from './oracle.js';
import { randomScenario } from './random-scenario.js';
import { Tally } from './tally.js';

/** A minute, or KALAMDB_TEST_MINUTES; KALAMDB_TEST_SEED replays. `npm run fuzz:live` cuts what it finds down. */
const minutes = Number(process.env.KALAMDB_TEST_MINUTES ?? '1');
const seed = process.env.KALAMDB_TEST_SEED;

describe('live queries beside the same queries run afresh', () => {
  const server = new ServerProcess({ label: 'live-oracle' });
  beforeAll(async () => {
    await server.start();
    await prepare(server);
  });
  afterAll(() => server.close());

  it(
    'keeps clients at the state of every commit, over restarts and losses of connections',
    async () => {
      const first = seed === undefined ? Date.now() % 1_000_000 : Number(seed);
      const end = Date.now() + minutes * 60_000;
      const tally = new Tally();
      let rounds = 0;
      do {
        const at = first + rounds;
        const difference = await new Oracle(server, tally).run(randomScenario(at, new Random(at)));
        expect(difference, `npm run fuzz:live -- --seed ${at} --rounds 1`).toBeUndefined();
        rounds++;
      } while (seed === undefined && Date.now() < end);
      console.log(`${rounds} rounds from seed ${first}, ${tally.of('compared')} comparisons`);
    },
    minutes * 60_000 + 60_000,
  );
});
