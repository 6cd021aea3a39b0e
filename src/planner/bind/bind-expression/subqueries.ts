import { arrayTypeOf, elementTypeOf } from '../../../catalog/builtin/index.js';
import { assert } from '../../../commons/assert.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { TypeOid } from '../../../types/oids.js';
import type { Expr, ExprArraySelect, ExprExists, ExprRow, ExprSubquery, SelectStatement } from '../../parse/ast.js';
import { makeOperator } from '../call/operator.js';
import { clauseRules } from '../clause.js';
import { at, errorAt, locationOf } from '../errors.js';
import type { BoundExpr, BoundSubquery } from '../expression.js';
import { referenceTo } from '../nodes.js';
import type { Scope } from '../scope/scope.js';
import type { BoundQuery } from '../state.js';
import { isVector } from './arrays.js';
import { bindRowFields, compareRows, isRowValue } from './rows.js';

function bindQuery(scope: Scope, select: SelectStatement, location: number | undefined): BoundQuery {
  const forbidden = clauseRules[scope.clause].noSubqueries;
  if (forbidden !== undefined) throw errorAt(SqlState.featureNotSupported, `cannot use subquery in ${forbidden}`, location);
  return scope.query(select).finish();
}

function subqueryNode(
  mode: BoundSubquery['mode'],
  query: BoundQuery,
  of: { readonly type: number; readonly typmod: number; readonly collation?: number },
  location: number | undefined,
  written: BoundSubquery['written'],
  compare?: BoundExpr,
): BoundSubquery {
  const { type, typmod, collation } = of;
  return {
    kind: 'subquery',
    mode,
    plan: query.plan,
    outputs: query.columns.map((column) => column.id),
    outerColumns: query.outerColumns,
    type,
    typmod,
    written,
    ...(query.shape === undefined ? {} : { shape: query.shape }),
    ...(compare === undefined ? {} : { compare }),
    ...(collation === undefined ? {} : { collation }),
    ...at(location),
  };
}

const BOOLEAN = { type: TypeOid.bool, typmod: -1 };

/** (SELECT …) as a value. @throws SqlError 42601 when it has not one column */
export function bindSubquery(scope: Scope, node: ExprSubquery): BoundExpr {
  const location = locationOf(node);
  const query = bindQuery(scope, node.select, location);
  return subqueryNode('scalar', query, onlyColumn(query, location), location, [node.select]);
}

function onlyColumn(query: BoundQuery, location: number | undefined) {
  const [column] = query.columns;
  if (column === undefined || query.columns.length > 1) {
    throw errorAt(SqlState.syntaxError, 'subquery must return only one column', location);
  }
  return column;
}

export function bindExists(scope: Scope, node: ExprExists): BoundExpr {
  const location = locationOf(node);
  return subqueryNode('exists', bindQuery(scope, node.select, location), BOOLEAN, location, [node.select]);
}

export function bindArraySelect(scope: Scope, node: ExprArraySelect): BoundExpr {
  const location = locationOf(node);
  const query = bindQuery(scope, node.select, location);
  const column = onlyColumn(query, location);
  const { types } = scope.state;
  // An array of arrays is an array with one more dimension.
  const type = isVector(column.type) || elementTypeOf(types, column.type) === 0 ? arrayTypeOf(types, column.type) : column.type;
  if (type === 0) {
    throw errorAt(SqlState.undefinedObject, `could not find array type for data type ${scope.state.typeName(column.type)}`, location);
  }
  return subqueryNode('array', query, { type, typmod: column.typmod }, location, [node.select]);
}

/** `left op ANY (SELECT …)`, also IN; left may be a row. */
export function bindSubqueryComparison(
  scope: Scope,
  op: string,
  mode: 'any' | 'all',
  leftNode: Expr,
  node: ExprSubquery,
  location: number | undefined,
  schema?: string,
): BoundExpr {
  const query = bindQuery(scope, node.select, location);
  const left = isRowValue(leftNode) ? bindRowFields(scope, leftNode.expressions) : [scope.bind(leftNode)];
  requireWidth(query, left.length, location);
  const right = query.columns.map((column) => referenceTo(column));
  const [a] = left;
  const [b] = right;
  assert(a !== undefined && b !== undefined, 'a comparison has operands');
  const compare = left.length === 1 ? makeOperator(scope, op, a, b, location, schema) : compareRows(scope, op, left, right, location);
  if (compare.type !== TypeOid.bool) {
    throw errorAt(
      SqlState.datatypeMismatch,
      `row comparison operator must yield type boolean, not type ${scope.state.typeName(compare.type)}`,
      location,
    );
  }
  return subqueryNode(mode, query, BOOLEAN, location, [node.select, leftNode, op], compare);
}

function requireWidth(query: BoundQuery, width: number, location: number | undefined): void {
  if (query.columns.length < width) throw errorAt(SqlState.syntaxError, 'subquery has too few columns', location);
  if (query.columns.length > width) throw errorAt(SqlState.syntaxError, 'subquery has too many columns', location);
}

/** `(a, b) op (SELECT x, y …)`: the row of the only row there is. */
export function bindRowSubquery(scope: Scope, op: string, left: ExprRow, node: ExprSubquery, location: number | undefined): BoundExpr {
  const query = bindQuery(scope, node.select, location);
  const fields = bindRowFields(scope, left.expressions);
  requireWidth(query, fields.length, location);
  return compareRows(scope, op, fields, fieldsOfRow(query, location), location);
}

/** The columns of a query of at most one row, as values. */
export function fieldsOfRow(query: BoundQuery, location: number | undefined): BoundExpr[] {
  const row = subqueryNode('row', query, { type: TypeOid.record, typmod: -1 }, location, []);
  return query.columns.map((column, index) => ({
    kind: 'field',
    arg: row,
    index,
    name: column.name,
    type: column.type,
    typmod: column.typmod,
    ...(column.collation === undefined ? {} : { collation: column.collation }),
    ...at(location),
  }));
}
