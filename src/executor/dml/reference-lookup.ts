import type { CatalogSnapshot } from '../../catalog/catalog.js';
import type { ForeignKeyConstraint, IndexDescriptor, TableDescriptor } from '../../catalog/descriptors.js';
import { assert } from '../../commons/assert.js';
import type { UserId } from '../../commons/ids.js';
import { lockTags } from '../../transaction/lock-tags.js';
import type { SqlValue } from '../../types/value.js';
import { compileIndexEntries, compileRowKeys, compileVisibility, isPartitioned } from '../access/index.js';
import { rowSeq } from '../access/stored-row.js';
import type { ExecutionContext } from '../context.js';
import { type Waiting, wait } from '../waiting.js';
import { serializationFailure } from './lock-row.js';

export interface Reference {
  readonly child: TableDescriptor;
  readonly constraint: ForeignKeyConstraint;
}

export function differ(before: readonly SqlValue[], after: readonly SqlValue[], numbers: readonly number[]): boolean {
  return numbers.some((number) => before[number - 1] !== after[number - 1]);
}

/** How the row that a foreign key refers to is found. */
export interface ReferenceLookup {
  readonly parent: TableDescriptor;
  readonly index: IndexDescriptor;
  /** For each index column, which of the constraint's columns gives it. */
  readonly order: readonly number[];
  readonly rowKeys: ReturnType<typeof compileRowKeys>;
  readonly entries: ReturnType<typeof compileIndexEntries>;
  readonly isVisible: ReturnType<typeof compileVisibility>;
}

export function compileLookup(constraint: ForeignKeyConstraint, catalog: CatalogSnapshot): ReferenceLookup {
  const parent = catalog.relationByOid(constraint.referencedTable);
  const index = catalog.relationByOid(constraint.referencedIndex);
  assert(parent?.kind === 'table' && index?.kind === 'index', `foreign key ${constraint.name} refers to nothing`);
  return {
    parent,
    index,
    order: index.columns.map((column) => constraint.referencedColumns.indexOf(column.column)),
    rowKeys: compileRowKeys(parent),
    entries: compileIndexEntries(parent, index),
    isVisible: compileVisibility(parent),
  };
}

const NO_KEY = new Uint8Array(0);

/**
 * A row that is not committed is not there, and makes nobody wait; one that is about to go is waited for.
 * @param keys in the constraint's order
 * @param lock keeps the row's key as it is until the transaction ends
 * @throws SqlError 40001 where a fixed snapshot shows another version
 */
export function* findReferenced(
  lookup: ReferenceLookup,
  keys: readonly SqlValue[],
  childUser: UserId | undefined,
  cx: ExecutionContext,
  lock: boolean,
): Waiting<boolean> {
  const { parent, index, order } = lookup;
  const { transaction } = cx;
  const user = isPartitioned(parent) ? (childUser ?? cx.actingUser) : undefined;
  const space = cx.access.tableSpace(parent, user);
  const ordered = order.map((position) => keys[position] ?? null);
  let rowKey: Uint8Array;
  if (index.clustered) {
    const values: SqlValue[] = parent.columns.map(() => null);
    index.columns.forEach((column, i) => {
      values[column.column - 1] = ordered[i] ?? null;
    });
    rowKey = lookup.rowKeys.ofRow(values, user);
  } else {
    const found = transaction.getNewest(cx.access.indexSpace(parent, index, user), lookup.entries.key(ordered, NO_KEY, user));
    const entry = found instanceof Promise ? yield* wait(found) : found;
    if (entry === undefined) return false;
    rowKey = entry.slice();
  }
  const newest = transaction.getNewest(space, rowKey);
  let value = newest instanceof Promise ? yield* wait(newest) : newest;
  const isSnapshotFixed = lock && transaction.options.isolation !== 'read committed';
  if (isSnapshotFixed && value !== undefined && rowSeq(value) > cx.view.seq) {
    const isThere = lookup.isVisible(value, cx);
    const seen = cx.view.get(space, rowKey);
    const inSnapshot = seen instanceof Promise ? yield* wait(seen) : seen;
    if (inSnapshot === undefined || !lookup.isVisible(inSnapshot, cx)) return false;
    if (!isThere) throw serializationFailure('update');
  } else if (value === undefined || !lookup.isVisible(value, cx)) return false;
  if (!lock) return true;
  const locked = transaction.lock(lockTags.row(space, rowKey), 'KEY SHARE');
  if (!(locked instanceof Promise)) return true;
  yield* wait(locked);
  const after = transaction.getNewest(space, rowKey);
  value = after instanceof Promise ? yield* wait(after) : after;
  if (value !== undefined && lookup.isVisible(value, cx)) return true;
  if (isSnapshotFixed) throw serializationFailure('update');
  return false;
}
