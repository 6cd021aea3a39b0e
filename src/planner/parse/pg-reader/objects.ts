import type * as pg from 'libpg-query';
import { assert } from '../../../commons/assert.js';
import type * as ast from '../ast.js';
import { nameOf, objectName, relationName, roleSpec, strings } from './names.js';
import { castRef, dropCast, dropOperatorClasses, dropOperators, operatorRef } from './operator-objects.js';
import { listItems } from './operators.js';
import { type Mutable, type Reader, required } from './reader.js';
import { dropRoutines, isRoutineType, routineRef } from './routines.js';
import { dropMember } from './triggers.js';

/** As in DROP …, COMMENT ON …, ALTER …: in lower case. */
const OBJECT_TYPES: { readonly [K in pg.ObjectType]: string } = {
  OBJECT_ACCESS_METHOD: 'access method',
  OBJECT_AGGREGATE: 'aggregate',
  OBJECT_AMOP: 'operator of access method',
  OBJECT_AMPROC: 'function of access method',
  OBJECT_ATTRIBUTE: 'attribute',
  OBJECT_CAST: 'cast',
  OBJECT_COLUMN: 'column',
  OBJECT_COLLATION: 'collation',
  OBJECT_CONVERSION: 'conversion',
  OBJECT_DATABASE: 'database',
  OBJECT_DEFAULT: 'default value',
  OBJECT_DEFACL: 'default privileges',
  OBJECT_DOMAIN: 'domain',
  OBJECT_DOMCONSTRAINT: 'domain constraint',
  OBJECT_EVENT_TRIGGER: 'event trigger',
  OBJECT_EXTENSION: 'extension',
  OBJECT_FDW: 'foreign data wrapper',
  OBJECT_FOREIGN_SERVER: 'server',
  OBJECT_FOREIGN_TABLE: 'foreign table',
  OBJECT_FUNCTION: 'function',
  OBJECT_INDEX: 'index',
  OBJECT_LANGUAGE: 'language',
  OBJECT_LARGEOBJECT: 'large object',
  OBJECT_MATVIEW: 'materialized view',
  OBJECT_OPCLASS: 'operator class',
  OBJECT_OPERATOR: 'operator',
  OBJECT_OPFAMILY: 'operator family',
  OBJECT_PARAMETER_ACL: 'parameter',
  OBJECT_POLICY: 'policy',
  OBJECT_PROCEDURE: 'procedure',
  OBJECT_PUBLICATION: 'publication',
  OBJECT_PUBLICATION_NAMESPACE: 'publication namespace',
  OBJECT_PUBLICATION_REL: 'publication relation',
  OBJECT_ROLE: 'role',
  OBJECT_ROUTINE: 'routine',
  OBJECT_RULE: 'rule',
  OBJECT_SCHEMA: 'schema',
  OBJECT_SEQUENCE: 'sequence',
  OBJECT_SUBSCRIPTION: 'subscription',
  OBJECT_STATISTIC_EXT: 'statistics',
  OBJECT_TABCONSTRAINT: 'constraint',
  OBJECT_TABLE: 'table',
  OBJECT_TABLESPACE: 'tablespace',
  OBJECT_TRANSFORM: 'transform',
  OBJECT_TRIGGER: 'trigger',
  OBJECT_TSCONFIGURATION: 'text search configuration',
  OBJECT_TSDICTIONARY: 'text search dictionary',
  OBJECT_TSPARSER: 'text search parser',
  OBJECT_TSTEMPLATE: 'text search template',
  OBJECT_TYPE: 'type',
  OBJECT_USER_MAPPING: 'user mapping',
  OBJECT_VIEW: 'view',
};

export function objectType(type: pg.ObjectType | undefined): string {
  return OBJECT_TYPES[required(type, 'an object type')];
}

/** Objects whose name is more than a qualified name, and which this server does not have: refused as statements. */
const PECULIAR: ReadonlySet<string> = new Set([
  'access method',
  'cast',
  'domain constraint',
  'large object',
  'operator',
  'operator class',
  'operator family',
  'transform',
  'user mapping',
]);

function refused(command: string, type: string): ast.UnsupportedStatement {
  return { type: 'unsupported', what: `${command} ${type.toUpperCase()}` };
}

export function dropObjects(node: pg.DropStmt, reader: Reader): ast.Statement {
  const type = objectType(node.removeType);
  if (isRoutineType(node.removeType)) return dropRoutines(node, reader);
  if (type === 'operator') return dropOperators(node, reader);
  if (type === 'cast') return dropCast(node, reader);
  if (type === 'operator class') return dropOperatorClasses(node);
  if (type === 'trigger' || type === 'rule' || type === 'policy') return dropMember(node, type);
  if (PECULIAR.has(type)) return refused('DROP', type);
  const drop: Mutable<ast.DropStatement> = {
    type: 'drop',
    objectType: type,
    names: (node.objects ?? []).map((object) => objectName(object, reader)),
  };
  if (node.missing_ok) drop.ifExists = true;
  if (node.behavior === 'DROP_CASCADE') drop.cascade = true;
  if (node.concurrent) drop.concurrently = true;
  return drop;
}

