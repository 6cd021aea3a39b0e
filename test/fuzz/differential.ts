import type { BuiltinCalls } from './builtin-calls.js';
import type { DifferenceFinder, Finding } from './difference-finder.js';
import { Random } from './random.js';
import { type Case, generateCase, isLasting } from './round.js';
import { generateOthersRows, generateSchema, type Schema } from './schema.js';
import { shrinkCase, shrinkList } from './shrink.js';
import { render } from './sql-tree.js';

/** A difference with all that shows it again. */
export interface Report {
  readonly seed: number;
  readonly finding: Finding;
  readonly script: string;
}

const CASES_A_SCHEMA = 120;
const CALLS_A_SCHEMA = 120;

export interface Limits {
  readonly until: () => boolean;
  readonly shrink: boolean;
  /** Called for each kind of difference once. */
  readonly report: (report: Report) => void;
}

/** Compares from one seed after the other until told to stop. @returns how many cases were compared */
export async function runDifferential(
  { finder, builtins }: { readonly finder: DifferenceFinder; readonly builtins: BuiltinCalls },
  firstSeed: number,
  limits: Limits,
): Promise<number> {
  const seen = new Map<string, number>();
  const isKnown = ({ kind, signature }: Finding): boolean => {
    const times = seen.get(signature) ?? 0;
    seen.set(signature, times + 1);
    return times >= (kind === 'rows' ? 12 : kind === 'missing' ? 1 : 3);
  };
  let count = 0;
  for (let seed = firstSeed; !limits.until(); seed++) {
    const random = new Random(seed);
    const schema = generateSchema(random);
    const others = generateOthersRows(schema, random);
    const analyze = random.chance(0.5);
    const broken = await finder.prepare(schema, others, analyze);
    if (broken !== undefined) limits.report({ seed, finding: broken, script: schema.setup.join(';\n') });
    for (let i = 0; i < CASES_A_SCHEMA && !limits.until(); i++) {
      const test = generateCase(schema, random);
      const finding = await finder.find(test);
      count++;
      const before = [...schema.setup];
      const [first] = test.steps;
      if (isLasting(test) && first !== undefined) schema.setup.push(render(first, false).text);
      if (finding === undefined) continue;
      if (isKnown(finding)) continue;
      limits.report(
        limits.shrink
          ? await shrink(finder, seed, { schema: { ...schema, setup: before }, others, analyze, test, finding })
          : { seed, finding, script: script(schema, test) },
      );
    }
    for (let i = 0; i < CALLS_A_SCHEMA && !limits.until(); i++) {
      const test = builtins.generate(random);
      const finding = await finder.find(test);
      count++;
      if (finding !== undefined && !isKnown(finding)) limits.report({ seed, finding, script: `${finding.step};` });
    }
  }
  return count;
}

interface Failure {
  readonly schema: Schema;
  readonly others: readonly string[];
  readonly analyze: boolean;
  readonly test: Case;
  readonly finding: Finding;
}

async function shrink(finder: DifferenceFinder, seed: number, failure: Failure): Promise<Report> {
  let { finding } = failure;
  const isSame = (found: Finding | undefined): boolean => {
    if (found === undefined || found.kind !== finding.kind || (found.kind !== 'rows' && found.signature !== failure.finding.signature))
      return false;
    finding = found;
    return true;
  };
  const lasting = isLasting(failure.test);
  const fails = async (smaller: Case): Promise<boolean> => {
    if (lasting) await finder.prepare(failure.schema, failure.others, failure.analyze);
    return isSame(await finder.find(smaller));
  };
  const test = await shrinkCase(failure.test, fails, lasting ? 100 : 400);
  let others = failure.others;
  const setup = await shrinkList(failure.schema.setup, async (smaller) => {
    await finder.prepare({ ...failure.schema, setup: [...smaller] }, others, failure.analyze);
    return isSame(await finder.find(test));
  });
  const schema = { ...failure.schema, setup: [...setup] };
  await finder.prepare(schema, [], failure.analyze);
  if (isSame(await finder.find(test))) others = [];
  await finder.prepare(failure.schema, failure.others, failure.analyze);
  return { seed, finding, script: `${script(schema, test)}${others.length > 0 ? "\n-- needs other users' rows" : ''}` };
}

function script(schema: Schema, test: Case): string {
  const steps = test.steps.map((step) => {
    const { text, values } = render(step, test.withParameters);
    return values === undefined ? `${text};` : `${text} -- ${JSON.stringify(values)}\n;`;
  });
  return [
    ...schema.setup.map((text) => `${text};`),
    ...test.settings.map((text) => `${text};`),
    ...(test.inTransaction ? ['BEGIN;'] : []),
    ...steps,
  ].join('\n');
}
