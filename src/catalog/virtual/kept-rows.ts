import type { Oid, UserId } from '../../commons/ids.js';
import type { Row, SqlValue } from '../../types/value.js';
import type { CatalogSnapshot } from '../catalog.js';
import type { DefinitionTexts } from '../definitions/index.js';
import type { VirtualDescriptor } from '../descriptors.js';
import type { VirtualContext } from './context.js';
import { VIRTUAL_ESTIMATES } from './estimates.js';
import { IndexedRows } from './indexed-rows.js';

/** Values of all relations together that are kept: some 25 MiB. */
const MAX_VALUES = 2_000_000;

/** What one relation's rows were made of, and the rows, if they are kept. */
interface Kept {
  readonly catalog: string;
  readonly role: Oid;
  readonly allUsers: boolean;
  readonly namesSharedType: boolean;
  /** What the texts in the rows depend on; undefined when there are none. */
  texts: string | undefined;
  /** They tell more than the catalog does: never kept. */
  isVolatile: boolean;
  /** They have been read whole before: once is no sign that it happens again. */
  isWanted: boolean;
  rows: IndexedRows | undefined;
}

/**
 * Rows of relations that are read whole again and again while the catalog stays as it is: by statements that describe a schema, and by joins
 * that read them anew for each row. The second reading keeps what it makes, the third finds it, and look-ups by any column go straight.
 */
export class KeptRows {
  /** Least recently used first. */
  readonly #relations = new Map<string, Kept>();
  #values = 0;

  /** @param make rows that its provider makes, of what it is given */
  rows(
    table: VirtualDescriptor,
    cx: VirtualContext,
    equal: ReadonlyMap<number, SqlValue>,
    make: (cx: VirtualContext, equal: ReadonlyMap<number, SqlValue>) => Iterable<Row>,
  ): Iterable<Row> {
    const kept = this.#keptOf(table, cx);
    if (kept.rows !== undefined) return kept.rows.matching(equal);
    if (kept.isVolatile || isLookUp(table, equal)) return make(cx, equal);
    if (kept.isWanted) return this.#keep(table, kept, cx, make);
    kept.isWanted = true;
    return make(cx, equal);
  }

  #keptOf(table: VirtualDescriptor, cx: VirtualContext): Kept {
    const { provider } = table;
    const found = this.#relations.get(provider);
    if (found !== undefined && holds(found, cx)) {
      if (found.rows !== undefined) {
        this.#relations.delete(provider);
        this.#relations.set(provider, found);
      }
      return found;
    }
    this.#drop(table.provider);
    const kept: Kept = {
      catalog: cx.catalog.key,
      role: cx.currentRole,
      allUsers: cx.allUsers === true,
      namesSharedType: cx.namesSharedType === true,
      texts: undefined,
      isVolatile: false,
      isWanted: false,
      rows: undefined,
    };
    this.#relations.set(provider, kept);
    return kept;
  }

  *#keep(
    table: VirtualDescriptor,
    kept: Kept,
    cx: VirtualContext,
    make: (cx: VirtualContext, equal: ReadonlyMap<number, SqlValue>) => Iterable<Row>,
  ): Iterable<Row> {
    const watched = new WatchedContext(cx);
    const most = MAX_VALUES / table.columns.length;
    const rows: Row[] = [];
    for (const row of make(watched, EVERYTHING)) {
      if (rows.length < most) rows.push(row);
      yield row;
    }
    kept.isVolatile = watched.isVolatile || rows.length >= most;
    if (kept.isVolatile || kept.rows !== undefined || this.#relations.get(table.provider) !== kept) return;
    kept.texts = watched.usesTexts ? cx.texts?.key : undefined;
    kept.rows = new IndexedRows(rows);
    this.#values += kept.rows.values;
    for (const provider of this.#relations.keys()) {
      if (this.#values <= MAX_VALUES) break;
      this.#drop(provider);
    }
  }

  #drop(provider: string): void {
    this.#values -= this.#relations.get(provider)?.rows?.values ?? 0;
    this.#relations.delete(provider);
  }
}

const EVERYTHING: ReadonlyMap<number, SqlValue> = new Map();

function holds(kept: Kept, cx: VirtualContext): boolean {
  return (
    kept.catalog === cx.catalog.key &&
    kept.role === cx.currentRole &&
    kept.allUsers === (cx.allUsers === true) &&
    kept.namesSharedType === (cx.namesSharedType === true) &&
    (kept.texts === undefined || kept.texts === cx.texts?.key)
  );
}

/** Its provider goes straight to the rows. */
function isLookUp(table: VirtualDescriptor, equal: ReadonlyMap<number, SqlValue>): boolean {
  if (equal.size === 0) return false;
  const lookUps = VIRTUAL_ESTIMATES[table.provider]?.lookUps;
  if (lookUps === undefined) return false;
  for (const number of equal.keys()) if (lookUps[table.columns[number - 1]?.name ?? ''] !== undefined) return true;
  return false;
}

/** Notes what rows are made of besides catalog and role. */
class WatchedContext implements VirtualContext {
  isVolatile = false;
  usesTexts = false;
  readonly catalog: CatalogSnapshot;
  readonly currentRole: Oid;
  readonly allUsers: boolean;
  readonly namesSharedType: boolean;
  readonly databaseName: string;
  readonly #cx: VirtualContext;

  constructor(cx: VirtualContext) {
    this.#cx = cx;
    this.catalog = cx.catalog;
    this.currentRole = cx.currentRole;
    this.allUsers = cx.allUsers === true;
    this.namesSharedType = cx.namesSharedType === true;
    this.databaseName = cx.databaseName;
  }

  get texts(): DefinitionTexts | undefined {
    const { texts } = this.#cx;
    this.usesTexts ||= texts !== undefined;
    this.isVolatile ||= texts !== undefined && texts.key === undefined;
    return texts;
  }

  get nowMicros(): number {
    return this.#outside().nowMicros;
  }

  sessionRows(provider: string): Iterable<Row> | undefined {
    return this.#outside().sessionRows(provider);
  }

  slotOfUser(user: UserId): number {
    return this.#outside().slotOfUser(user);
  }

  slotShard(slot: number): number {
    return this.#outside().slotShard(slot);
  }

  estimatedRows(table: Oid): number {
    return this.#outside().estimatedRows(table);
  }

  sequenceLastValue(sequence: Oid): SqlValue {
    return this.#outside().sequenceLastValue(sequence);
  }

  sequenceState(sequence: Oid): { readonly lastValue: SqlValue; readonly isCalled: boolean } | undefined {
    return this.#outside().sequenceState?.(sequence);
  }

  #outside(): VirtualContext {
    this.isVolatile = true;
    return this.#cx;
  }
}
