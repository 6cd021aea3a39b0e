import type { PartitionBound } from '../../catalog/descriptors.js';
import type { SqlArray, SqlValue } from '../../types/value.js';
import type { BoundExpr } from '../bind/expression.js';
import type { PartitionMap } from './partition-map.js';

export type PruneOperator = '<' | '<=' | '=' | '>=' | '>' | '<>';

/** A condition on a partition key, as far as bounds can answer it. Columns are positions in the key. */
export type PruneStep =
  | { readonly kind: 'compare'; readonly column: number; readonly op: PruneOperator; readonly value: BoundExpr }
  | { readonly kind: 'any' | 'all'; readonly column: number; readonly op: PruneOperator; readonly array: BoundExpr }
  | { readonly kind: 'null'; readonly column: number; readonly negated: boolean }
  | { readonly kind: 'and' | 'or'; readonly steps: readonly PruneStep[] };

/** What an expression is, if that is known now. */
export type ValueOf = (expr: BoundExpr) => SqlValue | undefined;

/** Indexes of a map's partitions, ascending. */
type Indexes = readonly number[];

/** Which partitions of a map may have rows that pass; undefined: all of them. */
export function matchingPartitions(map: PartitionMap, step: PruneStep, known: ValueOf): Indexes | undefined {
  const conditions = step.kind === 'and' ? step.steps : [step];
  const restrictions: Restriction[] = [];
  let matching: Indexes | undefined;
  const intersect = (other: Indexes | undefined): void => {
    if (other === undefined) return;
    matching = matching === undefined ? other : matching.filter((index) => other.includes(index));
  };
  for (const condition of conditions) {
    switch (condition.kind) {
      case 'compare': {
        const value = known(condition.value);
        if (value === undefined) break;
        if (value === null) return NONE;
        restrictions.push({ column: condition.column, op: condition.op, value });
        break;
      }
      case 'null':
        restrictions.push({ column: condition.column, op: condition.negated ? 'not null' : 'null', value: null });
        break;
      case 'any':
      case 'all': {
        const array = known(condition.array);
        if (array === undefined) break;
        if (array === null) return NONE;
        const elements = (array as SqlArray).elements;
        const single = elements.map((value) => ({ column: condition.column, op: condition.op, value }));
        if (condition.kind === 'all') {
          if (elements.includes(null)) return NONE;
          restrictions.push(...single);
        } else intersect(union(single.filter(({ value }) => value !== null).map((one) => matchingSimple(map, [one]))));
        break;
      }
      case 'and':
        intersect(matchingPartitions(map, condition, known));
        break;
      case 'or':
        intersect(union(condition.steps.map((arm) => matchingPartitions(map, arm, known))));
        break;
    }
  }
  if (restrictions.length > 0) intersect(matchingSimple(map, restrictions));
  return matching;
}

interface Restriction {
  readonly column: number;
  readonly op: PruneOperator | 'null' | 'not null';
  readonly value: SqlValue;
}

const NONE: Indexes = [];

function union(sets: readonly (Indexes | undefined)[]): Indexes | undefined {
  const result = new Set<number>();
  for (const set of sets) {
    if (set === undefined) return undefined;
    for (const index of set) result.add(index);
  }
  return [...result].sort((a, b) => a - b);
}

function only(index: number): Indexes {
  return index >= 0 ? [index] : NONE;
}

function matchingSimple(map: PartitionMap, restrictions: readonly Restriction[]): Indexes | undefined {
  switch (map.key.strategy) {
    case 'list':
      return matchingLists(map, restrictions);
    case 'range':
      return matchingRanges(map, restrictions);
    case 'hash':
      return matchingHash(map, restrictions);
  }
}

