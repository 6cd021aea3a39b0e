import { codecFor } from '../../../types/type-codec.js';
import { SqlArray, type SqlValue } from '../../../types/value.js';
import type { BoundExpr } from '../../bind/expression.js';
import { asOperator, isColumn, withoutRelabel } from '../expressions.js';
import type { Planning } from '../planning.js';
import { type ColumnFacts, distinctOf } from './facts.js';

/** PostgreSQL's defaults (selfuncs.h), for what statistics don't tell. */
const DEFAULT_EQUAL = 0.005;
const DEFAULT_RANGE = 1 / 3;
const DEFAULT_MATCH = 0.005;
const DEFAULT_CONDITION = 1 / 3;
const DEFAULT_NULLS = 0.005;
const DEFAULT_ARRAY = 10;

/** The part of the rows that passes all of the conditions. */
export function selectivityOf(conditions: readonly BoundExpr[], planning: Planning): number {
  let result = 1;
  for (const condition of conditions) result *= one(condition, planning);
  return result;
}

function one(condition: BoundExpr, planning: Planning): number {
  switch (condition.kind) {
    case 'const':
      return condition.value === true ? 1 : 0;
    case 'and':
      return selectivityOf(condition.args, planning);
    case 'or':
      return condition.args.reduce((sum, arg) => {
        const part = one(arg, planning);
        return sum + part - sum * part;
      }, 0);
    case 'not':
      return clamp(1 - one(condition.arg, planning));
    case 'null test': {
      const facts = factsOf(condition.arg, planning);
      const nulls = facts?.notNull === true ? 0 : (facts?.statistics?.nullFraction ?? DEFAULT_NULLS);
      return condition.negated ? 1 - nulls : nulls;
    }
    case 'column': {
      const common = factsOf(condition, planning)?.statistics?.mostCommon?.find((item) => item.value === true);
      return common?.fraction ?? 0.5;
    }
    case 'boolean test':
    case 'subquery':
      return 0.5;
    case 'quantified':
      return quantified(condition, planning);
    case 'call':
      return call(condition, planning);
    default:
      return DEFAULT_CONDITION;
  }
}

function quantified(condition: Extract<BoundExpr, { kind: 'quantified' }>, planning: Planning): number {
  const { array } = condition;
  const size =
    array.kind === 'const' && array.value instanceof SqlArray
      ? array.value.elements.length
      : array.kind === 'array'
        ? array.elements.length
        : DEFAULT_ARRAY;
  const each = one(condition.compare, planning);
  return condition.quantifier === 'any' ? Math.min(each * size, 1) : each ** size;
}

function call(condition: Extract<BoundExpr, { kind: 'call' }>, planning: Planning): number {
  const operator = asOperator(condition);
  if (operator === undefined) return DEFAULT_CONDITION;
  const left = factsOf(operator.left, planning);
  const right = factsOf(operator.right, planning);
  switch (condition.operator?.symbol) {
    case '=':
      if (left !== undefined && right !== undefined) return 1 / Math.max(distinctOf(left), distinctOf(right));
      return equal(left ?? right, left === undefined ? operator.left : operator.right);
    case '<>':
      return clamp(1 - equal(left ?? right, left === undefined ? operator.left : operator.right));
    case '<':
    case '<=':
      return left !== undefined ? below(left, operator.right, false) : below(right, operator.left, true);
    case '>':
    case '>=':
      return left !== undefined ? below(left, operator.right, true) : below(right, operator.left, false);
    case '~~':
    case '~~*':
    case '~':
    case '~*':
      return DEFAULT_MATCH;
    default:
      return DEFAULT_CONDITION;
  }
}

function factsOf(expr: BoundExpr, planning: Planning): ColumnFacts | undefined {
  const column = withoutRelabel(expr);
  return isColumn(column) ? planning.facts.get(column.id) : undefined;
}

function equal(facts: ColumnFacts | undefined, value: BoundExpr): number {
  if (facts === undefined) return DEFAULT_EQUAL;
  const { statistics } = facts;
  const common = statistics?.mostCommon;
  if (common === undefined || statistics === undefined || value.kind !== 'const' || value.value === null) {
    return (1 - (statistics?.nullFraction ?? 0)) / distinctOf(facts);
  }
  const compare = codecFor(facts.type)?.compare;
  let sum = 0;
  for (const item of common) {
    if (isSame(item.value, value.value, compare)) return item.fraction;
    sum += item.fraction;
  }
  const others = Math.max(statistics.distinct - common.length, 1);
  return clamp((1 - statistics.nullFraction - sum) / others);
}

function isSame(a: SqlValue, b: SqlValue, compare: ((a: SqlValue, b: SqlValue) => number) | undefined): boolean {
  return a === b || (compare !== undefined && a !== null && b !== null && typeof a === typeof b && compare(a, b) === 0);
}

/** Rows below a value, by the histogram's buckets; `above` gives the rest. */
function below(facts: ColumnFacts | undefined, value: BoundExpr, above: boolean): number {
  const histogram = facts?.statistics?.histogram;
  const compare = facts === undefined ? undefined : codecFor(facts.type)?.compare;
  if (histogram === undefined || histogram.length < 2 || compare === undefined || value.kind !== 'const' || value.value === null) {
    return DEFAULT_RANGE;
  }
  const wanted = value.value;
  let passed = 0;
  while (passed < histogram.length && compareLoosely(histogram[passed] ?? null, wanted, compare) < 0) passed++;
  const fraction = clamp((passed === 0 ? 0 : passed - 0.5) / (histogram.length - 1));
  return Math.max(above ? 1 - fraction : fraction, 1e-4);
}

function compareLoosely(a: SqlValue, b: SqlValue, compare: (a: SqlValue, b: SqlValue) => number): number {
  return a === null || b === null || typeof a !== typeof b ? 0 : compare(a, b);
}

function clamp(value: number): number {
  return Math.min(Math.max(value, 0), 1);
}
