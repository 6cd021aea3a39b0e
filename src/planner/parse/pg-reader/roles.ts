import type * as pg from 'libpg-query';
import { assert } from '../../../commons/assert.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type * as ast from '../ast.js';
import { objectName, roleName, roleSpec, roleSpecs, strings } from './names.js';
import { objectType } from './objects.js';
import { definitionElements } from './options.js';
import { type Mutable, nonEmpty, type Reader, required } from './reader.js';
import { isRoutineType, routineRef } from './routines.js';
import { setStatement } from './settings.js';

const ROLE_KINDS = { ROLESTMT_ROLE: 'role', ROLESTMT_USER: 'user', ROLESTMT_GROUP: 'group' } as const;

export function createRole(node: pg.CreateRoleStmt, reader: Reader): ast.Statement {
  return {
    type: 'create role',
    kind: ROLE_KINDS[node.stmt_type ?? 'ROLESTMT_ROLE'],
    name: node.role ?? '',
    options: definitionElements(node.options, reader),
  };
}

export function reassignOwned(node: pg.ReassignOwnedStmt, reader: Reader): ast.Statement {
  return { type: 'reassign owned', roles: roleSpecs(node.roles, reader), to: roleSpec(node.newrole, reader) };
}

export function dropOwned(node: pg.DropOwnedStmt, reader: Reader): ast.Statement {
  const drop: Mutable<ast.DropOwnedStatement> = { type: 'drop owned', roles: roleSpecs(node.roles, reader) };
  if (node.behavior === 'DROP_CASCADE') drop.cascade = true;
  return drop;
}

export function alterRole(node: pg.AlterRoleStmt, reader: Reader): ast.Statement {
  const first = node.options?.[0];
  // ALTER GROUP g ADD | DROP USER u is an old way to write GRANT g TO u and REVOKE g FROM u.
  if (first !== undefined && 'DefElem' in first && first.DefElem.defname === 'rolemembers') {
    const members = first.DefElem.arg;
    assert(members !== undefined && 'List' in members, 'ALTER GROUP names users');
    return {
      type: node.action === -1 ? 'revoke role' : 'grant role',
      roles: [roleName(required(node.role, 'AlterRoleStmt.role'))],
      grantees: roleSpecs(members.List.items, reader),
    };
  }
  return { type: 'alter role', role: roleSpec(node.role, reader), options: definitionElements(node.options, reader) };
}

export function alterRoleSet(node: pg.AlterRoleSetStmt, reader: Reader): ast.Statement {
  const alter: Mutable<ast.AlterRoleSetStatement> = { type: 'alter role set', set: settingOf(node.setstmt, reader) };
  if (node.role !== undefined) alter.role = roleSpec(node.role, reader);
  if (node.database !== undefined) alter.database = node.database;
  return alter;
}

export function alterDatabaseSet(node: pg.AlterDatabaseSetStmt, reader: Reader): ast.Statement {
  return { type: 'alter database set', database: node.dbname ?? '', set: settingOf(node.setstmt, reader) };
}

function settingOf(node: pg.VariableSetStmt | undefined, reader: Reader): ast.SetStatement {
  const set = setStatement(required(node, 'a SET clause'), reader);
  assert(set.type === 'set', 'ALTER … SET sets a variable');
  return set;
}

export function dropRole(node: pg.DropRoleStmt, reader: Reader): ast.Statement {
  const roles = roleSpecs(node.roles, reader);
  return node.missing_ok ? { type: 'drop role', roles, ifExists: true } : { type: 'drop role', roles };
}

export function grant(node: pg.GrantStmt, reader: Reader): ast.Statement {
  const statement: Mutable<ast.GrantStatement> = {
    type: node.is_grant ? 'grant' : 'revoke',
    objectType: objectType(node.objtype),
    target: node.targtype === 'ACL_TARGET_ALL_IN_SCHEMA' ? 'all in schema' : 'object',
    names: isOfRoutines(node) ? [] : (node.objects ?? []).map((object) => grantedObject(object, reader)),
    ...(isOfRoutines(node) ? { routines: (node.objects ?? []).map((object) => routineRef(object, reader)) } : {}),
    grantees: roleSpecs(node.grantees, reader),
  };
  if (nonEmpty(node.privileges)) statement.privileges = node.privileges.map(privilege);
  if (node.grant_option) statement.grantOption = true;
  if (node.behavior === 'DROP_CASCADE') statement.cascade = true;
  if (node.grantor !== undefined) statement.grantedBy = roleSpec(node.grantor, reader);
  return statement;
}

export function alterDefaultPrivileges(node: pg.AlterDefaultPrivilegesStmt, reader: Reader): ast.Statement {
  const action = grant(required(node.action, 'AlterDefaultPrivilegesStmt.action'), reader);
  assert(action.type === 'grant' || action.type === 'revoke', 'GRANT or REVOKE');
  const statement: Mutable<ast.AlterDefaultPrivilegesStatement> = { type: 'alter default privileges', grant: action };
  for (const option of node.options ?? []) {
    if (!('DefElem' in option)) continue;
    const { defname, arg } = option.DefElem;
    const items = arg !== undefined && 'List' in arg ? arg.List.items : [];
    if (defname === 'roles' && statement.roles === undefined) statement.roles = roleSpecs(items, reader);
    else if (defname === 'schemas' && statement.schemas === undefined) statement.schemas = strings(items);
    else throw new SqlError(SqlState.syntaxError, 'conflicting or redundant options', { position: reader.offset(option.DefElem.location) });
  }
  return statement;
}

function isOfRoutines(node: pg.GrantStmt): boolean {
  return isRoutineType(node.objtype) && node.targtype === 'ACL_TARGET_OBJECT';
}

function grantedObject(node: pg.Node, reader: Reader): ast.QName {
  // Large objects go by number.
  if ('Integer' in node) return { name: String(node.Integer.ival ?? 0) };
  if ('Float' in node) return { name: node.Float.fval ?? '' };
  return objectName(node, reader);
}

function privilege(node: pg.Node): { privilege: string; columns?: readonly string[] } {
  assert('AccessPriv' in node, 'a privilege is expected in the parse tree');
  const { priv_name, cols } = node.AccessPriv;
  // ALL (a, b) has columns and no name.
  const name = priv_name ?? 'all';
  return nonEmpty(cols) ? { privilege: name, columns: strings(cols) } : { privilege: name };
}

export function grantRole(node: pg.GrantRoleStmt, reader: Reader): ast.Statement {
  const options = definitionElements(node.opt, reader);
  const unknown = options.find((option) => option.name !== 'admin');
  if (unknown !== undefined) return { type: 'unsupported', what: `GRANT … WITH ${unknown.name.toUpperCase()}` };
  const statement: Mutable<ast.GrantRoleStatement> = {
    type: node.is_grant ? 'grant role' : 'revoke role',
    roles: (node.granted_roles ?? []).map((role) => privilege(role).privilege),
    grantees: roleSpecs(node.grantee_roles, reader),
  };
  // GRANT … WITH ADMIN FALSE is PostgreSQL 16's; REVOKE ADMIN OPTION FOR also says false.
  const admin = options[0]?.value;
  if (options.length > 0 && (!node.is_grant || !(admin?.type === 'boolean' && !admin.value))) statement.adminOption = true;
  if (node.behavior === 'DROP_CASCADE') statement.cascade = true;
  if (node.grantor !== undefined) statement.grantedBy = roleSpec(node.grantor, reader);
  return statement;
}
