import type { IndexDescriptor, TableDescriptor } from '../../catalog/descriptors.js';
import { hasEntries } from '../../catalog/index-methods.js';
import { assert } from '../../commons/assert.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { SqlValue } from '../../types/value.js';
import type { ExecutionContext } from '../context.js';
import type { UtilityContext } from '../ddl/context.js';
import type { CompiledIndex } from '../dml/compiled-target.js';
import { findConflict } from '../dml/exclusions.js';
import { addInvertedEntries } from '../dml/inverted-rows.js';
import { checkKeyLength } from '../dml/row-writer.js';
import { isTouched, touch } from '../dml/touched.js';
import { exclusionViolation, keyText } from '../dml/violations.js';
import type { Frame } from '../frame.js';
import { drive } from '../waiting.js';
import { type BulkTarget, bulkTarget } from './bound-target.js';
import { type TableRow, tableRows } from './table-rows.js';

/** Fills a new index from the table's rows. @throws SqlError 23505 where a unique one can't be */
export async function buildIndex(table: TableDescriptor, index: IndexDescriptor, cx: UtilityContext): Promise<void> {
  if (!hasEntries(index)) return;
  const { target, frame } = bulkTarget(table, cx);
  const inverted = target.inverted(frame.cx.catalog).find((candidate) => candidate.index.oid === index.oid);
  if (inverted !== undefined) {
    for await (const piece of tableRows(table, cx)) for (const row of piece) addInvertedEntries(inverted, target, row, row.user, frame);
    cx.transaction.noteIndexBuilt(index.oid);
    return;
  }
  const compiled = target.indexes(frame.cx.catalog).find((candidate) => candidate.index.oid === index.oid);
  assert(compiled !== undefined, 'a table has the index that is being built');
  for await (const piece of tableRows(table, cx)) for (const row of piece) addEntry(table, compiled, row, frame);
  await checkExclusion(table, { target, frame }, compiled, cx);
  cx.transaction.noteIndexBuilt(index.oid);
}

/** Existing rows of a new EXCLUDE constraint, whose entries are there. @throws SqlError 23P01 */
export async function checkExclusion(
  table: TableDescriptor,
  { target, frame }: Pick<BulkTarget, 'target' | 'frame'>,
  compiled: CompiledIndex,
  cx: UtilityContext,
): Promise<void> {
  const { exclusion } = compiled;
  if (exclusion === undefined) return;
  for await (const piece of tableRows(table, cx))
    for (const { key, user, values } of piece) {
      const keys = compiled.keysOf(values, frame);
      if (keys === undefined || keys.includes(null)) continue;
      const found = await drive(findConflict(target, compiled, exclusion, keys, key, user, frame));
      if (found !== undefined) throw exclusionViolation(table, compiled.index, keys, found.keys, frame.cx, true);
    }
}

/** One row's entry in an index that nobody else can write to. */
export function addEntry(table: TableDescriptor, compiled: CompiledIndex, row: TableRow, frame: Frame): void {
  const { cx } = frame;
  const keys = compiled.keysOf(row.values, frame);
  if (keys === undefined) return;
  const space = cx.access.indexSpace(table, compiled.index, row.user);
  const key = compiled.entries.key(keys, row.key, row.user);
  checkKeyLength(key, cx, compiled.index);
  // The index is new, so nothing is in it but what was put there here.
  if (compiled.entries.isUnique(keys) && cx.transaction.getOwn(space, key) !== undefined) throw notUnique(table, compiled.index, keys, cx);
  if (compiled.entries.isUniqueInTheEnd(keys)) {
    const prefix = compiled.entries.prefix(keys, row.user);
    if (isTouched(frame, space, prefix)) throw notUnique(table, compiled.index, keys, cx);
    touch(frame, space, prefix);
  }
  cx.transaction.put(space, key, row.key);
}

export function notUnique(table: TableDescriptor, index: IndexDescriptor, keys: readonly SqlValue[], cx: ExecutionContext): SqlError {
  const schema = cx.catalog.schemaByOid(table.schema)?.name;
  return new SqlError(SqlState.uniqueViolation, `could not create unique index "${index.name}"`, {
    detail: `Key ${keyText(table, index, keys, cx)} is duplicated.`,
    ...(schema === undefined ? {} : { schema }),
    table: table.name,
    constraint: index.name,
  });
}
