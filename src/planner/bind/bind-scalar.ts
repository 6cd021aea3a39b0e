import type { ColumnDescriptor } from '../../catalog/descriptors.js';
import type { Expr } from '../parse/ast.js';
import type { Clause } from './clause.js';
import { coerceToBoolean, coerceToColumn, coerceToParameter, coerceToSpecific, resolveUnknown } from './coerce.js';
import type { BoundExpr, ColumnId } from './expression.js';
import type { RequiredPrivilege, ScanColumn } from './logical.js';
import { columnNode } from './nodes.js';
import { ListItem } from './scope/relation-item.js';
import { entryOf, Scope } from './scope/scope.js';
import { type BindState, privilegesOf } from './state.js';

/** The row that an expression is over: a table's, also of one that is only being made. */
export interface RowSource {
  readonly name: string;
  readonly columns: readonly ColumnDescriptor[];
}

export interface ScalarOptions {
  /** Which rules hold, and how errors call the place. */
  readonly clause: Clause;
  readonly row?: RowSource;
  /** A second one: a trigger's condition is over the old row and the new. */
  readonly otherRow?: RowSource;
  /** The column that the value is for; absent: any type (booleans for CHECK and predicates). */
  readonly target?: { readonly name: string; readonly type: number; readonly typmod: number };
  /** The parameter's type that it is a default for. */
  readonly parameterType?: number;
}

export interface BoundScalar {
  readonly expr: BoundExpr;
  /** The row's live columns with the ids that `expr` uses. */
  readonly columns: readonly ScanColumn[];
  /** Numbers of the columns that it mentions. */
  readonly used: readonly number[];
  readonly volatile: boolean;
  readonly privileges: readonly RequiredPrivilege[];
}

const CONDITIONS: ReadonlySet<Clause> = new Set<Clause>(['CHECK', 'index predicate', 'COPY WHERE', 'WHERE', 'trigger WHEN', 'POLICY']);

/** An expression of a definition: default, check, generated column, index expression or predicate. @throws SqlError as PostgreSQL words it */
export function bindScalarIn(state: BindState, expr: Expr, options: ScalarOptions): BoundScalar {
  const scope = new Scope(state, undefined, { searchPath: state.cx.searchPath, hasParameters: options.clause === 'EXECUTE' });
  const columns: ScanColumn[] = [];
  if (options.row !== undefined) columns.push(...addRow(scope, options.row));
  if (options.otherRow !== undefined) columns.push(...addRow(scope, options.otherRow));
  const bound = scope.bindIn(options.clause, expr);
  const settled = settle(state, bound, options);
  const used = columns.flatMap((column) => ('number' in column && scope.referenced.has(column.id) ? [column.number] : []));
  return { expr: settled, columns, used, volatile: state.isVolatile, privileges: privilegesOf(state.privileges) };
}

function settle(state: BindState, expr: BoundExpr, { clause, target, parameterType }: ScalarOptions): BoundExpr {
  if (parameterType !== undefined) return coerceToSpecific(state, expr, parameterType, 'DEFAULT');
  if (target !== undefined) return clause === 'EXECUTE' ? coerceToParameter(state, expr, target) : coerceToColumn(state, expr, target);
  return CONDITIONS.has(clause)
    ? coerceToBoolean(state, expr, clause === 'CHECK' || clause === 'POLICY' ? clause : clause === 'trigger WHEN' ? 'WHEN' : 'WHERE')
    : resolveUnknown(state, expr);
}

function addRow(scope: Scope, row: RowSource): ScanColumn[] {
  const first = scope.state.newColumns(row.columns.length);
  const columns = row.columns
    .filter((column) => column.dropped !== true)
    .map((column): ScanColumn => {
      const id = (first + column.number - 1) as ColumnId;
      const { name, type, typmod, number, collation } = column;
      return collation === undefined ? { id, name, type, typmod, number } : { id, name, type, typmod, number, collation };
    });
  const references = columns.map((column) => columnNode(column.id, column.name, column.type, column.typmod, column.collation));
  scope.add(
    entryOf(
      new ListItem(
        row.name,
        false,
        columns.map((column) => column.name),
        references,
      ),
    ),
  );
  return columns;
}
