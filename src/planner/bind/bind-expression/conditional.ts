import { assert } from '../../../commons/assert.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { TypeOid } from '../../../types/oids.js';
import type { ExprCase, ExprCoalesce, ExprMinMax, ExprNullIf } from '../../parse/ast.js';
import { collationOfArgs } from '../call/make-call.js';
import { makeOperator } from '../call/operator.js';
import { refuseSets } from '../call/set-function.js';
import { coerceToBoolean, resolveUnknown } from '../coerce.js';
import { coerceArms } from '../common-type.js';
import { at, errorAt, locationOf } from '../errors.js';
import type { BoundExpr } from '../expression.js';
import { constNode } from '../nodes.js';
import type { Scope } from '../scope/scope.js';
import { requireOrder } from '../sort-key.js';

function collationFrom(arms: readonly BoundExpr[]): { readonly collation?: number } {
  const collation = collationOfArgs(arms);
  return collation === undefined ? {} : { collation };
}

export function bindCase(scope: Scope, node: ExprCase): BoundExpr {
  const { state } = scope;
  const location = locationOf(node);
  const slot = state.newSlot();
  const operand = node.value === undefined ? undefined : resolveUnknown(state, scope.bind(node.value));
  const placeholder: BoundExpr | undefined =
    operand === undefined
      ? undefined
      : { kind: 'placeholder', slot, type: operand.type, typmod: operand.typmod, ...collationFrom([operand]) };
  const conditions: BoundExpr[] = [];
  const values: BoundExpr[] = [];
  for (const { when, value } of node.whens) {
    const written = scope.bind(when);
    const condition = placeholder === undefined ? written : makeOperator(scope, '=', placeholder, written, locationOf(when));
    conditions.push(coerceToBoolean(state, condition, 'CASE/WHEN'));
    values.push(scope.bind(value));
  }
  const otherwise = node.else === undefined ? constNode(TypeOid.unknown, -1, null) : scope.bind(node.else);
  // PostgreSQL lets ELSE have the first word on the type.
  const { arms, target } = coerceArms(state, [...values, otherwise], 'CASE', [otherwise, ...values]);
  refuseSets([...(operand === undefined ? [] : [operand]), ...conditions, ...arms], 'CASE');
  const last = arms[values.length];
  assert(last !== undefined, 'CASE has an ELSE');
  return {
    kind: 'case',
    ...(operand === undefined ? {} : { operand }),
    slot,
    whens: conditions.map((when, i) => ({ when, value: arms[i] ?? last })),
    else: last,
    ...target,
    ...collationFrom(arms),
    ...at(location),
  };
}

export function bindCoalesce(scope: Scope, node: ExprCoalesce): BoundExpr {
  const { arms, target } = coerceArms(
    scope.state,
    node.args.map((arg) => scope.bind(arg)),
    'COALESCE',
  );
  refuseSets(arms, 'COALESCE');
  return { kind: 'coalesce', args: arms, ...target, ...collationFrom(arms), ...at(locationOf(node)) };
}

export function bindMinMax(scope: Scope, node: ExprMinMax): BoundExpr {
  const { arms, target } = coerceArms(
    scope.state,
    node.args.map((arg) => scope.bind(arg)),
    node.op === 'greatest' ? 'GREATEST' : 'LEAST',
  );
  const [first] = arms;
  if (first !== undefined) requireOrder(scope.state, first);
  return { kind: 'minmax', op: node.op, args: arms, ...target, ...collationFrom(arms), ...at(locationOf(node)) };
}

/** The value is the first operand as the comparison takes it: NULLIF('a', 'b') is text. */
export function bindNullIf(scope: Scope, node: ExprNullIf): BoundExpr {
  const location = locationOf(node);
  const equal = makeOperator(scope, '=', scope.bind(node.left), scope.bind(node.right), location);
  if (equal.type !== TypeOid.bool) throw errorAt(SqlState.datatypeMismatch, 'NULLIF requires = operator to yield boolean', location);
  const [value] = equal.args;
  assert(value !== undefined, 'a comparison has two operands');
  return { kind: 'nullif', equal, type: value.type, typmod: value.typmod, ...collationFrom([value]), ...at(location) };
}
