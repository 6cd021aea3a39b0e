import type { ColumnDescriptor } from '../../../catalog/descriptors.js';
import { assert } from '../../../commons/assert.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { Expr, InsertStatement, SelectStatement, ValuesStatement } from '../../parse/ast.js';
import { bindRowFields } from '../bind-expression/rows.js';
import { coerceToColumn } from '../coerce.js';
import { errorAt, locationOf } from '../errors.js';
import type { BoundExpr } from '../expression.js';
import type { LogicalPlan, OutputColumn } from '../logical.js';
import { outputColumn, referenceTo } from '../nodes.js';
import { project } from '../query/projection.js';
import { requireOneLength } from '../query/values.js';
import type { Scope } from '../scope/scope.js';
import { isStar } from '../star.js';
import { columnDefault, insertsOnlyDefault, onlyDefaultDetail } from './default.js';
import { type AssignedColumn, defaultOfPart } from './part.js';

export interface InsertColumns {
  readonly list: readonly AssignedColumn[];
  /** Their places among the target's columns. */
  readonly indexes: readonly number[];
  /** Where they are written, when they are. */
  readonly locations: readonly (number | undefined)[];
  readonly isWritten: boolean;
}

/** Rows to insert, and over them a value for each given column, already of its type. */
export interface InsertSource {
  readonly plan: LogicalPlan;
  readonly given: readonly (BoundExpr | 'default')[];
}

const ONE_ROW: LogicalPlan = { kind: 'one row' };

/** VALUES, a query, or DEFAULT VALUES. @throws SqlError 42601, 42804, 428C9 */
export function bindSource(scope: Scope, statement: InsertStatement, columns: InsertColumns): InsertSource {
  const { insert } = statement;
  if (insert === undefined) return { plan: ONE_ROW, given: [] };
  if (!isPlainValues(insert)) return fromQuery(scope, insert, statement, columns);
  const [only] = insert.values;
  if (insert.values.length === 1 && only !== undefined && insert.literalsPerRow === undefined)
    return fromOneRow(scope, only, statement, columns);
  return fromRows(scope, insert, statement, columns);
}

function isPlainValues(query: SelectStatement): query is ValuesStatement {
  return (
    query.type === 'values' &&
    query.with === undefined &&
    query.orderBy === undefined &&
    query.limit === undefined &&
    query.offset === undefined
  );
}

/** Is the value that is written for the column to be passed over for its default (OVERRIDING USER VALUE)? @throws SqlError 428C9 */
function isOverridden(column: ColumnDescriptor, statement: InsertStatement): boolean {
  if (column.identity !== undefined && statement.overriding === 'user') return true;
  const detail = onlyDefaultDetail(column);
  if (detail === undefined || (column.identity !== undefined && statement.overriding === 'system')) return false;
  throw insertsOnlyDefault(column, detail);
}

function fromOneRow(scope: Scope, nodes: readonly Expr[], statement: InsertStatement, columns: InsertColumns): InsertSource {
  const values = bindRow(scope, nodes, 'VALUES row');
  requireWidth(columns, locationsOf(nodes, values.length), nodes);
  const given = values.map((value, i) => assign(scope, columns.list[i], value));
  const final = given.map((value, i) => (value !== 'default' && isOverridden(columnAt(columns, i), statement) ? 'default' : value));
  if (!scope.hasSetFunctions) return { plan: ONE_ROW, given: final };
  const exprs = final.filter((value) => value !== 'default').map((expr) => ({ expr, name: 'value' }));
  const projection = project(scope, ONE_ROW, exprs);
  let next = 0;
  return {
    plan: projection.plan,
    given: final.map((value) => {
      const column = value === 'default' ? undefined : projection.columns[next++];
      return column === undefined ? 'default' : referenceTo(column);
    }),
  };
}

function columnAt(columns: InsertColumns, i: number): AssignedColumn {
  const column = columns.list[i];
  assert(column !== undefined, 'no more values than columns');
  return column;
}

function bindRow(scope: Scope, nodes: readonly Expr[], clause: 'VALUES' | 'VALUES row'): (BoundExpr | 'default')[] {
  return nodes.flatMap((node): (BoundExpr | 'default')[] => {
    if (node.type === 'default') return ['default'];
    return isStar(node) ? bindStar(scope, node, clause) : [scope.bindIn(clause, node)];
  });
}

