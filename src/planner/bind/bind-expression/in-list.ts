import { arrayTypeOf, canCoerce, selectCommonType } from '../../../catalog/builtin/index.js';
import type { Oid } from '../../../commons/ids.js';
import { TypeOid } from '../../../types/oids.js';
import type { Expr } from '../../parse/ast.js';
import { makeOperator, makeQuantified } from '../call/operator.js';
import { coerceToBoolean } from '../coerce.js';
import { coerceToCommon } from '../common-type.js';
import type { BoundExpr } from '../expression.js';
import { logicNode } from '../nodes.js';
import type { Scope } from '../scope/scope.js';
import { someExpr } from '../tree/walk.js';
import { bindRowFields, compareRows, isRowValue } from './rows.js';

/**
 * `x IN (a, b, …)`: constants of one type become `x = ANY (ARRAY[…])`; what refers to columns, or has no type in common, is compared
 * one by one, as in PostgreSQL.
 */
export function bindInList(
  scope: Scope,
  leftNode: Expr,
  nodes: readonly Expr[],
  negated: boolean,
  location: number | undefined,
): BoundExpr {
  const op = negated ? '<>' : '=';
  if (isRowValue(leftNode)) return inRows(scope, op, leftNode.expressions, nodes, negated, location);
  const left = scope.bind(leftNode);
  const items = nodes.map((node) => scope.bind(node));
  const plain = items.filter((item) => !refersToColumns(item));
  const arms: BoundExpr[] = [];
  let rest = items;
  const element = plain.length > 1 ? arrayElementType(scope, left, plain) : 0;
  if (element !== 0) {
    const elements = plain.map((item) => coerceToCommon(scope.state, item, element, 'IN'));
    const type = arrayTypeOf(scope.state.types, element);
    const array: BoundExpr = { kind: 'array', elements, nested: false, type, typmod: -1 };
    arms.push(makeQuantified(scope, op, negated ? 'all' : 'any', left, array, location));
    rest = items.filter((item) => refersToColumns(item));
  }
  for (const item of rest) arms.push(coerceToBoolean(scope.state, makeOperator(scope, op, left, item, location), 'IN'));
  return logicNode(negated ? 'and' : 'or', arms, location);
}

function refersToColumns(expr: BoundExpr): boolean {
  return someExpr(expr, (part) => part.kind === 'column' || part.kind === 'subquery');
}

/** The element type of the array that the values can be put into; 0: there is none. */
function arrayElementType(scope: Scope, left: BoundExpr, items: readonly BoundExpr[]): Oid {
  const { types } = scope.state;
  const arms = [left.type, ...items.map((item) => item.type)];
  const common = selectCommonType(types, arms);
  if ('mismatch' in common || common.type === TypeOid.record) return 0;
  if (!arms.every((arm) => arm === TypeOid.unknown || canCoerce(types, arm, common.type, 'implicit'))) return 0;
  return arrayTypeOf(types, common.type) === 0 ? 0 : common.type;
}

function inRows(
  scope: Scope,
  op: string,
  leftNodes: readonly Expr[],
  nodes: readonly Expr[],
  negated: boolean,
  location: number | undefined,
): BoundExpr {
  const left = bindRowFields(scope, leftNodes);
  const row: BoundExpr = { kind: 'row', fields: left, type: TypeOid.record, typmod: -1 };
  const arms = nodes.map((node) =>
    isRowValue(node)
      ? compareRows(scope, op, left, bindRowFields(scope, node.expressions), location)
      : coerceToBoolean(scope.state, makeOperator(scope, op, row, scope.bind(node), location), 'IN'),
  );
  return logicNode(negated ? 'and' : 'or', arms, location);
}
