import { bornObject, bornProc, columnAcl } from '../../../catalog/born-privileges.js';
import type { RelationDescriptor } from '../../../catalog/descriptors.js';
import {
  type AclKind,
  type AclObject,
  grantableBy,
  inheritsFrom,
  isAdminOf,
  isMemberOf,
  isSuperuser,
  privilegesOf,
  relationAclKind,
} from '../../../catalog/privileges.js';
import { CatalogOid } from '../../../catalog/virtual/class-oids.js';
import type { Oid } from '../../../commons/ids.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { RoleOid } from '../../../commons/system-names.js';
import { systemColumn } from '../../../planner/bind/scope/table-shape.js';
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

const anyColumn: Check = (role, object, privilege, cx) => {
  const relation = relationOf(object, cx);
  const asked = parsePrivileges(privilege, COLUMN_WORDS);
  if (relation === undefined) return null;
  if (holdsAny(role, relationAclKind(relation), relation, asked, cx)) return true;
  if (relation.kind === 'index' || relation.kind === 'sequence') return false;
  return relation.columns.some((column) => column.dropped !== true && holdsOnColumn(role, relation, column.number, asked, cx));
};

/** By the column's own list. */
function holdsOnColumn(
  role: Oid,
  relation: RelationDescriptor,
  column: number,
  asked: readonly AskedPrivilege[],
  cx: FunctionContext,
): boolean {
  const acl = columnAcl(cx.catalog, relation, column);
  return acl !== undefined && holdsAny(role, 'column', { owner: relation.owner, acl }, asked, cx);
}

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

const functions: Check = (role, object, privilege, cx) => {
  const asked = parsePrivileges(privilege, FUNCTION_WORDS);
  const oid = typeof object === 'number' ? object : regOidOf('regprocedure', object, cx.format);
  const proc = cx.catalog.builtin.procByOid(oid);
  const routine = cx.catalog.routine(oid) ?? (proc === undefined ? undefined : bornProc(cx.catalog, proc));
  return routine === undefined ? null : holdsAny(role, 'routine', routine, asked, cx);
};

const type: Check = (role, object, privilege, cx) => {
  const asked = parsePrivileges(privilege, USAGE_WORDS);
  const { catalog } = cx;
  const oid = typeof object === 'number' ? object : regOidOf('regtype', object, cx.format);
  const known = catalog.builtin.typeByOid(oid);
  if (known !== undefined) {
    // An array's privileges are its elements'.
    const element = known.isArray ? known.element : oid;
    return holdsAny(role, 'type', bornObject(catalog, CatalogOid.pgType, element), asked, cx);
  }
  const made = catalog.typeByOid(oid) ?? catalog.relationOfRowType(oid);
  if (made === undefined) return null;
  // Rows of tables are anyone's to use.
  return made.kind !== 'type' && made.kind !== 'composite' ? true : holdsAny(role, 'type', made, asked, cx);
};

const language: Check = (role, object, privilege, cx) => {
  const asked = parsePrivileges(privilege, USAGE_WORDS);
  const found = cx.catalog.builtin.languages().find((candidate) => candidate.oid === object || candidate.name === object);
  if (found !== undefined) return holdsAny(role, 'language', bornObject(cx.catalog, CatalogOid.pgLanguage, found.oid), asked, cx);
  if (typeof object === 'string') throw new SqlError(SqlState.undefinedObject, `language "${object}" does not exist`);
  return null;
};

const TABLESPACES: Readonly<Record<string, Oid>> = { pg_default: 1663, pg_global: 1664 };

const tablespace: Check = (role, object, privilege, cx) => {
  const asked = parsePrivileges(privilege, TABLESPACE_WORDS);
  const oid = typeof object === 'number' ? object : TABLESPACES[object];
  if (oid === undefined) throw new SqlError(SqlState.undefinedObject, `tablespace "${object}" does not exist`);
  if (!Object.values(TABLESPACES).includes(oid)) return null;
  return holdsAny(role, 'tablespace', bornObject(cx.catalog, CatalogOid.pgTablespace, oid), asked, cx);
};

/** Nobody but superusers has any on a setting that nothing has been granted on. */
function parameter(role: Oid, name: string, privilege: string, cx: FunctionContext): boolean {
  const asked = parsePrivileges(privilege, PARAMETER_WORDS);
  const lower = name.toLowerCase();
  const acl = cx.catalog.parameterPrivileges().find((granted) => granted.name === lower)?.acl;
  return holdsAny(role, 'parameter', { owner: RoleOid.postgres, acl }, asked, cx);
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
  const number = typeof column === 'string' ? numberOf(relation, column) : column;
  if (typeof column !== 'string') {
    if (relation.kind === 'index' || relation.kind === 'sequence') return null;
    const known = relation.columns[number - 1];
    if (number > 0 && (known === undefined || known.dropped === true)) return null;
  }
  const asked = parsePrivileges(privilege, COLUMN_WORDS);
  return holdsAny(role, relationAclKind(relation), relation, asked, cx) || holdsOnColumn(role, relation, number, asked, cx);
}

function numberOf(relation: RelationDescriptor, name: string): number {
  const hidden = relation.kind === 'table' || relation.kind === 'virtual' ? systemColumn(relation, name, false) : undefined;
  return hidden?.number ?? columnNamed(relation, name).number;
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
    if (match[2] !== undefined) return isAdminOf(cx.catalog, member, target);
    if (isSuperuser(cx.catalog, member)) return true;
    return match[1]?.toUpperCase() === 'USAGE' ? inheritsFrom(cx.catalog, member, target) : isMemberOf(cx.catalog, member, target);
  });
};

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
    ...family('has_tablespace_privilege', tablespace),
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
