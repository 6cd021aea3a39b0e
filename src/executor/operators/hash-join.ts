import type { PlanHashJoin } from '../../planner/optimize/physical.js';
import type { HashKey } from '../../types/type-codec.js';
import type { Row } from '../../types/value.js';
import type { CompiledPlan } from '../compiled-plan.js';
import type { Batch, Operator } from '../context.js';
import type { Frame } from '../frame.js';
import { Layout, type QueryCompiler, type Scope } from '../scope.js';
import { CHECK_EVERY, FIRST_BATCH, grown } from './batches.js';
import { compileJoinKey, type JoinKeyOf } from './join-key.js';
import { compileJoinRows, type JoinRows } from './join-rows.js';
import { MemoryBudget, rowBytes } from './memory.js';
import { PartitionedRows } from './partitioned-rows.js';
import { breathe, pull, SteppedOperator, type Steps } from './stepped-operator.js';

interface HashJoinShape {
  readonly plan: PlanHashJoin;
  readonly outer: CompiledPlan;
  readonly inner: CompiledPlan;
  readonly outerKey: JoinKeyOf;
  readonly innerKey: JoinKeyOf;
  readonly rows: JoinRows;
}

/** A row of the built side. */
interface Built {
  readonly row: Row;
  matched: boolean;
  readonly next: Built | undefined;
}

export function compileHashJoin(plan: PlanHashJoin, scope: Scope, compiler: QueryCompiler): CompiledPlan {
  const outer = compiler.compilePlan(plan.outer, scope);
  const inner = compiler.compilePlan(plan.inner, scope);
  const shape: HashJoinShape = {
    plan,
    outer,
    inner,
    outerKey: compileJoinKey(plan.outerKeys, new Layout(outer.output, scope, compiler)),
    innerKey: compileJoinKey(plan.innerKeys, new Layout(inner.output, scope, compiler)),
    rows: compileJoinRows({ outer: outer.output, inner: inner.output, output: plan.output, condition: plan.condition }, scope, compiler),
  };
  return { output: plan.output, open: (frame) => new HashJoinOperator(shape, frame) };
}

/**
 * Builds a table of the inner side and probes it with the outer. An inner beyond work_mem is split, together with the outer, into files by
 * key, which are joined one after the other (a Grace hash join).
 */
class HashJoinOperator extends SteppedOperator {
  readonly #shape: HashJoinShape;
  readonly #outer: Operator;
  readonly #inner: Operator;
  readonly #table = new Map<HashKey, Built>();
  /** Rows of the inner without a key: only right and full joins want them. */
  #keyless: Row[] = [];
  #innerCount = 0;
  #innerHasNull = false;
  #innerParts: PartitionedRows | undefined;
  #outerParts: PartitionedRows | undefined;
  #out: Batch = [];
  #size = FIRST_BATCH;
  /** Pairs looked at since the last breath: one row can meet very many. */
  #compared = 0;
  /** Of the outer row at hand. */
  #key: HashKey | undefined;
  #matched = false;

  constructor(shape: HashJoinShape, frame: Frame) {
    super(frame);
    this.#shape = shape;
    this.#outer = shape.outer.open(frame);
    this.#inner = shape.inner.open(frame);
  }

