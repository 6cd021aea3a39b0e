import type { IndexDescriptor, TableDescriptor } from '../../../catalog/descriptors.js';
import type { BoundExpr, ColumnId } from '../../bind/expression.js';
import type { LogicalScan, ScanColumn } from '../../bind/logical.js';
import { columnNode, referenceTo } from '../../bind/nodes.js';
import { sameExpr } from '../../bind/tree/same.js';
import { mapExpr } from '../../bind/tree/walk.js';
import { conjunctsOf } from '../expressions.js';
import type { Planning } from '../planning.js';
import { rejectsNulls } from '../rewrite/null-rejecting.js';
import type { IndexView } from './match-index.js';

/**
 * The index over a scan's columns.
 * @returns undefined where it can't serve: a partial index whose predicate the conditions don't imply, an expression that can't be bound
 */
export function viewIndex(
  table: TableDescriptor,
  index: IndexDescriptor,
  scan: LogicalScan,
  predicates: readonly BoundExpr[],
  planning: Planning,
): IndexView | undefined {
  const plain = index.predicateText === undefined && index.columns.every((column) => column.column > 0);
  if (plain) {
    const keys: BoundExpr[] = [];
    for (const column of index.columns) {
      const key = columnByNumber(scan.columns, column.column);
      // One that the statement doesn't mention: no condition is on it.
      keys.push(key === undefined ? columnNode(planning.newColumn(), '', column.type, -1) : referenceTo(key));
    }
    return { index, keys };
  }
  const bound = planning.options.bindIndex?.(table, index);
  if (bound === undefined) return undefined;
  const overScan = (expr: BoundExpr): BoundExpr =>
    mapExpr(expr, (part) => {
      if (part.kind !== 'column') return undefined;
      const column = columnByNumber(scan.columns, part.id);
      return column === undefined
        ? columnNode(planning.newColumn(), part.name, part.type, part.typmod, part.collation)
        : columnNode(column.id, column.name, part.type, part.typmod, part.collation);
    });
  const predicate = bound.predicate === undefined ? undefined : planning.fold(overScan(bound.predicate));
  if (predicate !== undefined && !conjunctsOf(predicate).every((part) => isImplied(part, predicates))) return undefined;
  return { index, keys: bound.keys.map((key) => planning.fold(overScan(key))), predicate };
}

function columnByNumber(columns: readonly ScanColumn[], number: number): ScanColumn | undefined {
  return columns.find((column) => 'number' in column && column.number === number);
}

/** The condition itself is asked for, or it is IS NOT NULL of something that another condition can't hold for when it is NULL. */
function isImplied(part: BoundExpr, predicates: readonly BoundExpr[]): boolean {
  if (predicates.some((predicate) => sameExpr(predicate, part))) return true;
  if (part.kind !== 'null test' || !part.negated || part.arg.kind !== 'column') return false;
  const column = new Set<ColumnId>([part.arg.id]);
  return predicates.some((predicate) => rejectsNulls(predicate, column));
}
