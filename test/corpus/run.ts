/**
 * What clients ask the catalogs, beside a real PostgreSQL 15 with the same schema, both started for it:
 *   npx tsx test/corpus/run.ts [--client NAME] [--show 20] [--ours postgres://…]
 * Oids of the objects asked about are put in place of those that were recorded.
 */
import { parseArgs } from 'node:util';
import { PostgresOracle } from '../harness/postgres-oracle.js';
import { ServerProcess } from '../harness/server-process.js';
import { type Difference, differences } from './differences.js';
import { hasCorpus } from './statements.js';

const { values: options } = parseArgs({
  options: { ours: { type: 'string' }, client: { type: 'string' }, show: { type: 'string', default: '10' } },
});

if (!hasCorpus) {
  console.log('no corpus of client statements beside the project: nothing to compare');
  process.exit(0);
}
const oracle = await new PostgresOracle(['fsync=off']).start();
const server = options.ours === undefined ? await new ServerProcess({ label: 'corpus' }).start() : undefined;
try {
  const ours = options.ours ?? server?.connection ?? '';
  const { failed, compared, found } = await differences(oracle.connection, ours, options.client);
  for (const line of failed) console.log(`schema: ${line}`);
  const byClient = new Map<string, Difference[]>();
  for (const difference of found) {
    const list = byClient.get(difference.client) ?? [];
    list.push(difference);
    byClient.set(difference.client, list);
  }
  for (const [client, list] of byClient) {
    console.log(`\n=== ${client}: ${list.length}`);
    for (const { text, values, what } of list.slice(0, Number(options.show))) {
      console.log(`--- ${text.replaceAll(/\s+/g, ' ').slice(0, 400)} ${JSON.stringify(values)}\n${what}`);
    }
  }
  console.log(`\n${compared} answers compared, ${found.length} differ`);
} finally {
  await server?.close();
  oracle.close();
}
