import type { RelationDescriptor } from '../../../catalog/descriptors.js';
import { Privilege } from '../../../catalog/descriptors.js';
import {
  type AclKind,
  type AclObject,
  grantableBy,
  inheritsFrom,
  isMemberOf,
  isSuperuser,
  privilegesOf,
  relationAclKind,
} from '../../../catalog/privileges.js';
import type { Oid } from '../../../commons/ids.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { regOidOf } from '../../../types/reg-codecs.js';
import type { FunctionContext } from '../../context.js';
import type { ScalarFunction } from '../implementation.js';
import type { FunctionTable } from '../table.js';
import { columnNamed } from './definitions.js';
import {
  type AskedPrivilege,
  COLUMN_WORDS,
  DATABASE_WORDS,
  FUNCTION_WORDS,
  PARAMETER_WORDS,
  parsePrivileges,
  SCHEMA_WORDS,
  SEQUENCE_WORDS,
  TABLE_WORDS,
  TABLESPACE_WORDS,
  USAGE_WORDS,
} from './privilege-words.js';

type Id = string | number;
/** null: there is no such object (asked by oid). */
type Check = (role: Oid, object: Id, privilege: string, cx: FunctionContext) => boolean | null;

const PUBLIC = 0;

/** @throws SqlError 42704 */
function roleOf(role: Id, cx: FunctionContext): Oid {
  if (typeof role === 'number') return role;
  if (role === 'public') return PUBLIC;
  const found = cx.catalog.role(role);
  if (found === undefined) throw new SqlError(SqlState.undefinedObject, `role "${role}" does not exist`);
  return found.oid;
}

function holdsAny(role: Oid, kind: AclKind, object: AclObject, asked: readonly AskedPrivilege[], cx: FunctionContext): boolean {
  const held = privilegesOf(cx.catalog, role, kind, object);
  return asked.some(({ bits, withGrantOption }) => {
    if ((held & bits) === 0) return false;
    return !withGrantOption || (grantableBy(cx.catalog, role, kind, object) & bits) !== 0;
  });
}

function relationOf(object: Id, cx: FunctionContext): RelationDescriptor | undefined {
  return cx.catalog.relationByOid(typeof object === 'number' ? object : regOidOf('regclass', object, cx.format));
}

const table: Check = (role, object, privilege, cx) => {
  const relation = relationOf(object, cx);
  const asked = parsePrivileges(privilege, TABLE_WORDS);
  return relation === undefined ? null : holdsAny(role, relationAclKind(relation), relation, asked, cx);
};

/** Privileges on single columns aren't kept: the table's hold for each of them. */
const anyColumn: Check = (role, object, privilege, cx) => {
  const relation = relationOf(object, cx);
  const asked = parsePrivileges(privilege, COLUMN_WORDS);
  return relation === undefined ? null : holdsAny(role, relationAclKind(relation), relation, asked, cx);
};

const sequence: Check = (role, object, privilege, cx) => {
  const relation = relationOf(object, cx);
  const asked = parsePrivileges(privilege, SEQUENCE_WORDS);
  if (relation === undefined) return null;
  if (relation.kind !== 'sequence') {
    throw new SqlError(SqlState.wrongObjectType, `"${relation.name}" is not a sequence`);
  }
  return holdsAny(role, 'sequence', relation, asked, cx);
};

const schema: Check = (role, object, privilege, cx) => {
  const found = typeof object === 'number' ? cx.catalog.schemaByOid(object) : cx.catalog.schema(object);
  if (found === undefined && typeof object === 'string') {
    throw new SqlError(SqlState.invalidSchemaName, `schema "${object}" does not exist`);
  }
  const asked = parsePrivileges(privilege, SCHEMA_WORDS);
  return found === undefined ? null : holdsAny(role, 'schema', found, asked, cx);
};

const database: Check = (role, object, privilege, cx) => {
  const asked = parsePrivileges(privilege, DATABASE_WORDS);
  for (const candidate of cx.catalog.databases()) {
    if (candidate.oid === object || candidate.name === object) return holdsAny(role, 'database', candidate, asked, cx);
  }
  if (typeof object === 'number') return null;
  throw new SqlError(SqlState.invalidCatalogName, `database "${object}" does not exist`);
};