/** (row).* of one value, or of a routine's variable. */
function bindStar(scope: Scope, node: Expr, clause: 'VALUES' | 'VALUES row'): BoundExpr[] {
  const before = scope.clause;
  scope.clause = clause;
  const fields = bindRowFields(scope, [node]);
  scope.clause = before;
  return fields;
}

/** Where each value stands: those of a row that was taken apart, where the first does. */
function locationsOf(nodes: readonly Expr[], count: number): (number | undefined)[] {
  const [first] = nodes;
  if (nodes.length === count || first === undefined) return nodes.map(locationOf);
  return Array.from({ length: count }, () => locationOf(first));
}

function assign(scope: Scope, column: AssignedColumn | undefined, value: BoundExpr | 'default'): BoundExpr | 'default' {
  assert(column !== undefined, 'no more values than columns');
  if (value === 'default' && column.part !== undefined) throw defaultOfPart(column.part);
  return value === 'default' ? value : coerceToColumn(scope.state, value, column);
}

/** Several rows: defaults are filled in row by row. */
function fromRows(
  scope: Scope,
  { values, literalsPerRow }: ValuesStatement,
  statement: InsertStatement,
  columns: InsertColumns,
): InsertSource {
  requireOneLength(values, values);
  const [first] = values;
  const rowsBound = values.map((nodes) => bindRow(scope, nodes, 'VALUES'));
  const width = rowsBound[0]?.length ?? 0;
  if (first !== undefined) requireWidth(columns, locationsOf(first, width), first);
  const bound = rowsBound.map((row) => row.map((value, i) => assign(scope, columns.list[i], value)));
  const isDefault = Array.from({ length: width }, (_, i) => {
    if (bound.every((row) => row[i] === 'default')) return true;
    return isOverridden(columnAt(columns, i), statement) || columnAt(columns, i).generatedText !== undefined;
  });
  const kept = isDefault.flatMap((skip, i) => (skip ? [] : [i]));
  const outputs = kept.map((i) => outputColumn(scope.state.newColumn(), columnAt(columns, i).name, columnAt(columns, i)));
  const rows = bound.map((row) =>
    kept.map((i) => {
      const value = row[i];
      return value === undefined || value === 'default' ? columnDefault(scope, columnAt(columns, i)) : value;
    }),
  );
  return {
    plan: { kind: 'values', columns: outputs, rows, ...(literalsPerRow !== undefined && { isRepeated: true }) },
    given: isDefault.map((skip, i) => {
      const output: OutputColumn | undefined = outputs[kept.indexOf(i)];
      return skip || output === undefined ? 'default' : referenceTo(output);
    }),
  };
}

/** INSERT … SELECT: literals in the select list take the columns' types, other values are cast. */
function fromQuery(scope: Scope, query: SelectStatement, statement: InsertStatement, columns: InsertColumns): InsertSource {
  const pending = scope.query(query, { resolveUnknown: false });
  requireWidth(
    columns,
    pending.columns.map((column) => column.location),
  );
  for (const [i, { untyped }] of pending.columns.entries()) {
    if (untyped !== undefined) pending.replace(i, coerceToColumn(scope.state, untyped, columnAt(columns, i)));
  }
  const bound = pending.finish();
  return {
    plan: bound.plan,
    given: bound.columns.map((output, i) => {
      const value = coerceToColumn(scope.state, referenceTo(output, pending.columns[i]?.location), columnAt(columns, i));
      return isOverridden(columnAt(columns, i), statement) ? 'default' : value;
    }),
  };
}

/** @throws SqlError 42601 when there are more or fewer values than columns */
function requireWidth(columns: InsertColumns, locations: readonly (number | undefined)[], nodes?: readonly Expr[]): void {
  const width = locations.length;
  if (width > columns.list.length) {
    throw errorAt(SqlState.syntaxError, 'INSERT has more expressions than target columns', locations[columns.list.length]);
  }
  if (!columns.isWritten || width === columns.list.length) return;
  const [only] = nodes ?? [];
  const isRow = width === 1 && only?.type === 'row' && only.expressions.length === columns.list.length;
  throw errorAt(
    SqlState.syntaxError,
    'INSERT has more target columns than expressions',
    columns.locations[width],
    isRow
      ? {
          hint: 'The insertion source is a row expression containing the same number of columns expected by the INSERT. Did you accidentally use extra parentheses?',
        }
      : {},
  );
}
