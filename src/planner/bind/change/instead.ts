import type { TableDescriptor, ViewDescriptor } from '../../../catalog/descriptors.js';
import { assert } from '../../../commons/assert.js';
import { storageId } from '../../../commons/ids.js';
import { Locks } from '../from/locks.js';
import { bindView } from '../from/view.js';
import type { LogicalPlan } from '../logical.js';
import type { TableItem } from '../scope/relation-item.js';
import { Scope } from '../scope/scope.js';
import type { Environment } from '../state.js';

/** Does the view say itself what a change of its rows is to do? */
export function hasInsteadTrigger(view: ViewDescriptor, event: 'insert' | 'update' | 'delete'): boolean {
  return view.triggers?.some((trigger) => trigger.timing === 'instead of' && trigger.events.includes(event)) === true;
}

const tables = new WeakMap<ViewDescriptor, TableDescriptor>();

/** A view as what INSTEAD OF triggers make of it: something with columns and triggers, whose rows lie nowhere. */
export function viewAsTable(view: ViewDescriptor): TableDescriptor {
  let table = tables.get(view);
  if (table === undefined) {
    const { oid, name, owner, schema, persistence, columns, rowType, rowArrayType, triggers } = view;
    table = {
      kind: 'table',
      tableType: 'shared',
      storage: storageId(0),
      serde: 'msgpack',
      constraints: [],
      deletedRetentionMs: 0,
      options: {},
      ...{ oid, name, owner, schema, persistence, columns, rowType, rowArrayType },
      ...(triggers === undefined ? {} : { triggers }),
    };
    tables.set(view, table);
  }
  return table;
}

/** The view's rows under the ids of an item over `viewAsTable`. */
export function viewRows(scope: Scope, view: ViewDescriptor, environment: Environment, base: TableItem): LogicalPlan {
  const inner = new Scope(scope.state, undefined, environment, scope.depth);
  const { plan, items } = bindView(inner, view, { type: 'table', name: { name: view.name } }, new Locks());
  const [item] = items;
  assert(item !== undefined, 'a view is one item');
  base.useAll();
  const columns = base.columns.flatMap((column) => {
    if (!('number' in column)) return [];
    const { number: _, ...output } = column;
    return [{ ...output, expr: item.refer(column.number - 1) }];
  });
  return { kind: 'project', input: plan, columns };
}
