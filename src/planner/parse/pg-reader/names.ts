import type * as pg from 'libpg-query';
import { assert } from '../../../commons/assert.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type * as ast from '../ast.js';
import { type Mutable, nonEmpty, type Reader } from './reader.js';

export function stringOf(node: pg.Node | undefined): string {
  assert(node !== undefined && 'String' in node, 'a name is expected in the parse tree');
  return node.String.sval ?? '';
}

export function strings(nodes: readonly pg.Node[] | undefined): string[] {
  return nodes === undefined ? [] : nodes.map(stringOf);
}

/** `[catalog.][schema.]name`; more parts are PostgreSQL's error. */
export function qualifiedName(parts: readonly string[], location: ast.Node = {}): ast.QName {
  const [first = '', second, third] = parts;
  if (parts.length > 3) {
    throw new SqlError(SqlState.syntaxError, `improper qualified name (too many dotted names): ${parts.join('.')}`, {
      position: location._location?.start,
    });
  }
  if (third !== undefined && second !== undefined) return { catalog: first, schema: second, name: third, ...location };
  if (second !== undefined) return { schema: first, name: second, ...location };
  return { name: first, ...location };
}

export function nameOf(nodes: readonly pg.Node[] | undefined, location?: ast.Node): ast.QName {
  return qualifiedName(strings(nodes), location);
}

export function relationName(relation: pg.RangeVar | undefined, reader: Reader): ast.QName {
  assert(relation !== undefined, 'a relation is expected in the parse tree');
  const name: Mutable<ast.QName> = { name: relation.relname ?? '', ...reader.at(relation.location) };
  if (relation.schemaname !== undefined) name.schema = relation.schemaname;
  if (relation.catalogname !== undefined) name.catalog = relation.catalogname;
  if (!relation.inh) name.only = true;
  return name;
}

export function relationNames(nodes: readonly pg.Node[] | undefined, reader: Reader): ast.QName[] {
  return (nodes ?? []).map((node) => {
    assert('RangeVar' in node, 'a list of relations is expected in the parse tree');
    return relationName(node.RangeVar, reader);
  });
}

export function tableAlias(alias: pg.Alias | undefined): { alias?: ast.TableAlias } {
  if (alias === undefined) return {};
  const name = alias.aliasname ?? '';
  return { alias: nonEmpty(alias.colnames) ? { name, columns: strings(alias.colnames) } : { name } };
}

/** A name in any of the forms that DROP, COMMENT, ALTER … RENAME give it: string, list, type or function signature. */
export function objectName(node: pg.Node | undefined, reader: Reader): ast.QName {
  assert(node !== undefined, 'an object name is expected in the parse tree');
  if ('String' in node) return { name: stringOf(node) };
  if ('List' in node) return nameOf(node.List.items);
  if ('RangeVar' in node) return relationName(node.RangeVar, reader);
  if ('TypeName' in node) return nameOf(node.TypeName.names, reader.at(node.TypeName.location));
  assert('ObjectWithArgs' in node, 'an object name is expected in the parse tree');
  return nameOf(node.ObjectWithArgs.objname);
}

const SPECIAL_ROLES = {
  ROLESPEC_CURRENT_ROLE: 'current_role',
  ROLESPEC_CURRENT_USER: 'current_user',
  ROLESPEC_SESSION_USER: 'session_user',
  ROLESPEC_PUBLIC: 'public',
} as const;

export function roleSpec(role: pg.RoleSpec | undefined, reader: Reader): ast.RoleSpec {
  assert(role !== undefined, 'a role is expected in the parse tree');
  const location = reader.at(role.location);
  const kind = role.roletype ?? 'ROLESPEC_CSTRING';
  if (kind === 'ROLESPEC_CSTRING') return { type: 'role', name: role.rolename ?? '', ...location };
  return { type: SPECIAL_ROLES[kind], ...location };
}

export function roleSpecs(nodes: readonly pg.Node[] | undefined, reader: Reader): ast.RoleSpec[] {
  return (nodes ?? []).map((node) => {
    assert('RoleSpec' in node, 'a list of roles is expected in the parse tree');
    return roleSpec(node.RoleSpec, reader);
  });
}

/** A role where only its name matters: the keywords stand for themselves. */
export function roleName(role: pg.RoleSpec): string {
  const kind = role.roletype ?? 'ROLESPEC_CSTRING';
  return kind === 'ROLESPEC_CSTRING' ? (role.rolename ?? '') : SPECIAL_ROLES[kind];
}
