import { assert } from '../commons/assert.js';
import type { BoundExpr } from '../planner/bind/expression.js';
import type { CompiledPlan } from './compiled-plan.js';
import { compileEvaluator, compilePredicate } from './expression/compile-evaluator.js';
import type { Evaluator, Predicate } from './expression/evaluator.js';
import type { FunctionLibrary } from './functions/implementation.js';
import type { Layout, QueryCompiler } from './scope.js';
import { Slots } from './slots.js';

/** Compiles expressions outside any plan. */
export class StandaloneCompiler extends Slots implements QueryCompiler {
  readonly library: FunctionLibrary;
  readonly subqueries = new Map<object, never>();
  readonly memoize = false;
  readonly outsideReads = new Set<number>();
  readonly eagerSubqueries = new Set<number>();

  /** @param firstSlot where its slots begin in a frame that it shares */
  constructor(library: FunctionLibrary, firstSlot = 0) {
    super(firstSlot);
    this.library = library;
  }

  compileEvaluator(expr: BoundExpr, layout: Layout): Evaluator {
    return compileEvaluator(expr, layout);
  }

  compilePredicate(expr: BoundExpr, layout: Layout): Predicate {
    return compilePredicate(expr, layout);
  }

  newSubquery(): number {
    assert(false, 'a sub-query in a stand-alone expression');
  }

  runFirst(): void {
    assert(false, 'a sub-query in a stand-alone expression');
  }

  compilePlan(): CompiledPlan {
    assert(false, 'a plan in a stand-alone expression');
  }
}
