import { assert } from '../../commons/assert.js';
import { notSupported } from '../../commons/sql-error.js';
import { sameHashClass } from '../../executor/expression/comparators.js';
import { compileJoinRows } from '../../executor/operators/join-rows.js';
import { Layout, Scope } from '../../executor/scope.js';
import type { BoundExpr, BoundSubquery, ColumnId } from '../../planner/bind/expression.js';
import { isOwnEquality } from '../../planner/bind/tree/same.js';
import { asOperator, columnsOf, conjoin, conjunctsOf, hasSubquery } from '../../planner/optimize/expressions.js';
import type {
  PhysicalPlan,
  PlanHashJoin,
  PlanMergeJoin,
  PlanNestedLoop,
  PlannedSubquery,
  PlanTableScan,
} from '../../planner/optimize/physical.js';
import type { LiveCompiler, Loop, LoopInput, Place } from './live-compiler.js';
import type { LiveNode } from './live-node.js';
import { aggregateNode } from './nodes/aggregate.js';
import { appendNode } from './nodes/append.js';
import { appliedAnswer, appliedJoin, applyNode } from './nodes/apply.js';
import { distinctNode } from './nodes/distinct.js';
import { filterNode } from './nodes/filter.js';
import { fixedNode } from './nodes/fixed.js';
import { inputNode } from './nodes/input.js';
import { joinNode } from './nodes/join.js';
import { narrowNode } from './nodes/narrow.js';
import { projectNode } from './nodes/project.js';
import { projectSetNode } from './nodes/project-set.js';
import { setOperationNode } from './nodes/set-operation.js';
import { compileSource } from './nodes/source.js';
import { topNode } from './nodes/top.js';
import { cteScanNode, type LiveCte, withNode } from './nodes/with.js';
import { mentions, readsColumns, readsTables, walkPlans } from './plan-columns.js';
import { orderOf } from './plan-order.js';

type PlanByKind = { [P in PhysicalPlan as P['kind']]: P };
/** Undefined: not in a live query. */
type NodeCompilers = {
  readonly [K in keyof PlanByKind]: ((plan: PlanByKind[K], place: Place, compiler: LiveCompiler) => LiveNode) | undefined;
};

/** What each of the optimizer's nodes becomes. It is asked for plans that scan tables and join by hash, which say what a query means best. */
const COMPILERS: NodeCompilers = {
  'table scan': compileScan,
  filter: (plan, place, compiler) => filtered(compileLive(plan.input, place, compiler), plan.condition, place, compiler),
  project(plan, place, compiler) {
    const input = new AskedInput(compileLive(plan.input, place, compiler), place, compiler);
    const columns = plan.columns.map((column) => ({ ...column, expr: input.over(column.expr) }));
    return projectNode(input.node, columns, place, compiler);
  },
  'project set'(plan, place, compiler) {
    const input = new AskedInput(compileLive(plan.input, place, compiler), place, compiler);
    const columns = plan.columns.map((column) => ({ ...column, expr: input.over(column.expr) }));
    return projectSetNode(input.node, { ...plan, columns }, place, compiler);
  },
  'nested loop': compileLoop,
  'hash join': compileJoin,
  'merge join': compileJoin,
  aggregate(plan, place, compiler) {
    const input = new AskedInput(compileLive(plan.input, place, compiler), place, compiler);
    const groups = plan.groups.map((group) => ({ ...group, expr: input.over(group.expr) }));
    const aggregates = plan.aggregates.map((aggregate) => ({
      ...aggregate,
      args: aggregate.args.map((arg) => input.over(arg)),
      orderBy: aggregate.orderBy.map((key) => ({ ...key, expr: input.over(key.expr) })),
      ...(aggregate.filter === undefined ? {} : { filter: input.over(aggregate.filter) }),
    }));
    return aggregateNode(input.node, { ...plan, groups, aggregates }, place, compiler);
  },
  distinct: (plan, place, compiler) => distinctNode(compileLive(plan.input, place, compiler), plan, orderOf(plan.input), place, compiler),
  // An order is the client's to keep: changes tell of rows, not of places.
  sort: (plan, place, compiler) => compileLive(plan.input, place, compiler),
  'top n'(plan, place, compiler) {
    const input = new AskedInput(compileLive(plan.input, place, compiler), place, compiler);
    const keys = plan.keys.map((key) => ({ ...key, expr: input.over(key.expr) }));
    return topNode(input.node, { ...plan, keys }, place, compiler);
  },
  limit(plan, place, compiler) {
    if (plan.withTies !== undefined) throw notSupported('a live query with FETCH … WITH TIES');
    const keys = orderOf(plan.input);
    return topNode(compileLive(plan.input, place, compiler), { keys, limit: plan.limit, offset: plan.offset }, place, compiler);
  },
  append: (plan, place, compiler) =>
    appendNode(
      plan,
      plan.inputs.map((input) => compileLive(input.plan, place, compiler)),
      place,
      compiler,
    ),
  'merge append': (plan, place, compiler) =>
    appendNode(
      plan,
      plan.inputs.map((input) => compileLive(input.plan, place, compiler)),
      place,
      compiler,
    ),
  'set operation': (plan, place, compiler) =>
    setOperationNode(plan, compileLive(plan.left, place, compiler), compileLive(plan.right, place, compiler), place, compiler),
  with(plan, place, compiler) {
    const ctes: LiveCte[] = plan.ctes.map(({ cte, plan: source, outputs }) => {
      const node = compileLive(source, place, compiler);
      const made = { cte, node, loop: place.loop, positions: outputs.map((id) => node.output.indexOf(id)) };
      compiler.ctes.set(cte, made);
      return made;
    });
    return withNode(ctes, compileLive(plan.body, place, compiler));
  },
  'cte scan'(plan, place, compiler) {
    const cte = compiler.ctes.get(plan.cte);
    assert(cte !== undefined, 'a WITH query that is read before it is made');
    return filtered(cteScanNode(plan, cte), plan.filter, place, compiler);
  },
  result: fixedNode,
  values: fixedNode,
  'function scan': fixedNode,
  'index scan': undefined,
  'inverted scan': undefined,
  'virtual scan': undefined,
  sample: undefined,
  recursive: undefined,
  'work table': undefined,
  'async calls': undefined,
  window: undefined,
  'lock rows': undefined,
  insert: undefined,
  update: undefined,
  delete: undefined,
  merge: undefined,
  instead: undefined,
};

