import type { BoundExpr } from '../expression.js';
import type { LogicalPlan, ScanColumn } from '../logical.js';
import { conjunction } from '../nodes.js';
import { referTo } from '../scope/columns.js';
import { ListItem, type RelationItem, type TableItem } from '../scope/relation-item.js';
import { entryOf, type RuleRows, type Scope } from '../scope/scope.js';

/** The row as it was: all its columns, which the scan then reads. */
export function changedColumns(old: TableItem): readonly ScanColumn[] {
  old.useAll();
  return old.columns.filter((column) => 'number' in column);
}

/** From here on the table's name means another row of it: the new one. */
export function replaceEntry(scope: Scope, old: RelationItem, row: RelationItem): void {
  scope.namespace = scope.namespace.map((entry) => (entry.item === old ? entryOf(row) : entry));
}

/** Only rows that fulfil all. */
export function filtered(scan: LogicalPlan, conditions: readonly (BoundExpr | undefined)[]): LogicalPlan {
  const condition = conjunction(conditions);
  return condition === undefined ? scan : { kind: 'filter', input: scan, condition };
}

/** Puts a rule's rows beside what an action of it changes. */
export function joinRuleRows(scope: Scope, plan: LogicalPlan, rows: RuleRows | undefined): LogicalPlan {
  if (rows === undefined) return plan;
  for (const entry of rows.entries) scope.add(entry);
  return { kind: 'join', type: 'inner', left: rows.plan, right: plan, lateral: false };
}

/** What a row must fulfil that conditional rules leave to the statement. @param sets of an UPDATE */
export function exemption(
  parent: Scope,
  scope: Scope,
  item: RelationItem,
  sets: readonly (BoundExpr | undefined)[] | undefined,
): BoundExpr | undefined {
  if (parent.exempt === undefined) return undefined;
  const names = Array.from({ length: item.size }, (_, i) => item.nameAt(i));
  const old = names.map((_, i) => referTo(scope, item, i));
  const options = item.relation === undefined ? {} : { relation: item.relation, rowType: item.rowType };
  const row =
    sets === undefined
      ? undefined
      : new ListItem(
          'new',
          true,
          names,
          old.map((expr, i) => sets[i] ?? expr),
          options,
        );
  return parent.exempt(new ListItem('old', true, names, old, options), row);
}
