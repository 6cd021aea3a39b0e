import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ServerProcess } from '../harness/server-process.js';
import { oracleRound, prepare } from './oracle.js';

/** A minute, or KALAMDB_TEST_MINUTES; KALAMDB_TEST_SEED replays. */
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
    'keeps clients at the state of every commit',
    async () => {
      const first = seed === undefined ? Date.now() % 1_000_000 : Number(seed);
      const end = Date.now() + minutes * 60_000;
      let rounds = 0;
      do {
        expect(await oracleRound(server, first + rounds)).toBeUndefined();
        rounds++;
      } while (seed === undefined && Date.now() < end);
      console.log(`${rounds} rounds from seed ${first}`);
    },
    minutes * 60_000 + 60_000,
  );
});
