import type { CatalogSnapshot } from '../../catalog/catalog.js';
import type { ExclusionConstraint, IndexDescriptor, TableDescriptor } from '../../catalog/descriptors.js';
import { assert } from '../../commons/assert.js';
import { FIRST_USER_OID, type Oid, type UserId } from '../../commons/ids.js';
import type { IndexExpressions } from '../../planner/bind/logical.js';
import { keyTypeOf, prefixRange } from '../../store/key-codec.js';
import { lockTags } from '../../transaction/lock-tags.js';
import type { SqlValue } from '../../types/value.js';
import { compileIndexEntries, type IndexEntries } from '../access/index.js';
import type { Frame } from '../frame.js';
import { Layout, type QueryCompiler, type Scope } from '../scope.js';
import { type Waiting, wait } from '../waiting.js';
import type { CompiledIndex, CompiledTarget } from './compiled-target.js';
import { exclusionViolation } from './violations.js';

/**
 * EXCLUDE constraints. Their index has an entry a row, led by the columns that are compared by equality, so that the rows which a new one may
 * conflict with lie together; each of those is looked at. Who writes a row locks that group until its transaction ends, so two transactions
 * can't both write rows that conflict.
 */
export interface CompiledExclusion {
  readonly constraint: ExclusionConstraint;
  /** Whether the keys of two rows must not both be there. */
  conflict(one: readonly SqlValue[], other: readonly SqlValue[], frame: Frame): boolean;
}

export function compileExclusion(
  table: TableDescriptor,
  index: IndexDescriptor,
  bound: IndexExpressions | undefined,
  scope: Scope,
  compiler: QueryCompiler,
): CompiledExclusion {
  const constraint = table.constraints.find(({ oid }) => oid === index.constraint);
  const exclusion = bound?.exclusion;
  assert(constraint?.kind === 'exclusion' && exclusion !== undefined, `index ${index.name} without its constraint`);
  const layout = new Layout([...exclusion.one, ...exclusion.other], scope, compiler);
  const conditions = exclusion.conditions.map((condition) => layout.evaluator(condition));
  return {
    constraint,
    conflict(one, other, frame) {
      const row = [...one, ...other];
      return conditions.every((condition) => condition(row, frame) === true);
    },
  };
}

/** Entries by the columns whose operator is their type's own equality; the others stand in no key. */
export function exclusionEntries(table: TableDescriptor, index: IndexDescriptor, catalog: CatalogSnapshot): IndexEntries {
  const led = index.columns.flatMap((column, i) => {
    const operator = index.exclusion?.[i] ?? 0;
    const hasKey = keyTypeOf(column.storedAs ?? column.type) !== undefined;
    return hasKey && isEquality(operator, catalog) ? [i] : [];
  });
  const columns = led.flatMap((i) => index.columns[i] ?? []);
  const entries = compileIndexEntries(table, { ...index, columns, unique: false });
  const pick = (values: readonly SqlValue[]): SqlValue[] => led.map((i) => values[i] ?? null);
  return {
    key: (values, rowKey, user) => entries.key(pick(values), rowKey, user),
    prefix: (values, user) => entries.prefix(pick(values), user),
    isUnique: () => false,
    isUniqueInTheEnd: () => false,
  };
}

const BTREE = 403;
const EQUAL = 3;

function isEquality(operator: Oid, { builtin }: CatalogSnapshot): boolean {
  return (
    operator < FIRST_USER_OID && builtin.amopsByOperator(operator).some(({ method, strategy }) => method === BTREE && strategy === EQUAL)
  );
}

/**
 * A row is about to be written with these keys: no other may conflict with it, now or, where the constraint is deferred, later.
 * @param own the row's key
 * @returns the key of the row that it conflicts with, of a constraint that is not deferrable
 * @throws SqlError as Transaction.lock
 */
export function* noteExclusion(
  target: CompiledTarget,
  compiled: CompiledIndex,
  exclusion: CompiledExclusion,
  keys: readonly SqlValue[],
  own: Uint8Array,
  user: UserId | undefined,
  frame: Frame,
): Waiting<Uint8Array | undefined> {
  // NULL is equal to nothing, and overlaps nothing.
  if (keys.includes(null)) return undefined;
  const { constraint } = exclusion;
  if (constraint.deferrable !== true) return (yield* findConflict(target, compiled, exclusion, keys, own, user, frame))?.key;
  const oid = target.table.oid;
  frame.cx.session.constraintChecks.add(
    { constraint, table: oid, constrained: oid, run: (now) => checkLater(target, compiled, exclusion, own, user, now) },
    frame,
  );
  return undefined;
}

/** The row as it is by now, if it is still there. @throws SqlError 23P01 */
function* checkLater(
  target: CompiledTarget,
  compiled: CompiledIndex,
  exclusion: CompiledExclusion,
  own: Uint8Array,
  user: UserId | undefined,
  frame: Frame,
): Waiting<void> {
  const { cx } = frame;
  const stored = cx.transaction.getNewest(cx.access.tableSpace(target.table, user), own);
  const value = stored instanceof Promise ? yield* wait(stored) : stored;
  if (value === undefined || !target.isVisible(value, cx)) return;
  const now = compiled.keysOf(target.decode(value), frame);
  if (now !== undefined) yield* requireNoConflict(target, compiled, exclusion, now, own, user, frame);
}

/** @throws SqlError 23P01 */
export function* requireNoConflict(
  target: CompiledTarget,
  compiled: CompiledIndex,
  exclusion: CompiledExclusion,
  keys: readonly SqlValue[],
  own: Uint8Array,
  user: UserId | undefined,
  frame: Frame,
): Waiting<void> {
  if (keys.includes(null)) return;
  const found = yield* findConflict(target, compiled, exclusion, keys, own, user, frame);
  if (found !== undefined) throw exclusionViolation(target.table, compiled.index, keys, found.keys, frame.cx);
}

interface Conflicting {
  readonly key: Uint8Array;
  readonly keys: readonly SqlValue[];
}

/** Among the newest versions, once who is writing rows of the group is done. */
export function* findConflict(
  target: CompiledTarget,
  compiled: CompiledIndex,
  exclusion: CompiledExclusion,
  keys: readonly SqlValue[],
  own: Uint8Array,
  user: UserId | undefined,
  frame: Frame,
): Waiting<Conflicting | undefined> {
  const { cx } = frame;
  const { transaction, interrupt } = cx;
  const indexSpace = cx.access.indexSpace(target.table, compiled.index, user);
  const space = cx.access.tableSpace(target.table, user);
  const prefix = compiled.entries.prefix(keys, user);
  const locked = transaction.lock(lockTags.indexKey(indexSpace, prefix), 'EXCLUSIVE');
  if (locked instanceof Promise) yield* wait(locked);
  const scan = transaction.scanNewest(indexSpace, prefixRange(prefix));
  try {
    for (let more = scan.next(); more instanceof Promise ? yield* wait(more) : more; more = scan.next()) {
      interrupt.check();
      if (interrupt.shouldYield()) yield interrupt.turn();
      if (Buffer.compare(scan.value, own) === 0) continue;
      const key = scan.value.slice();
      const stored = transaction.getNewest(space, key);
      const value = stored instanceof Promise ? yield* wait(stored) : stored;
      if (value === undefined || !target.isVisible(value, cx)) continue;
      const others = compiled.keysOf(target.decode(value), frame);
      if (others !== undefined && !others.includes(null) && exclusion.conflict(others, keys, frame)) return { key, keys: others };
    }
  } finally {
    scan.close();
  }
  return undefined;
}
