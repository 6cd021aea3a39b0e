import { assert } from '../../commons/assert.js';
import type { BoundCase, BoundCoalesce, BoundMinMax } from '../../planner/bind/expression.js';
import type { SqlValue } from '../../types/value.js';
import type { Layout } from '../scope.js';
import { comparatorOf } from './comparators.js';
import type { Evaluator } from './evaluator.js';

export function compileCase(expr: BoundCase, layout: Layout): Evaluator {
  const whens = expr.whens.map(({ when, value }) => ({ when: layout.evaluator(when), value: layout.evaluator(value) }));
  const otherwise = layout.evaluator(expr.else);
  const choose: Evaluator = (row, frame) => {
    for (const arm of whens) if (arm.when(row, frame) === true) return arm.value(row, frame);
    return otherwise(row, frame);
  };
  if (expr.operand === undefined) return choose;
  const operand = layout.evaluator(expr.operand);
  const slot = layout.compiler.placeholder(expr.slot);
  return (row, frame) => {
    frame.slots[slot] = operand(row, frame);
    return choose(row, frame);
  };
}

export function compileCoalesce(expr: BoundCoalesce, layout: Layout): Evaluator {
  const args = expr.args.map((arg) => layout.evaluator(arg));
  return (row, frame) => {
    for (const arg of args) {
      const value = arg(row, frame);
      if (value !== null) return value;
    }
    return null;
  };
}

/** GREATEST and LEAST: NULLs don't count. */
export function compileMinMax(expr: BoundMinMax, layout: Layout): Evaluator {
  const args = expr.args.map((arg) => layout.evaluator(arg));
  assert(args.length > 0, 'GREATEST of nothing');
  const compare = comparatorOf(expr.type, expr.collation);
  const sign = expr.op === 'greatest' ? 1 : -1;
  return (row, frame) => {
    let best: SqlValue = null;
    for (const arg of args) {
      const value = arg(row, frame);
      if (value !== null && (best === null || compare(value, best) * sign > 0)) best = value;
    }
    return best;
  };
}
