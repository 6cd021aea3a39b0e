import { ANSWERS, type AnswerParts } from '../../../executor/expression/subquery-answers.js';
import type { Frame } from '../../../executor/frame.js';
import { compileJoinKey, type JoinKeyOf } from '../../../executor/operators/join-key.js';
import type { JoinRows } from '../../../executor/operators/join-rows.js';
import { type SortShape, sortShape } from '../../../executor/operators/row-order.js';
import type { Scope } from '../../../executor/scope.js';
import { Layout } from '../../../executor/scope.js';
import type { ColumnId } from '../../../planner/bind/expression.js';
import type { SortKey } from '../../../planner/bind/logical.js';
import type { PlanNestedLoop } from '../../../planner/optimize/physical.js';
import type { HashKey } from '../../../types/type-codec.js';
import type { Row } from '../../../types/value.js';
import type { LiveCompiler, LoopInput, Place } from '../live-compiler.js';
import type { LiveNode, Push, RowId } from '../live-node.js';
import { pairId } from '../row-identity.js';
import { ENTRY_BYTES, keptBytes, type Running, RunningNodes } from '../running.js';

/** What one outer row and the rows of its inner side come to. */
export interface Applied {
  /** The rows that are told for an outer row, by what their ids have besides its own. */
  rowsOf(outer: Row, inner: ReadonlyMap<RowId, Row>, frame: Frame): Iterable<readonly [suffix: RowId | undefined, row: Row]>;
  /** Of the outer row and a suffix. */
  idOf(outer: RowId, suffix: RowId | undefined): RowId;
}

interface ApplyShape {
  /** Where the inner side finds the outer row's columns. */
  readonly bindings: readonly { readonly position: number; readonly slot: number }[];
  readonly inputs: readonly { readonly node: LiveNode; readonly innerKey: JoinKeyOf; readonly outerKey: JoinKeyOf }[];
  readonly inner: LiveNode;
  readonly applied: Applied;
}

export interface ApplyPlan {
  readonly outer: LiveNode;
  readonly inner: LiveNode;
  /** Columns of the outer side by the slots in which the inner side finds them. */
  readonly slots: ReadonlyMap<ColumnId, number>;
  readonly innerScope: Scope;
  readonly inputs: readonly LoopInput[];
  readonly applied: Applied;
  readonly output: LiveNode['output'];
  readonly identity: LiveNode['identity'];
}

/**
 * The inner side for each row of the outer (LATERAL, sub-queries): each outer row has an instance of it of its own, which is told of the rows
 * that its keys say are its business. What does not depend on the outer row is kept once, by these keys.
 */
export function applyNode(plan: ApplyPlan, place: Place, compiler: LiveCompiler): LiveNode {
  const outerLayout = compiler.layout(plan.outer.output, place);
  const shape: ApplyShape = {
    bindings: [...plan.slots].map(([id, slot]) => ({ position: plan.outer.output.indexOf(id), slot })),
    inputs: plan.inputs.map(({ node, keys }) => ({
      node,
      innerKey: compileJoinKey(
        keys.map((key) => key.inner),
        new Layout(node.output, plan.innerScope, compiler),
      ),
      outerKey: compileJoinKey(
        keys.map((key) => key.outer),
        outerLayout,
      ),
    })),
    inner: plan.inner,
    applied: plan.applied,
  };
  return {
    output: plan.output,
    identity: plan.identity,
    isStateful: true,
    start(run, push) {
      const apply = new Apply(shape, run, push);
      run.atEnd(() => apply.tell());
      plan.outer.start(run, (id, old, now) => apply.changeOuter(id, old, now));
      for (const [i, { node }] of shape.inputs.entries()) node.start(run, (id, old, now) => apply.changeInner(i, id, old, now));
    },
  };
}

/** The inner side of one outer row. */
class Instance extends RunningNodes implements Running {
  readonly frame: Frame;
  readonly id: RowId;
  /** Of equal values where the inner side reads it. */
  outer: Row;
  readonly keys: readonly (HashKey | undefined)[];
  readonly rows = new Map<RowId, Row>();
  readonly #parent: Running;
  readonly #inputs: Push[][] = [];
  /** What was told of it. */
  shown: Map<RowId, Row> = new Map();
  #bytes = 0;
  #rows = 0;

