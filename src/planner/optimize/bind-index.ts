import type { TableDescriptor } from '../../catalog/descriptors.js';
import type { BoundScalar, ScalarOptions } from '../bind/bind.js';
import { bindScalar } from '../bind/bind.js';
import type { BoundExpr, ColumnId } from '../bind/expression.js';
import { columnNode } from '../bind/nodes.js';
import { storedExpression } from '../bind/stored-text.js';
import { mapExpr } from '../bind/tree/walk.js';
import type { PlannerContext } from '../context.js';
import type { BindIndex, IndexOver } from './options.js';

/** Binds what an index is over: its expressions and its predicate, whose columns then have their numbers for ids. */
export function bindIndexOver(cx: PlannerContext): BindIndex {
  return (table, index) => {
    const predicate = index.predicateText === undefined ? undefined : bindText(table, index, index.predicateText, 'index predicate', cx);
    return { keys: index.columns.map((column) => keyOf(table, index, column, cx)), predicate };
  };
}

function keyOf(table: TableDescriptor, index: IndexOver, key: IndexOver['columns'][number], cx: PlannerContext): BoundExpr {
  if (key.exprText !== undefined) return bindText(table, key, key.exprText, 'index expression', cx);
  const column = table.columns[key.column - 1];
  return columnNode(key.column as ColumnId, column?.name ?? index.name, key.type, column?.typmod ?? -1, column?.collation);
}

function bindText(table: TableDescriptor, owner: object, text: string, clause: ScalarOptions['clause'], cx: PlannerContext): BoundExpr {
  const bound: BoundScalar = bindScalar(storedExpression(cx.parser, owner, text), cx, { clause, row: table });
  const numbers = new Map<ColumnId, number>();
  for (const column of bound.columns) if ('number' in column) numbers.set(column.id, column.number);
  return mapExpr(bound.expr, (part) => {
    if (part.kind !== 'column') return undefined;
    const number = numbers.get(part.id);
    return number === undefined ? undefined : columnNode(number as ColumnId, part.name, part.type, part.typmod, part.collation);
  });
}
