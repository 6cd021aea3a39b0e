import type * as pg from 'libpg-query';
import { assert, InvariantError } from '../../../commons/assert.js';
import { notSupported } from '../../../commons/sql-error.js';
import type * as ast from '../ast.js';
import { columnConstraints, tableConstraint } from './constraints.js';
import { columnDefinition } from './create-table.js';
import { nameOf, relationName, strings } from './names.js';
import { definitionElements } from './options.js';
import { type Mutable, type Reader, required } from './reader.js';

/** CREATE TYPE, CREATE DOMAIN and what changes enums and domains. */

export function createEnum(node: pg.CreateEnumStmt): ast.Statement {
  return { type: 'create enum', name: nameOf(node.typeName), labels: strings(node.vals) };
}

export function alterEnum(node: pg.AlterEnumStmt): ast.Statement {
  const alter: Mutable<ast.AlterEnumStatement> = { type: 'alter enum', name: nameOf(node.typeName), label: node.newVal ?? '' };
  if (node.oldVal !== undefined) alter.renamed = node.oldVal;
  if (node.newValNeighbor !== undefined) alter.neighbor = { label: node.newValNeighbor, isAfter: node.newValIsAfter === true };
  if (node.skipIfNewValExists) alter.ifNotExists = true;
  return alter;
}

export function createComposite(node: pg.CompositeTypeStmt, reader: Reader): ast.Statement {
  const columns = (node.coldeflist ?? []).map((column) => {
    assert('ColumnDef' in column, 'a list of attributes is expected in the parse tree');
    return columnDefinition(column.ColumnDef, reader);
  });
  return { type: 'create composite', name: relationName(node.typevar, reader), columns };
}

export function createRange(node: pg.CreateRangeStmt, reader: Reader): ast.Statement {
  return { type: 'create range', name: nameOf(node.typeName), options: definitionElements(node.params, reader) };
}

export function createBaseType(node: pg.DefineStmt, reader: Reader): ast.Statement {
  const statement: Mutable<ast.CreateBaseTypeStatement> = { type: 'create base type', name: nameOf(node.defnames) };
  if (node.definition !== undefined) statement.options = definitionElements(node.definition, reader);
  return statement;
}

export function createDomain(node: pg.CreateDomainStmt, reader: Reader): ast.Statement {
  const domain: Mutable<ast.CreateDomainStatement> = {
    type: 'create domain',
    name: nameOf(node.domainname),
    dataType: reader.type(node.typeName),
    constraints: columnConstraints(node.constraints, reader),
  };
  if (node.collClause !== undefined) domain.collate = nameOf(node.collClause.collname, reader.at(node.collClause.location));
  return domain;
}

export function alterDomain(node: pg.AlterDomainStmt, reader: Reader): ast.Statement {
  return { type: 'alter domain', name: nameOf(node.typeName), change: domainChange(node, reader) };
}

function domainChange(node: pg.AlterDomainStmt, reader: Reader): ast.AlterDomainStatement['change'] {
  switch (node.subtype) {
    case 'T':
      return node.def === undefined ? { type: 'drop default' } : { type: 'set default', expr: reader.expr(node.def) };
    case 'N':
      return { type: 'drop not null' };
    case 'O':
      return { type: 'set not null' };
    case 'C': {
      const constraint = tableConstraint(node.def, reader);
      if (constraint.type !== 'check') throw notSupported('a constraint of a domain other than CHECK');
      const { name, expr, notValid } = constraint;
      return { type: 'add constraint', expr, ...(name === undefined ? {} : { name }), ...(notValid === true ? { notValid } : {}) };
    }
    case 'X':
      return {
        type: 'drop constraint',
        name: required(node.name, 'the name of a constraint'),
        ...(node.missing_ok ? { ifExists: true } : {}),
        ...(node.behavior === 'DROP_CASCADE' ? { cascade: true } : {}),
      };
    case 'V':
      return { type: 'validate constraint', name: required(node.name, 'the name of a constraint') };
    default:
      throw new InvariantError(`unexpected change of a domain ${node.subtype}`);
  }
}