  constructor(parent: Running, id: RowId, outer: Row, keys: readonly (HashKey | undefined)[]) {
    super();
    this.frame = parent.frame;
    this.#parent = parent;
    this.id = id;
    this.outer = outer;
    this.keys = keys;
  }

  attach(): void {
    throw new Error('a table within what is applied to a row');
  }

  attachInput(input: number, push: Push): void {
    const attached = this.#inputs[input];
    if (attached === undefined) this.#inputs[input] = [push];
    else attached.push(push);
  }

  keep(row: Row): void {
    this.#rows++;
    this.#bytes += keptBytes(row);
    this.#parent.keep(row);
  }

  drop(row: Row): void {
    this.#rows--;
    this.#bytes -= keptBytes(row);
    this.#parent.drop(row);
  }

  hold(bytes: number): void {
    this.#bytes += bytes;
    this.#parent.hold(bytes);
  }

  forget(rows: number, bytes: number): void {
    this.#rows -= rows;
    this.#bytes -= bytes;
    this.#parent.forget(rows, bytes);
  }

  /** All that it remembers goes with it. */
  close(): void {
    this.#parent.forget(this.#rows, this.#bytes);
  }

  offer(input: number, id: RowId, old: Row | undefined, now: Row | undefined): void {
    for (const push of this.#inputs[input] ?? []) push(id, old, now);
  }
}

class Apply {
  readonly #shape: ApplyShape;
  readonly #run: Running;
  readonly #push: Push;
  readonly #instances = new Map<RowId, Instance>();
  /** By input: rows by key, and the instances that they are offered to. */
  readonly #rows: Map<HashKey, Map<RowId, Row>>[];
  readonly #interested: Map<HashKey, Set<Instance>>[];
  readonly #touched = new Set<Instance>();

  constructor(shape: ApplyShape, run: Running, push: Push) {
    this.#shape = shape;
    this.#run = run;
    this.#push = push;
    this.#rows = shape.inputs.map(() => new Map());
    this.#interested = shape.inputs.map(() => new Map());
  }

  changeOuter(id: RowId, old: Row | undefined, now: Row | undefined): void {
    const instance = this.#instances.get(id);
    if (instance !== undefined && old !== undefined && now !== undefined && this.#isAlike(instance, now)) {
      instance.outer = now;
      this.#touched.add(instance);
      return;
    }
    if (old !== undefined) this.#drop(id);
    if (now !== undefined) this.#create(id, now);
  }

  /** The inner side can tell no difference. */
  #isAlike({ outer }: Instance, now: Row): boolean {
    return this.#shape.bindings.every(({ position }) => outer[position] === now[position]);
  }

  changeInner(input: number, id: RowId, old: Row | undefined, now: Row | undefined): void {
    const { frame } = this.#run;
    const keyOf = this.#shape.inputs[input]?.innerKey;
    const rows = this.#rows[input];
    if (keyOf === undefined || rows === undefined) return;
    const before = old === undefined ? undefined : keyOf(old, frame);
    const after = now === undefined ? undefined : keyOf(now, frame);
    if (before !== undefined && old !== undefined) {
      const bucket = rows.get(before);
      if (bucket?.delete(id) === true) this.#run.drop(old);
      if (bucket?.size === 0) rows.delete(before);
    }
    if (after !== undefined && now !== undefined) {
      let bucket = rows.get(after);
      if (bucket === undefined) {
        bucket = new Map();
        rows.set(after, bucket);
      }
      bucket.set(id, now);
      this.#run.keep(now);
    }
    if (before !== undefined && before === after) this.#offer(input, before, id, old, now);
    else {
      if (before !== undefined) this.#offer(input, before, id, old, undefined);
      if (after !== undefined) this.#offer(input, after, id, undefined, now);
    }
  }