const REFUSED: Partial<Record<PhysicalPlan['kind'], string>> = {
  sample: 'TABLESAMPLE',
  recursive: 'WITH RECURSIVE',
  'work table': 'WITH RECURSIVE',
  window: 'window functions',
  'lock rows': 'FOR UPDATE',
  'async calls': 'a function that may wait',
  'virtual scan': 'a system relation',
};

/** @throws SqlError 0A000 for what can't be kept up with the changes of rows */
export function compileLive(plan: PhysicalPlan, place: Place, compiler: LiveCompiler): LiveNode {
  const { loop } = place;
  if (loop !== undefined && isKeptOnce(plan, loop, compiler)) {
    return keptInput(compileLive(plan, loop.around, compiler), [], loop);
  }
  const compile = COMPILERS[plan.kind] as ((plan: PhysicalPlan, place: Place, compiler: LiveCompiler) => LiveNode) | undefined;
  if (compile === undefined) {
    // Nor can those be run again that lock rows.
    const fields = plan.kind === 'lock rows' ? { hint: 'Leave the locking clause out.' } : {};
    throw notSupported(`a live query with ${REFUSED[plan.kind] ?? plan.kind}`, fields);
  }
  return compile(plan, place, compiler);
}

/** It reads tables, and nothing that is of one outer row alone. */
function isKeptOnce(plan: PhysicalPlan, loop: Loop, { subqueries, ctes }: LiveCompiler): boolean {
  if (!readsTables(plan, subqueries) || readsColumns(plan, loop.columns, subqueries)) return false;
  let isInside = false;
  walkPlans(plan, subqueries, (node) => {
    isInside ||= node.kind === 'cte scan' && ctes.get(node.cte)?.loop === loop;
  });
  return !isInside;
}

function keptInput(node: LiveNode, keys: LoopInput['keys'], loop: Loop): LiveNode {
  const number = loop.inputs.push({ node, keys }) - 1;
  return inputNode(number, node);
}

/** A scan; within a loop what of it does not depend on the outer row is kept once, by the equalities of both. */
function compileScan(plan: PlanTableScan, place: Place, compiler: LiveCompiler): LiveNode {
  const { loop } = place;
  const conditions = conjunctsOf(plan.filter);
  const later = conditions.filter((condition) => hasSubquery(condition) || (loop !== undefined && mentions(condition, loop.columns)));
  const filter = conjoin(conditions.filter((condition) => !later.includes(condition)));
  const { filter: _, ...unfiltered } = plan;
  const own: PlanTableScan = filter === undefined ? unfiltered : { ...unfiltered, filter };
  const correlated = loop === undefined ? [] : later.filter((condition) => mentions(condition, loop.columns));
  if (loop === undefined || correlated.length === 0) {
    return filtered(compileSource(own, place, compiler), conjoin(later), place, compiler);
  }
  const output = new Set(plan.output);
  const keys = correlated.flatMap((condition) => keyOf(condition, output, loop.columns) ?? []);
  const kept = keptInput(compileLive(own, loop.around, compiler), keys, loop);
  return filtered(kept, conjoin(later), place, compiler);
}

