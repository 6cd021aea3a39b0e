import { type BuiltinOperator, operatorError, resolveOperator, resolveScalarArrayOperator } from '../../../catalog/builtin/index.js';
import { operatorByOid, operatorsNamed } from '../../../catalog/made-routines.js';
import { assert } from '../../../commons/assert.js';
import type { Oid } from '../../../commons/ids.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { TypeOid } from '../../../types/oids.js';
import { coerceArgument } from '../coerce.js';
import { at, errorAt } from '../errors.js';
import type { BoundCall, BoundExpr, BoundQuantified } from '../expression.js';
import type { Scope } from '../scope/scope.js';
import { makeCall } from './make-call.js';
import { noteSetFunction } from './set-function.js';

/** All operators of a name that the search path or the given schema shows, in the path's order. */
function operatorsOf(scope: Scope, name: string, schema: string | undefined, location: number | undefined): readonly BuiltinOperator[] {
  const { catalog } = scope.state;
  if (schema === undefined) return operatorsNamed(catalog, scope.searchPath, name);
  const found = catalog.schema(schema);
  if (found === undefined) throw errorAt(SqlState.invalidSchemaName, `schema "${schema}" does not exist`, location);
  return operatorsNamed(catalog, [found.oid], name).filter((operator) => operator.namespace === found.oid);
}

/** `left op right`, or `op right`. @throws SqlError 42883, 42725 at the operator */
export function makeOperator(
  scope: Scope,
  name: string,
  left: BoundExpr | undefined,
  right: BoundExpr,
  location: number | undefined,
  schema?: string,
): BoundCall {
  const { state } = scope;
  const candidates = operatorsOf(scope, name, schema, location);
  const found = resolveOperator(state.types, candidates, left?.type, right.type);
  if (found.kind !== 'operator') {
    const written = schema === undefined ? name : `${schema}.${name}`;
    throw operatorError(found, written, left?.type, right.type, (oid) => state.typeName(oid), location);
  }
  return operatorCall(scope, found.operator, found.left, found.right, found.result, left, right, location);
}

function operatorCall(
  scope: Scope,
  operator: BuiltinOperator,
  leftType: Oid,
  rightType: Oid,
  result: Oid,
  left: BoundExpr | undefined,
  right: BoundExpr,
  location: number | undefined,
): BoundCall {
  const { state } = scope;
  const proc = state.procByOid(operator.proc);
  assert(proc !== undefined, 'an operator has its function');
  const args =
    left === undefined
      ? [coerceArgument(state, right, rightType)]
      : [coerceArgument(state, left, leftType), coerceArgument(state, right, rightType)];
  const call = makeCall(state, proc, args, result, location, { oid: operator.oid, symbol: operator.name });
  if (call.returnsSet) noteSetFunction(scope, location);
  return call;
}

/** A comparison by a given operator whose operand types are those of its arguments or binary-compatible. */
export function callOperator(scope: Scope, oid: Oid, left: BoundExpr, right: BoundExpr, location: number | undefined): BoundCall {
  const operator = operatorByOid(scope.state.catalog, oid);
  assert(operator !== undefined, 'an operator of an operator class exists');
  return operatorCall(scope, operator, operator.left, operator.right, operator.result, left, right, location);
}

/** `left op ANY (array)` and `left op ALL (array)`. */
export function makeQuantified(
  scope: Scope,
  name: string,
  quantifier: 'any' | 'all',
  left: BoundExpr,
  array: BoundExpr,
  location: number | undefined,
  schema?: string,
): BoundQuantified {
  const { state } = scope;
  const candidates = operatorsOf(scope, name, schema, location);
  const found = resolveScalarArrayOperator(
    state.types,
    candidates,
    left.type,
    array.type,
    (proc) => state.procByOid(proc)?.returnsSet === true,
  );
  if (found.kind !== 'operator') {
    const element = array.type === TypeOid.unknown ? TypeOid.unknown : (state.types.typeByOid(array.type)?.element ?? array.type);
    throw operatorError(found, name, left.type, element, (oid) => state.typeName(oid), location);
  }
  const coerced = coerceArgument(state, array, found.right);
  const elementType = state.types.typeByOid(found.right)?.element ?? 0;
  const slot = state.newSlot();
  const element: BoundExpr = { kind: 'placeholder', slot, type: elementType, typmod: -1 };
  const compare = operatorCall(scope, found.operator, found.left, elementType, TypeOid.bool, left, element, location);
  return { kind: 'quantified', quantifier, array: coerced, slot, compare, type: TypeOid.bool, typmod: -1, ...at(location) };
}
