import type { TableDescriptor } from '../../catalog/descriptors.js';
import type { Oid } from '../../commons/ids.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { bindScalar, resolveDataType } from '../../planner/bind/bind.js';
import type { BoundExpr } from '../../planner/bind/expression.js';
import { walkExpression } from '../../planner/bind/tree/walk.js';
import type { DataTypeDef, Expr } from '../../planner/parse/ast.js';
import type { UtilityContext } from './context.js';
import { catalogOf } from './names.js';

export interface BoundOverTable {
  readonly expr: BoundExpr;
  /** Numbers of the columns that it mentions, ascending. */
  readonly columns: readonly number[];
}

interface ScalarUse {
  readonly clause: 'DEFAULT' | 'CHECK' | 'GENERATED' | 'index expression' | 'index predicate';
  /** The column that the value is for. */
  readonly target?: { readonly name: string; readonly type: Oid; readonly typmod: number };
  /** The error's text where functions that are not immutable are refused. */
  readonly immutable?: string;
}

/**
 * An expression of a definition over a table's columns, or over none.
 * @throws SqlError 42703, 42804, 42P17 …
 */
export function bindOverTable(expr: Expr, table: TableDescriptor | undefined, use: ScalarUse, cx: UtilityContext): BoundOverTable {
  const { clause, target } = use;
  const bound = bindScalar(
    expr,
    { ...cx.planner, catalog: catalogOf(cx) },
    { clause, ...(table === undefined ? {} : { row: table }), ...(target === undefined ? {} : { target }) },
  );
  if (use.immutable !== undefined) requireImmutable(bound.expr, use.immutable);
  return { expr: bound.expr, columns: [...bound.used].sort((a, b) => a - b) };
}

function requireImmutable(expr: BoundExpr, message: string): void {
  walkExpression(expr, (node) => {
    if (node.kind === 'call' && node.volatility !== 'i') throw new SqlError(SqlState.invalidObjectDefinition, message);
  });
}

/** @throws SqlError 42704 … */
export function dataType(definition: DataTypeDef, cx: UtilityContext): { readonly type: Oid; readonly typmod: number } {
  return resolveDataType(definition, { ...cx.planner, catalog: catalogOf(cx) });
}
