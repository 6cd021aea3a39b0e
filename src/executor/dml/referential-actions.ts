import type { ForeignKeyActionName, ForeignKeyConstraint, IndexDescriptor, TableDescriptor } from '../../catalog/descriptors.js';
import { isOrdered } from '../../catalog/index-methods.js';
import { assert } from '../../commons/assert.js';
import { type Seq, type UserId, userId } from '../../commons/ids.js';
import { notSupported } from '../../commons/sql-error.js';
import { numbersOf } from '../../planner/partitions/column-numbers.js';
import { ancestorsOf } from '../../planner/partitions/descendants.js';
import { compileKeyRange, prefixRange, userPrefix } from '../../store/key-codec.js';
import type { KeyRange, Space } from '../../store/store.js';
import type { SqlValue } from '../../types/value.js';
import { compileFullDecoder, compileVisibility, indexKeyColumns, isPartitioned } from '../access/index.js';
import { readUserPrefix, rowSeq } from '../access/stored-row.js';
import type { ExecutionContext } from '../context.js';
import { comparatorOf } from '../expression/comparators.js';
import type { Frame } from '../frame.js';
import { type Waiting, wait } from '../waiting.js';
import { lockRow } from './lock-row.js';
import { compileLookup, declaredReference, findReferenced, type Reference } from './reference-lookup.js';
import type { RowWriter, StoredRow } from './row-writer.js';
import { Members } from './tree/members.js';
import { updateMember } from './tree/update-member.js';
import { stillReferenced } from './violations.js';

/** Writers of tables that refer to the one that a statement changes: for CASCADE and the like. */
export interface ChildWriters {
  writer(table: TableDescriptor, cx: ExecutionContext): RowWriter;
  /** The default of a column, for SET DEFAULT. */
  defaultOf(table: TableDescriptor, number: number, cx: ExecutionContext): SqlValue;
}

/** A row of `parent` is gone, or has another key: what its referencing rows do about it. @throws SqlError 23503 */
export function* actOnReferences(
  parent: TableDescriptor,
  reference: Reference,
  before: readonly SqlValue[],
  after: readonly SqlValue[] | undefined,
  user: UserId | undefined,
  frame: Frame,
  children: ChildWriters,
): Waiting<void> {
  const { constraint } = reference;
  const keys = constraint.referencedColumns.map((number) => before[number - 1] ?? null);
  if (keys.includes(null)) return;
  const action = after === undefined ? constraint.onDelete : constraint.onUpdate;
  switch (action) {
    case 'restrict':
      yield* refuse(parent, reference, keys, user, frame, false);
      return;
    case 'no action':
      if (constraint.deferrable === true) {
        frame.cx.session.constraintChecks.add(
          {
            constraint,
            table: parent.oid,
            constrained: reference.child.oid,
            run: (now) => refuse(parent, reference, keys, user, now, true),
          },
          frame,
        );
        return;
      }
      frame.atEnd ??= [];
      frame.atEnd.push(() => refuse(parent, reference, keys, user, frame, true));
      return;
    case 'cascade':
    case 'set null':
    case 'set default':
      yield* frame.cascade(cascade(parent, reference, { keys, action, after }, user, frame, children));
  }
}

/** What CASCADE, SET NULL and SET DEFAULT do to the rows that refer to one. */
function* cascade(
  parent: TableDescriptor,
  reference: Reference,
  {
    keys,
    action,
    after,
  }: { readonly keys: readonly SqlValue[]; readonly action: ForeignKeyActionName; readonly after: readonly SqlValue[] | undefined },
  user: UserId | undefined,
  frame: Frame,
  children: ChildWriters,
): Waiting<void> {
  const { child, constraint } = reference;
  // SET DEFAULT of a partition's row takes the defaults of the table that declares the key.
  const declared = declaredReference(reference, frame.cx.catalog);
  const writer = children.writer(child, frame.cx);
  const { triggers } = writer.target;
  const event = action === 'cascade' && after === undefined ? 'delete' : 'update';
  if (triggers !== undefined) yield* triggers.beforeStatement(event, constraint.columns, frame);
  for (const found of yield* referencingRows(parent, reference, keys, user, frame.cx)) {
    const locked = yield* lockRow(writer.target, found.space, found.key, 'UPDATE', 'wait', frame, 'delete', found.seq);
    if (locked === undefined) continue;
    const values = writer.target.decode(locked.value);
    const row: StoredRow = { ...found, value: locked.value, values };
    if (!isReference(child, constraint, values, keys)) continue;
    if (action === 'cascade' && after === undefined) {
      yield* writer.delete(row, frame);
      continue;
    }
    const next = values.slice();
    const set = after === undefined ? constraint.deleteColumns : undefined;
    constraint.columns.forEach((number, i) => {
      if (set !== undefined && !set.includes(number)) return;
      const referenced = constraint.referencedColumns[i] ?? 0;
      if (action === 'cascade') next[number - 1] = after?.[referenced - 1] ?? null;
      else
        next[number - 1] =
          action === 'set null' ? null : children.defaultOf(declared.child, declared.constraint.columns[i] ?? number, frame.cx);
    });
    yield* replaceReferencing(writer, row, next, constraint.columns, children, frame);
  }
  triggers?.afterStatement(event, constraint.columns, frame, true);
}

