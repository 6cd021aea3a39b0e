import { Privilege, type RelationDescriptor, type TableDescriptor, type ViewDescriptor } from '../../../catalog/descriptors.js';
import { hasEntries } from '../../../catalog/index-methods.js';
import { assert } from '../../../commons/assert.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { QName } from '../../parse/ast.js';
import { numbersOf } from '../../partitions/column-numbers.js';
import type { Clause } from '../clause.js';
import { coerceToBoolean, coerceToColumn } from '../coerce.js';
import { errorAt, locationOf } from '../errors.js';
import type { BoundExpr, ColumnId } from '../expression.js';
import { asRole, requireRelation } from '../from/relation.js';
import type { PartitionLevel, TableTarget } from '../logical.js';
import { columnNode } from '../nodes.js';
import { TableItem } from '../scope/relation-item.js';
import { entryOf, Scope } from '../scope/scope.js';
import type { PrivilegeUse } from '../state.js';
import { storedExpression, withoutPosition } from '../stored-text.js';
import { boundExclusion } from './exclusion.js';
import { targetTriggers } from './triggers.js';

/** What a statement changes, by its name. @throws SqlError 42P01, 42809, 42501 */
export function requireChangeable(scope: Scope, name: QName): TableDescriptor | ViewDescriptor {
  const relation = requireRelation(scope, name);
  if (relation.kind === 'table' && relation.materialized !== undefined)
    throw new SqlError(SqlState.wrongObjectType, `cannot change materialized view "${relation.name}"`);
  if (relation.kind === 'table' || relation.kind === 'view') return relation;
  throw notATable(relation, name);
}

function notATable(relation: Exclude<RelationDescriptor, TableDescriptor | ViewDescriptor>, name: QName): SqlError {
  switch (relation.kind) {
    case 'virtual':
      return new SqlError(SqlState.insufficientPrivilege, `permission denied: "${relation.name}" is a system catalog`);
    case 'sequence':
      return new SqlError(SqlState.wrongObjectType, `cannot change sequence "${relation.name}"`);
    case 'composite':
      return errorAt(SqlState.wrongObjectType, `cannot change relation "${relation.name}"`, locationOf(name));
    case 'index':
      return errorAt(SqlState.wrongObjectType, `"${relation.name}" is an index`, locationOf(name));
  }
}

/** Rows of stream tables come and expire, and are never changed. @throws SqlError 0A000 */
export function refuseStream(table: TableDescriptor): void {
  if (table.tableType === 'stream') throw new SqlError(SqlState.featureNotSupported, 'stream tables are append-only');
}

/** The privilege to read the target, as far as the statement does. */
export function readsOf(scope: Scope, table: TableDescriptor): PrivilegeUse {
  return scope.state.requires({
    objectKind: 'table',
    oid: table.oid,
    privileges: Privilege.select,
    columns: new Set(),
    isOptional: true,
    ...asRole(scope),
  });
}

/** What the executor needs to write rows, over the columns of `row`, the new row. */
export function tableTarget(scope: Scope, row: TableItem): TableTarget {
  const table = row.relation;
  assert(table.kind === 'table', 'only tables are changed');
  row.useAll();
  return {
    table,
    alias: row.alias,
    columns: row.columns,
    checks: checksOf(scope, table, row.firstId),
    generated: generatedOf(scope, table, row.firstId),
    indexes: indexesOf(scope, table, row.firstId),
    ...partitioningOf(scope, table, row.firstId),
    ...targetTriggers(scope.state, table),
  };
}

function checksOf(scope: Scope, table: TableDescriptor, firstId: ColumnId): TableTarget['checks'] {
  const checks: { name: string; condition: BoundExpr }[] = [];
  for (const constraint of table.constraints) {
    if (constraint.kind !== 'check') continue;
    const condition = bindStored(scope, table, firstId, constraint, constraint.exprText, 'CHECK');
    checks.push({ name: constraint.name, condition: coerceToBoolean(scope.state, condition, 'CHECK') });
  }
  // PostgreSQL checks them in the order of their names.
  return checks.sort((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0));
}