/** An equality of something of the inner side's with something of the outer row's. */
function keyOf(condition: BoundExpr, inner: ReadonlySet<ColumnId>, outer: ReadonlySet<ColumnId>): LoopInput['keys'][number] | undefined {
  const compare = asOperator(condition);
  if (compare === undefined || !isOwnEquality(compare.call)) return undefined;
  const { left, right } = compare;
  if (!sameHashClass(left.type, right.type) || hasSubquery(condition)) return undefined;
  const isOnly = (expr: BoundExpr, columns: ReadonlySet<ColumnId>): boolean => {
    const used = [...columnsOf(expr)];
    return used.length > 0 && used.every((id) => columns.has(id));
  };
  if (isOnly(left, inner) && isOnly(right, outer)) return { inner: left, outer: right };
  if (isOnly(right, inner) && isOnly(left, outer)) return { inner: right, outer: left };
  return undefined;
}

/** Sub-queries of a join's condition are asked for the rows of the side that they are about. */
function compileJoin(plan: PlanHashJoin | PlanMergeJoin | PlanNestedLoop, place: Place, compiler: LiveCompiler): LiveNode {
  const outer = new AskedInput(compileLive(plan.outer, place, compiler), place, compiler);
  const inner = new AskedInput(compileLive(plan.inner, place, compiler), place, compiler);
  const { ofBoth, condition } = sidedCondition(plan, outer, inner, compiler);
  const { condition: _, ...rest } = plan;
  const keys =
    plan.kind === 'nested loop'
      ? {}
      : { outerKeys: plan.outerKeys.map((key) => outer.over(key)), innerKeys: plan.innerKeys.map((key) => inner.over(key)) };
  const join = { ...rest, ...keys, ...(condition === undefined ? {} : { condition }) };
  if (ofBoth === undefined) return joinNode(join, outer.node, inner.node, place, compiler);
  if (plan.type !== 'inner') throw notSupported('a live query with a sub-query about both sides of an outer join');
  const output = [...outer.node.output, ...inner.node.output];
  const asked = filtered(joinNode({ ...join, output }, outer.node, inner.node, place, compiler), ofBoth, place, compiler);
  return narrowNode(asked, plan.output);
}

/** The condition over the sides and what they were asked; apart, what has sub-queries that are about rows of both. */
function sidedCondition(
  { condition }: PlanHashJoin | PlanMergeJoin | PlanNestedLoop,
  outer: AskedInput,
  inner: AskedInput,
  compiler: LiveCompiler,
): { readonly condition: BoundExpr | undefined; readonly ofBoth: BoundExpr | undefined } {
  const ofBoth: BoundExpr[] = [];
  const sided: BoundExpr[] = [];
  for (const part of conjunctsOf(condition)) {
    let isOfBoth = false;
    const asked = compiler.replaceSubqueries(part, (subquery) => {
      const answer = outer.answer(subquery) ?? inner.answer(subquery);
      isOfBoth ||= answer === undefined && compiler.readsTables(subquery);
      return answer;
    });
    if (isOfBoth) ofBoth.push(part);
    else sided.push(asked);
  }
  return { condition: conjoin(sided), ofBoth: conjoin(ofBoth) };
}

/** LATERAL, and joins that have no key. */
function compileLoop(plan: PlanNestedLoop, place: Place, compiler: LiveCompiler): LiveNode {
  if (plan.correlation.length === 0) return compileJoin(plan, place, compiler);
  const outer = compileLive(plan.outer, place, compiler);
  const { inner, ...loop } = compileInner(plan.inner, plan.correlation, place, compiler);
  const rows = compileJoinRows(
    { outer: outer.output, inner: inner.output, output: plan.output, condition: plan.condition },
    place.scope,
    compiler,
  );
  const isFilter = plan.type === 'semi' || plan.type === 'anti';
  return applyNode(
    {
      ...loop,
      outer,
      inner,
      applied: appliedJoin(plan.type, rows),
      output: plan.output,
      identity: isFilter ? outer.identity : { kind: 'pair', left: outer.identity, right: inner.identity },
    },
    place,
    compiler,
  );
}