  protected *run(): Steps {
    const { plan } = this.#shape;
    const { frame } = this;
    yield* this.#build();
    if (this.#innerCount === 0 && (plan.type === 'inner' || plan.type === 'semi' || plan.type === 'right')) {
      this.#outer.close();
      return;
    }
    if (this.#innerParts === undefined) {
      for (let batch = yield* pull(this.#outer); batch !== null; batch = yield* pull(this.#outer)) {
        yield* breathe(frame);
        for (const row of batch) {
          const rest = this.#probe(row);
          if (rest !== undefined) yield* this.#goOn(row, rest);
          if (this.#out.length >= this.#size) yield this.#flush();
        }
      }
      yield* this.#unmatched();
    } else yield* this.#joinParts(this.#innerParts);
    if (this.#out.length > 0) yield this.#flush();
  }

  *#build(): Steps {
    const { plan, innerKey } = this.#shape;
    const { frame } = this;
    const budget = new MemoryBudget(frame.cx.workMemBytes);
    const wantsKeyless = plan.type === 'right' || plan.type === 'full';
    for (let batch = yield* pull(this.#inner); batch !== null; batch = yield* pull(this.#inner)) {
      yield* breathe(frame);
      this.#innerCount += batch.length;
      for (const row of batch) {
        const key = innerKey(row, frame);
        if (key === undefined) {
          this.#innerHasNull = true;
          if (wantsKeyless) this.#keyless.push(row);
          continue;
        }
        if (this.#innerParts !== undefined) this.#innerParts.add(key, row);
        else {
          this.#insert(key, row);
          if (!budget.add(rowBytes(row))) this.#split();
        }
      }
    }
    this.#inner.close();
  }

  #insert(key: HashKey, row: Row): void {
    this.#table.set(key, { row, matched: false, next: this.#table.get(key) });
  }

  /** What was built so far goes to files, and all that comes after it. */
  #split(): void {
    const parts = new PartitionedRows(this.frame.cx.spills);
    this.#innerParts = parts;
    for (const [key, first] of this.#table)
      for (let built: Built | undefined = first; built !== undefined; built = built.next) parts.add(key, built.row);
    this.#table.clear();
  }

  *#joinParts(inner: PartitionedRows): Steps {
    const { outerKey, innerKey } = this.#shape;
    const { frame } = this;
    const outerParts = new PartitionedRows(frame.cx.spills);
    this.#outerParts = outerParts;
    for (let batch = yield* pull(this.#outer); batch !== null; batch = yield* pull(this.#outer)) {
      yield* breathe(frame);
      for (const row of batch) {
        const key = outerKey(row, frame);
        if (key === undefined)
          this.#probe(row); // Meets nothing: it is at its end.
        else outerParts.add(key, row);
        if (this.#out.length >= this.#size) yield this.#flush();
      }
    }
    for (let part = 0; part < inner.count; part++) {
      this.#table.clear();
      for (const row of inner.read(part)) {
        const key = innerKey(row, frame);
        if (key !== undefined) this.#insert(key, row);
      }
      yield* breathe(frame);
      let visited = 0;
      for (const row of outerParts.read(part)) {
        const rest = this.#probe(row);
        if (rest !== undefined) yield* this.#goOn(row, rest);
        if (this.#out.length >= this.#size) yield this.#flush();
        if (++visited % this.#size === 0) yield* breathe(frame);
      }
      yield* this.#unmatched();
      this.#keyless = [];
    }
  }

  #flush(): Batch {
    const batch = this.#out;
    this.#out = [];
    this.#size = grown(this.#size);
    return batch;
  }

  /** @returns where to go on, when this has been enough for now; undefined when the row is done with */
  #probe(outer: Row): Built | undefined {
    const key = this.#shape.outerKey(outer, this.frame);
    this.#key = key;
    this.#matched = false;
    return this.#match(outer, key === undefined ? undefined : this.#table.get(key));
  }

  *#goOn(outer: Row, from: Built): Steps {
    for (let rest: Built | undefined = from; rest !== undefined; rest = this.#match(outer, rest)) {
      if (this.#out.length >= this.#size) yield this.#flush();
      yield* breathe(this.frame);
    }
  }

  #match(outer: Row, from: Built | undefined): Built | undefined {
    const { plan, rows } = this.#shape;
    const { frame } = this;
    const { type } = plan;
    for (let built = from; built !== undefined; built = built.next) {
      if (++this.#compared >= CHECK_EVERY) {
        this.#compared = 0;
        return built;
      }
      if (rows.matches !== undefined && !rows.matches(outer, built.row, frame)) continue;
      this.#matched = true;
      if (type === 'semi' || type === 'anti') break;
      built.matched = true;
      this.#out.push(rows.combine(outer, built.row));
    }
    this.#settle(outer);
    return undefined;
  }

  /** The outer row has met all that it could. */
  #settle(outer: Row): void {
    const { plan, rows } = this.#shape;
    const matched = this.#matched;
    switch (plan.type) {
      case 'semi':
        if (matched) this.#out.push(rows.combine(outer, undefined));
        return;
      case 'anti':
        // NOT IN: beside a NULL, or for one, nothing is known to be absent, unless there is nothing at all.
        if (matched || (plan.nullAware === true && this.#innerCount > 0 && (this.#key === undefined || this.#innerHasNull))) return;
        this.#out.push(rows.combine(outer, undefined));
        return;
      case 'left':
      case 'full':
        if (!matched) this.#out.push(rows.combine(outer, undefined));
        return;
      case 'inner':
      case 'right':
        return;
    }
  }

  /** Right and full joins: rows of the inner that found nobody. */
  *#unmatched(): Steps {
    const { plan, rows } = this.#shape;
    if (plan.type !== 'right' && plan.type !== 'full') return;
    for (const row of this.#keyless) this.#out.push(rows.combine(undefined, row));
    for (const first of this.#table.values()) {
      for (let built: Built | undefined = first; built !== undefined; built = built.next) {
        if (!built.matched) this.#out.push(rows.combine(undefined, built.row));
        if (this.#out.length >= this.#size) yield this.#flush();
      }
    }
  }

  protected free(): void {
    this.#outer.close();
    this.#inner.close();
    this.#table.clear();
    this.#innerParts?.remove();
    this.#outerParts?.remove();
  }
}
