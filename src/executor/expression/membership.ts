import type { BoundCall, BoundExpr, ColumnId } from '../../planner/bind/expression.js';
import { isOwnEquality } from '../../planner/bind/tree/same.js';
import { forEachChild } from '../../planner/bind/tree/walk.js';
import type { HashKey } from '../../types/type-codec.js';
import type { SqlValue } from '../../types/value.js';
import type { Frame } from '../frame.js';
import { groupKeyOf, hasherOf, sameHashClass } from './comparators.js';
import type { Evaluator } from './evaluator.js';
import { rowsOnce, type SubqueryParts } from './subquery-parts.js';

/** The keys of a sub-query's rows. */
interface Members {
  readonly keys: ReadonlySet<HashKey>;
  readonly hasNull: boolean;
  readonly empty: boolean;
}

/**
 * `x IN (SELECT …)` over an uncorrelated sub-query, looked up in a set of its rows. Several columns too, but with a NULL anywhere only
 * the comparison row by row knows, so then it is made.
 * @returns undefined where the comparison is not such an equality
 */
export function hashedMembership(parts: SubqueryParts): Evaluator | undefined {
  const { expr, inner, outer, number } = parts;
  if (parts.correlated || expr.mode !== 'any' || expr.compare === undefined) return undefined;
  const produced = new Set<ColumnId>(parts.plan.output);
  const pairs = equalityPairs(expr.compare, produced);
  if (pairs === undefined) return undefined;
  const probes = pairs.map(({ probe }) => outer.evaluator(probe));
  const members = pairs.map(({ member }) => inner.evaluator(member));
  const probeKey = groupKeyOf(pairs.map(({ probe }) => hasherOf(probe.type)));
  const memberKey = groupKeyOf(pairs.map(({ member }) => hasherOf(member.type)));
  const compare = inner.evaluator(expr.compare);
  const build = (frame: Frame): Members => {
    const keys = new Set<HashKey>();
    let hasNull = false;
    const rows = rowsOnce(parts.plan, number, frame);
    for (const row of rows) {
      const values = members.map((member) => member(row, frame));
      if (values.includes(null)) hasNull = true;
      else keys.add(memberKey(values));
    }
    return { keys, hasNull, empty: rows.length === 0 };
  };
  const wanted: SqlValue[] = probes.map(() => null);
  return (row, frame) => {
    parts.bind(row, frame);
    rowsOnce(parts.plan, number, frame);
    const state = frame.subqueries[number];
    let set = state?.members;
    if (set === undefined) {
      set = build(frame);
      if (state !== undefined) state.members = set;
    }
    if (set.empty) return false;
    let hasNull = set.hasNull;
    for (let i = 0; i < probes.length; i++) {
      const value = probes[i]?.(row, frame) ?? null;
      wanted[i] = value;
      if (value === null) {
        if (probes.length === 1) return null;
        hasNull = true;
      }
    }
    if (!wanted.includes(null) && set.keys.has(probeKey(wanted))) return true;
    if (!hasNull) return false;
    if (probes.length === 1) return null;
    let unknown = false;
    for (const candidate of rowsOnce(parts.plan, number, frame)) {
      const result = compare(candidate, frame);
      if (result === true) return true;
      if (result === null) unknown = true;
    }
    return unknown ? null : false;
  };
}

function equalityPairs(
  expr: BoundExpr,
  produced: ReadonlySet<ColumnId>,
): readonly { readonly probe: BoundExpr; readonly member: BoundExpr }[] | undefined {
  const calls = expr.kind === 'and' ? expr.args : [expr];
  const pairs: { readonly probe: BoundExpr; readonly member: BoundExpr }[] = [];
  for (const call of calls) {
    if (call.kind !== 'call' || !isEquality(call)) return undefined;
    const [left, right] = call.args;
    if (left === undefined || right === undefined || !sameHashClass(left.type, right.type)) return undefined;
    if (usesOnly(left, produced, false) && usesOnly(right, produced, true)) pairs.push({ probe: left, member: right });
    else if (usesOnly(right, produced, false) && usesOnly(left, produced, true)) pairs.push({ probe: right, member: left });
    else return undefined;
  }
  return pairs;
}

function isEquality(call: BoundCall): boolean {
  return isOwnEquality(call) && call.strict;
}

/** Whether all columns of an expression are (not) among the sub-query's; sub-queries within are left to the general way. */
function usesOnly(expr: BoundExpr, produced: ReadonlySet<ColumnId>, inside: boolean): boolean {
  if (expr.kind === 'column') return produced.has(expr.id) === inside;
  if (expr.kind === 'subquery' || (expr.kind === 'call' && expr.volatility === 'v')) return false;
  let all = true;
  forEachChild(expr, (child) => {
    all &&= usesOnly(child, produced, inside);
  });
  return all;
}
