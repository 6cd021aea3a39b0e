import type { Constraint, IndexColumn, IndexDescriptor, KeyConstraint, TableDescriptor } from '../../../catalog/descriptors.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { storedExpression } from '../../../planner/bind/stored-text.js';
import { figureColumnName } from '../../../planner/parse/column-name.js';
import { numbersOf } from '../../../planner/partitions/column-numbers.js';
import type { UtilityContext } from '../context.js';
import { catalogOf } from '../names.js';
import { addConstraint, freeConstraintName, newOid, type TableDraft } from '../table-draft.js';

/** A key over a partitioned table is only as unique as its partitions are told apart by it. @throws SqlError 0A000 */
export function requirePartitionColumns(table: TableDescriptor, numbers: readonly number[], kind: 'PRIMARY KEY' | 'UNIQUE'): void {
  for (const key of table.partitionKey?.columns ?? []) {
    if (key.column === 0)
      throw new SqlError(SqlState.featureNotSupported, `unsupported ${kind} constraint with partition key definition`, {
        detail: `${kind} constraints cannot be used when partition keys include expressions.`,
      });
    if (!numbers.includes(key.column))
      throw new SqlError(SqlState.featureNotSupported, 'unique constraint on partitioned table must include all partitioning columns', {
        detail: `${kind} constraint on table "${table.name}" lacks column "${table.columns[key.column - 1]?.name ?? ''}" which is part of the partition key.`,
      });
  }
}

/**
 * A partition's part of a partitioned table's index, with its constraint where the index has one. Not built.
 * @param isNew the partition has no rows yet: its primary key can be its row key
 */
export function addPartitionIndex(
  draft: TableDraft,
  parent: TableDescriptor,
  index: IndexDescriptor,
  isNew: boolean,
  cx: UtilityContext,
): IndexDescriptor {
  const numbers = numbersOf(parent, draft.table);
  const map = (number: number): number => (number === 0 ? 0 : (numbers[number - 1] ?? 0));
  const of = parent.constraints.find((constraint): constraint is KeyConstraint => constraint.oid === index.constraint);
  const names = index.columns.map((column) => nameOfKey(parent, column, cx));
  if (index.primary && draft.table.constraints.some((constraint) => constraint.kind === 'primary key'))
    throw new SqlError(SqlState.invalidTableDefinition, `multiple primary keys for table "${draft.table.name}" are not allowed`);
  if (index.unique)
    requirePartitionColumns(
      draft.table,
      index.columns.map((column) => map(column.column)),
      index.primary ? 'PRIMARY KEY' : 'UNIQUE',
    );
  const label = of === undefined ? 'idx' : index.primary ? 'pkey' : 'key';
  const name = freeConstraintName(
    draft,
    index.primary ? [] : [...names, ...(index.including ?? []).map((number) => columnNameOf(parent, number))],
    label,
    cx,
  );
  const clustered =
    index.primary && index.deferrable !== true && isNew && draft.table.rowKey === undefined && draft.table.partitionKey === undefined;
  const columns = index.columns.map((column) => ({ ...column, column: map(column.column) }));
  const constraint = of === undefined ? undefined : newOid(cx);
  const { constraint: _constraint, parentIndex: _parent, invalid: _invalid, comment: _comment, acl: _acl, ...rest } = index;
  const part: IndexDescriptor = {
    ...rest,
    oid: newOid(cx),
    name,
    owner: draft.table.owner,
    schema: draft.schema.oid,
    persistence: draft.table.persistence,
    table: draft.table.oid,
    storage: clustered ? draft.table.storage : cx.session.catalog.allocateStorage(),
    clustered,
    columns,
    ...(index.including === undefined ? {} : { including: index.including.map(map) }),
    parentIndex: index.oid,
    ...(constraint === undefined ? {} : { constraint }),
  };
  if (index.primary) {
    const keys = new Set(columns.map((column) => column.column));
    draft.table = { ...draft.table, columns: draft.table.columns.map((one) => (keys.has(one.number) ? { ...one, notNull: true } : one)) };
    if (clustered) draft.table = { ...draft.table, rowKey: columns.map((column) => column.column) };
  }
  if (of !== undefined && constraint !== undefined) {
    const { comment: _text, ...key } = of;
    addConstraint(draft, { ...key, oid: constraint, name, columns: of.columns.map(map), index: part.oid, parent: of.oid, notLocal: true });
  }
  draft.indexes.push(part);
  return part;
}

function columnNameOf(table: TableDescriptor, number: number): string {
  return table.columns[number - 1]?.name ?? '';
}

function nameOfKey(table: TableDescriptor, column: IndexColumn, cx: UtilityContext): string {
  if (column.exprText === undefined) return columnNameOf(table, column.column);
  const figured = figureColumnName(storedExpression(cx.planner.parser, column, column.exprText));
  return figured === '?column?' ? 'expr' : figured;
}

/** An index of the partition that can serve as its part of the partitioned table's. */
export function matchingIndex(
  child: TableDescriptor,
  parent: TableDescriptor,
  index: IndexDescriptor,
  cx: UtilityContext,
): IndexDescriptor | undefined {
  const candidates = catalogOf(cx).indexesOf(child.oid);
  return candidates.find((candidate) => candidate.parentIndex === undefined && isSameIndex(child, candidate, parent, index));
}

export function isSameIndex(child: TableDescriptor, candidate: IndexDescriptor, parent: TableDescriptor, index: IndexDescriptor): boolean {
  const numbers = numbersOf(parent, child);
  if (candidate.unique !== index.unique || candidate.method !== index.method || candidate.columns.length !== index.columns.length)
    return false;
  if ((candidate.nullsNotDistinct ?? false) !== (index.nullsNotDistinct ?? false)) return false;
  if (candidate.predicateText !== index.predicateText) return false;
  const included = (one: IndexDescriptor, map: (number: number) => number): string => (one.including ?? []).map(map).join();
  if (included(candidate, (number) => number) !== included(index, (number) => numbers[number - 1] ?? 0)) return false;
  const wantsConstraint = index.constraint !== undefined;
  if (wantsConstraint && (candidate.constraint === undefined || candidate.primary !== index.primary)) return false;
  return candidate.columns.every((column, i) => {
    const wanted = index.columns[i];
    if (wanted === undefined) return false;
    const number = wanted.column === 0 ? 0 : numbers[wanted.column - 1];
    return column.column === number && column.exprText === wanted.exprText && column.opclass === wanted.opclass;
  });
}

/** Makes an index of a partition the part of the partitioned table's, its constraint likewise. */
export function linkIndex(child: TableDescriptor, part: IndexDescriptor, index: IndexDescriptor, cx: UtilityContext): TableDescriptor {
  const { catalog } = cx.session;
  catalog.put(cx.transaction, { ...part, parentIndex: index.oid });
  if (index.constraint === undefined || part.constraint === undefined) return child;
  const constraints = child.constraints.map((one): Constraint => {
    if (one.oid !== part.constraint || (one.kind !== 'primary key' && one.kind !== 'unique')) return one;
    return { ...one, parent: index.constraint ?? 0, notLocal: true };
  });
  const linked = { ...child, constraints };
  catalog.put(cx.transaction, linked);
  return linked;
}
