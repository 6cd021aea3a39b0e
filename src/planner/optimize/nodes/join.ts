import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { BoundExpr, ColumnId } from '../../bind/expression.js';
import type { LogicalFilter, LogicalJoin, LogicalPlan } from '../../bind/logical.js';
import { costOfFirst, Price, perRow } from '../cost/costs.js';
import { selectivityOf } from '../cost/selectivity.js';
import { addColumns, conjunctsOf, isTrue, isVolatile, type OrderKey } from '../expressions.js';
import { joinKeys, sideOf } from '../join/conditions.js';
import { JoinOrder } from '../join/enumerate.js';
import { correlatedLoop, hashJoin, type JoinPath, type JoinTask, mergeJoin, pathOf, plainLoop } from '../join/methods.js';
import { collectRelations } from '../join/relations.js';
import { freeColumnsOf, outputsOf } from '../logical-columns.js';
import type { JoinType, PhysicalPlan } from '../physical.js';
import type { Alternatives, Planned, Planning, Request } from '../planning.js';
import { rejectsNulls } from '../rewrite/null-rejecting.js';
import { withSteps } from './async-calls.js';
import { both, filtered, satisfies } from './build.js';
import { Hoisting } from './hoisting.js';

/** A filter's conditions join those from above; sub-queries among them may become joins. */
export function planFilter(node: LogicalFilter, request: Request, planning: Planning): Alternatives {
  return planInner(node, request, planning);
}

/** A tree of inner joins and filters: its relations are joined in the best order. */
export function planInner(node: LogicalPlan, request: Request, planning: Planning): Alternatives {
  const graph = collectRelations(node, request.predicates, planning);
  const [only] = graph.relations;
  if (only !== undefined && graph.relations.length === 1 && only.node !== node) {
    return planning.plan(only.node, { ...request, predicates: [...only.own, ...graph.above] });
  }
  const joined = new JoinOrder(graph, request, planning).choose();
  return both(joined, (planned) => filtered(planned, graph.above, planning));
}

export function planJoin(node: LogicalJoin, request: Request, planning: Planning): Alternatives {
  const simplified = simplify(node, request.predicates);
  if (simplified.type === 'inner') return planInner(simplified, request, planning);
  // A right join is a left join seen from the other side.
  const join: LogicalJoin =
    simplified.type === 'right' ? { ...simplified, type: 'left', left: simplified.right, right: simplified.left } : simplified;
  return new OuterJoin(join, request, planning).choose();
}

/** Outer joins whose made-up rows the conditions above would drop anyway are narrower joins. */
function simplify(node: LogicalJoin, predicates: readonly BoundExpr[]): LogicalJoin {
  if (node.type !== 'left' && node.type !== 'right' && node.type !== 'full') return node;
  const left = new Set(outputsOf(node.left).keys());
  const right = new Set(outputsOf(node.right).keys());
  const noLeftNulls = predicates.some((predicate) => rejectsNulls(predicate, left));
  const noRightNulls = predicates.some((predicate) => rejectsNulls(predicate, right));
  switch (node.type) {
    case 'left':
      return noRightNulls ? { ...node, type: 'inner' } : node;
    case 'right':
      return noLeftNulls ? { ...node, type: 'inner' } : node;
    case 'full':
      if (noLeftNulls && noRightNulls) return { ...node, type: 'inner' };
      if (noLeftNulls) return { ...node, type: 'left' };
      return noRightNulls ? { ...node, type: 'right' } : node;
  }
}

/** Left, full, semi and anti joins: two sides whose order is given. */
class OuterJoin {
  readonly #node: LogicalJoin;
  readonly #type: JoinType;
  readonly #request: Request;
  readonly #planning: Planning;
  readonly #left: ReadonlySet<ColumnId>;
  readonly #right: ReadonlySet<ColumnId>;
  readonly #onLeft: BoundExpr[] = [];
  readonly #onRight: BoundExpr[] = [];
  readonly #conditions: BoundExpr[] = [];
  readonly #above: BoundExpr[] = [];
  readonly #needed: ReadonlySet<ColumnId>;
  readonly #free: readonly ColumnId[];