/** Functions are PostgreSQL's own: everyone may call them, but for those whose acl keeps PUBLIC out. */
const functions: Check = (role, object, privilege, cx) => {
  parsePrivileges(privilege, FUNCTION_WORDS);
  const oid = typeof object === 'number' ? object : regOidOf('regprocedure', object, cx.format);
  const routine = cx.catalog.routine(oid);
  if (routine !== undefined) return (privilegesOf(cx.catalog, role, 'routine', routine) & Privilege.execute) !== 0;
  const proc = cx.catalog.builtin.procByOid(oid);
  if (proc === undefined) return null;
  return isSuperuser(cx.catalog, role) || proc.acl === undefined || /[{,"]=[^/]*X/.test(proc.acl);
};

const type: Check = (role, object, privilege, cx) => {
  parsePrivileges(privilege, USAGE_WORDS);
  const oid = typeof object === 'number' ? object : regOidOf('regtype', object, cx.format);
  if (cx.catalog.builtin.typeByOid(oid) !== undefined) return true;
  const made = cx.catalog.typeByOid(oid) ?? cx.catalog.relationOfRowType(oid);
  if (made === undefined) return null;
  // Rows of tables are anyone's to use.
  return made.kind !== 'type' && made.kind !== 'composite' ? true : (privilegesOf(cx.catalog, role, 'type', made) & Privilege.usage) !== 0;
};

const language: Check = (_role, object, privilege, cx) => {
  parsePrivileges(privilege, USAGE_WORDS);
  const found = cx.catalog.builtin.languages().some((candidate) => candidate.oid === object || candidate.name === object);
  if (!found && typeof object === 'string') throw new SqlError(SqlState.undefinedObject, `language "${object}" does not exist`);
  return found ? true : null;
};

function superuserOnly(words: Readonly<Record<string, number>>): Check {
  return (role, _object, privilege, cx) => {
    parsePrivileges(privilege, words);
    return isSuperuser(cx.catalog, role);
  };
}

function absent(kind: string): Check {
  return (_role, object, privilege) => {
    parsePrivileges(privilege, USAGE_WORDS);
    if (typeof object === 'number') return null;
    throw new SqlError(SqlState.undefinedObject, `${kind} "${object}" does not exist`);
  };
}

/** The six signatures of has_…_privilege: user and object each by name or oid, or the current user. */
function family(prefix: string, check: Check): Record<string, ScalarFunction> {
  const forUser = (role: Id, object: Id, privilege: string, cx: FunctionContext): boolean | null =>
    check(roleOf(role, cx), object, privilege, cx);
  const forMe = (object: Id, privilege: string, cx: FunctionContext): boolean | null =>
    check(cx.session.currentRole, object, privilege, cx);
  return {
    [`${prefix}_name_name`]: forUser,
    [`${prefix}_name_id`]: forUser,
    [`${prefix}_id_name`]: forUser,
    [`${prefix}_id_id`]: forUser,
    [`${prefix}_name`]: forMe,
    [`${prefix}_id`]: forMe,
  };
}

/** has_column_privilege: the column by name or number; null when it is gone. */
function columnPrivilege(role: Oid, object: Id, column: Id, privilege: string, cx: FunctionContext): boolean | null {
  const relation = relationOf(object, cx);
  if (relation === undefined) return null;
  if (typeof column === 'string') columnNamed(relation, column);
  else if (relation.kind === 'index' || relation.kind === 'sequence' || relation.columns[column - 1]?.dropped !== undefined) return null;
  return anyColumn(role, object, privilege, cx);
}

function columnFamily(): Record<string, ScalarFunction> {
  const names: Record<string, ScalarFunction> = {};
  for (const object of ['name', 'id']) {
    for (const column of ['name', 'attnum']) {
      names[`has_column_privilege_${object}_${column}`] = (target: Id, name: Id, privilege: string, cx: FunctionContext) =>
        columnPrivilege(cx.session.currentRole, target, name, privilege, cx);
      for (const user of ['name', 'id']) {
        names[`has_column_privilege_${user}_${object}_${column}`] = (
          role: Id,
          target: Id,
          name: Id,
          privilege: string,
          cx: FunctionContext,
        ) => columnPrivilege(roleOf(role, cx), target, name, privilege, cx);
      }
    }
  }
  return names;
}

/** pg_has_role: USAGE without SET ROLE, MEMBER with it. @throws SqlError 22023 */
const role: Check = (member, object, privilege, cx) => {
  const target = roleOf(object, cx);
  return privilege.split(',').some((part) => {
    const word = part.trim();
    const match = /^(USAGE|MEMBER|SET)( WITH (?:ADMIN|GRANT) OPTION)?$/i.exec(word);
    if (match === null) throw new SqlError(SqlState.invalidParameterValue, `unrecognized privilege type: "${word}"`);
    if (match[2] !== undefined) {
      return (
        isSuperuser(cx.catalog, member) ||
        cx.catalog.roleByOid(member)?.memberOf.some((membership) => membership.role === target && membership.admin) === true
      );
    }
    if (isSuperuser(cx.catalog, member)) return true;
    return match[1]?.toUpperCase() === 'USAGE' ? inheritsFrom(cx.catalog, member, target) : isMemberOf(cx.catalog, member, target);
  });
};

const parameter = superuserOnly(PARAMETER_WORDS);

export const privilegeFunctions: FunctionTable = {
  scalar: {
    ...family('has_table_privilege', table),
    ...family('has_any_column_privilege', anyColumn),
    ...family('has_sequence_privilege', sequence),
    ...family('has_schema_privilege', schema),
    ...family('has_database_privilege', database),
    ...family('has_function_privilege', functions),
    ...family('has_type_privilege', type),
    ...family('has_language_privilege', language),
    ...family('has_tablespace_privilege', superuserOnly(TABLESPACE_WORDS)),
    ...family('has_server_privilege', absent('server')),
    ...family('has_foreign_data_wrapper_privilege', absent('foreign-data wrapper')),
    ...family('pg_has_role', role),
    ...columnFamily(),
    has_parameter_privilege_name_name: (user: Id, name: string, privilege: string, cx: FunctionContext) =>
      parameter(roleOf(user, cx), name, privilege, cx),
    has_parameter_privilege_id_name: (user: Id, name: string, privilege: string, cx: FunctionContext) =>
      parameter(roleOf(user, cx), name, privilege, cx),
    has_parameter_privilege_name: (name: string, privilege: string, cx: FunctionContext) =>
      parameter(cx.session.currentRole, name, privilege, cx),
  },
};
