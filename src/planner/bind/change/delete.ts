import { Privilege } from '../../../catalog/descriptors.js';
import type { DeleteStatement } from '../../parse/ast.js';
import { bindFrom } from '../from/index.js';
import { Locks } from '../from/locks.js';
import type { LogicalDelete, LogicalInstead } from '../logical.js';
import { recheck } from '../nodes.js';
import { finishQuery } from '../query/pending.js';
import { bindWith } from '../query/with.js';
import { entryOf, Scope } from '../scope/scope.js';
import type { BoundQuery } from '../state.js';
import { bindTarget } from './changed-relation.js';
import { changedColumns, exemption, filtered, joinRuleRows } from './changed-row.js';
import { bindChangeWhere, changedScan } from './current-of.js';
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
  const isInstead = changed.instead !== undefined;
  const rowKey = isInstead ? base.firstId : base.rowKey();
  const tableId = base.tableId();
  const entry = entryOf(old);
  entry.isLateralOnly = true;
  entry.isLateralAllowed = false;
  scope.changedItem = old;
  scope.add(entry);
  const from = bindFrom(
    scope,
    statement.using ?? [],
    new Locks(),
    joinRuleRows(scope, changedScan(scope, changed, statement.where), parent.takeRuleRows()),
  );
  const where = bindChangeWhere(scope, statement.where);
  changed.requireChange(Privilege.delete);
  const exempt = exemption(parent, scope, old, undefined);
  const returning = bindReturning(scope, statement.returning);
  changed.secure(base.isRead);
  const existing = changedColumns(base);
  const input = filtered(from.plan, [where, exempt]);
  if (isInstead) {
    const target = { ...tableTarget(scope, base), columns: existing };
    const plan: LogicalInstead = {
      kind: 'instead',
      event: 'delete',
      target,
      input,
      existing,
      values: [],
      ...(returning === undefined ? {} : { returning }),
    };
    return finishQuery(scope, withClause === undefined ? plan : withClause.wrap(plan), returning ?? []);
  }
  const plan: LogicalDelete = {
    kind: 'delete',
    // The deleted row stands where other changes have the new one, so that index entries are found by it.
    target: { ...tableTarget(scope, base), columns: existing },
    allUsers: base.allUsers,
    input,
    rowKey,
    ...tableId,
    existing,
    ...recheck([base.security, ...conditions, ...from.conditions, where, exempt]),
    ...(returning === undefined ? {} : { returning }),
  };
  return finishQuery(scope, withClause === undefined ? plan : withClause.wrap(plan), returning ?? []);
}
