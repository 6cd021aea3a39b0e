import type { TableDescriptor } from '../catalog/descriptors.js';
import type { StorageId, UserId } from '../commons/ids.js';
import { isPartitioned } from '../executor/access/index.js';
import type { TableAccess } from '../executor/access/table-access.js';
import { prefixRange, userPrefix } from '../store/key-codec.js';
import type { KeyRange, Space, Store } from '../store/store.js';

/** What a plan has been told of a table. */
interface Told {
  readonly places: readonly Place[];
  rows: number;
}

interface Place {
  readonly space: Space;
  readonly range: KeyRange;
}

/** Tables whose growth is watched. */
const MAX_TOLD = 4096;
/** Of one look: each costs some tens of microseconds. */
const MAX_CHECKED = 100;
/** Smaller tables are all alike to a plan. */
const SMALL = 1000;
const GROWTH = 4;

/**
 * How many rows tables have by now, for the planner: read off the shape of the store's tree when a statement is planned, so nothing is counted
 * when rows are written, and a restart changes nothing. Plans that were made when a table was much smaller, or larger, are made anew: the
 * version is part of what plans hold for.
 */
export class RowCounts {
  readonly #store: Store;
  readonly #access: TableAccess;
  readonly #told = new Map<StorageId, Told>();
  #version = 0;

  constructor(store: Store, access: TableAccess) {
    this.#store = store;
    this.#access = access;
  }

  /** Changes when a table that plans were made for has grown or shrunk by much. */
  get version(): number {
    return this.#version;
  }

  /**
   * @param user undefined: of all users
   * @returns the order of magnitude of a user's partition, since plans serve all users; undefined: the store can't tell
   */
  rowsOf(table: TableDescriptor, user: UserId | undefined): number | undefined {
    if (table.partitionKey !== undefined) return undefined;
    const isOfUser = user !== undefined && isPartitioned(table);
    const places = isOfUser
      ? [{ space: this.#access.tableSpace(table, user), range: prefixRange(userPrefix(user)) }]
      : this.#access.tableSpaces(table).map((space) => ({ space, range: {} }));
    const rows = this.#estimate(places);
    if (rows === undefined) return undefined;
    this.#tell(table.storage, { places, rows });
    return isOfUser ? 10 ** Math.round(Math.log10(Math.max(rows, 1))) : rows;
  }

  /** Looks again at some of the tables that plans were made for, in turn. */
  check(): void {
    const looked = [...this.#told].slice(0, MAX_CHECKED);
    for (const [storage, told] of looked) {
      // To the end of the line.
      this.#told.delete(storage);
      const rows = this.#estimate(told.places);
      if (rows === undefined) continue;
      if (isFar(told.rows, rows)) {
        told.rows = rows;
        this.#version++;
      }
      this.#told.set(storage, told);
    }
  }

  #tell(storage: StorageId, told: Told): void {
    const known = this.#told.get(storage);
    this.#told.delete(storage);
    // What other plans were told stays, until the next look finds it wrong.
    this.#told.set(storage, known !== undefined && isFar(known.rows, told.rows) ? { ...told, rows: known.rows } : told);
    if (this.#told.size <= MAX_TOLD) return;
    const oldest = this.#told.keys().next();
    if (oldest.done !== true) this.#told.delete(oldest.value);
  }

  #estimate(places: readonly Place[]): number | undefined {
    const snapshot = this.#store.snapshot();
    try {
      let rows = 0;
      for (const { space, range } of places) {
        const found = snapshot.estimate(space, range);
        if (found === undefined) return undefined;
        rows += found;
      }
      return rows;
    } finally {
      snapshot.release();
    }
  }
}

function isFar(before: number, now: number): boolean {
  const low = Math.max(Math.min(before, now), SMALL);
  return Math.max(before, now) > low * GROWTH;
}
