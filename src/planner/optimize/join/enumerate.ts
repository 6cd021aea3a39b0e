import { assert } from '../../../commons/assert.js';
import type { BoundExpr, ColumnId } from '../../bind/expression.js';
import { costOfFirst } from '../cost/costs.js';
import { selectivityOf } from '../cost/selectivity.js';
import { addColumns, type OrderKey } from '../expressions.js';
import { freeColumnsOf } from '../logical-columns.js';
import { satisfies } from '../nodes/build.js';
import type { Alternatives, Planned, Planning, Request } from '../planning.js';
import { correlatedLoop, hashJoin, type JoinPath, type JoinTask, mergeJoin, pathOf, plainLoop } from './methods.js';
import type { JoinGraph, Relation } from './relations.js';

/** Up to so many relations all orders are weighed, above that the cheapest next step is taken. */
const EXHAUSTIVE = 8;

/** The best known ways to join a set of relations. */
interface Subset {
  readonly mask: number;
  readonly rows: number;
  readonly width: number;
  readonly best: JoinPath;
  /** In the order that is wanted above. */
  readonly ordered: JoinPath | undefined;
}

/** Chooses the order and the methods of inner joins: dynamic programming over left-deep trees (Selinger), or greedily. */
export class JoinOrder {
  readonly #graph: JoinGraph;
  readonly #request: Request;
  readonly #planning: Planning;
  readonly #needed: ReadonlySet<ColumnId>;
  readonly #single: readonly Alternatives[];
  readonly #columns: readonly ReadonlySet<ColumnId>[];
  readonly #inner = new Map<string, Planned | undefined>();

  constructor(graph: JoinGraph, request: Request, planning: Planning) {
    this.#graph = graph;
    this.#request = request;
    this.#planning = planning;
    const needed = new Set(request.needed);
    for (const { expr } of graph.conditions) addColumns(expr, needed);
    for (const expr of graph.above) addColumns(expr, needed);
    for (const relation of graph.relations) if (relation.needs !== 0) for (const id of freeColumnsOf(relation.node)) needed.add(id);
    this.#needed = needed;
    this.#columns = graph.relations.map((relation) => relation.columns);
    this.#single = graph.relations.map((relation) => this.#plan(relation, [], request.order));
  }

