import { assert } from '../../../commons/assert.js';
import type * as ast from '../ast.js';
import { list, type Printer } from './printer.js';

/** `(a AND b AND c)`: a chain that leans to the left, or that was balanced because of its length, is one list again. */
export function printLogical(expr: ast.ExprBinary, printer: Printer): string {
  return `(${chain(expr, expr)
    .map((term) => printer.expr(term))
    .join(` ${expr.op} `)})`;
}

function chain(expr: ast.Expr, top: ast.ExprBinary): ast.Expr[] {
  if (expr.type !== 'binary' || expr.op !== top.op) return [expr];
  const right = expr.right;
  const balanced = right._location !== undefined && right._location.start === expr._location?.start;
  return [...chain(expr.left, top), ...(balanced ? chain(right, top) : [right])];
}

/** x BETWEEN a AND b stands for comparisons. */
export function printBetween(expr: ast.ExprTernary, printer: Printer): string {
  const value = printer.expr(expr.value);
  const lo = printer.expr(expr.lo);
  const hi = printer.expr(expr.hi);
  const within = (from: string, to: string) => `((${value} >= ${from}) AND (${value} <= ${to}))`;
  const outside = (from: string, to: string) => `((${value} < ${from}) OR (${value} > ${to}))`;
  switch (expr.op) {
    case 'BETWEEN':
      return within(lo, hi);
    case 'NOT BETWEEN':
      return outside(lo, hi);
    case 'BETWEEN SYMMETRIC':
      return `(${within(lo, hi)} OR ${within(hi, lo)})`;
    case 'NOT BETWEEN SYMMETRIC':
      return `(${outside(lo, hi)} AND ${outside(hi, lo)})`;
  }
}

/**
 * A list becomes `= ANY (ARRAY[…])` for its constants, and comparisons for what holds columns. But a string literal whose type
 * is not known here would become text within ARRAY[…], so a list with one stays a list.
 */
export function printIn(expr: ast.ExprBinary, printer: Printer): string {
  const negated = expr.op === 'NOT IN';
  const left = printer.expr(expr.left);
  if (expr.right.type === 'subquery') {
    const test = `(${left} IN ${printer.expr(expr.right)})`;
    return negated ? `(NOT ${test})` : test;
  }
  assert(expr.right.type === 'list', 'IN has a list or a sub-query');
  if (expr.right.expressions.some((item) => isUntyped(item, printer))) return `(${left} ${expr.op} ${printer.expr(expr.right)})`;
  const constants = expr.right.expressions.filter(isConstant);
  const gathered = constants.length > 1 && expr.left.type !== 'row' ? constants : [];
  const comparison = negated ? '<>' : '=';
  const tests = expr.right.expressions
    .filter((item) => !gathered.includes(item))
    .map((item) => `(${left} ${comparison} ${printer.expr(item)})`);
  if (gathered.length > 0) tests.unshift(`(${left} ${comparison} ${negated ? 'ALL' : 'ANY'} (ARRAY[${list(printer, gathered)}]))`);
  return tests.length === 1 ? tests.join() : `(${tests.join(negated ? ' AND ' : ' OR ')})`;
}

function isUntyped(expr: ast.Expr, printer: Printer): boolean {
  return expr.type === 'null' || (expr.type === 'string' && printer.options.stringType?.(expr) === undefined);
}

function isConstant(expr: ast.Expr): boolean {
  switch (expr.type) {
    case 'integer':
    case 'numeric':
    case 'string':
    case 'boolean':
    case 'null':
    case 'parameter':
    case 'lifted':
    case 'keyword':
      return true;
    case 'cast':
      return isConstant(expr.operand);
    default:
      return false;
  }
}