/** Members of a relation: their name's last part is the member, the rest the relation. */
const MEMBERS: ReadonlySet<string> = new Set(['column', 'constraint', 'trigger', 'rule', 'policy']);

/** Large objects go by their numbers. */
function largeObject(node: pg.Node | undefined): ast.QName {
  if (node !== undefined && 'Integer' in node) return { name: String(node.Integer.ival ?? 0) };
  return { name: node !== undefined && 'Float' in node ? (node.Float.fval ?? '0') : '0' };
}

export function comment(node: pg.CommentStmt, reader: Reader): ast.Statement {
  const type = objectType(node.objtype);
  if (type === 'large object') {
    const target = { type: 'comment', objectType: type, name: largeObject(node.object) } as const;
    return node.comment === undefined ? target : { ...target, comment: node.comment };
  }
  if (type === 'domain constraint') {
    const [domain, ...name] = listItems(node.object);
    const target = { type: 'comment', objectType: type, name: objectName(domain, reader), member: strings(name).join() } as const;
    return node.comment === undefined ? target : { ...target, comment: node.comment };
  }
  const target: Mutable<ast.CommentStatement> = { type: 'comment', objectType: type, name: { name: '' } };
  if (type === 'operator' || type === 'cast' || isRoutineType(node.objtype)) {
    if (type === 'operator') target.operator = operatorRef(node.object, reader);
    else if (type === 'cast') target.cast = castRef(node.object, reader);
    else target.routine = routineRef(node.object, reader);
    if (node.comment !== undefined) target.comment = node.comment;
    return target;
  }
  if (PECULIAR.has(type)) return refused('COMMENT ON', type);
  if (MEMBERS.has(type)) {
    const parts = listItems(node.object);
    target.name = nameOf(parts.slice(0, -1));
    target.member = strings(parts.slice(-1)).join();
  } else {
    target.name = objectName(node.object, reader);
  }
  if (node.comment !== undefined) target.comment = node.comment;
  return target;
}

export function rename(node: pg.RenameStmt, reader: Reader): ast.Statement {
  const type = objectType(node.renameType);
  if (type === 'domain constraint') {
    return {
      type: 'rename',
      objectType: type,
      relation: objectName(node.object, reader),
      member: node.subname ?? '',
      to: node.newname ?? '',
    };
  }
  if (PECULIAR.has(type)) return refused('ALTER', type);
  const renamed: Mutable<ast.RenameStatement> = {
    type: 'rename',
    objectType: type,
    relation: { name: '' },
    to: node.newname ?? '',
  };
  if (node.relation !== undefined) {
    renamed.relation = relationName(node.relation, reader);
    if (node.subname !== undefined) renamed.member = node.subname;
  } else if (node.object !== undefined) {
    renamed.relation = objectName(node.object, reader);
    if (isRoutineType(node.renameType)) renamed.routine = routineRef(node.object, reader);
  } else {
    assert(node.subname !== undefined, 'RENAME names an object');
    renamed.relation = { name: node.subname };
  }
  if (node.missing_ok) renamed.ifExists = true;
  return renamed;
}

export function alterObjectSchema(node: pg.AlterObjectSchemaStmt, reader: Reader): ast.Statement {
  const type = objectType(node.objectType);
  if (PECULIAR.has(type) && type !== 'operator') return refused('ALTER', type);
  const alter: Mutable<ast.AlterObjectSchemaStatement> = {
    type: 'alter object schema',
    objectType: type,
    name: node.relation === undefined ? objectName(node.object, reader) : relationName(node.relation, reader),
    schema: node.newschema ?? '',
  };
  if (isRoutineType(node.objectType)) alter.routine = routineRef(node.object, reader);
  if (type === 'operator') alter.operator = operatorRef(node.object, reader);
  if (node.missing_ok) alter.ifExists = true;
  return alter;
}

export function alterOwner(node: pg.AlterOwnerStmt, reader: Reader): ast.Statement {
  const type = objectType(node.objectType);
  if (type === 'large object')
    return { type: 'alter owner', objectType: type, name: largeObject(node.object), to: roleSpec(node.newowner, reader) };
  if (PECULIAR.has(type) && type !== 'operator') return refused('ALTER', type);
  return {
    type: 'alter owner',
    objectType: type,
    name: node.relation === undefined ? objectName(node.object, reader) : relationName(node.relation, reader),
    ...(isRoutineType(node.objectType) ? { routine: routineRef(node.object, reader) } : {}),
    ...(type === 'operator' ? { operator: operatorRef(node.object, reader) } : {}),
    to: roleSpec(node.newowner, reader),
  };
}
