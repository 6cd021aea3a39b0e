import { btreeOperator, Strategy } from '../../../catalog/builtin/index.js';
import type { BoundExpr, ColumnId } from '../../bind/expression.js';
import type { Aggregate, GroupColumn, LogicalAggregate, ProjectedColumn, SortKey } from '../../bind/logical.js';
import { TypeLookup } from '../../bind/type-lookup.js';
import { cost, Price } from '../cost/costs.js';
import { distinctOf, widthOf } from '../cost/facts.js';
import { addColumns, type OrderKey, withoutRelabel } from '../expressions.js';
import type { PhysicalPlan } from '../physical.js';
import type { Alternatives, Planned, Planning, Request } from '../planning.js';
import { hoistAsync } from './async-calls.js';
import { filtered, only, sorted } from './build.js';
import { pushThrough } from './project.js';

/** Groups by hash, or one after the other where they come in order. Conditions on groups alone go below. */
export function planAggregate(node: LogicalAggregate, request: Request, planning: Planning): Alternatives {
  const groups = node.groups.map((group) => ({ ...group, expr: planning.fold(group.expr) }));
  const byId = new Map<ColumnId, ProjectedColumn>(groups.map((group) => [group.id, group]));
  const results = new Set([...node.aggregates, ...(node.masks ?? [])].map((column) => column.id));
  const onGroups = request.predicates.filter((predicate) => {
    const used = new Set<ColumnId>();
    addColumns(predicate, used);
    return groups.length > 0 && node.groupingSets === undefined && ![...used].some((id) => results.has(id));
  });
  const { pushed } = pushThrough(onGroups, byId);
  // What couldn't be said below is checked above, with all that speaks of aggregates.
  const isPushed = pushed.length === onGroups.length;
  const above = isPushed ? request.predicates.filter((predicate) => !onGroups.includes(predicate)) : request.predicates;
  const used = new Set(request.needed);
  for (const predicate of above) addColumns(predicate, used);
  const aggregates = node.aggregates.filter((aggregate) => used.has(aggregate.id)).map((aggregate) => foldAggregate(aggregate, planning));
  const needed = new Set<ColumnId>();
  for (const group of groups) addColumns(group.expr, needed);
  for (const aggregate of aggregates) for (const expr of partsOf(aggregate)) addColumns(expr, needed);
  const order = groupOrder(groups);
  // HAVING alone makes one group of whatever there is, of which nothing is asked: PostgreSQL does not read it.
  const isBare = groups.length === 0 && node.aggregates.length === 0 && node.groupingSets === undefined && node.masks === undefined;
  const input = planning.plan(isBare ? { kind: 'one row' } : node.input, { predicates: isPushed ? pushed : [], needed, order });
  const grouped = choose(node, input, groups, aggregates, order, planning);
  // A grouping set that leaves a column out has NULL in it.
  if (node.groupingSets !== undefined) for (const group of groups) planning.facts.delete(group.id);
  return only(filtered(grouped, above, planning));
}

function foldAggregate(aggregate: Aggregate, planning: Planning): Aggregate {
  return {
    ...aggregate,
    args: aggregate.args.map((arg) => planning.use(planning.fold(arg))),
    ...(aggregate.direct === undefined ? {} : { direct: aggregate.direct.map((arg) => planning.use(planning.fold(arg))) }),
    orderBy: aggregate.orderBy.map((key) => ({ ...key, expr: planning.use(planning.fold(key.expr)) })),
    ...(aggregate.filter === undefined ? {} : { filter: planning.use(planning.fold(aggregate.filter)) }),
  };
}

function partsOf(aggregate: Aggregate) {
  return [
    ...aggregate.args,
    ...(aggregate.direct ?? []),
    ...aggregate.orderBy.map((key) => key.expr),
    ...(aggregate.filter === undefined ? [] : [aggregate.filter]),
  ];
}

/** Any order of the groups will do; theirs is as good as another. */
function groupOrder(groups: readonly GroupColumn[]): readonly OrderKey[] | undefined {
  const order: OrderKey[] = [];
  for (const { expr, determined } of groups) {
    if (determined === true) continue;
    const column = withoutRelabel(expr);
    if (column.kind !== 'column') return undefined;
    order.push({ id: column.id, descending: false, nullsFirst: false });
  }
  return order.length === 0 ? undefined : order;
}