/** A partition's row that gets a key of another partition moves there. */
function* replaceReferencing(
  writer: RowWriter,
  row: StoredRow,
  next: SqlValue[],
  changed: readonly number[],
  children: ChildWriters,
  frame: Frame,
): Waiting<void> {
  const { table, isOfPartition } = writer.target;
  if (isOfPartition?.(next, frame) !== false) {
    yield* writer.update(row, next, frame, changed);
    return;
  }
  const root = ancestorsOf(table, frame.cx.catalog).at(-1);
  assert(root !== undefined, 'a partition without its partitioned table');
  const members = new Members(root, children);
  const numbers = numbersOf(table, root);
  const ofRoot = changed.map((number) => numbers[number - 1] ?? 0);
  yield* updateMember(children.writer(root, frame.cx).target, members, members.of(table.oid, frame.cx), row, next, frame, ofRoot);
}

/** @param unlessReplaced NO ACTION: another row may have taken the key meanwhile */
function* refuse(
  parent: TableDescriptor,
  reference: Reference,
  keys: readonly SqlValue[],
  user: UserId | undefined,
  frame: Frame,
  unlessReplaced: boolean,
): Waiting<void> {
  const { cx } = frame;
  if (
    unlessReplaced &&
    (yield* findReferenced(compileLookup(reference.original ?? reference.constraint, cx.catalog), keys, user, cx, false))
  )
    return;
  const [row] = yield* referencingRows(parent, reference, keys, user, cx);
  if (row === undefined) return;
  const { child, constraint } = declaredReference(reference, cx.catalog);
  throw stillReferenced(parent, child, { ...constraint, referencedColumns: reference.constraint.referencedColumns }, keys, cx);
}

function isReference(
  child: TableDescriptor,
  constraint: ForeignKeyConstraint,
  values: readonly SqlValue[],
  keys: readonly SqlValue[],
): boolean {
  return constraint.columns.every((number, i) => {
    const value = values[number - 1] ?? null;
    const key = keys[i] ?? null;
    return value !== null && key !== null && comparatorOf(child.columns[number - 1]?.type ?? 0)(value, key) === 0;
  });
}

interface Found extends Pick<StoredRow, 'space' | 'key' | 'user'> {
  /** The commit that wrote it; 0: the transaction itself. */
  readonly seq: Seq;
}

/** Rows that refer to a key, among the newest versions: by an index that leads with the foreign key's columns, else by reading them all. */
export function* referencingRows(
  parent: TableDescriptor,
  { child, constraint }: Reference,
  keys: readonly SqlValue[],
  parentUser: UserId | undefined,
  cx: ExecutionContext,
): Waiting<readonly Found[]> {
  const everyone = isPartitioned(child) && !isPartitioned(parent);
  const user = isPartitioned(child) && !everyone ? (parentUser ?? cx.actingUser) : undefined;
  const index = everyone ? undefined : leadingIndex(child, constraint, cx);
  const found: Found[] = [];
  const decode = compileFullDecoder(child);
  const visible = compileVisibility(child);
  const take = (space: Space, key: Uint8Array, value: Uint8Array): void => {
    if (!visible(value, cx) || !isReference(child, constraint, decode(value), keys)) return;
    found.push({ space, key: key.slice(), seq: rowSeq(value), user: isPartitioned(child) ? userId(readUserPrefix(key)) : undefined });
  };
  if (index !== undefined && !index.clustered) {
    const space = cx.access.tableSpace(child, user);
    const entries: Uint8Array[] = [];
    const scan = cx.transaction.scanNewest(cx.access.indexSpace(child, index, user), rangeOf(child, index, constraint, keys, user));
    for (let more = scan.next(); more instanceof Promise ? yield* wait(more) : more; more = scan.next()) entries.push(scan.value.slice());
    scan.close();
    for (const key of entries) {
      const stored = cx.transaction.getNewest(space, key);
      const value = stored instanceof Promise ? yield* wait(stored) : stored;
      if (value !== undefined) take(space, key, value);
    }
    return found;
  }
  const spaces = everyone ? cx.access.tableSpaces(child) : [cx.access.tableSpace(child, user)];
  const range =
    index !== undefined ? rangeOf(child, index, constraint, keys, user) : user === undefined ? {} : prefixRange(userPrefix(user));
  for (const space of spaces) {
    const scan = cx.transaction.scanNewest(space, range);
    for (let more = scan.next(); more instanceof Promise ? yield* wait(more) : more; more = scan.next()) take(space, scan.key, scan.value);
    scan.close();
  }
  return found;
}

function leadingIndex(child: TableDescriptor, constraint: ForeignKeyConstraint, cx: ExecutionContext): IndexDescriptor | undefined {
  const wanted = new Set(constraint.columns);
  return cx.catalog.indexesOf(child.oid).find((index) => {
    const leading = index.columns.slice(0, wanted.size);
    return (
      isOrdered(index) &&
      index.exclusion === undefined &&
      index.predicateText === undefined &&
      leading.length === wanted.size &&
      leading.every((column) => wanted.has(column.column) && column.type === child.columns[column.column - 1]?.type)
    );
  });
}

function rangeOf(
  child: TableDescriptor,
  index: IndexDescriptor,
  constraint: ForeignKeyConstraint,
  keys: readonly SqlValue[],
  user: UserId | undefined,
): KeyRange {
  const equal = index.columns.slice(0, constraint.columns.length).map((column) => {
    const position = constraint.columns.indexOf(column.column);
    assert(position >= 0, 'an index that does not lead with the foreign key');
    return keys[position] ?? null;
  });
  return compileKeyRange(indexKeyColumns(child, index))({ equal }, user);
}

/** For compilations that bind no tables besides their own. */
export const NO_CHILDREN: ChildWriters = {
  writer() {
    throw notSupported('a referential action here');
  },
  defaultOf() {
    throw notSupported('a referential action here');
  },
};
