import type { BoundExpr, ColumnId } from '../../bind/expression.js';
import type { OutputColumn, SortKey } from '../../bind/logical.js';
import { referenceTo } from '../../bind/nodes.js';
import { cost, Price, perRow, sortCost } from '../cost/costs.js';
import { selectivityOf } from '../cost/selectivity.js';
import { addColumns, type ColumnSet, conjoin, isNeverTrue, type OrderKey, orderOf } from '../expressions.js';
import type { PhysicalPlan } from '../physical.js';
import type { Alternatives, Planned, Planning } from '../planning.js';
import { hoistAsync, hoistConditions } from './async-calls.js';

/** Makers of the physical nodes that many places make. */

const NO_ORDER: readonly OrderKey[] = [];

export function unordered(plan: PhysicalPlan): Planned {
  return { plan, order: NO_ORDER };
}

export function only(planned: Planned): Alternatives {
  return { best: planned };
}

/** No rows at all. */
export function nothing(output: readonly ColumnId[]): PhysicalPlan {
  return { kind: 'result', never: true, output, cost: cost(0, 0, 1, 0) };
}

/** Conditions above a node that can't take them itself. */
export function filtered(input: Planned, predicates: readonly BoundExpr[], planning: Planning): Planned {
  if (predicates.some(isNeverTrue)) return unordered(nothing(input.plan.output));
  if (predicates.length === 0) return input;
  const waiting = predicates.filter((predicate) => planning.isAsync(predicate));
  // What is cheap goes first.
  if (waiting.length > 0 && waiting.length < predicates.length) {
    const passed = filtered(
      input,
      predicates.filter((predicate) => !waiting.includes(predicate)),
      planning,
    );
    return filtered(passed, waiting, planning);
  }
  const { plan, exprs } = hoistConditions(input.plan, predicates, planning);
  const condition = conjoin(exprs);
  if (condition === undefined) return input;
  const passed = plan.cost.rows * selectivityOf(predicates, planning);
  const filter: PhysicalPlan = {
    kind: 'filter',
    input: plan,
    condition: planning.use(condition),
    output: plan.output,
    cost: perRow(plan.cost, Price.operator * predicates.length, passed),
  };
  return { plan: filter, order: input.order };
}

export function both(alternatives: Alternatives, change: (planned: Planned) => Planned): Alternatives {
  const best = change(alternatives.best);
  return alternatives.ordered === undefined ? { best } : { best, ordered: change(alternatives.ordered) };
}

export function sorted(input: Planned, keys: readonly SortKey[], planning: Planning): Planned {
  const { plan, exprs } = hoistAsync(
    input.plan,
    keys.map((key) => key.expr),
    planning,
  );
  const sort: PhysicalPlan = {
    kind: 'sort',
    input: plan,
    keys: keys.map((key, i) => ({ ...key, expr: planning.use(exprs[i] ?? key.expr) })),
    output: plan.output,
    cost: sortCost(plan.cost),
  };
  return { plan: sort, order: orderOf(keys) ?? NO_ORDER };
}

/** Whether an order has the wanted one as its beginning; columns with one value for all rows don't count. */
export function satisfies(order: readonly OrderKey[], wanted: readonly OrderKey[], planning: Planning): boolean {
  let at = 0;
  for (const key of wanted) {
    const have = order[at];
    if (have === undefined || have.id !== key.id || have.descending !== key.descending) return false;
    if (have.nullsFirst !== key.nullsFirst && planning.facts.get(key.id)?.notNull !== true) return false;
    at++;
  }
  return true;
}

/** A node's columns in another choice and order: where the node can give that itself, it does. */
export function withOutput(plan: PhysicalPlan, columns: readonly OutputColumn[]): PhysicalPlan {
  const ids = columns.map((column) => column.id);
  if (isSame(plan.output, ids)) return plan;
  switch (plan.kind) {
    case 'table scan':
    case 'index scan':
    case 'inverted scan':
    case 'virtual scan': {
      if (plan.filter !== undefined && !covers(plan.filter, ids)) break;
      const picked = pick(plan.columns, ids);
      if (picked !== undefined) return { ...plan, columns: picked, output: ids };
      break;
    }
    case 'append':
    case 'merge append': {
      if (plan.kind === 'merge append' && !plan.keys.every(({ expr }) => covers(expr, ids))) break;
      const positions = ids.map((id) => plan.output.indexOf(id));
      if (positions.includes(-1)) break;
      const inputs = plan.inputs.map(({ plan: input, outputs }) => ({
        plan: input,
        outputs: positions.flatMap((position) => outputs[position] ?? []),
      }));
      return { ...plan, inputs, output: ids };
    }
    case 'nested loop':
    case 'hash join':
    case 'merge join':
      if (ids.every((id) => plan.outer.output.includes(id) || plan.inner.output.includes(id))) return { ...plan, output: ids };
      break;
    case 'project': {
      const picked = pick(plan.columns, ids);
      if (picked !== undefined) return { ...plan, columns: picked, output: ids };
      break;
    }
    case 'limit':
    case 'filter': {
      const input = plan.kind === 'filter' && !covers(plan.condition, ids) ? undefined : withOutput(plan.input, columns);
      if (input !== undefined && input.kind !== 'project') return { ...plan, input, output: ids };
      break;
    }
    default:
      break;
  }
  return {
    kind: 'project',
    input: plan,
    columns: columns.map((column) => ({ ...column, expr: referenceTo(column) })),
    output: ids,
    cost: perRow(plan.cost, Price.operator),
  };
}

function isSame(a: readonly ColumnId[], b: readonly ColumnId[]): boolean {
  return a.length === b.length && a.every((id, i) => id === b[i]);
}

function covers(filter: BoundExpr, ids: readonly ColumnId[]): boolean {
  const used = new Set<ColumnId>();
  addColumns(filter, used);
  // Columns from outside are among them too; a projection on top is right in any case.
  for (const id of used) if (!ids.includes(id)) return false;
  return true;
}

function pick<T extends { readonly id: ColumnId }>(columns: readonly T[], ids: readonly ColumnId[]): readonly T[] | undefined {
  const picked: T[] = [];
  for (const id of ids) {
    const column = columns.find((candidate) => candidate.id === id);
    if (column === undefined) return undefined;
    picked.push(column);
  }
  return new Set(ids).size === ids.length ? picked : undefined;
}

/** needed ∪ columns of expressions */
export function neededWith(needed: ColumnSet, exprs: readonly (BoundExpr | undefined)[]): Set<ColumnId> {
  const all = new Set(needed);
  for (const expr of exprs) if (expr !== undefined) addColumns(expr, all);
  return all;
}
