import { SqlState } from '../../../commons/sqlstates.js';
import type { Expr, GroupItem, GroupingSet, SelectFromStatement } from '../../parse/ast.js';
import { errorAt, locationOf } from '../errors.js';
import type { BoundExpr } from '../expression.js';
import type { Scope } from '../scope/scope.js';
import { requireEquality } from '../sort-key.js';
import { forEachColumn, startOf } from '../tree/walk.js';
import { findTarget } from './clauses.js';
import type { Target } from './target.js';

/** What a query groups by. */
export interface GroupBy {
  readonly targets: readonly Target[];
  /** Indexes into the targets, a list for each grouping set; absent: one set of all. */
  readonly sets?: readonly (readonly number[])[];
  /** Which target each written expression is; kept with shapes. */
  readonly byNode?: ReadonlyMap<Expr, Target>;
}

const MAX_SETS = 4096;
const MAX_CUBE = 12;

/**
 * GROUP BY with ROLLUP, CUBE and GROUPING SETS: each item stands for a list of sets, and the query's sets are all combinations of one of each
 * (PostgreSQL manual, "GROUPING SETS, CUBE, and ROLLUP"). @throws SqlError 42803, 42P10, 54001, 54011
 */
export function bindGroupBy(scope: Scope, statement: SelectFromStatement, targets: Target[]): GroupBy | undefined {
  const items = statement.groupBy;
  if (items === undefined) return undefined;
  const groups: Target[] = [];
  const byNode = scope.state.keepsShapes ? new Map<Expr, Target>() : undefined;
  const kept = byNode === undefined ? {} : { byNode };
  const indexOf = (node: Expr): number => {
    const target = findTarget(scope, node, targets, 'GROUP BY');
    refuseComputed(scope, target.expr);
    requireEquality(scope.state, target.expr.type, locationOf(node) ?? startOf(target.expr));
    byNode?.set(node, target);
    const known = groups.indexOf(target);
    return known === -1 ? groups.push(target) - 1 : known;
  };
  const expanded = items.map((item) => setsOf(item, indexOf));
  if (items.every((item) => item.type !== 'grouping set')) return { targets: groups, ...kept };
  const first = items.find((item) => item.type === 'grouping set');
  const sets = combine(expanded, first === undefined ? undefined : locationOf(first));
  const distinct = statement.groupDistinct === true ? withoutRepeats(sets) : sets;
  // One set of everything, or of nothing: a plain GROUP BY.
  const [only] = distinct;
  if (distinct.length === 1 && only !== undefined && only.length === groups.length) return { targets: groups, ...kept };
  return { targets: groups, sets: distinct, ...kept };
}

type Sets = readonly (readonly number[])[];

function setsOf(item: GroupItem, indexOf: (node: Expr) => number): Sets {
  if (item.type !== 'grouping set') return [unitOf(item, indexOf)];
  switch (item.kind) {
    case 'EMPTY':
      return [[]];
    case 'SETS':
      return item.items.flatMap((inner) => setsOf(inner, indexOf));
    case 'ROLLUP': {
      const units = unitsOf(item, indexOf);
      return Array.from({ length: units.length + 1 }, (_, left) => union(units.slice(0, units.length - left)));
    }
    case 'CUBE': {
      if (item.items.length > MAX_CUBE) {
        throw errorAt(SqlState.tooManyColumns, `CUBE is limited to ${MAX_CUBE} elements`, locationOf(item));
      }
      const units = unitsOf(item, indexOf);
      const sets: number[][] = [];
      for (let bits = 0; bits < 1 << units.length; bits++) sets.push(union(units.filter((_, i) => (bits & (1 << i)) !== 0)));
      return sets;
    }
  }
}

function unitsOf(item: GroupingSet, indexOf: (node: Expr) => number): number[][] {
  return item.items.map((unit) => (unit.type === 'grouping set' ? union(setsOf(unit, indexOf)) : unitOf(unit, indexOf)));
}

/** (a, b) counts as one: GROUP BY (a, b) is GROUP BY a, b. */
function unitOf(node: Expr, indexOf: (node: Expr) => number): number[] {
  const exprs = node.type === 'row' && node.explicit !== true ? node.expressions : [node];
  return union([exprs.map(indexOf)]);
}

function union(sets: Sets): number[] {
  return [...new Set(sets.flat())];
}

function combine(lists: readonly Sets[], location: number | undefined): Sets {
  let combined: Sets = [[]];
  for (const list of lists) {
    if (combined.length * list.length > MAX_SETS) {
      throw errorAt(SqlState.statementTooComplex, `too many grouping sets present (maximum ${MAX_SETS})`, location);
    }
    combined = combined.flatMap((left) => list.map((right) => union([left, right])));
  }
  // Shorter ones first, as PostgreSQL has them.
  return [...combined].sort((a, b) => a.length - b.length);
}

function withoutRepeats(sets: Sets): Sets {
  const seen = new Set<string>();
  return sets.filter((set) => {
    const key = [...set].sort((a, b) => a - b).join();
    return seen.has(key) ? false : seen.add(key) !== undefined;
  });
}

/** GROUP BY 1 where the first column is a count. */
function refuseComputed(scope: Scope, expr: BoundExpr): void {
  forEachColumn(expr, (column) => {
    if (!scope.computed.has(column.id)) return;
    if (scope.windowCalls.some(({ call }) => call.id === column.id)) {
      throw errorAt(SqlState.windowingError, 'window functions are not allowed in GROUP BY', column.location);
    }
    const what = scope.masks.some((mask) => mask.column.id === column.id) ? 'grouping operations' : 'aggregate functions';
    throw errorAt(SqlState.groupingError, `${what} are not allowed in GROUP BY`, column.location);
  });
}
