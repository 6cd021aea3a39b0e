import { type Contest, contendersOf } from './contender.js';
import { type BenchOptions, type Comparison, type Line, median, type Requirement } from './subject.js';

export const HEADER = [
  '| what | unit | KalamDB | PostgreSQL 15 | ratio | wanted | |',
  '| --- | --- | ---: | ---: | ---: | ---: | --- |',
].join('\n');

/** Measures a line and words it as a row of the table. */
export function report(line: Line, contest: Contest, options: BenchOptions): Promise<string> {
  return line.kind === 'comparison' ? compare(line, contest, options) : require(line, contest);
}

/** Alternating, so that neither server has the quieter machine. */
async function compare(line: Comparison, contest: Contest, { rounds }: BenchOptions): Promise<string> {
  const contenders = contendersOf(contest);
  for (const contender of contenders) await line.prepare?.(contender);
  const measured = contenders.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, contender] of contenders.entries()) measured[i]?.push(await line.measure(contender));
  }
  const [ours = Number.NaN, theirs] = measured.map(median);
  const ratio = theirs === undefined ? undefined : ours / theirs;
  const { wanted, lessIsBetter = false } = line;
  const isMet = ratio === undefined || wanted === undefined ? undefined : lessIsBetter ? ratio <= wanted : ratio >= wanted;
  return row(line, [show(ours), show(theirs), ratio?.toFixed(2) ?? '', wantedText(wanted, lessIsBetter), verdict(isMet)]);
}

async function require(line: Requirement, contest: Contest): Promise<string> {
  const ours = await line.measure(contest);
  const { wanted, moreIsBetter = false } = line;
  return row(line, [show(ours), '', '', wantedText(wanted, !moreIsBetter), verdict(moreIsBetter ? ours >= wanted : ours <= wanted)]);
}

const row = ({ name, unit }: Line, cells: readonly string[]): string => `| ${[name, unit, ...cells].join(' | ')} |`;
const verdict = (isMet: boolean | undefined): string => (isMet === undefined ? '' : isMet ? 'met' : 'missed');

function wantedText(wanted: number | undefined, isUpperBound: boolean): string {
  return wanted === undefined ? '' : `${isUpperBound ? '≤' : '≥'} ${wanted}`;
}

function show(value: number | undefined): string {
  if (value === undefined) return '';
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
