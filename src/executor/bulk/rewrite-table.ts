import type { TableDescriptor } from '../../catalog/descriptors.js';
import { assert } from '../../commons/assert.js';
import type { UserId } from '../../commons/ids.js';
import type { SqlValue } from '../../types/value.js';
import { isPartitioned } from '../access/index.js';
import { encodeRow } from '../access/stored-row.js';
import type { ExecutionContext } from '../context.js';
import type { UtilityContext } from '../ddl/context.js';
import { addInvertedEntries } from '../dml/inverted-rows.js';
import { checkKeyLength } from '../dml/row-writer.js';
import { type CompiledExpression, compileExpression } from '../expression/compile-expression.js';
import { type BulkTarget, bulkTarget } from './bound-target.js';
import { addEntry, checkExclusion, notUnique } from './build-index.js';
import { checkRows, containsNull } from './check-rows.js';
import { type TableRow, tableRows } from './table-rows.js';

/**
 * Writes all rows anew, into new storage, with all indexes: for a new row key, and for columns whose values have to be computed.
 * The new definition with its new storage is put into the catalog; the old spaces are dropped.
 * @throws SqlError 23505, 23502, 23514, 23503
 */
export async function rewriteTable(
  before: TableDescriptor,
  after: TableDescriptor,
  cx: UtilityContext,
  conversions: readonly Converted[] = [],
  owners?: RowOwners,
): Promise<void> {
  const table = moveToNewStorage(before, after, cx);
  const bulk = bulkTarget(table, cx);
  const added = addedColumns(before, bulk, cx);
  for await (const piece of tableRows(before, cx)) for (const row of piece) rewriteRow(table, row, bulk, added, conversions, owners);
  for (const index of bulk.target.indexes(bulk.frame.cx.catalog)) await checkExclusion(table, bulk, index, cx);
  // The rows are read back as written.
  await checkRows(before, table, cx);
}

/** Where a table gets or loses its users' partitions: whose each row becomes, or where it is noted whose it was. */
export type RowOwners =
  | { readonly ownerOf: (values: SqlValue[]) => UserId }
  | { readonly column: number; readonly valueOf: (user: UserId) => SqlValue };

/** A column whose values are computed. */
interface Converted {
  readonly position: number;
  readonly value: CompiledExpression;
}

function moveToNewStorage(before: TableDescriptor, after: TableDescriptor, cx: UtilityContext): TableDescriptor {
  const { catalog } = cx.session;
  for (const space of cx.access.tableSpaces(before)) cx.transaction.dropSpace(space);
  if (before.rowKey === undefined) cx.access.dropCounter(before.storage, cx.transaction);
  const table = { ...after, storage: catalog.allocateStorage() };
  catalog.put(cx.transaction, table);
  for (const index of catalog.snapshot(cx.transaction).indexesOf(table.oid)) {
    if (!index.clustered) for (const space of cx.access.indexSpaces(before, index)) cx.transaction.dropSpace(space);
    catalog.put(cx.transaction, { ...index, storage: index.clustered ? table.storage : catalog.allocateStorage() });
  }
  return table;
}

/** Columns that the old rows lack, with what computes them. */
function addedColumns(
  before: TableDescriptor,
  { bound }: BulkTarget,
  cx: UtilityContext,
): readonly { position: number; value: CompiledExpression }[] {
  return bound.target.columns.flatMap((column) => {
    if (!('number' in column) || column.number <= before.columns.length) return [];
    const expr = bound.defaultOf(column.number);
    return expr === undefined ? [] : [{ position: column.number - 1, value: compileExpression(expr, [], cx.library) }];
  });
}

function rewriteRow(
  table: TableDescriptor,
  row: TableRow,
  { target, frame }: BulkTarget,
  added: readonly Converted[],
  conversions: readonly Converted[],
  owners: RowOwners | undefined,
): void {
  const { cx } = frame;
  const { values } = row;
  const user = isPartitioned(table) ? ownerOf(row, owners) : undefined;
  if (owners !== undefined && 'column' in owners && row.user !== undefined) values[owners.column - 1] = owners.valueOf(row.user);
  // All see the row as it was.
  const converted = conversions.map(({ value }) => value.evaluate(values, cx));
  conversions.forEach(({ position }, i) => {
    values[position] = converted[i] ?? null;
  });
  while (values.length < table.columns.length) values.push(null);
  for (const { position, value } of added) values[position] = value.evaluate(values, cx);
  for (const { position, value } of target.generated) values[position] = value(values, frame);
  const space = cx.access.tableSpace(table, user);
  const clustered = target.clustered(cx.catalog);
  let key: Uint8Array;
  if (table.rowKey === undefined) key = target.rowKeys.ofRowId(cx.access.nextRowId(table.storage), user);
  else {
    requireKey(table, table.rowKey, values, cx);
    key = target.rowKeys.ofRow(values, user);
    checkKeyLength(key, cx, clustered);
    if (cx.transaction.getOwn(space, key) !== undefined && clustered !== undefined) {
      const keys = table.rowKey.map((number) => values[number - 1] ?? null);
      throw notUnique(table, clustered, keys, cx);
    }
  }
  cx.transaction.put(space, key, encodeRow(values, table.serde));
  for (const index of target.indexes(cx.catalog)) addEntry(table, index, { key, user, values }, frame);
  for (const index of target.inverted(cx.catalog)) addInvertedEntries(index, target, { key, values }, user, frame);
}

function ownerOf({ user, values }: TableRow, owners: RowOwners | undefined): UserId {
  if (user !== undefined) return user;
  assert(owners !== undefined && 'ownerOf' in owners, 'rows that become users’ have owners');
  return owners.ownerOf(values);
}

/** A NULL in a row key has no place among the keys, so it is refused before its row is written. */
function requireKey(table: TableDescriptor, rowKey: readonly number[], values: TableRow['values'], cx: ExecutionContext): void {
  for (const number of rowKey) {
    if ((values[number - 1] ?? null) !== null) continue;
    throw containsNull(table, table.columns[number - 1]?.name ?? '', cx);
  }
}
