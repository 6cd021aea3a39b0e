/**
 * Every statement that the recorded clients sent, here and on a real PostgreSQL 15 with the same schema, both started for it:
 *   npm run corpus -- [--file NAME] [--show 10] [--variants N] [--known]
 * With --known what is different for a known reason is shown as well.
 * Oids of the objects asked about are put in place of those that were recorded.
 */
import { parseArgs } from 'node:util';
import { hasPostgres, PostgresOracle } from '../harness/postgres-oracle.js';
import { compareClient } from './client.js';
import { knownReason } from './known-differences.js';
import { clients, hasCorpus } from './statements.js';

const { values: options } = parseArgs({
  options: {
    file: { type: 'string', multiple: true },
    show: { type: 'string', default: '10' },
    variants: { type: 'string' },
    known: { type: 'boolean' },
  },
});

if (!hasCorpus || !hasPostgres) {
  console.log(
    hasCorpus ? "PostgreSQL 15's server programs are not installed (Debian: postgresql-15)" : 'no ../shared/corpus beside the project',
  );
  console.log('nothing to compare');
  process.exit(0);
}

const oracle = await new PostgresOracle(['fsync=off', 'max_prepared_transactions=100']).start();
let compared = 0;
let differing = 0;
const told = new Set<string>();
const reasons: string[] = [];
try {
  const wanted = options.file?.map((name) => name.replace(/\.sql$/, '')) ?? clients();
  for (const client of wanted) {
    const { failed, outcomes } = await compareClient(oracle, client, options.variants === undefined ? undefined : Number(options.variants));
    for (const line of failed) if (!told.has(line)) console.log(`schema: ${line}`);
    for (const line of failed) told.add(line);
    const different = outcomes.filter(({ difference }) => difference !== undefined);
    compared += outcomes.length;
    differing += different.length;
    console.log(`${client}: ${outcomes.length} statements, ${outcomes.length - different.length} the same, ${different.length} differ`);
    let shown = 0;
    for (const { text, difference } of different) {
      const line = text.replaceAll(/\s+/g, ' ');
      const reason = knownReason(client, text);
      if (reason !== undefined) reasons.push(`${client}: ${line.slice(0, 100)}: ${reason}`);
      if ((reason === undefined || options.known === true) && shown++ < Number(options.show))
        console.log(`--- ${line.slice(0, 300)}\n    ${difference}`);
    }
  }
} finally {
  oracle.close();
}
if (reasons.length > 0) console.log(`\nDifferent for a reason:\n${reasons.join('\n')}`);
const percent = compared === 0 ? 100 : (100 * (compared - differing)) / compared;
console.log(
  `\n${compared} statements, ${compared - differing} the same (${percent.toFixed(2)} %), ${differing} differ, ${reasons.length} of them for a known reason`,
);
