import type { ColumnId } from '../../bind/expression.js';
import type { LogicalDelete, LogicalInsert, LogicalLockRows, LogicalUpdate, ProjectedColumn, TableTarget } from '../../bind/logical.js';
import { Price, perRow } from '../cost/costs.js';
import { addColumns, usesAny } from '../expressions.js';
import type { PhysicalPlan } from '../physical.js';
import type { Alternatives, Planning, Request } from '../planning.js';
import { hoistAsync } from './async-calls.js';
import { both, filtered, neededWith, only, unordered } from './build.js';

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

/** With the sub-queries of what views check. */
export function usedTarget(target: TableTarget, planning: Planning): TableTarget {
  const { viewChecks } = target;
  if (viewChecks === undefined) return target;
  return {
    ...target,
    viewChecks: viewChecks.map(({ view, condition }) => ({ view, condition: planning.use(planning.fold(condition)) })),
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
  const returning = usedReturning(node.returning, planning);
  const update = node.onConflict?.update;
  const onConflict =
    node.onConflict === undefined
      ? undefined
      : {
          arbiters: node.onConflict.arbiters,
          ...(update === undefined
            ? {}
            : {
                update: {
                  ...update,
                  sets: update.sets.map(({ number, expr }) => ({ number, expr: planning.use(planning.fold(expr)) })),
                  ...(update.where === undefined ? {} : { where: planning.use(planning.fold(update.where)) }),
                },
              }),
        };
  const plan: PhysicalPlan = {
    kind: 'insert',
    input,
    target: usedTarget(node.target, planning),
    values: values.map((value, i) => ({ ...value, expr: exprs[i] ?? value.expr })),
    ...(onConflict === undefined ? {} : { onConflict }),
    ...(returning === undefined ? {} : { returning }),
    output: outputOf(returning),
    cost: perRow(input.cost, Price.fetch),
  };
  return only(filtered(unordered(plan), request.predicates, planning));
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
  const { plan: input, sets } = hoistedSets(below, folded, node, planning);
  const returning = usedReturning(node.returning, planning);
  const plan: PhysicalPlan = {
    kind: 'update',
    input,
    target: usedTarget(node.target, planning),
    allUsers: node.allUsers,
    rowKey: node.rowKey,
    ...(node.tableId === undefined ? {} : { tableId: node.tableId }),
    existing: node.existing,
    sets,
    ...(node.recheck === undefined ? {} : { recheck: planning.use(planning.fold(node.recheck)) }),
    ...(returning === undefined ? {} : { returning }),
    output: outputOf(returning),
    cost: perRow(input.cost, Price.fetch * 2),
  };
  return only(filtered(unordered(plan), request.predicates, planning));
}

type Sets = LogicalUpdate['sets'];

/** What does not depend on the row that is changed is computed before its lock is taken; the rest anew if it had to be waited for. */
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
  const returning = usedReturning(node.returning, planning);
  const plan: PhysicalPlan = {
    kind: 'delete',
    input,
    target: usedTarget(node.target, planning),
    allUsers: node.allUsers,
    rowKey: node.rowKey,
    ...(node.tableId === undefined ? {} : { tableId: node.tableId }),
    existing: node.existing,
    ...(node.recheck === undefined ? {} : { recheck: planning.use(planning.fold(node.recheck)) }),
    ...(returning === undefined ? {} : { returning }),
    output: outputOf(returning),
    cost: perRow(input.cost, Price.fetch * 2),
  };
  return only(filtered(unordered(plan), request.predicates, planning));
}
