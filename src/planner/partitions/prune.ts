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

/** Which partitions of a map may have rows that pass; undefined: all of them. */
export function matchingPartitions(map: PartitionMap, step: PruneStep, known: ValueOf): boolean[] | undefined {
  const conditions = step.kind === 'and' ? step.steps : [step];
  const restrictions: Restriction[] = [];
  let matching: boolean[] | undefined;
  const intersect = (other: boolean[] | undefined): void => {
    if (other === undefined) return;
    matching = matching === undefined ? other : matching.map((is, i) => is && other[i] === true);
  };
  for (const condition of conditions) {
    switch (condition.kind) {
      case 'compare': {
        const value = known(condition.value);
        if (value === undefined) break;
        if (value === null) return none(map);
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
        if (array === null) return none(map);
        const elements = (array as SqlArray).elements;
        const single = elements.map((value) => ({ column: condition.column, op: condition.op, value }));
        if (condition.kind === 'all') {
          if (elements.includes(null)) return none(map);
          restrictions.push(...single);
        } else
          intersect(
            union(
              map,
              single.filter(({ value }) => value !== null).map((one) => matchingSimple(map, [one])),
            ),
          );
        break;
      }
      case 'and':
        intersect(matchingPartitions(map, condition, known));
        break;
      case 'or':
        intersect(
          union(
            map,
            condition.steps.map((arm) => matchingPartitions(map, arm, known)),
          ),
        );
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

function none(map: PartitionMap): boolean[] {
  return map.ordered.map(() => false);
}

function union(map: PartitionMap, sets: readonly (boolean[] | undefined)[]): boolean[] | undefined {
  const result = none(map);
  for (const set of sets) {
    if (set === undefined) return undefined;
    set.forEach((is, i) => {
      if (is) result[i] = true;
    });
  }
  return result;
}

function only(map: PartitionMap, index: number): boolean[] {
  const result = none(map);
  if (index >= 0) result[index] = true;
  return result;
}

function matchingSimple(map: PartitionMap, restrictions: readonly Restriction[]): boolean[] | undefined {
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

function matchingLists(map: PartitionMap, restrictions: readonly Restriction[]): boolean[] {
  const equal = restrictions.find(({ op }) => op === '=' || op === 'null');
  if (equal !== undefined) {
    if (!restrictions.every((restriction) => passes(map, equal.value, restriction))) return none(map);
    const index = map.listIndex(equal.value);
    return only(map, index === -1 ? map.defaultIndex : index);
  }
  return map.ordered.map(({ partitionBound: bound }) => {
    if (bound?.kind !== 'list') return true;
    return bound.values.some((value) => restrictions.every((restriction) => passes(map, value, restriction)));
  });
}

function matchingHash(map: PartitionMap, restrictions: readonly Restriction[]): boolean[] | undefined {
  const values: SqlValue[] = [];
  for (let column = 0; column < map.key.columns.length; column++) {
    const equal = restrictions.find((one) => one.column === column && (one.op === '=' || one.op === 'null'));
    if (equal === undefined) return undefined;
    values.push(equal.value);
  }
  return only(map, map.find(values));
}

/** Values of the first key columns that all rows have, and where the next column begins and ends. */
function matchingRanges(map: PartitionMap, restrictions: readonly Restriction[]): boolean[] | undefined {
  // Rows with a NULL are in the default partition, and nowhere else.
  if (restrictions.some(({ op }) => op === 'null')) return only(map, map.defaultIndex);
  const prefix: SqlValue[] = [];
  let column = 0;
  for (; column < map.key.columns.length; column++) {
    const equal = restrictions.find((one) => one.column === column && one.op === '=');
    if (equal === undefined) break;
    if (!restrictions.every((one) => one.column !== column || passes(map, equal.value, one))) return none(map);
    prefix.push(equal.value);
  }
  if (column === map.key.columns.length) return only(map, map.find(prefix));
  const lower = limitOf(map, restrictions, column, '>', '>=');
  const upper = limitOf(map, restrictions, column, '<', '<=');
  if (prefix.length === 0 && lower.values.length === 0 && upper.values.length === 0) return undefined;
  const [least] = lower.values;
  const [most] = upper.values;
  if (least !== undefined && most !== undefined) {
    const order = map.comparators[column]?.(least, most) ?? 0;
    const isOpen = (lower.isStrict && lower.values.length === 1) || (upper.isStrict && upper.values.length === 1);
    if (order > 0 || (order === 0 && isOpen)) return none(map);
  }
  const from = [...prefix, ...lower.values];
  const to = [...prefix, ...upper.values];
  const isWhole = from.length === map.key.columns.length;
  const result = map.ordered.map(({ partitionBound: bound }) => {
    if (bound?.kind !== 'range') return false;
    if (from.length > 0 && endsBefore(map, bound, from, lower.isStrict, isWhole)) return false;
    return to.length === 0 || !beginsBehind(map, bound, to, upper.isStrict);
  });
  // A row with a NULL in a key column that nothing is said of is in the default partition.
  const isNullExcluded = map.key.columns.every((_, i) => restrictions.some((one) => one.column === i));
  if (map.defaultIndex >= 0) result[map.defaultIndex] = !isNullExcluded || !isCovered(map, result, from, to, upper.isStrict);
  return result;
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
function isCovered(
  map: PartitionMap,
  matching: readonly boolean[],
  from: readonly SqlValue[],
  to: readonly SqlValue[],
  exclusive: boolean,
): boolean {
  let last: RangeBound | undefined;
  for (let i = 0; i < map.rangeCount; i++) {
    const bound = map.ordered[i]?.partitionBound;
    if (matching[i] !== true || bound?.kind !== 'range') continue;
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
