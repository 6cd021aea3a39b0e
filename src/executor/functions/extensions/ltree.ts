import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { parseLevels } from '../../../types/extensions/lquery.js';
import { labelsOf, parsePath } from '../../../types/extensions/ltree.js';
import { parseTextQuery } from '../../../types/extensions/ltxtquery.js';
import { compareText } from '../../../types/text.js';
import type { SqlArray } from '../../../types/value.js';
import type { CallTypes, ScalarFunction } from '../implementation.js';
import type { FunctionTable } from '../table.js';
import { overList } from '../variadic.js';
import { matchesCondition, matchesLevels } from './ltree-match.js';

/** Does a path lie at or under the other? */
const isUnder = (path: string, ancestor: string): boolean => ancestor === '' || path === ancestor || path.startsWith(`${ancestor}.`);

/** Labels from `start` until before `end`, counted from 0. @throws SqlError 22023 */
function between(path: string, start: number, end: number): string {
  const labels = labelsOf(path);
  if (start < 0 || end < 0 || start >= labels.length || start > end)
    throw new SqlError(SqlState.invalidParameterValue, 'invalid positions');
  return labels.slice(start, end).join('.');
}

/** Negative numbers count from the end. */
function subpath(path: string, offset: number, length?: number): string {
  const { length: count } = labelsOf(path);
  let start = offset;
  if (start < 0) start = Math.max(0, count + start);
  let end = count;
  if (length !== undefined) end = length < 0 ? count + length : length === 0 ? start : start + length;
  return between(path, start, end);
}

/** Where the labels of one path stand in the other; -1: nowhere. */
function indexOf(path: string, part: string, offset = 0): number {
  const have = labelsOf(path);
  const wanted = labelsOf(part);
  if (have.length === 0 || wanted.length === 0) return -1;
  const from = offset < 0 ? Math.max(0, have.length + offset) : offset;
  for (let at = from; at + wanted.length <= have.length; at++) if (wanted.every((label, i) => have[at + i] === label)) return at;
  return -1;
}

/** The longest path that lies above all of them; NULL for none at all. */
function commonAncestor(paths: readonly string[]): string | null {
  const [first] = paths;
  if (first === undefined || paths.includes('')) return null;
  const all = paths.map(labelsOf);
  // Above: an ancestor is shorter than each of them.
  const limit = Math.min(...all.map((labels) => labels.length - 1));
  let shared = 0;
  while (shared < limit && all.every((labels) => labels[shared] === all[0]?.[shared])) shared++;
  return labelsOf(first).slice(0, shared).join('.');
}

const join = (a: string, b: string): string => parsePath(a === '' ? b : b === '' ? a : `${a}.${b}`);

const pathsOf = (array: SqlArray): readonly string[] => {
  if (array.dimensions.length > 1) throw new SqlError(SqlState.arraySubscriptError, 'array must be one-dimensional');
  if (array.elements.includes(null)) throw new SqlError(SqlState.nullValueNotAllowed, 'array must not contain nulls');
  return array.elements as readonly string[];
};

/** A test that a pattern makes, kept as long as the pattern is the same. */
function compiled(make: (pattern: string) => (path: string) => boolean): (pattern: string) => (path: string) => boolean {
  let known: string | undefined;
  let test: (path: string) => boolean = () => false;
  return (pattern) => {
    if (pattern !== known) {
      test = make(pattern);
      known = pattern;
    }
    return test;
  };
}

type Make = () => (pattern: string) => (path: string) => boolean;
const byLevels: Make = () =>
  compiled((pattern) => {
    const levels = parseLevels(pattern);
    return (path) => matchesLevels(path, levels);
  });
const byCondition: Make = () =>
  compiled((pattern) => {
    const { condition } = parseTextQuery(pattern);
    return (path) => matchesCondition(path, condition);
  });

type Typed = (types: CallTypes) => ScalarFunction;
const test =
  (make: Make): Typed =>
  () => {
    const of = make();
    return (path: string, pattern: string) => of(pattern)(path);
  };
