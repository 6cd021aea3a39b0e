import type { PlanSetOperation } from '../../planner/optimize/physical.js';
import type { HashKey } from '../../types/type-codec.js';
import type { Row } from '../../types/value.js';
import type { CompiledPlan } from '../compiled-plan.js';
import type { Batch, Operator } from '../context.js';
import { groupKeyOf, hasherOf } from '../expression/comparators.js';
import type { Frame } from '../frame.js';
import type { QueryCompiler, Scope } from '../scope.js';
import { compileMapped, type MappedInput } from './append.js';
import { MAX_BATCH } from './batches.js';
import { DistinctFilter } from './distinct-filter.js';
import { MemoryBudget, rowBytes } from './memory.js';
import { PartitionedRows } from './partitioned-rows.js';
import { breathe, pull, SteppedOperator, type Steps } from './stepped-operator.js';

interface SetOperationShape {
  readonly plan: PlanSetOperation;
  readonly left: MappedInput;
  readonly right: MappedInput;
  readonly keyOf: (row: Row) => HashKey;
}

export function compileSetOperation(plan: PlanSetOperation, scope: Scope, compiler: QueryCompiler): CompiledPlan {
  const shape: SetOperationShape = {
    plan,
    left: compileMapped(compiler.compilePlan(plan.left, scope), plan.leftOutputs, scope, compiler),
    right: compileMapped(compiler.compilePlan(plan.right, scope), plan.rightOutputs, scope, compiler),
    keyOf: groupKeyOf(plan.columns.map((column) => hasherOf(column.type))),
  };
  return { output: plan.output, open: (frame) => new SetOperationOperator(shape, frame) };
}

/** One distinct row with how often each side has it. */
interface Counted {
  readonly row: Row;
  left: number;
  right: number;
}

class SetOperationOperator extends SteppedOperator {
  readonly #shape: SetOperationShape;
  #input: Operator | undefined;
  #filter: DistinctFilter | undefined;
  readonly #spilled: PartitionedRows[] = [];

  constructor(shape: SetOperationShape, frame: Frame) {
    super(frame);
    this.#shape = shape;
  }

  protected run(): Steps {
    return this.#shape.plan.op === 'union' ? this.#union() : this.#count();
  }

  *#rows(input: MappedInput): Steps {
    const operator = input.plan.open(this.frame);
    this.#input = operator;
    for (let batch = yield* pull(operator); batch !== null; batch = yield* pull(operator)) {
      yield input.map === undefined ? batch : batch.map(input.map);
      yield* breathe(this.frame);
    }
    operator.close();
  }

  /** Rows come out when they are first seen. */
  *#union(): Steps {
    const { left, right, keyOf, plan } = this.#shape;
    const filter = new DistinctFilter(this.frame);
    this.#filter = filter;
    for (const input of [left, right]) {
      for (const batch of this.#rows(input)) {
        if (batch instanceof Promise || plan.all) {
          yield batch;
          continue;
        }
        const fresh = batch.filter((row) => filter.passes(keyOf(row), row));
        if (fresh.length > 0) yield fresh;
      }
    }
    yield* filter.rest(keyOf);
  }

  /** INTERSECT and EXCEPT: counts on both sides decide how often a row comes out. */
  *#count(): Steps {
    const { left, right } = this.#shape;
    yield* this.#countRows(this.#rows(left), this.#rows(right));
  }

  /** Once work_mem is full of rows, those of both sides with other keys go to files by key, and are counted afterwards, part by part. */
  *#countRows(left: Iterable<Batch | Promise<void>>, right: Iterable<Batch | Promise<void>>): Steps {
    const { keyOf } = this.#shape;
    const counted = new Map<HashKey, Counted>();
    const budget = new MemoryBudget(this.frame.cx.workMemBytes);
    let overflow: { readonly left: PartitionedRows; readonly right: PartitionedRows } | undefined;
    for (const batch of left) {
      if (batch instanceof Promise) {
        yield batch;
        continue;
      }
      for (const row of batch) {
        const key = keyOf(row);
        const known = counted.get(key);
        if (known !== undefined) known.left++;
        else if (overflow !== undefined) overflow.left.add(key, row);
        else {
          counted.set(key, { row, left: 1, right: 0 });
          if (!budget.add(rowBytes(row))) overflow = this.#newOverflow();
        }
      }
    }
    for (const batch of right) {
      if (batch instanceof Promise) {
        yield batch;
        continue;
      }
      for (const row of batch) {
        const key = keyOf(row);
        const known = counted.get(key);
        if (known !== undefined) known.right++;
        else overflow?.right.add(key, row);
      }
    }
    yield* this.#copies(counted.values());
    counted.clear();
    if (overflow === undefined) return;
    for (let part = 0; part < overflow.left.count; part++) {
      yield* this.#countRows(this.#part(overflow.left, part), this.#part(overflow.right, part));
    }
  }

  #newOverflow(): { readonly left: PartitionedRows; readonly right: PartitionedRows } {
    const { spills: counters } = this.frame.cx;
    const overflow = { left: new PartitionedRows(counters), right: new PartitionedRows(counters) };
    this.#spilled.push(overflow.left, overflow.right);
    return overflow;
  }

  *#part(rows: PartitionedRows, part: number): Steps {
    let batch: Row[] = [];
    for (const row of rows.read(part)) {
      batch.push(row);
      if (batch.length < MAX_BATCH) continue;
      yield batch;
      batch = [];
      yield* breathe(this.frame);
    }
    if (batch.length > 0) yield batch;
  }

  *#copies(counted: Iterable<Counted>): Steps {
    const { plan } = this.#shape;
    let batch: Row[] = [];
    for (const { row, left, right } of counted) {
      const copies = plan.op === 'intersect' ? Math.min(left, right) : Math.max(left - right, 0);
      const distinct = plan.op === 'intersect' ? Math.min(copies, 1) : right === 0 ? 1 : 0;
      for (let i = plan.all ? copies : distinct; i > 0; i--) {
        batch.push(row);
        if (batch.length < MAX_BATCH) continue;
        yield batch;
        batch = [];
      }
    }
    if (batch.length > 0) yield batch;
  }

  protected free(): void {
    this.#input?.close();
    this.#filter?.remove();
    for (const spilled of this.#spilled) spilled.remove();
  }
}
