import type { TableDescriptor } from '../catalog/descriptors.js';
import { userId } from '../commons/ids.js';
import { evaluateExpression } from '../executor/expression/compile-expression.js';
import type { FunctionLibrary } from '../executor/functions/implementation.js';
import { DetachedContext } from '../notify/detached-context.js';
import { bindScalar } from '../planner/bind/bind.js';
import type { BoundExpr, ColumnId } from '../planner/bind/expression.js';
import { storedExpression } from '../planner/bind/stored-text.js';
import { mapExpr } from '../planner/bind/tree/walk.js';
import type { PlannerContext } from '../planner/context.js';
import type { BoundIndex, OptimizeOptions } from '../planner/optimize/optimize.js';

const NOBODY = userId('-');

/** What the optimizer may ask of the rooms above it: the value of a constant expression, and what an index is over. */
export function planningOptions(cx: PlannerContext, library: FunctionLibrary): OptimizeOptions {
  return {
    evaluateConstant(expr) {
      try {
        return evaluateExpression(expr, library, new DetachedContext(cx.format, NOBODY));
      } catch {
        // It fails again when the statement runs, if it comes to that; only then it is the user's error.
        return undefined;
      }
    },
    isAsync: (source) => library.async(source) !== undefined,
    bindIndex: (table, index) => bindIndex(table, index, cx),
  };
}

function bindIndex(
  table: TableDescriptor,
  index: Parameters<NonNullable<OptimizeOptions['bindIndex']>>[1],
  cx: PlannerContext,
): BoundIndex {
  const keys = index.columns.map((column): BoundExpr => {
    if (column.exprText !== undefined) return bindOver(table, index, column.exprText, 'index expression', cx);
    const descriptor = table.columns[column.column - 1];
    return {
      kind: 'column',
      id: column.column as ColumnId,
      name: descriptor?.name ?? '',
      type: descriptor?.type ?? column.type,
      typmod: descriptor?.typmod ?? -1,
    };
  });
  if (index.predicateText === undefined) return { keys };
  return { keys, predicate: bindOver(table, index, index.predicateText, 'index predicate', cx) };
}

/** An expression over the table, its columns' ids being their numbers. */
function bindOver(
  table: TableDescriptor,
  owner: object,
  text: string,
  clause: 'index expression' | 'index predicate',
  cx: PlannerContext,
): BoundExpr {
  const { expr, columns } = bindScalar(storedExpression(cx.parser, owner, text), cx, { clause, row: table });
  const numbers = new Map(columns.flatMap((column) => ('number' in column ? [[column.id, column.number] as const] : [])));
  return mapExpr(expr, (node) => (node.kind === 'column' ? { ...node, id: (numbers.get(node.id) ?? 0) as ColumnId } : node));
}
