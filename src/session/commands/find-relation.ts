import type { RelationDescriptor } from '../../catalog/descriptors.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { SchemaName } from '../../commons/system-names.js';
import type { QName } from '../../planner/parse/ast.js';
import type { SessionCore } from '../session-core.js';

/** By its schema, or along the search path. @throws SqlError 3F000, 42P01 */
export function findRelation(name: QName, core: SessionCore): RelationDescriptor {
  const catalog = core.catalog();
  const position = name._location?.start;
  if (name.schema !== undefined) {
    const schema = name.schema === SchemaName.temporary ? catalog.tempSchema : catalog.schema(name.schema);
    if (schema === undefined && name.schema !== SchemaName.temporary) {
      throw new SqlError(SqlState.invalidSchemaName, `schema "${name.schema}" does not exist`, { position });
    }
    const relation = schema === undefined ? undefined : catalog.relation(schema.oid, name.name);
    if (relation !== undefined) return relation;
    throw new SqlError(SqlState.undefinedTable, `relation "${name.schema}.${name.name}" does not exist`, { position });
  }
  for (const schema of core.searchPath().effective) {
    const relation = catalog.relation(schema.oid, name.name);
    if (relation !== undefined) return relation;
  }
  throw new SqlError(SqlState.undefinedTable, `relation "${name.name}" does not exist`, { position });
}

/** For statements whose errors do not point at the name: COPY, LOCK. */
export function withoutPlace({ _location: _, ...name }: QName): QName {
  return name;
}
