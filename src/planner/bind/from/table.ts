import { Privilege, type TableDescriptor, type VirtualDescriptor } from '../../../catalog/descriptors.js';
import { sequenceRelation } from '../../../catalog/sequence-relation.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { FromTable, QName, TableAlias } from '../../parse/ast.js';
import { errorAt, locationOf } from '../errors.js';
import type { LogicalScan } from '../logical.js';
import { visibleRows } from '../row-security.js';
import { itemOf, TableItem } from '../scope/relation-item.js';
import type { Scope } from '../scope/scope.js';
import { aliasNames } from './alias.js';
import { type BoundFrom, single } from './bound-from.js';
import type { Locks } from './locks.js';
import { asRole, requireRelation } from './relation.js';
import { bindSample, refuseSample } from './sample.js';
import { bindTransition } from './transition.js';
import { bindView } from './view.js';

/** A name in FROM: a WITH query, a table, a view. @throws SqlError 42P01, 42809 */
export function bindFromTable(scope: Scope, node: FromTable, locks: Locks): BoundFrom {
  const { name } = node;
  const cte = name.schema === undefined && name.catalog === undefined ? scope.findCte(name.name) : undefined;
  if (cte !== undefined) {
    refuseSample(node);
    return bindCteReference(scope, node, cte.reference(locationOf(node), scope), locks);
  }
  const transition = scope.state.cx.transitions === undefined ? undefined : bindTransition(scope, node);
  if (transition !== undefined) return transition;
  const relation = requireRelation(scope, name);
  switch (relation.kind) {
    case 'table':
    case 'virtual':
      return bindTable(scope, relation, node, locks);
    case 'view':
      refuseSample(node);
      return bindView(scope, relation, node, locks);
    case 'sequence':
      refuseSample(node);
      return bindTable(scope, sequenceRelation(relation), node, locks, 'sequence');
    case 'composite':
      throw errorAt(SqlState.wrongObjectType, `"${relation.name}" is a composite type`, locationOf(node));
    case 'index':
      throw errorAt(SqlState.wrongObjectType, `"${relation.name}" is an index`, locationOf(node));
  }
}

function bindTable(
  scope: Scope,
  table: TableDescriptor | VirtualDescriptor,
  node: FromTable,
  locks: Locks,
  objectKind: 'table' | 'sequence' = 'table',
): BoundFrom {
  const { state } = scope;
  const { alias, tableSample } = node;
  requirePopulated(scope, table);
  const lock = locks.isEmpty ? undefined : locks.lockOf(alias?.name ?? table.name);
  const privilege = state.requires({
    objectKind,
    oid: table.oid,
    privileges: Privilege.select,
    columns: new Set<number>(),
    ...asRole(scope),
  });
  state.reads.add(table.oid);
  const item = tableItem(scope, table, alias, privilege, readsDescendants(scope, table, node.name));
  item.security = visibleRows(scope, item, lock === undefined ? 'select' : 'update', true);
  if (lock !== undefined && table.kind === 'table') {
    state.requires({ objectKind: 'table', oid: table.oid, privileges: Privilege.update, columns: new Set(), ...asRole(scope) });
    locks.add(item, table, lock);
  }
  const scan = scanOf(item);
  const sample = tableSample === undefined ? undefined : bindSample(scope, tableSample, table, item.alias, scan);
  return single(scope, sample ?? scan, item, () => ({
    kind: 'relation',
    item,
    node,
    relation: table,
    ...(sample === undefined ? {} : { sample }),
  }));
}

export function tableItem(
  scope: Scope,
  table: TableDescriptor | VirtualDescriptor,
  alias: TableAlias | undefined,
  privilege: ConstructorParameters<typeof TableItem>[4],
  descendants = false,
): TableItem {
  const plain = new TableItem(scope.state, table, alias?.name, undefined, privilege, undefined, descendants);
  if (alias?.columns === undefined) return plain;
  const names = aliasNames(
    plain.alias,
    alias.columns,
    plain.shape.live.map((column) => column.name),
  );
  return new TableItem(scope.state, table, alias.name, names, privilege, undefined, descendants);
}

export function scanOf(item: TableItem): LogicalScan {
  const { relation: table, alias, columns, allUsers, security } = item;
  const scan: LogicalScan = {
    kind: 'scan',
    table,
    alias,
    columns,
    allUsers,
    ...(item.descendants ? { descendants: true } : {}),
    ...(security === undefined ? {} : { security }),
  };
  item.scan = scan;
  return scan;
}

/** Whether a name means the tables below that table too: those that inherit from it, or its partitions. */
export function readsDescendants(scope: Scope, table: TableDescriptor | VirtualDescriptor, name: QName): boolean {
  if (table.kind !== 'table') return false;
  return table.partitionKey !== undefined || (name.only !== true && scope.state.catalog.childrenOf(table.oid).length > 0);
}

function bindCteReference(
  scope: Scope,
  node: FromTable,
  reference: ReturnType<NonNullable<ReturnType<Scope['findCte']>>['reference']>,
  locks: Locks,
): BoundFrom {
  const alias = node.alias?.name ?? node.name.name;
  if (locks.isNamed(alias)) {
    const lock = locks.lockOf(alias);
    throw errorAt(SqlState.featureNotSupported, `FOR ${lock?.strength ?? 'UPDATE'} cannot be applied to a WITH query`, undefined);
  }
  const names = aliasNames(
    alias,
    node.alias?.columns ?? [],
    reference.columns.map((column) => column.name),
  );
  const columns = reference.columns.map((column, i) => ({ ...column, name: names[i] ?? column.name }));
  return single(
    scope,
    reference.plan,
    itemOf(alias, true, columns, reference.starSize === undefined ? {} : { starSize: reference.starSize }),
    (item) => ({ kind: 'cte', item, node }),
  );
}

/** @throws SqlError 55000 */
function requirePopulated(scope: Scope, table: TableDescriptor | VirtualDescriptor): void {
  if (table.kind !== 'table' || table.materialized?.populated !== false) return;
  if (scope.state.keepsShapes || scope.state.cx.isDefinition === true) return;
  const message = `materialized view "${table.name}" has not been populated`;
  throw errorAt(SqlState.objectNotInPrerequisiteState, message, undefined, { hint: 'Use the REFRESH MATERIALIZED VIEW command.' });
}
