import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasPostgres, PostgresOracle } from '../harness/postgres-oracle.js';
import { compareClient } from './client.js';
import { knownReason } from './known-differences.js';
import { hasCorpus } from './statements.js';

/** A few of the recorded clients; `npm run corpus` plays them all. */
const CLIENTS = ['slonik', 'pgpromise', 'prisma7_pull'];

describe.skipIf(!hasCorpus || !hasPostgres)('what recorded clients sent is answered as PostgreSQL 15 answers it:', () => {
  const oracle = new PostgresOracle(['fsync=off', 'max_prepared_transactions=100']);
  beforeAll(async () => {
    await oracle.start();
  });
  afterAll(() => oracle.close());

  it.each(CLIENTS)('%s', async (client) => {
    const { outcomes } = await compareClient(oracle, client, 1);
    const different = outcomes.filter(({ text, difference }) => difference !== undefined && knownReason(client, text) === undefined);
    expect(different).toEqual([]);
  });
});
