import type { CatalogSnapshot } from '../../catalog/catalog.js';
import type { ForeignKeyConstraint, IndexDescriptor, TableDescriptor } from '../../catalog/descriptors.js';
import { assert } from '../../commons/assert.js';
import type { Oid, UserId } from '../../commons/ids.js';
import { numbersOf } from '../../planner/partitions/column-numbers.js';
import { ancestorsOf } from '../../planner/partitions/descendants.js';
import { partitionMapOf } from '../../planner/partitions/partition-map.js';
import { lockTags } from '../../transaction/lock-tags.js';
import type { SqlValue } from '../../types/value.js';
import { compileIndexEntries, compileRowKeys, compileVisibility, isPartitioned } from '../access/index.js';
import { rowSeq } from '../access/stored-row.js';
import type { ExecutionContext } from '../context.js';
import { type Waiting, wait } from '../waiting.js';
import { serializationFailure } from './lock-row.js';

export interface Reference {
  readonly child: TableDescriptor;
  /** Its referenced columns are those of the table that is referred to. */
  readonly constraint: ForeignKeyConstraint;
  /** Where that is a partition: the constraint as it is, which refers to a partitioned table above. */
  readonly original?: ForeignKeyConstraint;
}

/** Foreign keys that lead to rows of a table, also by way of the partitioned tables that it is a partition of. */
export function referencesTo(table: TableDescriptor, catalog: CatalogSnapshot): readonly Reference[] {
  const found: Reference[] = [];
  for (const target of [table, ...(table.partitionBound === undefined ? [] : ancestorsOf(table, catalog))]) {
    for (const child of catalog.referencingTables(target.oid)) {
      // A partitioned table's rows are its partitions', which have the key too.
      if (child.partitionKey !== undefined) continue;
      for (const constraint of child.constraints) {
        if (constraint.kind !== 'foreign key' || constraint.referencedTable !== target.oid) continue;
        if (target === table) found.push({ child, constraint });
        else {
          const numbers = numbersOf(target, table);
          const referencedColumns = constraint.referencedColumns.map((number) => numbers[number - 1] ?? 0);
          found.push({ child, constraint: { ...constraint, referencedColumns }, original: constraint });
        }
      }
    }
  }
  return found;
}

/** The foreign key that a partition's is a part of, and the table that declares it. */
export function declaredReference(reference: Reference, catalog: CatalogSnapshot): Reference {
  let { child, constraint } = reference;
  while (constraint.parent !== undefined) {
    const { parent } = constraint;
    const table = catalog.relationByOid(child.parents?.[0] ?? 0);
    const declared = table?.kind === 'table' ? table.constraints.find(({ oid }) => oid === parent) : undefined;
    if (table?.kind !== 'table' || declared?.kind !== 'foreign key') break;
    child = table;
    constraint = declared;
  }
  return { child, constraint };
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
  readonly constraint: ForeignKeyConstraint;
  /** Of a partitioned table: the same in its partitions. */
  readonly parts: Map<Oid, ReferenceLookup>;
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
    constraint,
    parts: new Map(),
  };
}

/** Where a row with these keys lies, if the referenced table is partitioned: its keys hold the partition's. */
function partOf(lookup: ReferenceLookup, keys: readonly SqlValue[], catalog: CatalogSnapshot): ReferenceLookup | undefined {
  const { parent, index, constraint } = lookup;
  const map = partitionMapOf(parent, catalog);
  const key = map.key.columns.map((column) => keys[constraint.referencedColumns.indexOf(column.column)] ?? null);
  const partition = map.ordered[map.find(key)];
  if (partition === undefined) return undefined;
  const known = lookup.parts.get(partition.oid);
  if (known !== undefined && known.parent === partition) return known;
  const part = catalog.indexesOf(partition.oid).find(({ parentIndex }) => parentIndex === index.oid);
  if (part === undefined) return undefined;
  const numbers = numbersOf(parent, partition);
  const referencedColumns = constraint.referencedColumns.map((number) => numbers[number - 1] ?? 0);
  const found = compileLookup({ ...constraint, referencedTable: partition.oid, referencedIndex: part.oid, referencedColumns }, catalog);
  lookup.parts.set(partition.oid, found);
  return found;
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
  if (lookup.parent.partitionKey !== undefined) {
    const part = partOf(lookup, keys, cx.catalog);
    return part === undefined ? false : yield* findReferenced(part, keys, childUser, cx, lock);
  }
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