  constructor(node: LogicalJoin, request: Request, planning: Planning) {
    this.#node = node;
    this.#type = node.type;
    this.#request = request;
    this.#planning = planning;
    this.#left = new Set(outputsOf(node.left).keys());
    this.#right = new Set(outputsOf(node.right).keys());
    const isOneSided = node.type === 'semi' || node.type === 'anti';
    for (const predicate of request.predicates) {
      const side = isOneSided ? 'left' : sideOf(predicate, this.#left, this.#right);
      if (node.type !== 'full' && (side === 'left' || side === 'none') && !isVolatile(predicate)) this.#onLeft.push(predicate);
      else this.#above.push(predicate);
    }
    for (const condition of conjunctsOf(node.on).map((each) => planning.fold(each))) {
      if (isTrue(condition)) continue;
      const side = sideOf(condition, this.#left, this.#right);
      if (side === 'right' && node.type !== 'full' && !isVolatile(condition)) this.#onRight.push(condition);
      else if (side === 'left' && node.type === 'semi' && !isVolatile(condition)) this.#onLeft.push(condition);
      else this.#conditions.push(condition);
    }
    this.#free = node.lateral ? [...freeColumnsOf(node.right)].filter((id) => this.#left.has(id)) : [];
    const needed = new Set(request.needed);
    for (const condition of [...this.#conditions, ...this.#above]) addColumns(condition, needed);
    for (const id of this.#free) needed.add(id);
    this.#needed = needed;
  }

  choose(): Alternatives {
    const { order, limit } = this.#request;
    const planning = this.#planning;
    const left = planning.plan(this.#node.left, { predicates: this.#onLeft, needed: this.#needed, order, limit: this.#leftLimit() });
    const paths: JoinPath[] = [];
    for (const outer of left.ordered === undefined ? [left.best] : [left.best, left.ordered]) this.#addPaths(outer, paths);
    let best: JoinPath | undefined;
    let ordered: JoinPath | undefined;
    const first = (path: JoinPath): number => costOfFirst(path.cost, limit);
    for (const path of paths) {
      if (best === undefined || first(path) < first(best)) best = path;
      if (order !== undefined && satisfies(path.order, order, planning) && (ordered === undefined || first(path) < first(ordered))) {
        ordered = path;
      }
    }
    if (best === undefined) {
      throw new SqlError(SqlState.featureNotSupported, 'FULL JOIN is only supported with merge-joinable or hash-joinable join conditions');
    }
    const build = (path: JoinPath): Planned => filtered({ plan: path.build(), order: path.order }, this.#above, planning);
    return ordered === undefined || ordered === best ? { best: build(best) } : { best: build(best), ordered: build(ordered) };
  }

  /** Each row of the left side gives at least one. */
  #leftLimit(): number | undefined {
    return this.#type === 'left' && this.#above.length === 0 ? this.#request.limit : undefined;
  }

  #addPaths(outer: Planned, paths: JoinPath[]): void {
    const planning = this.#planning;
    const isLateral = this.#free.length > 0;
    const inner = isLateral ? undefined : planning.plan(this.#node.right, { predicates: this.#onRight, needed: this.#needed }).best;
    const correlated = planning.plan(this.#node.right, { predicates: [...this.#onRight, ...this.#conditions], needed: this.#needed }).best;
    const task = this.#patient(this.#task(outer, inner ?? correlated), outer, inner);
    const used = new Set<ColumnId>(this.#free);
    for (const condition of this.#conditions) addColumns(condition, used);
    const correlation = [...used].filter((id) => this.#left.has(id));
    const waits = this.#type !== 'full' && task.conditions.some((each) => planning.isAsync(each));
    const plain = waits ? this.#task(outer, correlated) : task;
    if (correlation.length > 0 || waits) add(paths, correlatedLoop(plain, correlated, correlation, planning));
    // What reads both sides can only be waited for within the inner side's plan.
    if (waits) return;
    if (inner === undefined) {
      if (correlation.length === 0) add(paths, plainLoop(task, planning));
      return;
    }
    add(paths, this.#loopOverDistinct(task, inner));
    add(paths, hashJoin(task, planning));
    if (this.#type === 'left') {
      const turned: JoinTask = { ...task, type: 'right', outer: task.inner, inner: task.outer };
      add(paths, hashJoin(turned, planning));
    }
    const inOrder = (order: readonly OrderKey[]): JoinPath | undefined => {
      const sorted = planning.plan(this.#node.right, { predicates: this.#onRight, needed: this.#needed, order });
      return sorted.ordered === undefined ? undefined : pathOf(sorted.ordered);
    };
    if (task.conditions === this.#conditions) add(paths, mergeJoin(task, inOrder, planning));
    add(paths, plainLoop(task, planning));
  }

  /** A semi join on equal columns, turned around: each distinct row of the right side looks up its rows of the left, of which none comes twice. */
  #loopOverDistinct(task: JoinTask, { plan: input }: Planned): JoinPath | undefined {
    const planning = this.#planning;
    // Joins are not planned once more for it.
    if (this.#type !== 'semi' || !isOneRelation(this.#node.left)) return undefined;
    if (this.#conditions.some((each) => planning.isAsync(each))) return undefined;
    const keys = joinKeys(this.#conditions, this.#left, this.#right, planning);
    const produced = planning.outputsOf(this.#node.right);
    const on = keys.flatMap(({ right }) => (right.kind === 'column' ? (produced.get(right.id) ?? []) : []));
    if (on.length === 0 || on.length !== this.#conditions.length) return undefined;
    const price = perRow(input.cost, Price.hashProbe, input.cost.rows);
    const distinct: PhysicalPlan = { kind: 'distinct', strategy: 'hash', input, on, output: input.output, cost: price };
    const predicates = [...this.#onLeft, ...this.#conditions];
    const lookUp = planning.plan(this.#node.left, { predicates, needed: this.#needed }).best;
    const outer = { path: pathOf({ plan: distinct, order: [] }), columns: this.#right };
    const correlation = on.map(({ id }) => id);
    return correlatedLoop(
      { ...task, type: 'inner', outer, inner: { path: pathOf(lookUp), columns: this.#left } },
      lookUp,
      correlation,
      planning,
    );
  }

  /** Keys of one side that have to be waited for are columns of that side. */
  #patient(task: JoinTask, outer: Planned, inner: Planned | undefined): JoinTask {
    const planning = this.#planning;
    if (inner === undefined || !this.#conditions.some((each) => planning.isAsync(each))) return task;
    const left = new Hoisting(planning);
    const right = new Hoisting(planning);
    const hoisted = (arg: BoundExpr): BoundExpr => {
      const side = sideOf(arg, this.#left, this.#right);
      return side === 'left' ? left.hoist(arg, undefined) : side === 'right' ? right.hoist(arg, undefined) : arg;
    };
    const conditions = this.#conditions.map((each) =>
      each.kind === 'call' && !planning.options.isAsync(each.source) ? { ...each, args: each.args.map(hoisted) } : each,
    );
    const path = ({ plan, order }: Planned, hoisting: Hoisting): JoinPath => pathOf({ plan: withSteps(plan, hoisting), order });
    const columns = (side: ReadonlySet<ColumnId>, { steps }: Hoisting): ReadonlySet<ColumnId> =>
      new Set([...side, ...steps.map(({ id }) => id)]);
    return {
      ...task,
      conditions,
      outer: { path: path(outer, left), columns: columns(this.#left, left) },
      inner: { path: path(inner, right), columns: columns(this.#right, right) },
    };
  }

  #task(outer: Planned, inner: Planned): JoinTask {
    const left = outer.plan.cost;
    const right = inner.plan.cost;
    const matches = left.rows * right.rows * selectivityOf(this.#conditions, this.#planning);
    return {
      type: this.#type,
      outer: { path: pathOf(outer), columns: this.#left },
      inner: { path: pathOf(inner), columns: this.#right },
      conditions: this.#conditions,
      rows: this.#rows(left.rows, right.rows, matches),
      width: this.#type === 'semi' || this.#type === 'anti' ? left.width : left.width + right.width,
      needed: this.#aboveNeeds(),
    };
  }

  #rows(left: number, right: number, matches: number): number {
    switch (this.#type) {
      case 'left':
        return Math.max(matches, left);
      case 'full':
        return Math.max(matches, left, right);
      case 'semi':
        return Math.max(Math.min(matches, left), 1);
      case 'anti':
        return Math.max(left - Math.min(matches, left), left / 10, 1);
      default:
        return matches;
    }
  }

  #aboveNeeds(): ReadonlySet<ColumnId> {
    const needed = new Set(this.#request.needed);
    for (const predicate of this.#above) addColumns(predicate, needed);
    return needed;
  }
}

function add(paths: JoinPath[], path: JoinPath | undefined): void {
  if (path !== undefined) paths.push(path);
}

function isOneRelation(node: LogicalPlan): boolean {
  return node.kind === 'scan' || (node.kind === 'filter' && isOneRelation(node.input));
}
