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
import { TableItem } from '../scope/relation-item.js';
import { entryOf, Scope } from '../scope/scope.js';
import type { BoundQuery } from '../state.js';
import { changedColumns, replaceEntry } from './changed-row.js';
import { bindReturning } from './returning.js';
import { bindSets } from './sets.js';
import { readsOf, refuseStream, requireChange, requireTarget, tableTarget } from './target.js';

export function bindUpdate(parent: Scope, statement: UpdateStatement): BoundQuery {
  const { state } = parent;
  const scope = new Scope(state, parent);
  const withClause = bindWith(scope, statement);
  const table = requireTarget(scope, statement.table);
  refuseStream(table);
  const reads = readsOf(scope, table);
  const old = new TableItem(state, table, statement.alias, undefined, reads);
  const rowKey = old.rowKey();
  const entry = entryOf(old);
  // FROM sees the changed table neither as a neighbour nor by LATERAL.
  entry.isLateralOnly = true;
  entry.isLateralAllowed = false;
  scope.changedItem = old;
  scope.add(entry);
  const from = bindFrom(scope, statement.from ?? [], new Locks(), scanOf(old));
  const where = statement.where === undefined ? undefined : coerceToBoolean(state, scope.bindIn('WHERE', statement.where), 'WHERE');
  const sets = bindSets(scope, old, statement.sets);
  requireChange(
    scope,
    table.oid,
    Privilege.update,
    sets.map((set) => set.number),
  );
  const row = new TableItem(state, table, statement.alias, undefined, reads);
  const target = tableTarget(scope, row);
  replaceEntry(scope, old, row);
  const returning = bindReturning(scope, statement.returning);
  const plan: LogicalUpdate = {
    kind: 'update',
    target,
    allUsers: old.allUsers,
    input: where === undefined ? from.plan : { kind: 'filter', input: from.plan, condition: where },
    rowKey,
    existing: changedColumns(old),
    sets,
    ...recheck([...from.conditions, where]),
    ...(returning === undefined ? {} : { returning }),
  };
  return finishQuery(scope, withClause === undefined ? plan : withClause.wrap(plan), returning ?? []);
}
