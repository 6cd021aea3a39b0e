import type { BoundExpr, ColumnId } from '../../bind/expression.js';
import type { BoundFrame, LogicalWindow, ProjectedColumn, SortKey, WindowStep } from '../../bind/logical.js';
import { columnNode, outputColumn, referenceTo } from '../../bind/nodes.js';
import { sameExpr } from '../../bind/tree/same.js';
import { Price, perRow } from '../cost/costs.js';
import { widthOf } from '../cost/facts.js';
import { columnsOf, isVolatile, type OrderKey, orderOf } from '../expressions.js';
import { windowExpressions } from '../logical-columns.js';
import type { PhysicalPlan } from '../physical.js';
import type { Alternatives, Planned, Planning, Request } from '../planning.js';
import { hoistAsync } from './async-calls.js';
import { filtered, neededWith, only, satisfies, sorted } from './build.js';

/** Sorts for each window, where the rows don't come in its order anyway. Conditions on partitions as a whole go below. */
export function planWindow(node: LogicalWindow, request: Request, planning: Planning): Alternatives {
  const partitions = partitionColumns(node.steps);
  const own = planning.outputsOf(node);
  const onPartitions = (predicate: BoundExpr): boolean =>
    !isVolatile(predicate) && [...columnsOf(predicate)].every((id) => partitions.has(id) || !own.has(id));
  const pushed = request.predicates.filter(onPartitions);
  const kept = request.predicates.filter((predicate) => !pushed.includes(predicate));
  const used = neededWith(request.needed, kept);
  const steps = usedSteps(node.steps, used).map((step) => foldStep(step, planning));
  if (steps.length === 0) return planning.plan(node.input, request);
  const needed = neededWith(used, steps.flatMap(windowExpressions));
  const [first] = steps;
  const order = first === undefined ? undefined : orderOf(sortKeysOf(first));
  const { best, ordered } = planning.plan(node.input, { predicates: pushed, needed, order });
  const input = order !== undefined && ordered !== undefined && isCheaperSorted(best, ordered, first, planning) ? ordered : best;
  const keyed = withKeyColumns(node, input, steps, planning);
  const planned = keyed.steps.reduce((below, step) => planStep(step, below, planning), keyed.planned);
  return only(filtered(planned, kept, planning));
}

function isCheaperSorted(best: Planned, ordered: Planned, step: WindowStep | undefined, planning: Planning): boolean {
  if (step === undefined) return false;
  return ordered.plan.cost.total <= sorted(best, sortKeysOf(step), planning).plan.cost.total;
}

/** Columns that every window is partitioned by: their values hold for whole partitions. */
function partitionColumns(steps: readonly WindowStep[]): ReadonlySet<ColumnId> {
  const [first, ...rest] = steps.map((step) => new Set(step.partitionBy.flatMap((expr) => (expr.kind === 'column' ? [expr.id] : []))));
  return new Set([...(first ?? [])].filter((id) => rest.every((other) => other.has(id))));
}

function usedSteps(steps: readonly WindowStep[], used: ReadonlySet<ColumnId>): readonly WindowStep[] {
  return steps.flatMap((step) => {
    const calls = step.calls.filter((call) => used.has(call.id));
    return calls.length === 0 ? [] : [{ ...step, calls }];
  });
}

function foldStep(step: WindowStep, planning: Planning): WindowStep {
  const fold = (expr: BoundExpr): BoundExpr => planning.use(planning.fold(expr));
  const bound = (of: BoundFrame['start']): BoundFrame['start'] => (of.offset === undefined ? of : { ...of, offset: fold(of.offset) });
  return {
    partitionBy: step.partitionBy.map(fold),
    orderBy: step.orderBy.map((key) => ({ ...key, expr: fold(key.expr) })),
    frame: { ...step.frame, start: bound(step.frame.start), end: bound(step.frame.end) },
    calls: step.calls.map((call) => ({
      ...call,
      args: call.args.map(fold),
      ...(call.filter === undefined ? {} : { filter: fold(call.filter) }),
    })),
  };
}

/** What is the same for all rows sorts nothing. */
function sortKeysOf({ partitionBy, orderBy }: WindowStep): readonly SortKey[] {
  const keys: SortKey[] = partitionBy.map((expr) => ({ expr, descending: false, nullsFirst: false }));
  for (const key of orderBy) if (!partitionBy.some((expr) => sameExpr(expr, key.expr))) keys.push(key);
  return keys.filter(({ expr }) => expr.kind !== 'const' && expr.kind !== 'param');
}

/** Keys that are more than a column are computed once, below all windows. */
function withKeyColumns(
  node: LogicalWindow,
  input: Planned,
  steps: readonly WindowStep[],
  planning: Planning,
): { readonly planned: Planned; readonly steps: readonly WindowStep[] } {
  const computed: { readonly expr: BoundExpr; readonly column: ProjectedColumn }[] = [];
  const asColumn = (expr: BoundExpr): BoundExpr => {
    if (expr.kind === 'column' || expr.kind === 'const' || expr.kind === 'param') return expr;
    let known = computed.find((each) => sameExpr(each.expr, expr));
    if (known === undefined) {
      const id = planning.newColumn();
      known = { expr, column: { ...outputColumn(id, 'key', expr), expr } };
      computed.push(known);
    }
    return columnNode(known.column.id, known.column.name, expr.type, expr.typmod, expr.collation);
  };
  const changed = steps.map((step) => ({
    ...step,
    partitionBy: step.partitionBy.map(asColumn),
    orderBy: step.orderBy.map((key) => ({ ...key, expr: asColumn(key.expr) })),
    calls: step.calls.map((call) => ({
      ...call,
      args: call.args.map((arg) => (planning.isAsync(arg) ? asColumn(arg) : arg)),
      ...(call.filter === undefined || !planning.isAsync(call.filter) ? {} : { filter: asColumn(call.filter) }),
    })),
  }));
  if (computed.length === 0) return { planned: input, steps };
  const outputs = planning.outputsOf(node.input);
  const columns: ProjectedColumn[] = input.plan.output.flatMap((id) => {
    const column = outputs.get(id);
    return column === undefined ? [] : [{ ...column, expr: referenceTo(column) }];
  });
  const { plan: below, exprs } = hoistAsync(
    input.plan,
    computed.map(({ expr }) => expr),
    planning,
  );
  columns.push(...computed.map(({ column }, i) => ({ ...column, expr: exprs[i] ?? column.expr })));
  const project: PhysicalPlan = {
    kind: 'project',
    input: below,
    columns,
    output: columns.map((column) => column.id),
    cost: perRow(input.plan.cost, Price.operator * columns.length),
  };
  return { planned: { plan: project, order: input.order }, steps: changed };
}

function planStep(step: WindowStep, input: Planned, planning: Planning): Planned {
  const keys = sortKeysOf(step);
  const order: readonly OrderKey[] | undefined = orderOf(keys);
  const isSorted = keys.length === 0 || (order !== undefined && satisfies(input.order, order, planning));
  const below = isSorted ? input : sorted(input, keys, planning);
  const { plan } = below;
  const width = step.calls.reduce((sum, call) => sum + widthOf(call.type, undefined), plan.cost.width);
  const window: PhysicalPlan = {
    kind: 'window',
    input: plan,
    ...step,
    output: [...plan.output, ...step.calls.map((call) => call.id)],
    cost: perRow(plan.cost, Price.row + Price.operator * step.calls.length, plan.cost.rows, width),
  };
  return { plan: window, order: below.order };
}
