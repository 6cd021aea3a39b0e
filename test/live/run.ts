/**
 * Live queries beside the same queries run afresh, from one seed after the other:
 *   npm run fuzz:live -- --seed 1 --minutes 30 [--rounds 1] [--no-shrink]
 * Each round makes up tables, six live queries, transactions of two users, losses of connections and restarts of the server from its seed. What
 * differs is cut down and printed; the run goes on, unless it is the server that is gone. `--seed N --rounds 1` runs one of them again. In the end it prints how often each form of
 * query was there, and fails where there was a difference, or where a long run has missed a form.
 */
import { parseArgs } from 'node:util';
import { Random } from '../fuzz/random.js';
import { ServerProcess } from '../harness/server-process.js';
import { allForms } from './forms.js';
import { Oracle, prepare } from './oracle.js';
import { randomScenario } from './random-scenario.js';
import { script } from './scenario.js';
import { shrinkScenario } from './shrink-scenario.js';
import { Tally } from './tally.js';

const { values: options } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '1' },
    rounds: { type: 'string', default: 'Infinity' },
    'no-shrink': { type: 'boolean', default: false },
  },
});

/** From then on every form should have been there. */
const LONG_MINUTES = 5;

const server = await new ServerProcess({ label: 'fuzz-live' }).start();
await prepare(server);
const tally = new Tally();
const first = Number(options.seed);
const end = Date.now() + Number(options.minutes) * 60_000;
let found = 0;
let rounds = 0;
try {
  for (; rounds < Number(options.rounds) && Date.now() < end; rounds++) {
    const seed = first + rounds;
    const whole = randomScenario(seed, new Random(seed));
    const difference = await new Oracle(server, tally).run(whole);
    if (difference === undefined) continue;
    found++;
    console.log(`\n=== seed ${seed}, after step ${difference.step}, live query ${difference.live}: ${difference.problem}`);
    if (difference.live === undefined) break;
    if (options['no-shrink']) continue;
    const smaller = await shrinkScenario(whole, difference, (scenario) => new Oracle(server, new Tally()).run(scenario));
    console.log(`--- cut down:\n${script(smaller.scenario)}\n--> ${smaller.difference.problem}`);
  }
} finally {
  await server.close();
}
console.log(`\n${rounds} rounds from seed ${first}, ${found} differences\n${tally.lines().join('\n')}`);
const missed = allForms().filter((form) => tally.of(form) === 0);
if (missed.length > 0) console.log(`never met: ${missed.join(', ')}`);
process.exitCode = found > 0 || (missed.length > 0 && Number(options.minutes) >= LONG_MINUTES) ? 1 : 0;
