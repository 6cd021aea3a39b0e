import { Privilege } from '../../../catalog/descriptors.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { InsertStatement, MergeStatement, MergeWhen } from '../../parse/ast.js';
import { coerceToBoolean } from '../coerce.js';
import { errorAt, locationOf } from '../errors.js';
import { bindFrom } from '../from/index.js';
import { Locks } from '../from/locks.js';
import { requireRelation } from '../from/relation.js';
import { scanOf } from '../from/table.js';
import type { LogicalMerge, LogicalPlan, MergeAction } from '../logical.js';
import { recheck } from '../nodes.js';
import { finishQuery } from '../query/pending.js';
import { bindWith } from '../query/with.js';
import { entryOf, type NamespaceEntry, Scope, setLateral } from '../scope/scope.js';
import type { BoundQuery } from '../state.js';
import { bindTarget, type ChangedRelation } from './changed-relation.js';
import { changedColumns } from './changed-row.js';
import { insertColumns, insertedValue } from './insert.js';
import { bindSource } from './insert-source.js';
import { bindSets } from './sets.js';
import { refuseStream } from './target.js';

/** MERGE: the source joined to the target, and for each row of that the first action that fits. @throws SqlError 42601, 42712, 42809 … */
export function bindMerge(parent: Scope, statement: MergeStatement): BoundQuery {
  const { state } = parent;
  const scope = new Scope(state, parent);
  if (statement.with?.recursive === true) {
    throw errorAt(SqlState.featureNotSupported, 'WITH RECURSIVE is not supported for MERGE statement', undefined);
  }
  const withClause = bindWith(scope, statement);
  refuseUnreachable(statement.whens);
  const changed = requireMergeTarget(scope, statement);
  refuseStream(changed.table);
  const old = changed.row.base;
  const rowKey = old.rowKey();
  const tableId = old.tableId();
  const targetEntry = entryOf(old);
  const from = bindFrom(scope, [statement.using], new Locks());
  const sourceEntries = scope.namespace;
  if (sourceEntries.some((entry) => entry.isRelationVisible && entry.item.alias === old.alias)) {
    throw errorAt(SqlState.duplicateAlias, `name "${old.alias}" specified more than once`, undefined, {
      detail: 'The name is used both as MERGE target table and data source.',
    });
  }
  scope.items.unshift(old);
  const both = [targetEntry, ...sourceEntries];
  setLateral(both, false, true);
  scope.namespace = both;
  const on = coerceToBoolean(state, scope.bindIn('JOIN', statement.on), 'JOIN/ON');
  const row = changed.written(changed.again(), 'update', true);
  const actions = statement.whens.map((when) => bindWhen(scope, when, changed, both, sourceEntries));
  changed.secure(true);
  const target = changed.tableTarget(row);
  const join: LogicalPlan = {
    kind: 'join',
    type: statement.whens.some((when) => !when.matched) ? 'left' : 'inner',
    left: from.plan,
    right: scanOf(old),
    on,
    lateral: false,
  };
  const plan: LogicalMerge = {
    kind: 'merge',
    target,
    input: join,
    rowKey,
    ...tableId,
    existing: changedColumns(old),
    actions,
    ...recheck([on]),
  };
  return finishQuery(scope, withClause === undefined ? plan : withClause.wrap(plan), []);
}

function requireMergeTarget(scope: Scope, { into, alias }: MergeStatement): ChangedRelation {
  const isQuery = into.schema === undefined && scope.findCte(into.name) !== undefined;
  const relation = isQuery ? undefined : requireRelation(scope, into);
  if (relation?.kind === 'view') {
    throw errorAt(SqlState.wrongObjectType, `cannot execute MERGE on relation "${relation.name}"`, undefined, {
      detail: 'This operation is not supported for views.',
    });
  }
  return bindTarget(scope, into, alias, 'update');
}

function refuseUnreachable(whens: readonly MergeWhen[]): void {
  const isEnded = { true: false, false: false };
  for (const { matched, condition } of whens) {
    const kind = matched ? 'true' : 'false';
    if (isEnded[kind]) {
      throw errorAt(SqlState.syntaxError, 'unreachable WHEN clause specified after unconditional WHEN clause', undefined);
    }
    if (condition === undefined) isEnded[kind] = true;
  }
}

/** A row without a match has no target row that could be spoken of. */
function bindWhen(scope: Scope, when: MergeWhen, changed: ChangedRelation, both: NamespaceEntry[], source: NamespaceEntry[]): MergeAction {
  scope.namespace = when.matched ? both : source;
  const condition =
    when.condition === undefined ? undefined : coerceToBoolean(scope.state, scope.bindIn('MERGE WHEN', when.condition), 'WHEN');
  const common = { matched: when.matched, ...(condition === undefined ? {} : { condition }) };
  const { action } = when;
  switch (action.type) {
    case 'nothing':
      scope.state.writes.add(changed.table.oid);
      return { ...common, kind: 'nothing' };
    case 'delete':
      changed.requireChange(Privilege.delete);
      return { ...common, kind: 'delete' };
    case 'update': {
      const { sets, indexes } = bindSets(scope, changed, changed.row.item, action.sets);
      changed.requireChange(Privilege.update, indexes);
      return { ...common, kind: 'update', sets };
    }
    case 'insert': {
      const insert: InsertStatement = {
        type: 'insert',
        into: { name: changed.relation.name },
        ...(action.columns === undefined ? {} : { columns: action.columns }),
        ...(action.overriding === undefined ? {} : { overriding: action.overriding }),
        ...(action.values === undefined ? {} : { insert: { type: 'values', values: [action.values] } }),
      };
      const columns = insertColumns(scope, changed, insert);
      const given = bindSource(scope, insert, columns);
      const [first] = action.values ?? [];
      if (scope.hasSetFunctions) {
        const message = 'set-returning functions are not allowed in VALUES';
        throw errorAt(SqlState.featureNotSupported, message, first === undefined ? undefined : locationOf(first));
      }
      changed.requireChange(Privilege.insert, columns.indexes.slice(0, given.given.length));
      const values = changed.stored.map((column) => ({
        number: column.number,
        expr: insertedValue(scope, column, columns.list, given),
      }));
      return { ...common, kind: 'insert', values };
    }
  }
}
