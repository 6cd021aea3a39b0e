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
import { entryOf, Scope } from '../scope/scope.js';
import type { BoundQuery } from '../state.js';
import { bindTarget } from './changed-relation.js';
import { changedColumns, filtered } from './changed-row.js';
import { bindReturning } from './returning.js';
import { refuseStream, tableTarget } from './target.js';

export function bindDelete(parent: Scope, statement: DeleteStatement): BoundQuery {
  const { state } = parent;
  const scope = new Scope(state, parent);
  const withClause = bindWith(scope, statement);
  const changed = bindTarget(scope, statement.from, statement.alias, 'delete');
  refuseStream(changed.table);
  const old = changed.row.item;
  const { base, conditions } = changed.row;
  const rowKey = base.rowKey();
  const tableId = base.tableId();
  const entry = entryOf(old);
  entry.isLateralOnly = true;
  entry.isLateralAllowed = false;
  scope.changedItem = old;
  scope.add(entry);
  const from = bindFrom(scope, statement.using ?? [], new Locks(), filtered(scanOf(base), conditions));
  const where = statement.where === undefined ? undefined : coerceToBoolean(state, scope.bindIn('WHERE', statement.where), 'WHERE');
  changed.requireChange(Privilege.delete);
  const returning = bindReturning(scope, statement.returning);
  const existing = changedColumns(base);
  const plan: LogicalDelete = {
    kind: 'delete',
    // The deleted row stands where other changes have the new one, so that index entries are found by it.
    target: { ...tableTarget(scope, base), columns: existing },
    allUsers: base.allUsers,
    input: where === undefined ? from.plan : { kind: 'filter', input: from.plan, condition: where },
    rowKey,
    ...tableId,
    existing,
    ...recheck([...conditions, ...from.conditions, where]),
    ...(returning === undefined ? {} : { returning }),
  };
  return finishQuery(scope, withClause === undefined ? plan : withClause.wrap(plan), returning ?? []);
}
