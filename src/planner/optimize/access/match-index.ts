import { BTREE_METHOD, Strategy } from '../../../catalog/builtin/resolve/opclass.js';
import type { IndexDescriptor } from '../../../catalog/descriptors.js';
import { TypeOid } from '../../../types/oids.js';
import type { BoundExpr } from '../../bind/expression.js';
import { sameExpr } from '../../bind/tree/same.js';
import { areAlike, type OrderKey } from '../expressions.js';
import type { IndexBound, IndexBounds } from '../physical.js';
import type { Planning } from '../planning.js';
import { type Sarg, strategyOf } from './sarg.js';

/** An index as a scan sees it: what each of its columns is, over the scan's columns. */
export interface IndexView {
  readonly index: IndexDescriptor;
  readonly keys: readonly BoundExpr[];
  /** Nothing but IS NOT NULL holds of its rows that a condition need not say. Absent: it has all rows. */
  readonly predicate?: BoundExpr | undefined;
}

export interface IndexMatch {
  readonly view: IndexView;
  readonly bounds: IndexBounds;
  /** What the bounds stand for; those of `exact` need no other check. */
  readonly conditions: readonly BoundExpr[];
  /** For EXPLAIN. */
  readonly shown: readonly BoundExpr[];
  readonly exact: ReadonlySet<BoundExpr>;
  /** All columns of a unique index are given one value each. */
  readonly isSingleRow: boolean;
  /** The order of an ascending scan. */
  readonly order: readonly OrderKey[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Bounds for the leading columns of an index: equality as long as there is one, then a range. */
export function matchIndex(view: IndexView, sargs: readonly Sarg[], planning: Planning): IndexMatch {
  const { index, keys } = view;
  const equal: IndexBound[] = [];
  const used: Sarg[] = [];
  const exact = new Set<BoundExpr>();
  const range: Mutable<Pick<IndexBounds, 'lower' | 'upper'>> = {};
  const order: OrderKey[] = [];
  let ordered = true;
  let values = 0;
  let position = 0;
  for (; position < keys.length; position++) {
    const key = keys[position];
    const column = index.columns[position];
    if (key === undefined || column === undefined) break;
    const found = equalityOn(key, column, sargs, planning);
    if (found === undefined) {
      addRange(key, column, sargs, range, used, exact, planning);
      break;
    }
    equal.push(found.bound);
    used.push(found.sarg);
    exact.add(found.sarg.condition);
    if (found.bound.kind === 'value') values++;
    // One value for all rows says nothing about order; several come in the order of the index.
    if (found.bound.kind === 'any' && ordered) ordered = addOrder(key, column, order);
  }
  for (let i = position; i < keys.length && ordered; i++) {
    const key = keys[i];
    const column = index.columns[i];
    ordered = key !== undefined && column !== undefined && addOrder(key, column, order);
  }
  return {
    view,
    bounds: { equal, ...range },
    conditions: used.map((sarg) => sarg.condition),
    shown: used.map((sarg) => sarg.shown),
    exact,
    isSingleRow: index.unique && index.deferrable !== true && values === keys.length,
    order,
  };
}

function addOrder(key: BoundExpr, column: IndexDescriptor['columns'][number], order: OrderKey[]): boolean {
  if (key.kind !== 'column') return false;
  order.push({ id: key.id, descending: column.descending, nullsFirst: column.nullsFirst });
  return true;
}

function isOn(sarg: Sarg, key: BoundExpr): boolean {
  if (key.kind === 'column') return sarg.target.kind === 'column' && sarg.target.id === key.id;
  return sarg.target.kind === key.kind && sameExpr(sarg.target, key);
}

function familyOf(column: IndexDescriptor['columns'][number], planning: Planning): number {
  const { builtin } = planning.catalog;
  return (builtin.opclassByOid(column.opclass) ?? builtin.defaultOpclass(column.type, BTREE_METHOD))?.family ?? 0;
}

function equalityOn(
  key: BoundExpr,
  column: IndexDescriptor['columns'][number],
  sargs: readonly Sarg[],
  planning: Planning,
): { readonly sarg: Sarg; readonly bound: IndexBound } | undefined {
  let any: { readonly sarg: Sarg; readonly bound: IndexBound } | undefined;
  for (const sarg of sargs) {
    if (!isOn(sarg, key)) continue;
    switch (sarg.kind) {
      case 'compare':
        if (areAlike(column.type, sarg.value.type) && isEquality(sarg.operator, column, planning)) {
          return { sarg, bound: { kind: 'value', expr: sarg.value } };
        }
        break;
      case 'boolean':
        if (column.type === TypeOid.bool) return { sarg, bound: { kind: 'value', expr: sarg.value } };
        break;
      case 'null':
        any ??= { sarg, bound: { kind: 'null' } };
        break;
      case 'any':
        if (areAlike(column.type, sarg.elementType) && isEquality(sarg.operator, column, planning)) {
          any = { sarg, bound: { kind: 'any', array: sarg.array } };
        }
        break;
      case 'prefix':
        break;
    }
  }
  return any;
}

function isEquality(operator: number, column: IndexDescriptor['columns'][number], planning: Planning): boolean {
  return strategyOf(operator, familyOf(column, planning), planning.catalog.builtin) === Strategy.equal;
}

function addRange(
  key: BoundExpr,
  column: IndexDescriptor['columns'][number],
  sargs: readonly Sarg[],
  range: Mutable<Pick<IndexBounds, 'lower' | 'upper'>>,
  used: Sarg[],
  exact: Set<BoundExpr>,
  planning: Planning,
): void {
  const family = familyOf(column, planning);
  for (const sarg of sargs) {
    if (sarg.kind !== 'compare' || !isOn(sarg, key) || !areAlike(column.type, sarg.value.type)) continue;
    const strategy = strategyOf(sarg.operator, family, planning.catalog.builtin);
    const isLower = strategy === Strategy.greater || strategy === Strategy.greaterEqual;
    const isUpper = strategy === Strategy.less || strategy === Strategy.lessEqual;
    if (isLower && range.lower === undefined) {
      range.lower = { bound: sarg.value, inclusive: strategy === Strategy.greaterEqual };
    } else if (isUpper && range.upper === undefined) {
      range.upper = { bound: sarg.value, inclusive: strategy === Strategy.lessEqual };
    } else continue;
    used.push(sarg);
    exact.add(sarg.condition);
  }
  if (range.lower !== undefined || range.upper !== undefined || !areAlike(column.type, TypeOid.text)) return;
  for (const sarg of sargs) {
    if (sarg.kind !== 'prefix' || !isOn(sarg, key)) continue;
    range.lower = { bound: sarg.lower, inclusive: true };
    if (sarg.upper !== undefined) range.upper = { bound: sarg.upper, inclusive: false };
    used.push(sarg);
    return;
  }
}