function passes(map: PartitionMap, value: SqlValue, { column, op, value: other }: Restriction): boolean {
  if (op === 'null') return value === null;
  if (value === null) return false;
  if (op === 'not null') return true;
  const order = map.comparators[column]?.(value, other) ?? 0;
  switch (op) {
    case '=':
      return order === 0;
    case '<>':
      return order !== 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}

function matchingLists(map: PartitionMap, restrictions: readonly Restriction[]): Indexes {
  const equal = restrictions.find(({ op }) => op === '=' || op === 'null');
  if (equal !== undefined) {
    if (!restrictions.every((restriction) => passes(map, equal.value, restriction))) return NONE;
    const index = map.listIndex(equal.value);
    return only(index === -1 ? map.defaultIndex : index);
  }
  const passing = (value: SqlValue): boolean => restrictions.every((restriction) => passes(map, value, restriction));
  return indexesOf(map, ({ partitionBound: bound }) => bound?.kind !== 'list' || bound.values.some(passing));
}

function indexesOf(map: PartitionMap, matches: (partition: PartitionMap['ordered'][number]) => boolean): Indexes {
  const found: number[] = [];
  map.ordered.forEach((partition, i) => {
    if (matches(partition)) found.push(i);
  });
  return found;
}

function matchingHash(map: PartitionMap, restrictions: readonly Restriction[]): Indexes | undefined {
  const values: SqlValue[] = [];
  for (let column = 0; column < map.key.columns.length; column++) {
    const equal = restrictions.find((one) => one.column === column && (one.op === '=' || one.op === 'null'));
    if (equal === undefined) return undefined;
    values.push(equal.value);
  }
  return only(map.find(values));
}

/** Values of the first key columns that all rows have, and where the next column begins and ends. */
function matchingRanges(map: PartitionMap, restrictions: readonly Restriction[]): Indexes | undefined {
  // Rows with a NULL are in the default partition, and nowhere else.
  if (restrictions.some(({ op }) => op === 'null')) return only(map.defaultIndex);
  const prefix: SqlValue[] = [];
  let column = 0;
  for (; column < map.key.columns.length; column++) {
    const equal = restrictions.find((one) => one.column === column && one.op === '=');
    if (equal === undefined) break;
    if (!restrictions.every((one) => one.column !== column || passes(map, equal.value, one))) return NONE;
    prefix.push(equal.value);
  }
  if (column === map.key.columns.length) return only(map.find(prefix));
  const lower = limitOf(map, restrictions, column, '>', '>=');
  const upper = limitOf(map, restrictions, column, '<', '<=');
  if (prefix.length === 0 && lower.values.length === 0 && upper.values.length === 0) return undefined;
  const [least] = lower.values;
  const [most] = upper.values;
  if (least !== undefined && most !== undefined) {
    const order = map.comparators[column]?.(least, most) ?? 0;
    const isOpen = (lower.isStrict && lower.values.length === 1) || (upper.isStrict && upper.values.length === 1);
    if (order > 0 || (order === 0 && isOpen)) return NONE;
  }
  const from = [...prefix, ...lower.values];
  const to = [...prefix, ...upper.values];
  const isWhole = from.length === map.key.columns.length;
  const result = indexesOf(map, ({ partitionBound: bound }) => {
    if (bound?.kind !== 'range') return false;
    if (from.length > 0 && endsBefore(map, bound, from, lower.isStrict, isWhole)) return false;
    return to.length === 0 || !beginsBehind(map, bound, to, upper.isStrict);
  });
  if (map.defaultIndex < 0) return result;
  // A row with a NULL in a key column that nothing is said of is in the default partition.
  const isNullExcluded = map.key.columns.every((_, i) => restrictions.some((one) => one.column === i));
  return isNullExcluded && isCovered(map, result, from, to, upper.isStrict) ? result : [...result, map.defaultIndex];
}

/** Where rows begin or end: values of the column and, as long as they may be equal, of those after it. */
interface Limit {
  readonly values: readonly SqlValue[];
  readonly isStrict: boolean;
}

function limitOf(map: PartitionMap, restrictions: readonly Restriction[], from: number, strict: '<' | '>', loose: '<=' | '>='): Limit {
  const values: SqlValue[] = [];
  const sign = strict === '>' ? 1 : -1;
  for (let column = from; column < map.key.columns.length; column++) {
    let limit: Restriction | undefined;
    for (const one of restrictions) {
      if (one.column !== column || (one.op !== strict && one.op !== loose && (column === from || one.op !== '='))) continue;
      const order = limit === undefined ? 1 : sign * (map.comparators[column]?.(one.value, limit.value) ?? 0);
      if (order > 0 || (order === 0 && one.op === strict)) limit = one;
    }
    if (limit === undefined) break;
    values.push(limit.value);
    if (limit.op === strict) return { values, isStrict: true };
  }
  return { values, isStrict: false };
}

type RangeBound = Extract<PartitionBound, { kind: 'range' }>;

/** All its rows have lower values than the wanted ones. */
function endsBefore(map: PartitionMap, bound: RangeBound, from: readonly SqlValue[], exclusive: boolean, isWhole: boolean): boolean {
  const order = map.compareDatums(from, bound.to);
  if (order !== 0) return order > 0;
  // The end itself belongs to the next one; with fewer columns than the key has, rows with these values may come before it.
  if (isWhole) return true;
  return exclusive || isLeastEnd(bound, from.length);
}

/** The bound's other columns begin at the very least: nothing with these values lies before it. */
function isLeastEnd(bound: RangeBound, width: number): boolean {
  const next = bound.to[width];
  return next === undefined || next.kind === 'minvalue';
}

function beginsBehind(map: PartitionMap, bound: RangeBound, to: readonly SqlValue[], exclusive: boolean): boolean {
  const order = map.compareDatums(to, bound.from);
  if (order !== 0) return order < 0;
  if (exclusive) return true;
  const next = bound.from[to.length];
  return next?.kind === 'maxvalue';
}

/** Whether the partitions that match hold all wanted rows, without a gap that the default partition may fill. */
function isCovered(map: PartitionMap, matching: Indexes, from: readonly SqlValue[], to: readonly SqlValue[], exclusive: boolean): boolean {
  let last: RangeBound | undefined;
  for (const i of matching) {
    const bound = map.ordered[i]?.partitionBound;
    if (bound?.kind !== 'range') continue;
    if (last === undefined) {
      if (bound.from[0]?.kind !== 'minvalue') {
        if (from.length === 0) return false;
        const order = map.compareDatums(from, bound.from);
        if (order < 0 || (order === 0 && from.length < bound.from.length && bound.from[from.length]?.kind !== 'minvalue')) return false;
      }
    } else if (map.compareBound(last.to, bound.from) !== 0) return false;
    last = bound;
  }
  if (last === undefined) return false;
  if (last.to[0]?.kind === 'maxvalue') return true;
  if (to.length === 0) return false;
  const order = map.compareDatums(to, last.to);
  if (order !== 0) return order < 0;
  if (to.length < last.to.length) return last.to[to.length]?.kind === 'maxvalue';
  return exclusive;
}
