import type { BoundExpr } from '../../bind/expression.js';
import type { LogicalDistinct, LogicalLimit, LogicalPlan, LogicalSort, SortKey } from '../../bind/logical.js';
import { cost, costOfFirst, Price, perRow } from '../cost/costs.js';
import { distinctOf } from '../cost/facts.js';
import { columnsOf, isVolatile, orderOf } from '../expressions.js';
import type { PhysicalPlan } from '../physical.js';
import type { Alternatives, Planned, Planning, Request } from '../planning.js';
import { both, filtered, neededWith, only, satisfies, sorted } from './build.js';

/** Sorts, unless the rows come in that order from below and that is not dearer. */
export function planSort(node: LogicalSort, request: Request, planning: Planning): Alternatives {
  const keys = sortKeys(node.keys, planning);
  const needed = neededWith(
    request.needed,
    keys.map((key) => key.expr),
  );
  if (keys.length === 0) return planning.plan(node.input, request);
  const order = orderOf(keys);
  const { best, ordered } = planning.plan(node.input, { predicates: request.predicates, needed, order, limit: request.limit });
  if (order !== undefined && satisfies(best.order, order, planning)) return only(best);
  const afterSort = sorted(best, keys, planning);
  if (ordered === undefined || order === undefined || !satisfies(ordered.order, order, planning)) return only(afterSort);
  const first = (planned: Planned): number => costOfFirst(planned.plan.cost, request.limit);
  return only(first(ordered) <= first(afterSort) || !planning.settings.enableSort ? ordered : afterSort);
}

/** Keys that are the same for all rows sort nothing. */
function sortKeys(keys: readonly SortKey[], planning: Planning): readonly SortKey[] {
  const folded: SortKey[] = [];
  for (const key of keys) {
    const expr = planning.fold(key.expr);
    if (expr.kind !== 'const') folded.push(expr === key.expr ? key : { ...key, expr });
  }
  return folded;
}

/** LIMIT $1: PostgreSQL takes a tenth of the rows; a few is what is really meant. */
const UNKNOWN_LIMIT = 100;

export function planLimit(node: LogicalLimit, request: Request, planning: Planning): Alternatives {
  const limit = node.limit === undefined ? undefined : count(node.limit, planning);
  const offset = node.offset === undefined ? undefined : count(node.offset, planning);
  const wanted = expected(limit, offset);
  const needed = neededWith(request.needed, [...request.predicates, ...(node.withTies?.map((key) => key.expr) ?? [])]);
  const input = planning.plan(node.input, { predicates: [], needed, limit: wanted });
  const limited = both(input, (planned) => limitedTo(planned, node.withTies, limit, offset, wanted));
  return both({ best: limited.best }, (planned) => filtered(planned, request.predicates, planning));
}

/** What has to be waited for is a sub-query, which is run first. */
function count(written: BoundExpr, planning: Planning): BoundExpr {
  const expr = planning.use(planning.fold(written));
  if (expr.kind === 'subquery' || !planning.isAsync(expr)) return expr;
  const { type, typmod } = expr;
  const id = planning.newColumn();
  const plan: LogicalPlan = { kind: 'project', input: { kind: 'one row' }, columns: [{ id, name: 'count', type, typmod, expr }] };
  return planning.use({
    kind: 'subquery',
    mode: 'scalar',
    plan,
    outputs: [id],
    outerColumns: [...columnsOf(expr)],
    written: [],
    type,
    typmod,
  });
}

/** Rows that will be read; undefined: all. */
function expected(limit: BoundExpr | undefined, offset: BoundExpr | undefined): number | undefined {
  if (limit === undefined) return undefined;
  const count = limit.kind === 'const' ? (limit.value === null ? undefined : Number(limit.value)) : UNKNOWN_LIMIT;
  const skipped = offset === undefined ? 0 : offset.kind === 'const' ? Number(offset.value ?? 0) : UNKNOWN_LIMIT;
  return count === undefined ? undefined : Math.max(count + skipped, 1);
}

/** A limit right on a sort keeps only so many rows while sorting; a projection between them is done on the few rows that are left. */
function limitedTo(
  input: Planned,
  ties: readonly SortKey[] | undefined,
  limit: BoundExpr | undefined,
  offset: BoundExpr | undefined,
  wanted: number | undefined,
): Planned {
  const { plan, order } = input;
  const rows = wanted === undefined ? plan.cost.rows : Math.min(plan.cost.rows, wanted);
  if (limit !== undefined && ties === undefined) {
    if (plan.kind === 'sort') {
      return { plan: topN(plan, limit, offset, rows), order };
    }
    if (plan.kind === 'project' && plan.input.kind === 'sort') {
      const top = topN(plan.input, limit, offset, rows);
      return { plan: { ...plan, input: top, cost: perRow(top.cost, Price.operator, rows, plan.cost.width) }, order };
    }
  }
  const limited: PhysicalPlan = {
    kind: 'limit',
    input: plan,
    ...(limit === undefined ? {} : { limit }),
    ...(offset === undefined ? {} : { offset }),
    ...(ties === undefined ? {} : { withTies: ties }),
    output: plan.output,
    cost: cost(plan.cost.startup, costOfFirst(plan.cost, wanted), rows, plan.cost.width),
  };
  return { plan: limited, order };
}

function topN(sort: Extract<PhysicalPlan, { kind: 'sort' }>, limit: BoundExpr, offset: BoundExpr | undefined, rows: number): PhysicalPlan {
  const { input } = sort;
  const work = input.cost.rows * Math.log2(Math.max(rows, 2)) * Price.compare;
  const total = input.cost.total + work;
  return {
    kind: 'top n',
    input,
    keys: sort.keys,
    limit,
    ...(offset === undefined ? {} : { offset }),
    output: sort.output,
    cost: cost(total, total + rows * Price.operator, rows, sort.cost.width),
  };
}

/** DISTINCT keeps the first of its like; where these follow one another it needs no memory and keeps the order. */
export function planDistinct(node: LogicalDistinct, request: Request, planning: Planning): Alternatives {
  const outputs = new Set(node.on);
  const needed = neededWith(request.needed, request.predicates);
  for (const id of node.on) needed.add(id);
  // Conditions on what makes rows alike can go below: they hold for all or none of the like.
  // Volatile ones can't: they are asked once for each row that comes out.
  const pushed = request.predicates.filter(
    (predicate) => !isVolatile(predicate) && [...neededWith(new Set(), [predicate])].every((id) => outputs.has(id)),
  );
  const kept = request.predicates.filter((predicate) => !pushed.includes(predicate));
  const on = columnsOfNode(node, planning);
  const { plan, order } = planning.plan(node.input, { predicates: pushed, needed, order: request.order }).best;
  const groups = node.on.reduce((product, id) => product * distinctOf(planning.facts.get(id)), 1);
  const isSorted = order.length >= node.on.length && order.slice(0, node.on.length).every((key) => outputs.has(key.id));
  const distinct: PhysicalPlan = {
    kind: 'distinct',
    strategy: isSorted ? 'sorted' : 'hash',
    input: plan,
    on,
    output: plan.output,
    cost: perRow(plan.cost, Price.hashProbe, Math.min(groups, plan.cost.rows)),
  };
  // Rows that don't fit in memory come last, in no order.
  return only(filtered({ plan: distinct, order: isSorted ? order : [] }, kept, planning));
}

function columnsOfNode(node: LogicalDistinct, planning: Planning) {
  const known = planning.outputsOf(node.input);
  return node.on.flatMap((id) => known.get(id) ?? []);
}
