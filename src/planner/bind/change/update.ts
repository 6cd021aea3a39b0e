import { Privilege } from '../../../catalog/descriptors.js';
import type { UpdateStatement } from '../../parse/ast.js';
import { bindFrom } from '../from/index.js';
import { Locks } from '../from/locks.js';
import type { LogicalInstead, LogicalUpdate } from '../logical.js';
import { recheck } from '../nodes.js';
import { finishQuery } from '../query/pending.js';
import { bindWith } from '../query/with.js';
import { entryOf, Scope } from '../scope/scope.js';
import type { BoundQuery } from '../state.js';
import { bindTarget } from './changed-relation.js';
import { changedColumns, exemption, filtered, joinRuleRows, replaceEntry } from './changed-row.js';
import { bindChangeWhere, changedScan } from './current-of.js';
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
  const isInstead = changed.instead !== undefined;
  const rowKey = isInstead ? base.firstId : base.rowKey();
  const tableId = base.tableId();
  const entry = entryOf(old);
  // FROM sees the changed table neither as a neighbour nor by LATERAL.
  entry.isLateralOnly = true;
  entry.isLateralAllowed = false;
  scope.changedItem = old;
  scope.add(entry);
  const from = bindFrom(
    scope,
    statement.from ?? [],
    new Locks(),
    joinRuleRows(scope, changedScan(scope, changed, statement.where), parent.takeRuleRows()),
  );
  const where = bindChangeWhere(scope, statement.where);
  const { sets, indexes } = bindSets(scope, changed, old, statement.sets);
  changed.requireChange(Privilege.update, indexes);
  const exempt = exemption(
    parent,
    scope,
    old,
    changed.columns.map(({ column }) => sets.find(({ number }) => number === column?.number)?.expr),
  );
  const row = changed.again();
  replaceEntry(scope, old, row.item);
  const returning = bindReturning(scope, statement.returning);
  const isRead = base.isRead || row.base.isRead;
  changed.secure(isRead);
  const target = changed.tableTarget(changed.written(row, 'update', isRead));
  const input = filtered(from.plan, [where, exempt]);
  if (isInstead) {
    const plan: LogicalInstead = {
      kind: 'instead',
      event: 'update',
      target,
      input,
      existing: changedColumns(base),
      values: sets,
      ...(returning === undefined ? {} : { returning }),
    };
    return finishQuery(scope, withClause === undefined ? plan : withClause.wrap(plan), returning ?? []);
  }
  const plan: LogicalUpdate = {
    kind: 'update',
    target,
    allUsers: base.allUsers,
    input,
    rowKey,
    ...tableId,
    existing: changedColumns(base),
    sets,
    ...recheck([base.security, ...conditions, ...from.conditions, where, exempt]),
    ...(returning === undefined ? {} : { returning }),
  };
  return finishQuery(scope, withClause === undefined ? plan : withClause.wrap(plan), returning ?? []);
}