  #plan(relation: Relation, more: readonly BoundExpr[], order: readonly OrderKey[] | undefined): Alternatives {
    return this.#planning.plan(relation.node, { predicates: [...relation.own, ...more], needed: this.#needed, order });
  }

  choose(): Alternatives {
    const { relations } = this.#graph;
    const singles = relations.map((_, i) => this.#subsetOf(i));
    const all = relations.length <= EXHAUSTIVE ? this.#exhaustive(singles) : this.#greedy(singles);
    const { order } = this.#request;
    const built = (path: JoinPath): Planned => ({ plan: path.build(), order: path.order });
    if (order === undefined || all.ordered === undefined || all.ordered === all.best) return { best: built(all.best) };
    return { best: built(all.best), ordered: built(all.ordered) };
  }

  #subsetOf(i: number): Subset {
    const alternatives = this.#single[i];
    assert(alternatives !== undefined, 'a relation without a plan');
    const best = pathOf(alternatives.best);
    const { cost: price } = best;
    const { order } = this.#request;
    const ordered =
      alternatives.ordered !== undefined
        ? pathOf(alternatives.ordered)
        : order !== undefined && satisfies(best.order, order, this.#planning)
          ? best
          : undefined;
    return { mask: 1 << i, rows: price.rows, width: price.width, best, ordered };
  }

  #exhaustive(singles: readonly Subset[]): Subset {
    const count = singles.length;
    const full = (1 << count) - 1;
    const table: (Subset | undefined)[] = new Array<undefined>(full + 1).fill(undefined);
    for (const single of singles) if (this.#graph.relations[Math.log2(single.mask)]?.needs === 0) table[single.mask] = single;
    for (let mask = 1; mask <= full; mask++) {
      const subset = table[mask];
      if (subset === undefined) continue;
      const next = singles.filter((single) => (single.mask & mask) === 0 && this.#canFollow(single, mask));
      const connected = next.filter((single) => this.#isConnected(mask, single.mask));
      for (const single of connected.length > 0 ? connected : next) {
        const joined = this.#join(subset, single);
        table[joined.mask] = better(table[joined.mask], joined, this.#request.limit);
      }
    }
    const all = table[full];
    assert(all !== undefined, 'no order of the joins');
    return all;
  }

  #greedy(singles: readonly Subset[]): Subset {
    const waiting = [...singles].sort((a, b) => a.rows - b.rows);
    const start = waiting.findIndex((single) => this.#canFollow(single, 0));
    let [current] = waiting.splice(start, 1);
    assert(current !== undefined && start >= 0, 'no relation to begin with');
    while (waiting.length > 0) {
      const at: Subset = current;
      const next = waiting.filter((single) => this.#canFollow(single, at.mask));
      const connected = next.filter((single) => this.#isConnected(at.mask, single.mask));
      let best: Subset | undefined;
      for (const single of connected.length > 0 ? connected : next) {
        const joined = this.#join(at, single);
        if (best === undefined || joined.best.cost.total < best.best.cost.total) best = joined;
      }
      assert(best !== undefined, 'relations that need each other');
      const added = best.mask & ~at.mask;
      waiting.splice(
        waiting.findIndex((single) => single.mask === added),
        1,
      );
      current = best;
    }
    return current;
  }

  #canFollow(single: Subset, mask: number): boolean {
    const needs = this.#graph.relations[Math.log2(single.mask)]?.needs ?? 0;
    return (needs & ~mask) === 0;
  }

  #isConnected(mask: number, single: number): boolean {
    const relation = this.#graph.relations[Math.log2(single)];
    if (relation !== undefined && (relation.needs & mask) !== 0) return true;
    return this.#graph.conditions.some((condition) => (condition.mask & mask) !== 0 && (condition.mask & single) !== 0);
  }

  #join(left: Subset, right: Subset): Subset {
    const mask = left.mask | right.mask;
    const i = Math.log2(right.mask);
    const relation = this.#graph.relations[i];
    assert(relation !== undefined, 'a relation that is none');
    const applied = this.#graph.conditions.filter((condition) => (condition.mask & ~mask) === 0 && (condition.mask & right.mask) !== 0);
    // Of a condition over more relations, the last one to come brings it in.
    const conditions = applied.filter((condition) => (condition.mask & ~left.mask) !== 0).map((condition) => condition.expr);
    const rows = Math.max(left.rows * right.rows * selectivityOf(conditions, this.#planning), 1);
    const width = left.width + right.width;
    const needed = this.#neededAbove(mask);
    const outerColumns = this.#columnsOf(left.mask);
    const paths: JoinPath[] = [];
    const outers = left.ordered === undefined || left.ordered === left.best ? [left.best] : [left.best, left.ordered];
    for (const outer of outers) {
      const task: JoinTask = {
        type: 'inner',
        outer: { path: outer, columns: outerColumns },
        inner: { path: right.best, columns: relation.columns },
        conditions,
        rows,
        width,
        needed,
      };
      const correlated = this.#correlated(task, relation, i, conditions);
      if (correlated !== undefined) paths.push(correlated);
      if (relation.needs !== 0) continue;
      for (const path of this.#uncorrelated(task, relation)) paths.push(path);
    }
    let best: JoinPath | undefined;
    let ordered: JoinPath | undefined;
    const { order, limit } = this.#request;
    for (const path of paths) {
      if (best === undefined || costOfFirst(path.cost, limit) < costOfFirst(best.cost, limit)) best = path;
      if (order !== undefined && satisfies(path.order, order, this.#planning)) {
        if (ordered === undefined || costOfFirst(path.cost, limit) < costOfFirst(ordered.cost, limit)) ordered = path;
      }
    }
    assert(best !== undefined, 'no way to join');
    return { mask, rows, width, best, ordered };
  }

  *#uncorrelated(task: JoinTask, relation: Relation): Generator<JoinPath> {
    const planning = this.#planning;
    const hashed = hashJoin(task, planning);
    if (hashed !== undefined) yield hashed;
    const turned: JoinTask = { ...task, outer: task.inner, inner: task.outer };
    const other = hashJoin(turned, planning);
    if (other !== undefined) yield other;
    const merged = mergeJoin(task, (order) => this.#inOrder(relation, order), planning);
    if (merged !== undefined) yield merged;
    const looped = plainLoop(task, planning);
    if (looped !== undefined) yield looped;
    const loopedOther = plainLoop(turned, planning);
    if (loopedOther !== undefined) yield loopedOther;
  }

  #inOrder(relation: Relation, order: readonly OrderKey[]): JoinPath | undefined {
    const { best, ordered } = this.#plan(relation, [], order);
    if (ordered !== undefined) return pathOf(ordered);
    return satisfies(best.order, order, this.#planning) ? pathOf(best) : undefined;
  }

  /** The relation planned anew with the conditions as its own: an index may then find what matches each row of the outer. */
  #correlated(task: JoinTask, relation: Relation, i: number, conditions: readonly BoundExpr[]): JoinPath | undefined {
    if (relation.needs === 0 && conditions.length === 0) return undefined;
    const key = `${i}:${conditions.map((condition) => this.#graph.conditions.findIndex((each) => each.expr === condition)).join(',')}`;
    let inner = this.#inner.get(key);
    if (inner === undefined && !this.#inner.has(key)) {
      inner = this.#plan(relation, conditions, undefined).best;
      this.#inner.set(key, inner);
    }
    if (inner === undefined) return undefined;
    const used = new Set<ColumnId>();
    for (const condition of conditions) addColumns(condition, used);
    if (relation.needs !== 0) for (const id of freeColumnsOf(relation.node)) used.add(id);
    const correlation = [...used].filter((id) => task.outer.columns.has(id));
    return correlatedLoop(task, inner, correlation, this.#planning);
  }

  #columnsOf(mask: number): ReadonlySet<ColumnId> {
    const columns = new Set<ColumnId>();
    this.#columns.forEach((own, i) => {
      if ((mask & (1 << i)) !== 0) for (const id of own) columns.add(id);
    });
    return columns;
  }

  /** What the set must still give: for the consumer, and for conditions and relations that are not in it yet. */
  #neededAbove(mask: number): ReadonlySet<ColumnId> {
    const needed = new Set(this.#request.needed);
    for (const { expr, mask: over } of this.#graph.conditions) if ((over & ~mask) !== 0) addColumns(expr, needed);
    for (const expr of this.#graph.above) addColumns(expr, needed);
    this.#graph.relations.forEach((relation, i) => {
      if (relation.needs !== 0 && (mask & (1 << i)) === 0) for (const id of freeColumnsOf(relation.node)) needed.add(id);
    });
    return needed;
  }
}

function better(known: Subset | undefined, found: Subset, limit: number | undefined): Subset {
  if (known === undefined) return found;
  const first = (path: JoinPath): number => costOfFirst(path.cost, limit);
  const best = first(found.best) < first(known.best) ? found.best : known.best;
  const ordered =
    known.ordered === undefined
      ? found.ordered
      : found.ordered !== undefined && first(found.ordered) < first(known.ordered)
        ? found.ordered
        : known.ordered;
  return { ...known, best, ordered };
}
