import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { PlanSample } from '../../planner/optimize/physical.js';
import type { CompiledPlan } from '../compiled-plan.js';
import type { Operator } from '../context.js';
import type { Evaluator } from '../expression/evaluator.js';
import type { Frame } from '../frame.js';
import { Layout, type QueryCompiler, type Scope } from '../scope.js';
import { breathe, pull, SteppedOperator, type Steps } from './stepped-operator.js';

/** SYSTEM takes or leaves so many rows at a time: about what fits PostgreSQL's pages. */
const BLOCK_ROWS = 128;
const TWO_TO_32 = 2 ** 32;

interface SampleShape {
  readonly percent: Evaluator;
  readonly seed: Evaluator | undefined;
  readonly blockRows: number;
}

export function compileSample(plan: PlanSample, scope: Scope, compiler: QueryCompiler): CompiledPlan {
  const input = compiler.compilePlan(plan.input, scope);
  const outside = new Layout([], scope, compiler);
  const shape: SampleShape = {
    percent: outside.evaluator(plan.percent),
    seed: plan.seed === undefined ? undefined : outside.evaluator(plan.seed),
    blockRows: plan.method === 'system' ? BLOCK_ROWS : 1,
  };
  return { output: plan.output, open: (frame) => new SampleOperator(input.open(frame), shape, frame) };
}

/** TABLESAMPLE: each row's number in the scan, hashed with the seed, decides, so that a repeated sample of an unchanged table is the same. */
class SampleOperator extends SteppedOperator {
  readonly #input: Operator;
  readonly #shape: SampleShape;

  constructor(input: Operator, shape: SampleShape, frame: Frame) {
    super(frame);
    this.#input = input;
    this.#shape = shape;
  }

  protected *run(): Steps {
    const { frame } = this;
    const { blockRows } = this.#shape;
    const seed = this.#seed();
    const limit = this.#fraction() * TWO_TO_32;
    let number = 0;
    for (let batch = yield* pull(this.#input); batch !== null; batch = yield* pull(this.#input)) {
      const taken = batch.filter(() => hash(Math.floor(number++ / blockRows), seed) < limit);
      if (taken.length > 0) yield taken;
      yield* breathe(frame);
    }
  }

  #fraction(): number {
    const percent = this.#shape.percent([], this.frame);
    if (percent === null) throw new SqlError(SqlState.invalidTablesampleArgument, 'TABLESAMPLE parameter cannot be null');
    const value = Number(percent);
    if (!(value >= 0 && value <= 100)) {
      throw new SqlError(SqlState.invalidTablesampleArgument, 'sample percentage must be between 0 and 100');
    }
    return value / 100;
  }

  #seed(): number {
    const { seed } = this.#shape;
    if (seed === undefined) return Math.floor(Math.random() * TWO_TO_32);
    const value = seed([], this.frame);
    if (value === null) throw new SqlError(SqlState.invalidTablesampleRepeat, 'TABLESAMPLE REPEATABLE parameter cannot be null');
    const bits = new DataView(new ArrayBuffer(8));
    bits.setFloat64(0, Number(value));
    return hash(bits.getUint32(0), bits.getUint32(4));
  }

  protected free(): void {
    this.#input.close();
  }
}

/** Two numbers mixed to 32 bits that look like chance (the finalizer of MurmurHash3). */
function hash(number: number, seed: number): number {
  let mixed = Math.imul(number ^ (seed >>> 1), 0x85ebca6b) ^ seed;
  mixed ^= mixed >>> 16;
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
