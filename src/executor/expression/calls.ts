import { assert } from '../../commons/assert.js';
import { notSupported } from '../../commons/sql-error.js';
import type { BoundCall, BoundDistinct, BoundNullIf } from '../../planner/bind/expression.js';
import type { SqlValue } from '../../types/value.js';
import type { ExecutionContext } from '../context.js';
import type { CallTypes } from '../functions/implementation.js';
import type { Layout } from '../scope.js';
import type { Evaluator } from './evaluator.js';
import { intrinsicCall } from './intrinsics.js';

/** A scalar function as it is called: the declared arguments, then the context. */
export type Callable = (...args: (SqlValue | ExecutionContext)[]) => SqlValue;

/**
 * Calls of pg_proc functions, specialised by number of arguments and strictness so that no list of arguments is made for a row.
 */
export function compileCall(expr: BoundCall, layout: Layout): Evaluator {
  if (expr.returnsSet) throw notSupported(`the set-returning function ${expr.name} in this place`);
  const args = expr.args.map((arg) => layout.evaluator(arg));
  return intrinsicCall(expr, args) ?? applyCall(callableOf(expr, layout), args, expr.strict);
}

/** @throws SqlError 0A000 when the library has none */
export function callableOf(expr: BoundCall, layout: Layout): Callable {
  const { library } = layout.compiler;
  const found = library.scalar(expr.source, expr.proc, callTypes(expr));
  if (found === undefined) {
    if (library.async(expr.source) !== undefined) throw notSupported(`the waiting function ${expr.name} in this place`);
    throw notSupported(expr.operator === undefined ? `function ${expr.name}` : `operator ${expr.operator.symbol} (${expr.source})`);
  }
  // The library's functions are declared with their own parameter types; the binder has seen to it that the arguments have them.
  return found as Callable;
}

export function callTypes(expr: BoundCall): CallTypes {
  return {
    args: expr.args.map((arg) => arg.type),
    result: expr.type,
    collation: expr.collation,
    variadicArray: expr.variadicArray,
    columns: expr.rowColumns,
  };
}

export function applyCall(call: Callable, args: readonly Evaluator[], strict: boolean): Evaluator {
  return strict ? strictCall(call, args) : looseCall(call, args);
}

/** All arguments are computed before the call is left out for a NULL among them: they may have effects, or fail. */
function strictCall(call: Callable, args: readonly Evaluator[]): Evaluator {
  const [first, second, third] = args;
  if (first === undefined) return (_row, frame) => call(frame.cx);
  if (second === undefined) {
    return (row, frame) => {
      const a = first(row, frame);
      return a === null ? null : call(a, frame.cx);
    };
  }
  if (third === undefined) {
    return (row, frame) => {
      const a = first(row, frame);
      const b = second(row, frame);
      return a === null || b === null ? null : call(a, b, frame.cx);
    };
  }
  if (args.length === 3) {
    return (row, frame) => {
      const a = first(row, frame);
      const b = second(row, frame);
      const c = third(row, frame);
      return a === null || b === null || c === null ? null : call(a, b, c, frame.cx);
    };
  }
  return (row, frame) => {
    const values: (SqlValue | ExecutionContext)[] = [];
    let hasNull = false;
    for (const arg of args) {
      const value = arg(row, frame);
      if (value === null) hasNull = true;
      values.push(value);
    }
    if (hasNull) return null;
    values.push(frame.cx);
    return call(...values);
  };
}

function looseCall(call: Callable, args: readonly Evaluator[]): Evaluator {
  const [first, second, third] = args;
  if (first === undefined) return (_row, frame) => call(frame.cx);
  if (second === undefined) return (row, frame) => call(first(row, frame), frame.cx);
  if (third === undefined) return (row, frame) => call(first(row, frame), second(row, frame), frame.cx);
  if (args.length === 3) return (row, frame) => call(first(row, frame), second(row, frame), third(row, frame), frame.cx);
  return (row, frame) => {
    const values: (SqlValue | ExecutionContext)[] = args.map((arg) => arg(row, frame));
    values.push(frame.cx);
    return call(...values);
  };
}

/** The two sides of an equality, and what compares values that are not NULL. */
function equality(expr: BoundCall, layout: Layout) {
  const [left, right] = expr.args;
  assert(left !== undefined && right !== undefined && expr.args.length === 2, 'an equality of two');
  // The values are compared as constants would be: evaluated once here, then handed to the call.
  const leftSlot = layout.compiler.newSlot();
  const rightSlot = layout.compiler.newSlot();
  const args: Evaluator[] = [(_row, frame) => frame.slots[leftSlot] ?? null, (_row, frame) => frame.slots[rightSlot] ?? null];
  const compare = intrinsicCall(expr, args) ?? applyCall(callableOf(expr, layout), args, expr.strict);
  return { left: layout.evaluator(left), right: layout.evaluator(right), leftSlot, rightSlot, compare };
}

export function compileDistinct(expr: BoundDistinct, layout: Layout): Evaluator {
  const { left, right, leftSlot, rightSlot, compare } = equality(expr.equal, layout);
  const { negated } = expr;
  return (row, frame) => {
    const a = left(row, frame);
    const b = right(row, frame);
    if (a === null || b === null) return (a === b) === negated;
    frame.slots[leftSlot] = a;
    frame.slots[rightSlot] = b;
    return (compare(row, frame) === true) === negated;
  };
}

export function compileNullIf(expr: BoundNullIf, layout: Layout): Evaluator {
  const { left, right, leftSlot, rightSlot, compare } = equality(expr.equal, layout);
  return (row, frame) => {
    const a = left(row, frame);
    const b = right(row, frame);
    if (a === null || b === null) return a;
    frame.slots[leftSlot] = a;
    frame.slots[rightSlot] = b;
    return compare(row, frame) === true ? null : a;
  };
}
