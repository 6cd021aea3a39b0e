import type { UserId } from '../../commons/ids.js';
import { keyText } from '../../store/key-text.js';
import type { SqlValue } from '../../types/value.js';
import type { ExecutionContext } from '../context.js';
import type { Frame } from '../frame.js';
import type { CompiledInvertedIndex, CompiledTarget } from './compiled-target.js';

/** A version of a row under its key. */
export interface KeyedRow {
  readonly key: Uint8Array;
  readonly values: SqlValue[];
}

/** Keeps a table's inverted indexes as its rows are. Their entries are nobody's to wait for: no key in them is unique. */
export class InvertedRows {
  readonly #target: CompiledTarget;

  constructor(target: CompiledTarget) {
    this.#target = target;
  }

  /** @param before undefined for a new row @param after undefined for one that goes */
  changed(before: KeyedRow | undefined, after: KeyedRow | undefined, user: UserId | undefined, frame: Frame): void {
    const indexes = this.#target.inverted(frame.cx.catalog);
    for (const index of indexes) this.#change(index, before, after, user, frame);
  }

  #change(
    compiled: CompiledInvertedIndex,
    before: KeyedRow | undefined,
    after: KeyedRow | undefined,
    user: UserId | undefined,
    frame: Frame,
  ): void {
    const { cx } = frame;
    const { table } = this.#target;
    if (before !== undefined && after !== undefined && before.key === after.key && isUnchanged(compiled, before.values, after.values))
      return;
    const space = cx.access.indexSpace(table, compiled.index, user);
    const isTemporary = table.persistence === 'temporary';
    const stale = new Map<string, Uint8Array>();
    if (before !== undefined) for (const key of entriesOf(compiled, before, user, frame)) stale.set(keyText(key), key);
    if (after !== undefined) {
      for (const key of entriesOf(compiled, after, user, frame)) {
        if (!stale.delete(keyText(key))) cx.transaction.put(space, key, after.key, isTemporary);
      }
    }
    for (const key of stale.values()) cx.transaction.delete(space, key, isTemporary);
  }
}

const entriesOf = (compiled: CompiledInvertedIndex, row: KeyedRow, user: UserId | undefined, frame: Frame): readonly Uint8Array[] =>
  compiled.keysOf(row.values, row.key, user, frame);

/** Columns that an update leaves alone keep the very same value. */
function isUnchanged({ index }: CompiledInvertedIndex, before: readonly SqlValue[], after: readonly SqlValue[]): boolean {
  if (index.predicateText !== undefined) return false;
  return index.columns.every(({ column }) => column > 0 && before[column - 1] === after[column - 1]);
}

/** One row's entries in an index that nobody else can write to. */
export function addInvertedEntries(
  compiled: CompiledInvertedIndex,
  target: CompiledTarget,
  row: KeyedRow,
  user: UserId | undefined,
  frame: Frame,
): void {
  const { cx } = frame;
  const space = cx.access.indexSpace(target.table, compiled.index, user);
  for (const key of entriesOf(compiled, row, user, frame)) cx.transaction.put(space, key, row.key);
}

/** An expired row's entries go with it. */
export function removeInvertedEntries(target: CompiledTarget, row: KeyedRow, user: UserId | undefined, frame: Frame): void {
  const cx: ExecutionContext = frame.cx;
  for (const compiled of target.inverted(cx.catalog)) {
    const space = cx.access.indexSpace(target.table, compiled.index, user);
    for (const key of entriesOf(compiled, row, user, frame)) cx.transaction.delete(space, key);
  }
}
