import type { Case } from './round.js';
import { variants } from './sql-tree.js';

/** Cuts a case down as long as `fails` holds, within a number of tries. */
export async function shrinkCase(test: Case, fails: (test: Case) => Promise<boolean>, tries = 400): Promise<Case> {
  let current = test;
  let left = tries;
  for (let progress = true; progress && left > 0; ) {
    progress = false;
    for (const smaller of smallerCases(current)) {
      if (--left <= 0) break;
      if (!(await fails(smaller))) continue;
      current = smaller;
      progress = true;
      break;
    }
  }
  return current;
}

function* smallerCases(test: Case): Generator<Case> {
  if (test.settings.length > 0) yield { ...test, settings: [] };
  if (test.settings.length > 1) for (const i of test.settings.keys()) yield { ...test, settings: test.settings.toSpliced(i, 1) };
  if (test.withParameters) yield { ...test, withParameters: false };
  if (test.steps.length > 1) for (const i of test.steps.keys()) yield { ...test, steps: test.steps.toSpliced(i, 1) };
  for (const [i, step] of test.steps.entries()) {
    for (const smaller of variants(step)) yield { ...test, steps: test.steps.with(i, smaller) };
  }
}

/** Leaves out statements that the failure does not need, big pieces first. */
export async function shrinkList<T>(
  items: readonly T[],
  fails: (items: readonly T[]) => Promise<boolean>,
  tries = 120,
): Promise<readonly T[]> {
  let current = items;
  let left = tries;
  for (let size = Math.ceil(items.length / 2); size >= 1 && left > 0; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < current.length && left > 0; ) {
      const smaller = current.toSpliced(at, size);
      left--;
      if (await fails(smaller)) current = smaller;
      else at += size;
    }
  }
  return current;
}