  #offer(input: number, key: HashKey, id: RowId, old: Row | undefined, now: Row | undefined): void {
    for (const instance of this.#interested[input]?.get(key) ?? []) {
      this.#bind(instance.outer);
      instance.offer(input, id, old, now);
      this.#touched.add(instance);
    }
  }

  #bind(outer: Row): void {
    const { slots } = this.#run.frame;
    for (const { position, slot } of this.#shape.bindings) slots[slot] = outer[position] ?? null;
  }

  #create(id: RowId, outer: Row): void {
    const { inputs, inner } = this.#shape;
    const { frame } = this.#run;
    const instance = new Instance(
      this.#run,
      id,
      outer,
      inputs.map(({ outerKey }) => outerKey(outer, frame)),
    );
    this.#instances.set(id, instance);
    instance.keep(outer);
    instance.hold(ENTRY_BYTES * inputs.length);
    this.#bind(outer);
    inner.start(instance, (innerId, old, now) => {
      if (old !== undefined && instance.rows.delete(innerId)) instance.drop(old);
      if (now === undefined) return;
      instance.rows.set(innerId, now);
      instance.keep(now);
    });
    for (const [input, key] of instance.keys.entries()) {
      if (key === undefined) continue;
      const interested = this.#interested[input];
      const instances = interested?.get(key);
      if (instances === undefined) interested?.set(key, new Set([instance]));
      else instances.add(instance);
      for (const [innerId, row] of this.#rows[input]?.get(key) ?? []) instance.offer(input, innerId, undefined, row);
    }
    this.#touched.add(instance);
  }

  #drop(id: RowId): void {
    const instance = this.#instances.get(id);
    if (instance === undefined) return;
    this.#instances.delete(id);
    for (const [input, key] of instance.keys.entries()) {
      if (key === undefined) continue;
      const instances = this.#interested[input]?.get(key);
      instances?.delete(instance);
      if (instances?.size === 0) this.#interested[input]?.delete(key);
    }
    this.#touched.delete(instance);
    this.#tell(instance, new Map());
    instance.close();
  }

  /** At a commit's end: what has become of the outer rows whose inner sides were told of something. */
  tell(): void {
    const { applied } = this.#shape;
    for (const instance of this.#touched) {
      this.#bind(instance.outer);
      instance.end();
      const now = new Map<RowId, Row>();
      for (const [suffix, row] of applied.rowsOf(instance.outer, instance.rows, this.#run.frame))
        now.set(applied.idOf(instance.id, suffix), row);
      this.#tell(instance, now);
    }
    this.#touched.clear();
  }

  #tell(instance: Instance, now: Map<RowId, Row>): void {
    const { shown } = instance;
    instance.shown = now;
    for (const [id, row] of shown) {
      const next = now.get(id);
      if (next === undefined || !isSame(row, next)) this.#push(id, row, next);
    }
    for (const [id, row] of now) if (!shown.has(id)) this.#push(id, undefined, row);
  }
}

function isSame(a: Row, b: Row): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

/** LATERAL and the like: a row for each pair that meets, as the join's type says. */
export function appliedJoin(type: PlanNestedLoop['type'], { combine, matches }: JoinRows): Applied {
  const isFilter = type === 'semi' || type === 'anti';
  return {
    *rowsOf(outer, inner, frame) {
      let isMet = false;
      for (const [id, row] of inner) {
        if (matches !== undefined && !matches(outer, row, frame)) continue;
        isMet = true;
        if (isFilter) break;
        yield [id, combine(outer, row)];
      }
      if (type === 'semi' ? isMet : type !== 'inner' && !isMet) yield [undefined, combine(outer, undefined)];
    },
    idOf: (outer, suffix) => (isFilter ? outer : pairId(outer, suffix)),
  };
}

/** What a sub-query of an expression comes to, as a column behind the outer row's. @param order of its rows, where that counts */
export function appliedAnswer(parts: AnswerParts, order: readonly SortKey[]): Applied {
  const begin = ANSWERS[parts.expr.mode](parts);
  const shape = sortShape(order, parts.inner);
  const isOrdered = parts.expr.mode === 'array';
  return {
    *rowsOf(outer, inner, frame) {
      const answer = begin();
      for (const row of isOrdered ? inOrder(inner, shape) : inner.values()) if (!answer.add(row, frame)) break;
      yield [undefined, [...outer, answer.value()]];
    },
    idOf: (outer) => outer,
  };
}

function inOrder(rows: ReadonlyMap<RowId, Row>, shape: SortShape): readonly Row[] {
  return [...rows].sort(([a, left], [b, right]) => shape.compare(left, right) || (a < b ? -1 : 1)).map(([, row]) => row);
}
