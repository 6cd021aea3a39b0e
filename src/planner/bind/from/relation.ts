import { Privilege, type RelationDescriptor } from '../../../catalog/descriptors.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { SchemaName } from '../../../commons/system-names.js';
import type { QName } from '../../parse/ast.js';
import { at, errorAt, locationOf } from '../errors.js';
import { refuseOtherDatabase } from '../scope/columns.js';
import type { Scope } from '../scope/scope.js';

/** A relation by its name along the search path, or in the schema that is given. */
export function findRelation(scope: Scope, name: QName): RelationDescriptor | undefined {
  const { catalog } = scope.state;
  refuseOtherDatabase(scope, name, locationOf(name));
  if (name.schema === undefined) {
    for (const schema of scope.searchPath) {
      const found = catalog.relation(schema, name.name);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  const schema = name.schema === SchemaName.temporary ? catalog.tempSchema : catalog.schema(name.schema);
  if (schema === undefined) return undefined;
  if (name.schema !== SchemaName.temporary && name.schema !== SchemaName.pgCatalog) requireUsage(scope, schema.oid, name);
  return catalog.relation(schema.oid, name.name);
}

/** @throws SqlError 42P01 */
export function requireRelation(scope: Scope, name: QName): RelationDescriptor {
  const relation = findRelation(scope, name);
  if (relation !== undefined) return relation;
  const written = name.schema === undefined ? name.name : `${name.schema}.${name.name}`;
  throw errorAt(SqlState.undefinedTable, `relation "${written}" does not exist`, locationOf(name), futureCte(scope, name));
}

function futureCte(scope: Scope, name: QName): { readonly detail?: string; readonly hint?: string } {
  if (name.schema !== undefined || !scope.hasFutureCte(name.name)) return {};
  return {
    detail: `There is a WITH item named "${name.name}", but it cannot be referenced from this part of the query.`,
    hint: 'Use WITH RECURSIVE, or re-order the WITH items to remove forward references.',
  };
}

/** A name with its schema needs that schema's USAGE; the search path has only schemas that may be used. */
function requireUsage(scope: Scope, schema: number, name: QName): void {
  // A view's text is not the statement's.
  const location = scope.environment.asRole === undefined ? at(locationOf(name)) : {};
  scope.state.requires({ objectKind: 'schema', oid: schema, privileges: Privilege.usage, ...location, ...asRole(scope) });
}

/** The same of a function's or type's name; what is kept as text was looked up when it was made. */
export function requireSchemaUsage({ state, environment }: Scope, name: string, location: number | undefined): void {
  const schema = environment.hasParameters ? state.catalog.schema(name) : undefined;
  if (schema !== undefined) state.requires({ objectKind: 'schema', oid: schema.oid, privileges: Privilege.usage, ...at(location) });
}

export function asRole(scope: Scope): { readonly asRole?: number } {
  return scope.environment.asRole === undefined ? {} : { asRole: scope.environment.asRole };
}
