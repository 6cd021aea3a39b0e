import type { ColumnDescriptor, TableDescriptor, TriggerDescriptor } from '../../../catalog/descriptors.js';
import { triggersOfTree } from '../../../catalog/tree-triggers.js';
import { coerceToBoolean } from '../coerce.js';
import type { ColumnId } from '../expression.js';
import type { TargetTriggers } from '../logical.js';
import { columnNode } from '../nodes.js';
import { ListItem } from '../scope/relation-item.js';
import { entryOf, Scope } from '../scope/scope.js';
import type { BindState } from '../state.js';
import { storedExpression, withoutPosition } from '../stored-text.js';

/** The triggers of a target with their conditions bound; nothing for a table without. */
export function targetTriggers(state: BindState, table: TableDescriptor): { readonly triggers?: TargetTriggers } {
  if (table.triggers === undefined && table.partitionBound === undefined) return {};
  const list = triggersOfTree(table, state.catalog).map(({ trigger }) => trigger);
  return list.length === 0 ? {} : { triggers: boundTriggers(state, table.columns, list) };
}

export function boundTriggers(state: BindState, columns: readonly ColumnDescriptor[], list: readonly TriggerDescriptor[]): TargetTriggers {
  const old = state.newColumns(columns.length);
  const row = state.newColumns(columns.length);
  const ids = (first: ColumnId): readonly ColumnId[] => columns.map((column) => (first + column.number - 1) as ColumnId);
  return {
    old: ids(old),
    new: ids(row),
    list: list.map((trigger) => {
      const { whenText } = trigger;
      if (whenText === undefined) return { trigger };
      const when = withoutPosition(() => {
        const scope = new Scope(state, undefined, { searchPath: state.environment.searchPath, hasParameters: false });
        scope.add(entryOf(rowItem('old', columns, old)));
        scope.add(entryOf(rowItem('new', columns, row)));
        return coerceToBoolean(state, scope.bindIn('trigger WHEN', storedExpression(state.cx.parser, trigger, whenText)), 'WHEN');
      });
      return { trigger, when };
    }),
  };
}

function rowItem(name: string, columns: readonly ColumnDescriptor[], first: ColumnId): ListItem {
  const live = columns.filter((column) => column.dropped !== true);
  return new ListItem(
    name,
    true,
    live.map((column) => column.name),
    live.map((column) => columnNode((first + column.number - 1) as ColumnId, column.name, column.type, column.typmod, column.collation)),
  );
}
