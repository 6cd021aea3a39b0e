import type { BoundExpr } from '../bind/expression.js';
import { castParts, isCollate } from './casts.js';

/** How tightly a node's text holds together, as PostgreSQL's pretty printer sees it (isSimpleNode). */
export function isSimple(expr: BoundExpr, parent: BoundExpr | undefined): boolean {
  if (expr.writtenAs !== undefined) return true;
  const cast = castParts(expr);
  if (cast !== undefined) return isSimple(cast.arg, expr);
  if (isCollate(expr)) return false;
  switch (expr.kind) {
    case 'call':
      if (expr.operator === undefined) return true;
      return isSimpleOperator(expr, parent) || holdsApart(parent);
    case 'null test':
    case 'boolean test':
    case 'distinct':
    case 'subquery':
      return holdsApart(parent);
    case 'and':
    case 'not':
      return isLogic(parent) ? parent?.kind !== 'not' : holdsApart(parent);
    case 'or':
      return isLogic(parent) ? parent?.kind === 'or' : holdsApart(parent);
    case 'quantified':
    case 'row compare':
      return false;
    case 'field':
      return parent?.kind !== 'field';
    default:
      return true;
  }
}

/** A parent that separates its parts by itself: a call, a list, CASE. */
function holdsApart(parent: BoundExpr | undefined): boolean {
  if (parent === undefined) return false;
  if (castParts(parent) !== undefined) return false;
  switch (parent.kind) {
    case 'call':
      return parent.operator === undefined && parent.sqlSyntax !== true;
    case 'and':
    case 'or':
    case 'not':
    case 'subscript':
    case 'array':
    case 'row':
    case 'coalesce':
    case 'minmax':
    case 'nullif':
    case 'case':
      return true;
    default:
      return false;
  }
}

function isLogic(expr: BoundExpr | undefined): boolean {
  return expr?.kind === 'and' || expr?.kind === 'or' || expr?.kind === 'not';
}

const ADDITIVE = new Set(['+', '-']);
const MULTIPLICATIVE = new Set(['*', '/', '%']);

function isSimpleOperator(expr: BoundExpr, parent: BoundExpr | undefined): boolean {
  const own = binarySymbol(expr);
  const outer = parent === undefined ? undefined : binarySymbol(parent);
  if (own === undefined || outer === undefined || parent?.kind !== 'call') return false;
  const isLow = ADDITIVE.has(own);
  if (!isLow && !MULTIPLICATIVE.has(own)) return false;
  const isOuterLow = ADDITIVE.has(outer);
  if (!isOuterLow && !MULTIPLICATIVE.has(outer)) return false;
  if (!isLow && isOuterLow) return true;
  if (isLow && !isOuterLow) return false;
  return parent.args[0] === expr;
}

function binarySymbol(expr: BoundExpr): string | undefined {
  return expr.kind === 'call' && expr.operator !== undefined && expr.args.length === 2 ? expr.operator.symbol : undefined;
}