function generatedOf(scope: Scope, table: TableDescriptor, firstId: ColumnId): TableTarget['generated'] {
  const generated: { number: number; expr: BoundExpr }[] = [];
  for (const column of table.columns) {
    if (column.generatedText === undefined || column.dropped === true) continue;
    const expr = bindStored(scope, table, firstId, column, column.generatedText, 'GENERATED');
    generated.push({ number: column.number, expr: coerceToColumn(scope.state, expr, column) });
  }
  return generated;
}

function indexesOf(scope: Scope, table: TableDescriptor, firstId: ColumnId): TableTarget['indexes'] {
  const { state } = scope;
  const kept = state.catalog.indexesOf(table.oid).filter(hasEntries);
  return kept.map((index) => {
    const keys = index.columns.map((key) => {
      if (key.exprText !== undefined) return bindStored(scope, table, firstId, key, key.exprText, 'partition key');
      const column = table.columns[key.column - 1];
      assert(column !== undefined, 'an index is over columns of its table');
      return columnNode((firstId + key.column - 1) as ColumnId, column.name, column.type, column.typmod, column.collation);
    });
    return {
      index: index.oid,
      keys,
      ...(index.exclusion === undefined ? {} : { exclusion: boundExclusion(scope, keys, index.exclusion) }),
      ...(index.predicateText === undefined
        ? {}
        : { predicate: bindStored(scope, table, firstId, index, index.predicateText, 'index predicate') }),
    };
  });
}

/** An expression that belongs to the table, over one of its rows; it asks for no privilege. */
export function bindStored(
  scope: Scope,
  table: TableDescriptor,
  firstId: ColumnId,
  owner: object,
  text: string,
  clause: Clause,
): BoundExpr {
  const { state } = scope;
  return withoutPosition(() => {
    const inner = new Scope(state, undefined, { searchPath: state.environment.searchPath, hasParameters: false }, scope.depth);
    inner.add(entryOf(new TableItem(state, table, undefined, undefined, undefined, firstId)));
    return inner.bindIn(clause, storedExpression(state.cx.parser, owner, text));
  });
}

/** Where its rows lie as partitions: its own key, and those of the partitioned tables above it, spoken of in its own columns. */
function partitioningOf(scope: Scope, table: TableDescriptor, firstId: ColumnId): Pick<TableTarget, 'partitionKey' | 'partitionOf'> {
  const levels: PartitionLevel[] = [];
  for (let partition = table; partition.partitionBound !== undefined; ) {
    const parent = scope.state.catalog.relationByOid(partition.parents?.[0] ?? 0);
    assert(parent?.kind === 'table', 'a partition has its partitioned table');
    levels.push({ partition, parent, key: partitionKeyOf(scope, parent, table, firstId) });
    partition = parent;
  }
  return {
    ...(table.partitionKey === undefined ? {} : { partitionKey: partitionKeyOf(scope, table, table, firstId) }),
    ...(levels.length === 0 ? {} : { partitionOf: levels }),
  };
}

/** A partitioned table's key over a row of a table below it. */
function partitionKeyOf(scope: Scope, parent: TableDescriptor, table: TableDescriptor, firstId: ColumnId): readonly BoundExpr[] {
  const numbers = numbersOf(parent, table);
  return (parent.partitionKey?.columns ?? []).map((key) => {
    if (key.exprText !== undefined) return bindStored(scope, table, firstId, key, key.exprText, 'partition key');
    const column = table.columns[(numbers[key.column - 1] ?? 0) - 1];
    assert(column !== undefined, 'a partition has its key columns');
    return columnNode((firstId + column.number - 1) as ColumnId, column.name, column.type, column.typmod, column.collation);
  });
}

/** There is no such column to write to: 42703, or 0A000 for a hidden one. */
export function refuseMissing(
  relation: TableDescriptor | ViewDescriptor,
  name: string,
  location: number | undefined,
  isUpdate: boolean,
): SqlError {
  if (isUpdate && ['tableoid', 'ctid', 'xmin', 'cmin', 'xmax', 'cmax', '_seq', '_updated', '_deleted', '_user_id'].includes(name)) {
    return errorAt(SqlState.featureNotSupported, `cannot assign to system column "${name}"`, location);
  }
  return errorAt(SqlState.undefinedColumn, `column "${name}" of relation "${relation.name}" does not exist`, location);
}
