import type { TableDescriptor } from '../../catalog/descriptors.js';
import { columnDefault } from './change/default.js';
import { tableTarget } from './change/target.js';
import type { BoundExpr } from './expression.js';
import type { TableTarget } from './logical.js';
import { TableItem } from './scope/relation-item.js';
import { Scope } from './scope/scope.js';
import type { BindState } from './state.js';

/** A table as changes of its rows need it outside of any statement: referential actions, building an index, rewriting. */
export interface BoundTable {
  readonly target: TableTarget;
  /** What a column gets when no value is given; undefined: NULL. */
  defaultOf(number: number): BoundExpr | undefined;
}

export function bindTableIn(state: BindState, table: TableDescriptor): BoundTable {
  const scope = new Scope(state, undefined);
  const target = tableTarget(scope, new TableItem(state, table, undefined, undefined, undefined));
  return {
    target,
    defaultOf(number) {
      const column = table.columns[number - 1];
      const hasDefault = column !== undefined && (column.defaultText !== undefined || column.identity !== undefined);
      return hasDefault ? columnDefault(scope, column) : undefined;
    },
  };
}
