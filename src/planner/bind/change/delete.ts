import { Privilege } from '../../../catalog/descriptors.js';
import type { DeleteStatement } from '../../parse/ast.js';
import { coerceToBoolean } from '../coerce.js';
import { bindFrom } from '../from/index.js';
import { Locks } from '../from/locks.js';
import { scanOf } from '../from/table.js';
import type { LogicalDelete } from '../logical.js';
import { recheck } from '../nodes.js';
import { finishQuery } from '../query/pending.js';
import { bindWith } from '../query/with.js';
import { TableItem } from '../scope/relation-item.js';
import { entryOf, Scope } from '../scope/scope.js';
import type { BoundQuery } from '../state.js';
import { changedColumns } from './changed-row.js';
import { bindReturning } from './returning.js';
import { readsOf, refuseStream, requireChange, requireTarget, tableTarget } from './target.js';

export function bindDelete(parent: Scope, statement: DeleteStatement): BoundQuery {
  const { state } = parent;
  const scope = new Scope(state, parent);
  const withClause = bindWith(scope, statement);
  const table = requireTarget(scope, statement.from);
  refuseStream(table);
  const old = new TableItem(state, table, statement.alias, undefined, readsOf(scope, table));
  const rowKey = old.rowKey();
  const entry = entryOf(old);
  entry.isLateralOnly = true;
  entry.isLateralAllowed = false;
  scope.changedItem = old;
  scope.add(entry);
  const from = bindFrom(scope, statement.using ?? [], new Locks(), scanOf(old));
  const where = statement.where === undefined ? undefined : coerceToBoolean(state, scope.bindIn('WHERE', statement.where), 'WHERE');
  requireChange(scope, table.oid, Privilege.delete);
  const returning = bindReturning(scope, statement.returning);
  const existing = changedColumns(old);
  const plan: LogicalDelete = {
    kind: 'delete',
    // The deleted row stands where other changes have the new one, so that index entries are found by it.
    target: { ...tableTarget(scope, old), columns: existing },
    allUsers: old.allUsers,
    input: where === undefined ? from.plan : { kind: 'filter', input: from.plan, condition: where },
    rowKey,
    existing,
    ...recheck([...from.conditions, where]),
    ...(returning === undefined ? {} : { returning }),
  };
  return finishQuery(scope, withClause === undefined ? plan : withClause.wrap(plan), returning ?? []);
}
