import type * as pg from 'libpg-query';
import { assert } from '../../../commons/assert.js';
import type * as ast from '../ast.js';
import { nameOf, strings } from './names.js';
import { type Mutable, type Reader, required } from './reader.js';
import { routineRef, typedOptions } from './routines.js';

/** CREATE, ALTER and DROP of operators and casts. */

export function createOperator(node: pg.DefineStmt, reader: Reader): ast.Statement {
  return { type: 'create operator', name: nameOf(node.defnames), options: typedOptions(node.definition, reader) };
}

export function operatorRef(node: pg.Node | pg.ObjectWithArgs | undefined, reader: Reader): ast.OperatorRef {
  assert(node !== undefined, 'an operator is expected in the parse tree');
  const named = 'ObjectWithArgs' in node ? node.ObjectWithArgs : (node as pg.ObjectWithArgs);
  const [left, right] = named.objargs ?? [];
  const operator: Mutable<ast.OperatorRef> = { name: nameOf(named.objname) };
  if (left !== undefined && 'TypeName' in left) operator.left = reader.type(left.TypeName);
  if (right !== undefined && 'TypeName' in right) operator.right = reader.type(right.TypeName);
  return operator;
}

export function alterOperator(node: pg.AlterOperatorStmt, reader: Reader): ast.Statement {
  return { type: 'alter operator', operator: operatorRef(node.opername, reader), options: typedOptions(node.options, reader) };
}

export function dropOperators(node: pg.DropStmt, reader: Reader): ast.Statement {
  const drop: Mutable<ast.DropOperatorStatement> = {
    type: 'drop operator',
    operators: (node.objects ?? []).map((object) => operatorRef(object, reader)),
  };
  if (node.missing_ok) drop.ifExists = true;
  if (node.behavior === 'DROP_CASCADE') drop.cascade = true;
  return drop;
}

/** `(source AS target)` as a list of two types. */
export function castRef(node: pg.Node | undefined, reader: Reader): ast.CastRef {
  const [source, target] = node !== undefined && 'List' in node ? (node.List.items ?? []) : [];
  assert(source !== undefined && target !== undefined && 'TypeName' in source && 'TypeName' in target, 'a cast is of two types');
  return { source: reader.type(source.TypeName), target: reader.type(target.TypeName) };
}

export function createCast(node: pg.CreateCastStmt, reader: Reader): ast.Statement {
  const { context } = node;
  const statement: Mutable<ast.CreateCastStatement> = {
    type: 'create cast',
    cast: { source: reader.type(required(node.sourcetype, 'a type')), target: reader.type(required(node.targettype, 'a type')) },
    context: context === 'COERCION_IMPLICIT' ? 'implicit' : context === 'COERCION_ASSIGNMENT' ? 'assignment' : 'explicit',
  };
  if (node.func !== undefined) statement.routine = routineRef(node.func, reader);
  if (node.inout) statement.inout = true;
  return statement;
}

export function dropCast(node: pg.DropStmt, reader: Reader): ast.Statement {
  const drop: Mutable<ast.DropCastStatement> = { type: 'drop cast', cast: castRef(node.objects?.[0], reader) };
  if (node.missing_ok) drop.ifExists = true;
  if (node.behavior === 'DROP_CASCADE') drop.cascade = true;
  return drop;
}

export function createOperatorClass(node: pg.CreateOpClassStmt, reader: Reader): ast.Statement {
  const statement: Mutable<ast.CreateOperatorClassStatement> = {
    type: 'create operator class',
    name: nameOf(node.opclassname),
    dataType: reader.type(required(node.datatype, 'a type')),
    method: node.amname ?? '',
    items: (node.items ?? []).map((item) => operatorClassItem(item, reader)),
  };
  if (node.isDefault) statement.isDefault = true;
  return statement;
}

/** libpg-query's numbers: OPCLASS_ITEM_OPERATOR, OPCLASS_ITEM_FUNCTION. */
const ITEM_OPERATOR = 1;
const ITEM_FUNCTION = 2;

function operatorClassItem(node: pg.Node, reader: Reader): ast.OperatorClassItem {
  assert('CreateOpClassItem' in node, 'an item of an operator class is expected in the parse tree');
  const { itemtype, number = 0, name } = node.CreateOpClassItem;
  if (itemtype === ITEM_OPERATOR) return { kind: 'operator', number, operator: operatorRef(name, reader) };
  if (itemtype === ITEM_FUNCTION) return { kind: 'function', number, routine: routineRef(name, reader) };
  return { kind: 'storage' };
}

export function dropOperatorClasses(node: pg.DropStmt): ast.Statement {
  const drop: Mutable<ast.DropOperatorClassStatement> = {
    type: 'drop operator class',
    classes: (node.objects ?? []).map((object) => {
      const parts = 'List' in object ? (object.List.items ?? []) : [];
      return { method: strings(parts.slice(0, 1)).join(), name: nameOf(parts.slice(1)) };
    }),
  };
  if (node.missing_ok) drop.ifExists = true;
  return drop;
}
