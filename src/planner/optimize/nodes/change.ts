import type { BoundExpr, ColumnId } from '../../bind/expression.js';
import type {
  LogicalDelete,
  LogicalInsert,
  LogicalLockRows,
  LogicalUpdate,
  OutputColumn,
  ProjectedColumn,
  TableTarget,
} from '../../bind/logical.js';
import { columnNode } from '../../bind/nodes.js';
import { Price, perRow } from '../cost/costs.js';
import { addColumns, usesAny } from '../expressions.js';
import type { PhysicalPlan, PlanInsert } from '../physical.js';
import type { Alternatives, Planning, Request } from '../planning.js';
import { hoistAsync, stepsOf } from './async-calls.js';
import { both, filtered, neededWith, only, unordered } from './build.js';
import { Hoisting } from './hoisting.js';

export function planLockRows(node: LogicalLockRows, request: Request, planning: Planning): Alternatives {
  const needed = neededWith(request.needed, [node.recheck]);
  for (const target of node.targets) {
    needed.add(target.rowKey);
    if (target.tableId !== undefined) needed.add(target.tableId);
  }
  const input = planning.plan(node.input, { predicates: request.predicates, needed, order: request.order, limit: request.limit });
  return both(input, ({ plan, order }) => {
    const lock: PhysicalPlan = {
      kind: 'lock rows',
      input: plan,
      targets: node.targets.map((target) => ({ ...target, columns: target.columns.filter((column) => plan.output.includes(column.id)) })),
      ...(node.recheck === undefined ? {} : { recheck: planning.use(planning.fold(node.recheck)) }),
      output: plan.output,
      cost: perRow(plan.cost, Price.row),
    };
    return { plan: lock, order };
  });
}

function usedReturning(returning: readonly ProjectedColumn[] | undefined, planning: Planning): readonly ProjectedColumn[] | undefined {
  return returning?.map((column) => ({ ...column, expr: planning.use(planning.fold(column.expr)) }));
}

function outputOf(returning: readonly ProjectedColumn[] | undefined): readonly ColumnId[] {
  return returning?.map((column) => column.id) ?? [];
}

interface ChangeOutput {
  readonly returning?: readonly ProjectedColumn[];
  readonly output: readonly ColumnId[];
}

/**
 * RETURNING. What may wait in it is computed above the change, which then gives the columns for it.
 * @param columns all that it may read
 */
export function withReturning(
  written: readonly ProjectedColumn[] | undefined,
  columns: Iterable<OutputColumn>,
  planning: Planning,
  change: (output: ChangeOutput) => PhysicalPlan,
): PhysicalPlan {
  const returning = usedReturning(written, planning);
  if (returning === undefined) return change({ output: [] });
  if (!returning.some(({ expr }) => planning.isAsync(expr))) return change({ returning, output: outputOf(returning) });
  const read = new Set<ColumnId>();
  for (const { expr } of returning) addColumns(expr, read);
  const plain = new Map<ColumnId, ProjectedColumn>();
  for (const column of columns) {
    const { id, name, type, typmod, collation } = column;
    if (read.has(id)) plain.set(id, { id, name, type, typmod, expr: columnNode(id, name, type, typmod, collation) });
  }
  const { plan, exprs } = hoistAsync(
    change({ returning: [...plain.values()], output: [...plain.keys()] }),
    returning.map(({ expr }) => expr),
    planning,
  );
  return {
    kind: 'project',
    input: plan,
    columns: returning.map((column, i) => ({ ...column, expr: exprs[i] ?? column.expr })),
    output: outputOf(returning),
    cost: perRow(plan.cost, Price.operator * returning.length),
  };
}

/** With the sub-queries of what views check. */
export function usedTarget(target: TableTarget, planning: Planning): TableTarget {
  const { viewChecks } = target;
  if (viewChecks === undefined) return target;
  return {
    ...target,
    viewChecks: viewChecks.map((check) => ({ ...check, condition: planning.use(planning.fold(check.condition)) })),
  };
}

export function planInsert(node: LogicalInsert, request: Request, planning: Planning): Alternatives {
  const values = node.values.map(({ number, expr }) => ({ number, expr: planning.use(planning.fold(expr)) }));
  const needed = neededWith(
    new Set(),
    values.map((value) => value.expr),
  );
  const below = planning.planAll(node.input, needed).plan;
  const { plan: input, exprs } = hoistAsync(
    below,
    values.map((value) => value.expr),
    planning,
  );
  const onConflict = node.onConflict === undefined ? undefined : planConflict(node.onConflict, planning);
  const plan = withReturning(node.returning, node.target.columns, planning, (output) => ({
    kind: 'insert',
    input,
    target: usedTarget(node.target, planning),
    values: values.map((value, i) => ({ ...value, expr: exprs[i] ?? value.expr })),
    ...(onConflict === undefined ? {} : { onConflict }),
    ...output,
    cost: perRow(input.cost, Price.fetch),
  }));
  return only(filtered(unordered(plan), request.predicates, planning));
}

