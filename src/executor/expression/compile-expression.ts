import type { BoundExpr, ColumnId } from '../../planner/bind/expression.js';
import type { Row, SqlValue } from '../../types/value.js';
import type { ExecutionContext } from '../context.js';
import { Frame } from '../frame.js';
import type { FunctionLibrary } from '../functions/implementation.js';
import { Layout, Scope } from '../scope.js';
import { StandaloneCompiler } from '../standalone-compiler.js';
import { compileEvaluator } from './compile-evaluator.js';

/**
 * An expression by itself: column defaults, index expressions, filters of live queries. Not re-entrant, holds a frame that it uses again
 * and again; has no sub-queries.
 */
export interface CompiledExpression {
  evaluate(row: Row, cx: ExecutionContext): SqlValue;
}

/**
 * @param layout ids of the columns by position in the rows that it will be given
 * @throws SqlError 0A000 where the library has no implementation of a function
 */
export function compileExpression(expr: BoundExpr, layout: readonly ColumnId[], library: FunctionLibrary): CompiledExpression {
  const compiler = new StandaloneCompiler(library);
  const evaluator = compileEvaluator(expr, new Layout(layout, new Scope(), compiler));
  let frame: Frame | undefined;
  return {
    evaluate(row, cx) {
      frame ??= new Frame(cx, compiler.slotCount);
      frame.cx = cx;
      return evaluator(row, frame);
    },
  };
}

const NO_ROW: Row = [];

/** The value of an expression without columns, for the optimizer's constant folding and DDL. */
export function evaluateExpression(expr: BoundExpr, library: FunctionLibrary, cx: ExecutionContext): SqlValue {
  return compileExpression(expr, [], library).evaluate(NO_ROW, cx);
}
