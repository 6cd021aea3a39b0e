import { assert } from '../../commons/assert.js';
import type { PlanRecursive, PlanWorkTable } from '../../planner/optimize/physical.js';
import type { HashKey } from '../../types/type-codec.js';
import type { Row } from '../../types/value.js';
import type { CompiledPlan } from '../compiled-plan.js';
import type { Operator } from '../context.js';
import { groupKeyOf, hasherOf } from '../expression/comparators.js';
import type { Frame } from '../frame.js';
import type { QueryCompiler, Scope } from '../scope.js';
import { stateBudget } from './aggregate-call.js';
import { compileMapped, type MappedInput } from './append.js';
import { outOfWorkMemory, rowBytes } from './memory.js';
import { RowStore } from './row-store.js';
import { breathe, pull, SteppedOperator, type Steps } from './stepped-operator.js';

interface RecursiveShape {
  readonly workTable: number;
  readonly initial: MappedInput;
  readonly step: MappedInput;
  /** UNION: rows seen before don't come again. */
  readonly keyOf: ((row: Row) => HashKey) | undefined;
}

export function compileRecursive(plan: PlanRecursive, scope: Scope, compiler: QueryCompiler): CompiledPlan {
  const shape: RecursiveShape = {
    workTable: plan.workTable,
    initial: compileMapped(compiler.compilePlan(plan.initial, scope), plan.initialOutputs, scope, compiler),
    step: compileMapped(compiler.compilePlan(plan.step, scope), plan.stepOutputs, scope, compiler),
    keyOf: plan.all ? undefined : groupKeyOf(plan.columns.map((column) => hasherOf(column.type))),
  };
  compiler.outsideReads.delete(-1 - plan.workTable);
  return { output: plan.output, open: (frame) => new RecursiveOperator(shape, frame) };
}

/** WITH RECURSIVE: each round runs the step over the previous round's rows, until one has none (PostgreSQL manual, "Recursive Queries"). */
class RecursiveOperator extends SteppedOperator {
  readonly #shape: RecursiveShape;
  #input: Operator | undefined;
  readonly #rounds: RowStore[] = [];

  constructor(shape: RecursiveShape, frame: Frame) {
    super(frame);
    this.#shape = shape;
  }

  protected *run(): Steps {
    const { workTable, initial, step, keyOf } = this.#shape;
    const { frame } = this;
    const seen = new Set<HashKey>();
    // What was seen can't go to files: it counts as the states of aggregates do.
    const seenBudget = stateBudget(frame);
    let source = initial;
    for (;;) {
      const round = new RowStore(frame.cx.workMemBytes, frame.cx.spills);
      this.#rounds.push(round);
      const input = source.plan.open(frame);
      this.#input = input;
      for (let batch = yield* pull(input); batch !== null; batch = yield* pull(input)) {
        const fresh: Row[] = [];
        for (const row of batch) {
          const mapped = source.map === undefined ? row : source.map(row);
          if (keyOf !== undefined) {
            const key = keyOf(mapped);
            if (seen.has(key)) continue;
            seen.add(key);
            if (!seenBudget.add(rowBytes(mapped))) throw outOfWorkMemory('A recursive query');
          }
          fresh.push(mapped);
          round.add(mapped);
        }
        yield* breathe(frame);
        if (fresh.length > 0) yield fresh;
      }
      input.close();
      // The round before has been read.
      if (this.#rounds.length > 1) this.#rounds.shift()?.close();
      if (round.length === 0) return;
      frame.workTables[workTable] = round;
      source = step;
    }
  }

  protected free(): void {
    this.#input?.close();
    for (const round of this.#rounds) round.close();
  }
}

export function compileWorkTable(plan: PlanWorkTable, _scope: Scope, compiler: QueryCompiler): CompiledPlan {
  const { workTable } = plan;
  compiler.outsideReads.add(-1 - workTable);
  return { output: plan.output, open: (frame) => new WorkTableOperator(workTable, frame) };
}

class WorkTableOperator extends SteppedOperator {
  readonly #workTable: number;

  constructor(workTable: number, frame: Frame) {
    super(frame);
    this.#workTable = workTable;
  }

  protected *run(): Steps {
    const rows = this.frame.workTables[this.#workTable];
    assert(rows !== undefined, 'a recursive reference outside its query');
    yield* rows.batches();
  }

  protected free(): void {}
}
