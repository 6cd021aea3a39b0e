import { bornProc } from '../catalog/born-privileges.js';
import type { CatalogSnapshot } from '../catalog/catalog.js';
import { holdsOnColumns } from '../catalog/column-privileges.js';
import { Privilege, type RelationDescriptor, type RoutineDescriptor } from '../catalog/descriptors.js';
import { hasSchemaPrivilege, isSuperuser, privilegesOf, relationAclKind } from '../catalog/privileges.js';
import { FIRST_USER_OID, type Oid } from '../commons/ids.js';
import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import type { RequiredPrivilege } from '../planner/bind/logical.js';
import type { PlannedQuery } from '../planner/optimize/physical.js';
import type { ExecutionContext } from './context.js';

/** @throws SqlError 42501, 25006 */
export type QueryCheck = (cx: ExecutionContext) => void;

/** What a query must pass before it runs. Remembers the last role and catalog state that did, so that a repeated statement pays nothing. */
export function checkQuery(planned: PlannedQuery): QueryCheck {
  let passedKey: string | undefined;
  let passedRole: Oid | undefined;
  return (cx) => {
    const { currentRole } = cx.session;
    if (passedKey !== cx.catalog.key || passedRole !== currentRole) {
      checkPrivileges(planned.privileges, cx);
      passedKey = cx.catalog.key;
      passedRole = currentRole;
    }
    if (planned.writes.length > 0 && cx.transaction.options.readOnly) checkWritable(planned, cx);
  };
}

function checkWritable(planned: PlannedQuery, cx: ExecutionContext): void {
  // Temporary tables may be written in a read-only transaction (PostgreSQL manual, SET TRANSACTION).
  const isTemporary = (oid: Oid): boolean => {
    const relation = cx.catalog.relationByOid(oid);
    return relation !== undefined && 'persistence' in relation && relation.persistence === 'temporary';
  };
  if (planned.writes.every(isTemporary)) return;
  const command = planned.command === 'VALUES' ? 'SELECT' : planned.command;
  throw new SqlError(SqlState.readOnlySqlTransaction, `cannot execute ${command} in a read-only transaction`);
}

/** In which catalog, for whom. */
export interface PrivilegeContext {
  readonly catalog: CatalogSnapshot;
  readonly session: { readonly currentRole: Oid };
}

/** @throws SqlError 42501 with the object that is refused */
export function checkPrivileges(required: readonly RequiredPrivilege[], cx: PrivilegeContext): void {
  const { catalog, session } = cx;
  for (const privilege of required) {
    const role = privilege.asRole ?? session.currentRole;
    if (isSuperuser(catalog, role)) continue;
    switch (privilege.objectKind) {
      case 'schema':
        checkSchema(privilege, role, catalog);
        break;
      case 'table':
      case 'sequence':
        checkRelation(privilege, role, catalog);
        break;
      case 'function':
        checkFunction(privilege, role, catalog);
        break;
    }
  }
}

function denied(kind: string, name: string, position?: number): SqlError {
  return new SqlError(SqlState.insufficientPrivilege, `permission denied for ${kind} ${name}`, { position });
}

function checkSchema({ oid, privileges, location }: RequiredPrivilege, role: Oid, catalog: CatalogSnapshot): void {
  const schema = catalog.schemaByOid(oid);
  if (schema !== undefined && !hasSchemaPrivilege(catalog, role, schema, privileges)) throw denied('schema', schema.name, location);
}

function checkRelation({ oid, privileges, columns }: RequiredPrivilege, role: Oid, catalog: CatalogSnapshot): void {
  const relation = catalog.relationByOid(oid);
  if (relation === undefined) return;
  const held = privilegesOf(catalog, role, relationAclKind(relation), relation);
  if ((held & privileges) === privileges) return;
  if (columns !== undefined && holdsOnColumns(catalog, role, relation, privileges & ~held, columns)) return;
  throw denied(RELATION_WORDS[relation.kind], relation.name);
}

const RELATION_WORDS: Readonly<Record<RelationDescriptor['kind'], string>> = {
  table: 'table',
  virtual: 'table',
  composite: 'type',
  view: 'view',
  sequence: 'sequence',
  index: 'index',
};

const ROUTINE_WORDS: Readonly<Record<RoutineDescriptor['form'], string>> = {
  function: 'function',
  window: 'function',
  procedure: 'procedure',
  aggregate: 'aggregate',
};

function checkFunction({ oid }: RequiredPrivilege, role: Oid, catalog: CatalogSnapshot): void {
  const routine = oid < FIRST_USER_OID ? undefined : catalog.routine(oid);
  const proc = routine === undefined ? catalog.builtin.procByOid(oid) : undefined;
  const object = routine ?? (proc === undefined ? undefined : bornProc(catalog, proc));
  if (object === undefined || (privilegesOf(catalog, role, 'routine', object) & Privilege.execute) !== 0) return;
  throw denied(routine === undefined ? BORN_WORDS[proc?.kind ?? 'f'] : ROUTINE_WORDS[routine.form], routine?.name ?? proc?.name ?? '');
}

const BORN_WORDS = { f: 'function', w: 'function', p: 'procedure', a: 'aggregate' } as const;
