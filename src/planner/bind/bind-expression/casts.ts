import { baseTypeOf } from '../../../catalog/builtin/index.js';
import { collationNamed } from '../../../catalog/collations.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { TypeOid } from '../../../types/oids.js';
import type { ExprCast, ExprCollate, QName } from '../../parse/ast.js';
import { coerceExplicitly } from '../coerce.js';
import { at, errorAt, locationOf } from '../errors.js';
import type { BoundExpr } from '../expression.js';
import type { Scope } from '../scope/scope.js';
import { resolveType } from '../type-name.js';
import { bindArrayAs } from './arrays.js';

export function bindCast(scope: Scope, node: ExprCast): BoundExpr {
  const { state } = scope;
  const target = resolveType(state, scope.searchPath, node.to);
  const location = locationOf(node) ?? locationOf(node.to);
  if (node.operand.type === 'array') {
    // The elements are cast one by one, so that ARRAY[]::int[] has a type and ARRAY['1']::int[] reads its literals.
    const array = baseTypeOf(state.types, target.type);
    const type = state.types.typeByOid(array);
    if (type?.isArray === true) {
      const bound = bindArrayAs(scope, node.operand, { type: array, typmod: target.typmod });
      return coerceExplicitly(state, bound, target, location);
    }
  }
  return coerceExplicitly(state, scope.bind(node.operand), target, location);
}

/** x COLLATE "c": the same value, compared another way. @throws SqlError 42804, 42704 */
export function bindCollate(scope: Scope, node: ExprCollate): BoundExpr {
  const { state } = scope;
  const location = locationOf(node);
  const arg = scope.bind(node.operand);
  if (arg.type !== TypeOid.unknown && !isCollatable(scope, arg.type)) {
    throw errorAt(SqlState.datatypeMismatch, `collations are not supported by type ${state.typeName(arg.type)}`, location);
  }
  const collation = findCollation(scope, node.collation, location);
  return { kind: 'relabel', arg, explicit: true, type: arg.type, typmod: arg.typmod, collation, ...at(location) };
}

function isCollatable(scope: Scope, oid: number): boolean {
  const { types } = scope.state;
  const type = types.typeByOid(baseTypeOf(types, oid));
  if (type === undefined) return false;
  return type.collation !== 0 || (type.isArray && (types.typeByOid(type.element)?.collation ?? 0) !== 0);
}

/** @throws SqlError 42704 */
export function findCollation(scope: Scope, name: QName, location: number | undefined): number {
  const { catalog } = scope.state;
  const schema = name.schema === undefined ? undefined : catalog.schema(name.schema);
  if (name.schema !== undefined && schema === undefined) {
    throw errorAt(SqlState.invalidSchemaName, `schema "${name.schema}" does not exist`, location);
  }
  const found = collationNamed(catalog, name.name, schema?.oid);
  if (found === undefined) {
    const written = name.schema === undefined ? name.name : `${name.schema}.${name.name}`;
    throw errorAt(SqlState.undefinedObject, `collation "${written}" for encoding "UTF8" does not exist`, location);
  }
  return found.oid;
}
