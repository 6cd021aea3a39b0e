import type * as pg from 'libpg-query';
import { assert } from '../../../commons/assert.js';
import { notSupported, SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type * as ast from '../ast.js';
import { functionCall, jsonParse, keywordFunction } from './calls.js';
import { constant } from './constants.js';
import { nameOf, qualifiedName, stringOf } from './names.js';
import { booleanTest, indirection, logicalExpression, nullTest, operatorExpression, subLink } from './operators.js';
import { dispatch, type Handlers, type Mutable, type Reader, required, tagOf } from './reader.js';

/** Every node that PostgreSQL's grammar makes where a value is wanted. */
const handlers: Partial<Handlers<ast.Expr>> = {
  A_Const: constant,
  A_Expr: operatorExpression,
  BoolExpr: logicalExpression,
  SubLink: subLink,
  BooleanTest: booleanTest,
  NullTest: nullTest,
  A_Indirection: indirection,
  FuncCall: functionCall,
  SQLValueFunction: keywordFunction,
  ColumnRef: columnReference,
  ParamRef: (node, reader) => ({ type: 'parameter', index: node.number ?? 0, ...reader.at(node.location) }),
  SetToDefault: (node, reader) => ({ type: 'default', ...reader.at(node.location) }),
  TypeCast: (node, reader) => ({
    type: 'cast',
    operand: reader.expr(node.arg),
    to: reader.type(node.typeName),
    ...reader.at(node.location),
  }),
  CollateClause: (node, reader) => ({
    type: 'collate',
    operand: reader.expr(node.arg),
    collation: nameOf(node.collname),
    ...reader.at(node.location),
  }),
  CaseExpr: caseExpression,
  CoalesceExpr: (node, reader) => ({ type: 'coalesce', args: reader.exprs(node.args), ...reader.at(node.location) }),
  MinMaxExpr: (node, reader) => ({
    type: 'minmax',
    op: node.op === 'IS_LEAST' ? 'least' : 'greatest',
    args: reader.exprs(node.args),
    ...reader.at(node.location),
  }),
  GroupingFunc: (node, reader) => ({ type: 'grouping', args: reader.exprs(node.args), ...reader.at(node.location) }),
  A_ArrayExpr: (node, reader) => ({ type: 'array', expressions: reader.exprs(node.elements), ...reader.at(node.location) }),
  RowExpr: rowExpression,
  CurrentOfExpr: (node) => ({ type: 'current of', cursor: node.cursor_name ?? '' }),
  JsonParseExpr: (node, reader) => jsonParse(node, reader) ?? refuse('JSON', node.location, reader),
};

/** SQL that only later PostgreSQLs know, or that this server does not: by node, what to call it. */
const REFUSED: Readonly<Record<string, string>> = {
  XmlExpr: 'XML',
  XmlSerialize: 'XMLSERIALIZE',
  JsonScalarExpr: 'JSON_SCALAR',
  JsonSerializeExpr: 'JSON_SERIALIZE',
  JsonFuncExpr: 'SQL/JSON',
  JsonIsPredicate: 'IS JSON',
  JsonObjectConstructor: 'JSON_OBJECT with SQL syntax',
  JsonArrayConstructor: 'JSON_ARRAY',
  JsonArrayQueryConstructor: 'JSON_ARRAY',
  JsonObjectAgg: 'JSON_OBJECTAGG',
  JsonArrayAgg: 'JSON_ARRAYAGG',
  MergeSupportFunc: 'MERGE_ACTION',
};

export function expression(node: pg.Node, reader: Reader): ast.Expr {
  const expr = dispatch(handlers, node, reader);
  if (expr !== undefined) return expr;
  const tag = tagOf(node);
  throw notSupported(REFUSED[tag] ?? `the expression ${tag}`, { position: positionOf(node, reader) });
}

function positionOf(node: pg.Node, reader: Reader): number | undefined {
  for (const body of Object.values<unknown>(node)) {
    if (typeof body !== 'object' || body === null) continue;
    if ('location' in body && typeof body.location === 'number') return reader.offset(body.location);
  }
  return undefined;
}

function refuse(what: string, location: number | undefined, reader: Reader): never {
  throw notSupported(what, { position: reader.offset(location) });
}

function columnReference(node: pg.ColumnRef, reader: Reader): ast.Expr {
  const location = reader.at(node.location);
  const fields = node.fields ?? [];
  const last = fields.at(-1);
  assert(last !== undefined, 'a column reference has a name');
  const star = 'A_Star' in last;
  const ref: Mutable<ast.ExprRef> = { type: 'ref', name: star ? '*' : stringOf(last), ...location };
  if (star) ref.star = true;
  if (fields.length > 4) {
    const written = fields.map((field) => ('A_Star' in field ? '*' : stringOf(field))).join('.');
    throw new SqlError(SqlState.syntaxError, `improper qualified name (too many dotted names): ${written}`, {
      position: reader.offset(node.location),
    });
  }
  if (fields.length > 1) ref.table = qualifiedName(fields.slice(0, -1).map(stringOf), location);
  return ref;
}

function caseExpression(node: pg.CaseExpr, reader: Reader): ast.Expr {
  const expr: Mutable<ast.ExprCase> = { type: 'case', whens: [], ...reader.at(node.location) };
  if (node.arg !== undefined) expr.value = reader.expr(node.arg);
  expr.whens = (node.args ?? []).map((when) => {
    assert('CaseWhen' in when, 'a WHEN is expected in the parse tree');
    return { when: reader.expr(when.CaseWhen.expr), value: reader.expr(when.CaseWhen.result) };
  });
  if (node.defresult !== undefined) expr.else = reader.expr(node.defresult);
  return expr;
}

function rowExpression(node: pg.RowExpr, reader: Reader): ast.Expr {
  const row: Mutable<ast.ExprRow> = { type: 'row', expressions: reader.exprs(node.args), ...reader.at(node.location) };
  if (required(node.row_format, 'RowExpr.row_format') === 'COERCE_EXPLICIT_CALL') row.explicit = true;
  return row;
}
