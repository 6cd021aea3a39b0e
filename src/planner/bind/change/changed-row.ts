import type { ScanColumn } from '../logical.js';
import type { TableItem } from '../scope/relation-item.js';
import { entryOf, type Scope } from '../scope/scope.js';

/** The row as it was: all its columns, which the scan then reads. */
export function changedColumns(old: TableItem): readonly ScanColumn[] {
  old.useAll();
  return old.columns.filter((column) => 'number' in column);
}

/** From here on the table's name means another row of it: the new one. */
export function replaceEntry(scope: Scope, old: TableItem, row: TableItem): void {
  scope.namespace = scope.namespace.map((entry) => (entry.item === old ? entryOf(row) : entry));
}