function choose(
  node: LogicalAggregate,
  input: Alternatives,
  groups: readonly GroupColumn[],
  aggregates: readonly Aggregate[],
  order: readonly OrderKey[] | undefined,
  planning: Planning,
): Planned {
  if (groups.length === 0 && node.groupingSets === undefined) {
    return { plan: aggregatePlan(node, 'plain', input.best.plan, groups, aggregates, 1, planning), order: [] };
  }
  const rows = groups.reduce((product, group) => {
    if (group.determined === true) return product;
    const column = withoutRelabel(group.expr);
    return product * distinctOf(column.kind === 'column' ? planning.facts.get(column.id) : undefined);
  }, 1);
  const inOrder =
    order === undefined ? undefined : [input.ordered, input.best].find((planned) => planned !== undefined && isGrouped(planned, order));
  const hashed = aggregatePlan(node, 'hash', input.best.plan, groups, aggregates, Math.min(rows, input.best.plan.cost.rows), planning);
  const streamed = (source: Planned): Planned => ({
    plan: aggregatePlan(node, 'sorted', source.plan, groups, aggregates, Math.min(rows, source.plan.cost.rows), planning),
    order: renamed(source.order, groups),
  });
  if (node.groupingSets !== undefined) return { plan: hashed, order: [] };
  // Aggregates that sort their input keep it until the group ends: one group at a time.
  const keepsInput = aggregates.some((aggregate) => sortsInput(aggregate));
  if (keepsInput && planning.settings.enableSort && areSortable(groups, planning)) {
    return streamed(inOrder ?? sorted(input.best, groupKeys(groups), planning));
  }
  if (inOrder !== undefined) {
    const streaming = streamed(inOrder);
    if (streaming.plan.cost.total <= hashed.cost.total || !planning.settings.enableHashAggregate) return streaming;
  }
  if (planning.settings.enableHashAggregate || order === undefined) return { plan: hashed, order: [] };
  return streamed(sorted(input.best, groupKeys(groups), planning));
}

function groupKeys(groups: readonly GroupColumn[]): readonly SortKey[] {
  return groups
    .filter(({ determined }) => determined !== true)
    .map((group) => ({ expr: group.expr, descending: false, nullsFirst: false }));
}

/** DISTINCT, ORDER BY and WITHIN GROUP; counting what is distinct doesn't need an order. */
function sortsInput({ distinct, orderBy, name }: Aggregate): boolean {
  return orderBy.length > 0 || (distinct && name !== 'count');
}

function areSortable(groups: readonly GroupColumn[], planning: Planning): boolean {
  const types = new TypeLookup(planning.catalog);
  return groups.every((group) => group.determined === true || btreeOperator(types, group.expr.type, Strategy.less) !== 0);
}

/** Whether equal groups follow one another: the order begins with the groups, whichever comes first. */
function isGrouped(planned: Planned, order: readonly OrderKey[]): boolean {
  const wanted = new Set(order.map((key) => key.id));
  const leading = planned.order.slice(0, wanted.size);
  return leading.length === wanted.size && leading.every((key) => wanted.has(key.id));
}

function renamed(order: readonly OrderKey[], groups: readonly GroupColumn[]): readonly OrderKey[] {
  const result: OrderKey[] = [];
  for (const key of order.slice(0, groups.length)) {
    const group = groups.find(({ expr }) => {
      const column = withoutRelabel(expr);
      return column.kind === 'column' && column.id === key.id;
    });
    if (group === undefined) break;
    result.push({ ...key, id: group.id });
  }
  return result;
}

function aggregatePlan(
  node: LogicalAggregate,
  strategy: 'plain' | 'sorted' | 'hash',
  below: PhysicalPlan,
  allGroups: readonly GroupColumn[],
  allAggregates: readonly Aggregate[],
  rows: number,
  planning: Planning,
): PhysicalPlan {
  const { input, groups, aggregates } = hoistedParts(below, allGroups, allAggregates, planning);
  const step = aggregates.length * Price.operator + (strategy === 'plain' ? 0 : strategy === 'hash' ? Price.hashBuild : Price.compare);
  const work = input.cost.total + input.cost.rows * step;
  const width = [...groups, ...aggregates].reduce((sum, column) => sum + widthOf(column.type, undefined), 0);
  return {
    kind: 'aggregate',
    strategy,
    input,
    groups: groups.map((group) => ({ ...group, expr: planning.use(group.expr) })),
    aggregates,
    ...(node.groupingSets === undefined ? {} : { groupingSets: node.groupingSets }),
    ...(node.masks === undefined ? {} : { masks: node.masks }),
    output: [...groups, ...aggregates, ...(node.masks ?? [])].map((column) => column.id),
    cost: cost(strategy === 'sorted' ? input.cost.startup : work, work + rows * Price.row, rows, width),
  };
}

/** Arguments and groups that may have to wait are computed below. */
function hoistedParts(
  below: PhysicalPlan,
  groups: readonly GroupColumn[],
  aggregates: readonly Aggregate[],
  planning: Planning,
): { readonly input: PhysicalPlan; readonly groups: readonly GroupColumn[]; readonly aggregates: readonly Aggregate[] } {
  const all = [...groups.map(({ expr }) => expr), ...aggregates.flatMap(partsOf)];
  if (!all.some((expr) => planning.isAsync(expr))) return { input: below, groups, aggregates };
  const { plan, exprs } = hoistAsync(below, all, planning);
  let next = 0;
  const take = (expr: BoundExpr): BoundExpr => exprs[next++] ?? expr;
  return {
    input: plan,
    groups: groups.map((group) => ({ ...group, expr: take(group.expr) })),
    // In the order of partsOf.
    aggregates: aggregates.map((aggregate) => {
      const args = aggregate.args.map(take);
      const direct = aggregate.direct?.map(take);
      const orderBy = aggregate.orderBy.map((key) => ({ ...key, expr: take(key.expr) }));
      const filter = aggregate.filter === undefined ? undefined : take(aggregate.filter);
      return { ...aggregate, args, orderBy, ...(direct === undefined ? {} : { direct }), ...(filter === undefined ? {} : { filter }) };
    }),
  };
}
