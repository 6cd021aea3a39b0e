import { Privilege } from '../../../catalog/descriptors.js';
import type { UpdateStatement } from '../../parse/ast.js';
import { coerceToBoolean } from '../coerce.js';
import { bindFrom } from '../from/index.js';
import { Locks } from '../from/locks.js';
import { scanOf } from '../from/table.js';
import type { LogicalUpdate } from '../logical.js';
import { recheck } from '../nodes.js';
import { finishQuery } from '../query/pending.js';
import { bindWith } from '../query/with.js';
import { entryOf, Scope } from '../scope/scope.js';
import type { BoundQuery } from '../state.js';
import { bindTarget } from './changed-relation.js';
import { changedColumns, filtered, replaceEntry } from './changed-row.js';
import { bindReturning } from './returning.js';
import { bindSets } from './sets.js';
import { refuseStream } from './target.js';

export function bindUpdate(parent: Scope, statement: UpdateStatement): BoundQuery {
  const { state } = parent;
  const scope = new Scope(state, parent);
  const withClause = bindWith(scope, statement);
  const changed = bindTarget(scope, statement.table, statement.alias, 'update');
  refuseStream(changed.table);
  const old = changed.row.item;
  const { base, conditions } = changed.row;
  const rowKey = base.rowKey();
  const tableId = base.tableId();
  const entry = entryOf(old);
  // FROM sees the changed table neither as a neighbour nor by LATERAL.
  entry.isLateralOnly = true;
  entry.isLateralAllowed = false;
  scope.changedItem = old;
  scope.add(entry);
  const from = bindFrom(scope, statement.from ?? [], new Locks(), filtered(scanOf(base), conditions));
  const where = statement.where === undefined ? undefined : coerceToBoolean(state, scope.bindIn('WHERE', statement.where), 'WHERE');
  const { sets, indexes } = bindSets(scope, changed, old, statement.sets);
  changed.requireChange(Privilege.update, indexes);
  const row = changed.again();
  const target = changed.tableTarget(row);
  replaceEntry(scope, old, row.item);
  const returning = bindReturning(scope, statement.returning);
  const plan: LogicalUpdate = {
    kind: 'update',
    target,
    allUsers: base.allUsers,
    input: where === undefined ? from.plan : { kind: 'filter', input: from.plan, condition: where },
    rowKey,
    ...tableId,
    existing: changedColumns(base),
    sets,
    ...recheck([...conditions, ...from.conditions, where]),
    ...(returning === undefined ? {} : { returning }),
  };
  return finishQuery(scope, withClause === undefined ? plan : withClause.wrap(plan), returning ?? []);
}
