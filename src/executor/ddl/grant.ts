import { type AclItem, type Descriptor, Privilege, type RelationDescriptor } from '../../catalog/descriptors.js';
import { type AclKind, ALL_PRIVILEGES, effectiveAcl, grantableBy, relationAclKind } from '../../catalog/privileges.js';
import type { Oid } from '../../commons/ids.js';
import { notSupported, SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { QName, RoutineRef } from '../../planner/parse/ast.js';
import type { UtilityContext, UtilityResult, UtilityStatement } from './context.js';
import { catalogOf, findRelation, findRole, findSchema, lockName, lockRelation, systemRelation } from './names.js';
import { warning } from './notices.js';
import { isRoutineWord } from './routines/alter.js';
import { findProc, formWord } from './routines/find.js';
import { lookUpMadeType, noType } from './types/find.js';

type Grant = UtilityStatement<'grant' | 'revoke'>;
type Grantable = Extract<
  Descriptor,
  { kind: 'schema' | 'database' | 'type' | 'routine' | 'table' | 'view' | 'sequence' | 'composite' | 'index' }
>;

/** GRANT and REVOKE on tables, views, sequences, schemas and the database. */
export async function grant(statement: Grant, cx: UtilityContext): Promise<UtilityResult> {
  const kind = KINDS[statement.objectType];
  if (kind === undefined) throw notSupported(`${statement.type.toUpperCase()} on ${statement.objectType}`);
  if (statement.privileges?.some((privilege) => privilege.columns !== undefined)) throw notSupported('privileges on columns');
  for (const object of targets(statement, kind, cx)) {
    await lockName('privileges', `${object.kind} ${object.oid}`, cx);
    change(statement, await lockedAgainstChange(object, cx), cx);
  }
  return { tag: statement.type === 'grant' ? 'GRANT' : 'REVOKE' };
}

/** A descriptor is written as a whole: nobody may be about to write another. */
async function lockedAgainstChange(object: Grantable, cx: UtilityContext): Promise<Grantable> {
  if (object.kind === 'schema' || object.kind === 'database') return object;
  if (object.kind === 'type') return catalogOf(cx).typeByOid(object.oid) ?? object;
  if (object.kind === 'routine') return catalogOf(cx).routine(object.oid) ?? object;
  await lockRelation(object.oid, cx, 'SHARE UPDATE EXCLUSIVE');
  const now = catalogOf(cx).relationByOid(object.oid);
  if (now === undefined) throw new SqlError(SqlState.undefinedTable, `relation "${object.name}" does not exist`);
  return withPrivileges(now);
}

const KINDS: Readonly<Record<string, AclKind>> = {
  table: 'table',
  sequence: 'sequence',
  schema: 'schema',
  database: 'database',
  type: 'type',
  domain: 'type',
  function: 'routine',
  procedure: 'routine',
  routine: 'routine',
};

function targets(statement: Grant, kind: AclKind, cx: UtilityContext): readonly Grantable[] {
  if (statement.routines !== undefined) return statement.routines.map((ref) => grantedRoutine(ref, statement.objectType, cx));
  if (statement.target === 'all in schema' && kind === 'routine') {
    return statement.names.flatMap((name) => routinesInSchema(findSchema(name.name, cx).oid, statement.objectType, cx));
  }
  if (statement.target === 'all in schema') return statement.names.flatMap((name) => allInSchema(name.name, kind, cx));
  return statement.names.map((name) => target(name, kind, cx));
}

function target(name: QName, kind: AclKind, cx: UtilityContext): Grantable {
  switch (kind) {
    case 'schema':
      return findSchema(name.name, cx);
    case 'database': {
      const database = catalogOf(cx).database();
      if (database.name !== name.name) throw new SqlError(SqlState.invalidCatalogName, `database "${name.name}" does not exist`);
      return database;
    }
    case 'type': {
      const type = lookUpMadeType(name, cx);
      if (type === undefined) throw noType(name);
      return type;
    }
    case 'routine':
      throw notSupported('GRANT on functions');
    case 'table':
    case 'sequence': {
      const relation = findRelation(name, cx);
      if (kind === 'sequence' && relation.kind !== 'sequence')
        throw new SqlError(SqlState.wrongObjectType, `"${relation.name}" is not a sequence`);
      return withPrivileges(relation);
    }
  }
}

function grantedRoutine(ref: RoutineRef, word: string, cx: UtilityContext): Grantable {
  const proc = findProc(ref, isRoutineWord(word) ? word : 'routine', cx);
  const routine = proc === undefined ? undefined : catalogOf(cx).routine(proc.oid);
  if (routine === undefined) throw notSupported('GRANT on built-in functions');
  return routine;
}

function routinesInSchema(schema: Oid, word: string, cx: UtilityContext): readonly Grantable[] {
  return [...catalogOf(cx).routines()].filter((routine) => {
    if (routine.schema !== schema) return false;
    return word === 'routine' || (routine.form === 'procedure') === (word === 'procedure');
  });
}

function withPrivileges(relation: RelationDescriptor): Grantable {
  if (relation.kind === 'virtual') throw systemRelation(relation.name);
  if (relation.kind === 'index') throw new SqlError(SqlState.wrongObjectType, `"${relation.name}" is an index`);
  return relation;
}

function allInSchema(schemaName: string, kind: AclKind, cx: UtilityContext): readonly Grantable[] {
  const schema = findSchema(schemaName, cx);
  const found: Grantable[] = [];
  for (const relation of catalogOf(cx).relations()) {
    if (relation.schema !== schema.oid || relation.kind === 'virtual' || relation.kind === 'index') continue;
    if ((relation.kind === 'sequence') === (kind === 'sequence')) found.push(relation);
  }
  return found;
}

function change(statement: Grant, object: Grantable, cx: UtilityContext): void {
  const catalog = catalogOf(cx);
  const kind = aclKindOf(object);
  const asked = statement.privileges === undefined ? ALL_PRIVILEGES[kind] : bits(statement, kind);
  const allowed = grantableBy(catalog, cx.session.currentRole, kind, object) & asked;
  if (allowed === 0) throw new SqlError(SqlState.insufficientPrivilege, `permission denied for ${objectWord(object)} ${object.name}`);
  if (allowed !== asked && statement.privileges !== undefined)
    warning(cx, `not all privileges were ${statement.type === 'grant' ? 'granted' : 'revoked'} for "${object.name}"`);
  const grantor = grantorFor(object, cx);
  let acl = effectiveAcl(kind, object);
  for (const spec of statement.grantees) {
    const grantee = findRole(spec, cx);
    if (grantee === 0 && statement.grantOption === true && statement.type === 'grant')
      throw new SqlError(SqlState.invalidGrantOperation, 'grant options can only be granted to roles');
    acl =
      statement.type === 'grant'
        ? granted(acl, grantee, grantor, allowed, statement.grantOption === true)
        : revoked(acl, grantee, grantor, allowed, statement.grantOption === true);
  }
  cx.session.catalog.put(cx.transaction, { ...object, acl });
}

function granted(acl: readonly AclItem[], grantee: Oid, grantor: Oid, privileges: number, option: boolean): readonly AclItem[] {
  const before = acl.find((item) => item.grantee === grantee && item.grantor === grantor);
  const item: AclItem = {
    grantee,
    grantor,
    privileges: (before?.privileges ?? 0) | privileges,
    grantable: (before?.grantable ?? 0) | (option ? privileges : 0),
  };
  return before === undefined ? [...acl, item] : acl.map((other) => (other === before ? item : other));
}

function revoked(acl: readonly AclItem[], grantee: Oid, grantor: Oid, privileges: number, optionOnly: boolean): readonly AclItem[] {
  return acl.flatMap((item) => {
    if (item.grantee !== grantee || item.grantor !== grantor) return [item];
    const left = {
      ...item,
      privileges: optionOnly ? item.privileges : item.privileges & ~privileges,
      grantable: item.grantable & ~privileges,
    };
    return left.privileges === 0 && left.grantable === 0 ? [] : [left];
  });
}

/** Superusers and members of the owner grant in the owner's name. */
function grantorFor(object: Grantable, cx: UtilityContext): Oid {
  const { currentRole } = cx.session;
  const own = object.acl?.some((item) => item.grantee === currentRole && item.grantable !== 0) === true;
  return own ? currentRole : object.owner;
}

function aclKindOf(object: Grantable): AclKind {
  switch (object.kind) {
    case 'schema':
    case 'database':
    case 'type':
    case 'routine':
      return object.kind;
    default:
      return relationAclKind(object);
  }
}

function objectWord(object: Grantable): string {
  // PostgreSQL calls a view a table here.
  return object.kind === 'routine' ? formWord(object) : object.kind === 'view' ? 'table' : object.kind;
}

const PRIVILEGE_BITS: Readonly<Record<string, number>> = {
  insert: Privilege.insert,
  select: Privilege.select,
  update: Privilege.update,
  delete: Privilege.delete,
  truncate: Privilege.truncate,
  references: Privilege.references,
  trigger: Privilege.trigger,
  usage: Privilege.usage,
  create: Privilege.create,
  temporary: Privilege.temporary,
  temp: Privilege.temporary,
  connect: Privilege.connect,
  execute: Privilege.execute,
};

function bits(statement: Grant, kind: AclKind): number {
  let all = 0;
  for (const { privilege } of statement.privileges ?? []) {
    const bit = PRIVILEGE_BITS[privilege.toLowerCase()];
    if (bit === undefined) throw new SqlError(SqlState.syntaxError, `unrecognized privilege type "${privilege}"`);
    if ((ALL_PRIVILEGES[kind] & bit) === 0)
      throw new SqlError(SqlState.invalidGrantOperation, `invalid privilege type ${privilege.toUpperCase()} for ${KIND_NAMES[kind]}`);
    all |= bit;
  }
  return all;
}
const KIND_NAMES: Readonly<Record<AclKind, string>> = {
  type: 'type',
  routine: 'function',
  table: 'relation',
  sequence: 'sequence',
  schema: 'schema',
  database: 'database',
};