function compileInner(plan: PhysicalPlan, correlation: Iterable<ColumnId>, place: Place, compiler: LiveCompiler) {
  const slots = new Map<ColumnId, number>();
  for (const id of correlation) slots.set(id, compiler.newSlot());
  const loop: Loop = { columns: new Set(slots.keys()), around: place, inputs: [] };
  const innerScope = slots.size === 0 ? place.scope : new Scope(slots, place.scope);
  const inner = compileLive(plan, { scope: innerScope, loop }, compiler);
  return { inner, slots, innerScope, inputs: loop.inputs };
}

function filtered(input: LiveNode, condition: BoundExpr | undefined, place: Place, compiler: LiveCompiler): LiveNode {
  let filtered = input;
  const rest: BoundExpr[] = [];
  for (const part of conjunctsOf(condition)) {
    const notIn = asNotIn(part, compiler);
    if (notIn === undefined) {
      rest.push(part);
      continue;
    }
    const join: PlanHashJoin = {
      kind: 'hash join',
      type: 'anti',
      nullAware: true,
      outer: notIn.plan,
      inner: notIn.plan,
      outerKeys: [notIn.outer],
      innerKeys: [notIn.inner],
      output: filtered.output,
      cost: notIn.plan.cost,
    };
    filtered = joinNode(join, filtered, compileLive(notIn.plan, place, compiler), place, compiler);
  }
  const others = conjoin(rest);
  if (others === undefined) return filtered;
  const asked = new AskedInput(filtered, place, compiler);
  const over = asked.over(others);
  return filterNode(asked.node, over, place, compiler);
}

/** An input, and sub-queries that read tables as further columns of it: the expressions are over these. */
class AskedInput {
  node: LiveNode;
  readonly #place: Place;
  readonly #compiler: LiveCompiler;

  constructor(node: LiveNode, place: Place, compiler: LiveCompiler) {
    this.node = node;
    this.#place = place;
    this.#compiler = compiler;
  }

  over(expr: BoundExpr): BoundExpr {
    return this.#compiler.replaceSubqueries(expr, (subquery) => this.answer(subquery));
  }

  /** @returns undefined for one that reads no tables, or columns that are neither here nor further out */
  answer(subquery: BoundSubquery): BoundExpr | undefined {
    const compiler = this.#compiler;
    const place = this.#place;
    const planned = compiler.subqueries.get(subquery);
    if (planned === undefined || !readsTables(planned.plan, compiler.subqueries)) return undefined;
    const { output } = this.node;
    const outside = [...outsideColumns(subquery, planned)];
    if (outside.some((id) => !output.includes(id) && place.scope.slot(id) === undefined)) return undefined;
    const { inner, ...loop } = compileInner(
      planned.plan,
      outside.filter((id) => output.includes(id)),
      place,
      compiler,
    );
    const parts = { expr: subquery, inner: new Layout(inner.output, loop.innerScope, compiler) };
    const id = compiler.newColumn();
    this.node = applyNode(
      {
        ...loop,
        outer: this.node,
        inner,
        applied: appliedAnswer(parts, subquery.mode === 'array' ? orderOf(planned.plan) : []),
        output: [...output, id],
        identity: this.node.identity,
      },
      place,
      compiler,
    );
    return { kind: 'column', id, name: '?column?', type: subquery.type, typmod: subquery.typmod };
  }
}

/** The columns of the row that it is asked for which a sub-query reads, and its comparison. */
function outsideColumns(subquery: BoundSubquery, { plan, outerColumns }: PlannedSubquery): ReadonlySet<ColumnId> {
  const columns = new Set(outerColumns);
  if (subquery.compare !== undefined) for (const id of columnsOf(subquery.compare)) if (!plan.output.includes(id)) columns.add(id);
  return columns;
}

/** NOT IN over a sub-query that depends on nothing outside: a join that knows what NULLs mean. */
function asNotIn(condition: BoundExpr, compiler: LiveCompiler): NotIn | undefined {
  if (condition.kind !== 'not' || condition.arg.kind !== 'subquery' || condition.arg.mode !== 'any') return undefined;
  const { compare } = condition.arg;
  const planned = compiler.subqueries.get(condition.arg);
  if (planned === undefined || compare === undefined || planned.outerColumns.length > 0) return undefined;
  const inner = new Set(planned.plan.output);
  const outer = new Set([...columnsOf(compare)].filter((id) => !inner.has(id)));
  const key = keyOf(compare, inner, outer);
  return key === undefined ? undefined : { plan: planned.plan, ...key };
}

interface NotIn {
  readonly plan: PhysicalPlan;
  readonly inner: BoundExpr;
  readonly outer: BoundExpr;
}
