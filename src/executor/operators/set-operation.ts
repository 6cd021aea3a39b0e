import type { PlanSetOperation } from '../../planner/optimize/physical.js';
import type { HashKey } from '../../types/type-codec.js';
import type { Row } from '../../types/value.js';
import type { CompiledPlan } from '../compiled-plan.js';
import type { Operator } from '../context.js';
import { groupKeyOf, hasherOf } from '../expression/comparators.js';
import type { Frame } from '../frame.js';
import type { QueryCompiler, Scope } from '../scope.js';
import { compileMapped, type MappedInput } from './append.js';
import { inBatches } from './batches.js';
import { DistinctFilter } from './distinct-filter.js';
import { MemoryBudget, outOfWorkMemory, rowBytes } from './memory.js';
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
  readonly #budget: MemoryBudget;
  #input: Operator | undefined;
  #filter: DistinctFilter | undefined;

  constructor(shape: SetOperationShape, frame: Frame) {
    super(frame);
    this.#shape = shape;
    this.#budget = new MemoryBudget(frame.cx.workMemBytes);
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
    const { left, right, keyOf, plan } = this.#shape;
    const counted = new Map<HashKey, Counted>();
    for (const batch of this.#rows(left)) {
      if (batch instanceof Promise) {
        yield batch;
        continue;
      }
      for (const row of batch) {
        const key = keyOf(row);
        const known = counted.get(key);
        if (known !== undefined) known.left++;
        else {
          counted.set(key, { row, left: 1, right: 0 });
          if (!this.#budget.add(rowBytes(row))) throw outOfWorkMemory(plan.op.toUpperCase());
        }
      }
    }
    for (const batch of this.#rows(right)) {
      if (batch instanceof Promise) {
        yield batch;
        continue;
      }
      for (const row of batch) {
        const known = counted.get(keyOf(row));
        if (known !== undefined) known.right++;
      }
    }
    const result: Row[] = [];
    for (const { row, left: inLeft, right: inRight } of counted.values()) {
      const copies = plan.op === 'intersect' ? Math.min(inLeft, inRight) : Math.max(inLeft - inRight, 0);
      const distinct = plan.op === 'intersect' ? Math.min(copies, 1) : inRight === 0 ? 1 : 0;
      for (let i = plan.all ? copies : distinct; i > 0; i--) result.push(row);
    }
    yield* inBatches(result);
  }

  protected free(): void {
    this.#input?.close();
    this.#filter?.remove();
  }
}