const turned =
  (make: Make): Typed =>
  () => {
    const of = make();
    return (pattern: string, path: string) => of(pattern)(path);
  };
const some =
  (make: Make): Typed =>
  () => {
    const of = make();
    return (paths: SqlArray, pattern: string) => pathsOf(paths).some(of(pattern));
  };
const someTurned =
  (make: Make): Typed =>
  () => {
    const of = make();
    return (pattern: string, paths: SqlArray) => pathsOf(paths).some(of(pattern));
  };
const first =
  (make: Make): Typed =>
  () => {
    const of = make();
    return (paths: SqlArray, pattern: string) => pathsOf(paths).find(of(pattern)) ?? null;
  };
const matchesAny = (path: string, patterns: SqlArray) => pathsOf(patterns).some((pattern) => matchesLevels(path, parseLevels(pattern)));

export const ltreeFunctions: FunctionTable = {
  scalar: {
    ltree_cmp: compareText,
    ltree_lt: (a: string, b: string) => compareText(a, b) < 0,
    ltree_le: (a: string, b: string) => compareText(a, b) <= 0,
    ltree_eq: (a: string, b: string) => a === b,
    ltree_ne: (a: string, b: string) => a !== b,
    ltree_ge: (a: string, b: string) => compareText(a, b) >= 0,
    ltree_gt: (a: string, b: string) => compareText(a, b) > 0,
    subltree: between,
    nlevel: (path: string) => labelsOf(path).length,
    ltree2text: (path: string) => path,
    text2ltree: parsePath,
    _lca: (paths: SqlArray) => commonAncestor(pathsOf(paths)),
    lca: overList((paths) => commonAncestor(paths as readonly string[])),
    ltree_isparent: (ancestor: string, path: string) => isUnder(path, ancestor),
    ltree_risparent: isUnder,
    ltree_addltree: join,
    ltree_addtext: join,
    ltree_textadd: join,
    _ltree_isparent: (paths: SqlArray, path: string) => pathsOf(paths).some((ancestor) => isUnder(path, ancestor)),
    _ltree_r_isparent: (path: string, paths: SqlArray) => pathsOf(paths).some((ancestor) => isUnder(path, ancestor)),
    _ltree_risparent: (paths: SqlArray, ancestor: string) => pathsOf(paths).some((path) => isUnder(path, ancestor)),
    _ltree_r_risparent: (ancestor: string, paths: SqlArray) => pathsOf(paths).some((path) => isUnder(path, ancestor)),
    _ltree_extract_isparent: (paths: SqlArray, path: string) => pathsOf(paths).find((ancestor) => isUnder(path, ancestor)) ?? null,
    _ltree_extract_risparent: (paths: SqlArray, ancestor: string) => pathsOf(paths).find((path) => isUnder(path, ancestor)) ?? null,
    lt_q_regex: matchesAny,
    lt_q_rregex: (patterns: SqlArray, path: string) => matchesAny(path, patterns),
    _lt_q_regex: (paths: SqlArray, patterns: SqlArray) => pathsOf(paths).some((path) => matchesAny(path, patterns)),
    _lt_q_rregex: (patterns: SqlArray, paths: SqlArray) => pathsOf(paths).some((path) => matchesAny(path, patterns)),
  },
  typed: {
    subpath: ({ args }) => (args.length === 2 ? (path: string, offset: number) => subpath(path, offset) : subpath),
    ltree_index: ({ args }) => (args.length === 2 ? (path: string, part: string) => indexOf(path, part) : indexOf),
    ltq_regex: test(byLevels),
    ltq_rregex: turned(byLevels),
    _ltq_regex: some(byLevels),
    _ltq_rregex: someTurned(byLevels),
    _ltq_extract_regex: first(byLevels),
    ltxtq_exec: test(byCondition),
    ltxtq_rexec: turned(byCondition),
    _ltxtq_exec: some(byCondition),
    _ltxtq_rexec: someTurned(byCondition),
    _ltxtq_extract_exec: first(byCondition),
  },
};