function planConflict({ arbiters, update }: NonNullable<LogicalInsert['onConflict']>, planning: Planning): PlanInsert['onConflict'] {
  if (update === undefined) return { arbiters };
  const hoisting = new Hoisting(planning);
  const used = (expr: BoundExpr, guard: BoundExpr | undefined): BoundExpr => hoisting.hoist(planning.use(planning.fold(expr)), guard);
  const guard = update.guard === undefined ? undefined : used(update.guard, undefined);
  const where = update.where === undefined ? undefined : used(update.where, undefined);
  const sets = update.sets.map(({ number, expr }) => ({ number, expr: used(expr, where) }));
  return {
    arbiters,
    update: {
      ...update,
      sets,
      ...(where === undefined ? {} : { where }),
      ...(guard === undefined ? {} : { guard }),
      ...stepsOf(hoisting),
    },
  };
}

/** What an UPDATE or DELETE needs of its input: the row's key and old values, and what its own expressions mention. */
function changeInput(node: LogicalUpdate | LogicalDelete, planning: Planning): PhysicalPlan {
  const needed = new Set<ColumnId>([node.rowKey]);
  if (node.tableId !== undefined) needed.add(node.tableId);
  for (const column of node.existing) needed.add(column.id);
  if (node.recheck !== undefined) addColumns(node.recheck, needed);
  for (const column of node.returning ?? []) addColumns(column.expr, needed);
  if (node.kind === 'update') for (const set of node.sets) addColumns(set.expr, needed);
  return planning.planAll(node.input, needed).plan;
}

export function planUpdate(node: LogicalUpdate, request: Request, planning: Planning): Alternatives {
  const below = changeInput(node, planning);
  const folded = node.sets.map(({ number, expr }) => ({ number, expr: planning.use(planning.fold(expr)) }));
  const { plan: input, sets: free } = hoistedSets(below, folded, node, planning);
  const hoisting = new Hoisting(planning);
  const sets = free.map(({ number, expr }) => ({ number, expr: hoisting.hoist(expr, undefined) }));
  const plan = withReturning(node.returning, returnable(node, planning), planning, (output) => ({
    kind: 'update',
    input,
    target: usedTarget(node.target, planning),
    allUsers: node.allUsers,
    rowKey: node.rowKey,
    ...(node.tableId === undefined ? {} : { tableId: node.tableId }),
    existing: node.existing,
    sets,
    ...stepsOf(hoisting),
    ...(node.recheck === undefined ? {} : { recheck: planning.use(planning.fold(node.recheck)) }),
    ...output,
    cost: perRow(input.cost, Price.fetch * 2),
  }));
  return only(filtered(unordered(plan), request.predicates, planning));
}

type Sets = LogicalUpdate['sets'];

function* returnable(node: LogicalUpdate | LogicalDelete, planning: Planning): Generator<OutputColumn> {
  yield* planning.outputsOf(node.input).values();
  yield* node.existing;
  yield* node.target.columns;
}

/** What does not depend on the row that is changed is computed before its lock is taken; the rest when it is locked. */
function hoistedSets(
  below: PhysicalPlan,
  sets: Sets,
  node: LogicalUpdate,
  planning: Planning,
): { readonly plan: PhysicalPlan; readonly sets: Sets } {
  const own = new Set(node.existing.map(({ id }) => id));
  const free = sets.filter(({ expr }) => planning.isAsync(expr) && !usesAny(expr, own));
  if (free.length === 0) return { plan: below, sets };
  const { plan, exprs } = hoistAsync(
    below,
    free.map(({ expr }) => expr),
    planning,
  );
  const hoisted = sets.map((set) => {
    const index = free.indexOf(set);
    return index < 0 ? set : { ...set, expr: exprs[index] ?? set.expr };
  });
  return { plan, sets: hoisted };
}

export function planDelete(node: LogicalDelete, request: Request, planning: Planning): Alternatives {
  const input = changeInput(node, planning);
  const plan = withReturning(node.returning, returnable(node, planning), planning, (output) => ({
    kind: 'delete',
    input,
    target: usedTarget(node.target, planning),
    allUsers: node.allUsers,
    rowKey: node.rowKey,
    ...(node.tableId === undefined ? {} : { tableId: node.tableId }),
    existing: node.existing,
    ...(node.recheck === undefined ? {} : { recheck: planning.use(planning.fold(node.recheck)) }),
    ...output,
    cost: perRow(input.cost, Price.fetch * 2),
  }));
  return only(filtered(unordered(plan), request.predicates, planning));
}
