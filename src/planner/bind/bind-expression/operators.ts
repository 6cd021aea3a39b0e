import { notSupported } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { TypeOid } from '../../../types/oids.js';
import type { Expr, ExprBinary, ExprQuantified, ExprTernary, ExprUnary } from '../../parse/ast.js';
import { makeOperator, makeQuantified } from '../call/operator.js';
import { coerceToBoolean } from '../coerce.js';
import { at, errorAt, locationOf } from '../errors.js';
import type { BoundExpr } from '../expression.js';
import { logicNode } from '../nodes.js';
import type { Scope } from '../scope/scope.js';
import { bindInList } from './in-list.js';
import { bindRowFields, compareRows, isRowValue } from './rows.js';
import { bindRowSubquery, bindSubqueryComparison } from './subqueries.js';
import { isPostfixTest, postfixTest } from './tests.js';

export function bindUnary(scope: Scope, node: ExprUnary): BoundExpr {
  const location = locationOf(node);
  const operand = scope.bind(node.operand);
  if (node.op === 'NOT' && node.opSchema === undefined) return notNode(coerceToBoolean(scope.state, operand, 'NOT'), location);
  if (isPostfixTest(node.op)) return postfixTest(scope, node.op, operand, location);
  return makeOperator(scope, node.op, undefined, operand, location, node.opSchema);
}

function notNode(arg: BoundExpr, location: number | undefined): BoundExpr {
  return { kind: 'not', arg, type: TypeOid.bool, typmod: -1, ...at(location) };
}

/** Operators that SQL spells as words. */
const WORDS: Readonly<Record<string, string>> = {
  LIKE: '~~',
  'NOT LIKE': '!~~',
  ILIKE: '~~*',
  'NOT ILIKE': '!~~*',
  'SIMILAR TO': '~',
  'NOT SIMILAR TO': '!~',
};

export function bindBinary(scope: Scope, node: ExprBinary): BoundExpr {
  const location = locationOf(node);
  if (node.opSchema !== undefined) return plainOperator(scope, node, node.op, location);
  switch (node.op) {
    case 'AND':
    case 'OR': {
      const left = coerceToBoolean(scope.state, scope.bind(node.left), node.op);
      const right = coerceToBoolean(scope.state, scope.bind(node.right), node.op);
      const kind = node.op === 'AND' ? 'and' : 'or';
      return scope.state.keepsShapes ? writtenChain(kind, node, left, right) : logicNode(kind, [left, right], location);
    }
    case 'IN':
    case 'NOT IN':
      return bindIn(scope, node, location);
    case 'IS DISTINCT FROM':
      return bindDistinct(scope, node.left, node.right, false, location);
    case 'IS NOT DISTINCT FROM':
      return bindDistinct(scope, node.left, node.right, true, location);
    default:
      return plainOperator(scope, node, WORDS[node.op] ?? node.op, location);
  }
}

/** As PostgreSQL keeps it: what stands in a chain to the left is one list, what is in parentheses to the right is not. */
function writtenChain(kind: 'and' | 'or', node: ExprBinary, left: BoundExpr, right: BoundExpr): BoundExpr {
  const isChain = node.left.type === 'binary' && node.left.op === node.op && left.kind === kind;
  return { kind, args: [...(isChain && left.kind === kind ? left.args : [left]), right], type: TypeOid.bool, typmod: -1 };
}

function plainOperator(scope: Scope, node: ExprBinary, name: string, location: number | undefined): BoundExpr {
  const { left, right } = node;
  if (isRowValue(left) && isRowValue(right)) {
    return compareRows(scope, name, bindRowFields(scope, left.expressions), bindRowFields(scope, right.expressions), location);
  }
  if (isRowValue(left) && right.type === 'subquery') return bindRowSubquery(scope, name, left, right, location);
  return makeOperator(scope, name, scope.bind(left), scope.bind(right), location, node.opSchema);
}

function bindIn(scope: Scope, node: ExprBinary, location: number | undefined): BoundExpr {
  const negated = node.op === 'NOT IN';
  if (node.right.type === 'list') return bindInList(scope, node.left, node.right.expressions, negated, location);
  if (node.right.type !== 'subquery') throw notSupported('IN over something else than a list or a query', { position: location });
  const any = bindSubqueryComparison(scope, '=', 'any', node.left, node.right, location);
  return negated ? notNode(any, location) : any;
}

function bindDistinct(scope: Scope, left: Expr, right: Expr, negated: boolean, location: number | undefined): BoundExpr {
  if (isRowValue(left) && isRowValue(right)) {
    const lefts = bindRowFields(scope, left.expressions);
    const rights = bindRowFields(scope, right.expressions);
    if (lefts.length !== rights.length) throw errorAt(SqlState.syntaxError, 'unequal number of entries in row expressions', location);
    const pairs = lefts.map((field, i) => distinctNode(scope, field, rights[i] ?? field, false, location));
    const differ = logicNode('or', pairs, location);
    return negated ? notNode(differ, location) : differ;
  }
  const a = scope.bind(left);
  const b = scope.bind(right);
  const test = negated ? 'IS NULL' : 'IS NOT NULL';
  if (isNull(b)) return postfixTest(scope, test, a, location);
  if (isNull(a)) return postfixTest(scope, test, b, location);
  return distinctNode(scope, a, b, negated, location);
}

function isNull(expr: BoundExpr): boolean {
  return expr.kind === 'const' && expr.value === null;
}

function distinctNode(scope: Scope, left: BoundExpr, right: BoundExpr, negated: boolean, location: number | undefined): BoundExpr {
  const equal = makeOperator(scope, '=', left, right, location);
  if (equal.type !== TypeOid.bool) {
    throw errorAt(SqlState.datatypeMismatch, 'IS DISTINCT FROM requires = operator to yield boolean', location);
  }
  return { kind: 'distinct', equal, negated, type: TypeOid.bool, typmod: -1, ...at(location) };
}

/** `value` is bound once and stands in each comparison. */
export function bindTernary(scope: Scope, node: ExprTernary): BoundExpr {
  const location = locationOf(node);
  const value = scope.bind(node.value);
  const lo = scope.bind(node.lo);
  const hi = scope.bind(node.hi);
  const within = (from: BoundExpr, to: BoundExpr) => logicNode('and', [comparison('>=', from), comparison('<=', to)], location);
  const outside = (from: BoundExpr, to: BoundExpr) => logicNode('or', [comparison('<', from), comparison('>', to)], location);
  const comparison = (op: string, bound: BoundExpr) => coerceToBoolean(scope.state, makeOperator(scope, op, value, bound, location), 'AND');
  switch (node.op) {
    case 'BETWEEN':
      return within(lo, hi);
    case 'NOT BETWEEN':
      return outside(lo, hi);
    case 'BETWEEN SYMMETRIC':
      return logicNode('or', [within(lo, hi), within(hi, lo)], location);
    case 'NOT BETWEEN SYMMETRIC':
      return logicNode('and', [outside(lo, hi), outside(hi, lo)], location);
  }
}

export function bindQuantified(scope: Scope, node: ExprQuantified): BoundExpr {
  const location = locationOf(node);
  const quantifier = node.quantifier === 'ANY' ? 'any' : 'all';
  if (node.right.type === 'subquery')
    return bindSubqueryComparison(scope, node.op, quantifier, node.left, node.right, location, node.opSchema);
  return makeQuantified(scope, node.op, quantifier, scope.bind(node.left), scope.bind(node.right), location, node.opSchema);
}
