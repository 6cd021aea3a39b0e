import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasPostgres, PostgresOracle } from '../harness/postgres-oracle.js';
import { ServerProcess } from '../harness/server-process.js';
import { connect } from './connect.js';
import { type Report, runDifferential } from './differential.js';

const SEED = 1;
const LIMIT_MS = 12_000;
const CASES = 1500;

/** A short run, the same each time; the long ones are `npm run fuzz:sql -- --seed N --minutes M`. */
describe.skipIf(!hasPostgres)('queries and changes made up at random', () => {
  const server = new ServerProcess({ label: 'fuzz' });
  const postgres = new PostgresOracle(['fsync=off']);

  beforeAll(async () => {
    await Promise.all([server.start(), postgres.start()]);
  });
  afterAll(async () => {
    await server.close();
    postgres.close();
  });

  it('give what PostgreSQL gives, from plain and from user tables', async () => {
    const { finder, builtins, close } = await connect({ oracle: postgres.connection, ours: server.connection });
    const end = Date.now() + LIMIT_MS;
    const reports: Report[] = [];
    let left = CASES;
    await runDifferential({ finder, builtins }, SEED, {
      until: () => Date.now() > end || left-- <= 0,
      shrink: false,
      // How long a statement takes is the machine's affair.
      report: (report) => {
        if (report.finding.kind !== 'slow' && report.finding.kind !== 'missing') reports.push(report);
      },
    });
    expect(reports).toEqual([]);
    await close();
  });

  it('are made from the seed alone', async () => {
    const { generateSchema } = await import('./schema.js');
    const { Random } = await import('./random.js');
    expect(generateSchema(new Random(7)).setup).toEqual(generateSchema(new Random(7)).setup);
  });
});
