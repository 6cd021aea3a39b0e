import type { BoundExpr } from '../expression.js';
import type { LogicalPlan, ScanColumn } from '../logical.js';
import { conjunction } from '../nodes.js';
import type { RelationItem, TableItem } from '../scope/relation-item.js';
import { entryOf, type Scope } from '../scope/scope.js';

/** The row as it was: all its columns, which the scan then reads. */
export function changedColumns(old: TableItem): readonly ScanColumn[] {
  old.useAll();
  return old.columns.filter((column) => 'number' in column);
}

/** From here on the table's name means another row of it: the new one. */
export function replaceEntry(scope: Scope, old: RelationItem, row: RelationItem): void {
  scope.namespace = scope.namespace.map((entry) => (entry.item === old ? entryOf(row) : entry));
}

/** Only rows that the views show. */
export function filtered(scan: LogicalPlan, conditions: readonly BoundExpr[]): LogicalPlan {
  const condition = conjunction(conditions);
  return condition === undefined ? scan : { kind: 'filter', input: scan, condition };
}
