import type { BoundBooleanTest, BoundLogic, BoundNot, BoundNullTest } from '../../planner/bind/expression.js';
import { SqlRecord } from '../../types/value.js';
import type { Layout } from '../scope.js';
import type { Evaluator } from './evaluator.js';

/** SQL's three-valued AND: false decides at once, NULL only when nothing is false. */
export function compileAnd(expr: BoundLogic, layout: Layout): Evaluator {
  return compileLogic(expr, layout, false);
}

export function compileOr(expr: BoundLogic, layout: Layout): Evaluator {
  return compileLogic(expr, layout, true);
}

function compileLogic(expr: BoundLogic, layout: Layout, decisive: boolean): Evaluator {
  const args = expr.args.map((arg) => layout.evaluator(arg));
  const [first, second] = args;
  const otherwise = !decisive;
  if (args.length === 2 && first !== undefined && second !== undefined) {
    return (row, frame) => {
      const a = first(row, frame);
      if (a === decisive) return decisive;
      const b = second(row, frame);
      if (b === decisive) return decisive;
      return a === null || b === null ? null : otherwise;
    };
  }
  return (row, frame) => {
    let unknown = false;
    for (const arg of args) {
      const value = arg(row, frame);
      if (value === decisive) return decisive;
      if (value === null) unknown = true;
    }
    return unknown ? null : otherwise;
  };
}

export function compileNot(expr: BoundNot, layout: Layout): Evaluator {
  const arg = layout.evaluator(expr.arg);
  return (row, frame) => {
    const value = arg(row, frame);
    return value === null ? null : value === false;
  };
}

export function compileNullTest(expr: BoundNullTest, layout: Layout): Evaluator {
  const arg = layout.evaluator(expr.arg);
  if (!expr.rowwise) return expr.negated ? (row, frame) => arg(row, frame) !== null : (row, frame) => arg(row, frame) === null;
  const { negated } = expr;
  // A row IS NULL when all its fields are, IS NOT NULL when none is.
  return (row, frame) => {
    const value = arg(row, frame);
    if (!(value instanceof SqlRecord)) return (value === null) !== negated;
    return value.values.every((field) => (field === null) !== negated);
  };
}

export function compileBooleanTest(expr: BoundBooleanTest, layout: Layout): Evaluator {
  const arg = layout.evaluator(expr.arg);
  const wanted = expr.test === 'unknown' ? null : expr.test === 'true';
  return expr.negated ? (row, frame) => arg(row, frame) !== wanted : (row, frame) => arg(row, frame) === wanted;
}
