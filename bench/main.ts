/**
 * This server and a real PostgreSQL 15 side by side in one run, both durable. Rounds alternate between the two; the table gives medians.
 *
 *   npm run bench -- [--seconds 5] [--rounds 5] [--scale 10] [--large] [--only SUBJECT,…] [--line WORDS]
 *
 * Subjects are the files of bench/subjects; --line keeps the lines whose name holds the words. --large adds what needs 10 million rows, and minutes.
 */
import { parseArgs } from 'node:util';
import { temporaryDirectory } from '../test/harness/temporary-directory.js';
import { startContest } from './contender.js';
import { HEADER, report } from './report.js';
import type { BenchOptions, Subject } from './subject.js';
import { analytics } from './subjects/analytics.js';
import { builtinScripts } from './subjects/builtin-scripts.js';
import { connections } from './subjects/connections.js';
import { copy } from './subjects/copy.js';
import { hotRow } from './subjects/hot-row.js';
import { insert } from './subjects/insert.js';
import { large } from './subjects/large.js';
import { latency } from './subjects/latency.js';
import { live } from './subjects/live.js';
import { memory } from './subjects/memory.js';
import { neverRepeating } from './subjects/never-repeating.js';
import { schema } from './subjects/schema.js';

const SUBJECTS: readonly Subject[] = [
  builtinScripts,
  latency,
  hotRow,
  insert,
  copy,
  neverRepeating,
  analytics,
  schema,
  memory,
  connections,
  large,
  live,
];

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '5' },
    scale: { type: 'string', default: '10' },
    large: { type: 'boolean', default: false },
    only: { type: 'string' },
    line: { type: 'string', default: '' },
  },
});

function chosen(): readonly Subject[] {
  if (values.only === undefined) return SUBJECTS;
  return values.only.split(',').map((name) => {
    const subject = SUBJECTS.find((candidate) => candidate.name === name);
    if (subject === undefined) throw new Error(`--only ${name}: choose from ${SUBJECTS.map((candidate) => candidate.name).join(', ')}`);
    return subject;
  });
}

const subjects = chosen();
const scratch = temporaryDirectory('bench-files');
const options: BenchOptions = {
  seconds: Number(values.seconds),
  rounds: Number(values.rounds),
  scale: Number(values.scale),
  large: values.large,
  scratch: scratch.path,
};
const contest = await startContest();
try {
  if (contest.theirs === undefined) console.log('PostgreSQL 15 is not installed (package postgresql-15): no comparison.');
  console.log(
    `${options.rounds} alternating rounds of ${options.seconds} s, pgbench's tables of scale ${options.scale}, medians\n\n${HEADER}`,
  );
  for (const subject of subjects) {
    const lines = subject.lines(options).filter(({ name }) => name.includes(values.line));
    if (lines.length === 0) continue;
    await subject.prepare?.(contest, options);
    for (const line of lines) console.log(await report(line, contest, options));
  }
} finally {
  await contest.close();
  scratch.remove();
}
