import type { TableDescriptor } from '../catalog/descriptors.js';
import type { StorageId } from '../commons/ids.js';
import { isPartitioned } from '../executor/access/index.js';
import type { TableAccess } from '../executor/access/table-access.js';
import { prefixSuccessor, readUser, userPrefix } from '../store/key-codec.js';
import type { Snapshot, Space, Store } from '../store/store.js';

/** What a plan has been told of a table. */
interface Told {
  readonly spaces: readonly Space[];
  /** Of all users. */
  rows: number;
  /** Of a table of users' rows, once asked for. */
  average?: number | undefined;
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
   * @param ofAll false: of one user, the average one: plans serve all users, and what they show must tell nothing of any of them
   * @returns undefined: the store can't tell
   */
  rowsOf(table: TableDescriptor, ofAll: boolean): number | undefined {
    if (table.partitionKey !== undefined) return undefined;
    const spaces = this.#access.tableSpaces(table);
    const snapshot = this.#store.snapshot();
    try {
      const rows = estimateOf(snapshot, spaces);
      if (rows === undefined) return undefined;
      const told = this.#tell(table.storage, { spaces, rows });
      if (ofAll || !isPartitioned(table)) return rows;
      told.average ??= averagePartition(snapshot, spaces);
      return told.average ?? 1;
    } finally {
      snapshot.release();
    }
  }

  /** Looks again at some of the tables that plans were made for, in turn. */
  check(): void {
    const snapshot = this.#store.snapshot();
    try {
      for (const [storage, told] of [...this.#told].slice(0, MAX_CHECKED)) {
        // To the end of the line.
        this.#told.delete(storage);
        const rows = estimateOf(snapshot, told.spaces);
        if (rows === undefined) continue;
        if (isFar(told.rows, rows)) {
          told.rows = rows;
          told.average = undefined;
          this.#version++;
        }
        this.#told.set(storage, told);
      }
    } finally {
      snapshot.release();
    }
  }

  #tell(storage: StorageId, now: Told): Told {
    const known = this.#told.get(storage);
    this.#told.delete(storage);
    // What other plans were told stays, until the next look finds it wrong.
    const told =
      known === undefined ? now : { ...now, rows: isFar(known.rows, now.rows) ? known.rows : now.rows, average: averageStill(known, now) };
    this.#told.set(storage, told);
    if (this.#told.size > MAX_TOLD) {
      const oldest = this.#told.keys().next();
      if (oldest.done !== true) this.#told.delete(oldest.value);
    }
    return told;
  }
}

function averageStill(known: Told, now: Told): number | undefined {
  return isFar(known.rows, now.rows) ? undefined : known.average;
}

function estimateOf(snapshot: Snapshot, spaces: readonly Space[]): number | undefined {
  let rows = 0;
  for (const space of spaces) {
    const found = snapshot.estimate(space, {});
    if (found === undefined) return undefined;
    rows += found;
  }
  return rows;
}

/** Rows of a user, by the order of magnitude: of the first users of each space. Undefined: there are too few. */
function averagePartition(snapshot: Snapshot, spaces: readonly Space[]): number | undefined {
  const most = Math.ceil(MAX_SAMPLED_USERS / Math.max(spaces.length, 1));
  let users = 0;
  let rows = 0;
  for (const space of spaces) {
    let end: Uint8Array | undefined;
    for (let seen = 0; seen < most; seen++) {
      const key = firstKey(snapshot, space, end);
      if (key === undefined) break;
      users++;
      end = prefixSuccessor(userPrefix(readUser(key)));
      if (end === undefined) break;
    }
    if (end !== undefined) rows += snapshot.estimate(space, { lt: end }) ?? 0;
  }
  return users < FEWEST_USERS ? undefined : 10 ** Math.round(Math.log10(Math.max(rows / users, 1)));
}

const MAX_SAMPLED_USERS = 32;
/** An average of fewer would tell a user of another one. */
const FEWEST_USERS = 3;

function firstKey(snapshot: Snapshot, space: Space, gte: Uint8Array | undefined): Uint8Array | undefined {
  const scan = snapshot.scan(space, gte === undefined ? { limit: 1 } : { gte, limit: 1 });
  try {
    return scan.next() === true ? scan.key : undefined;
  } finally {
    scan.close();
  }
}

function isFar(before: number, now: number): boolean {
  const low = Math.max(Math.min(before, now), SMALL);
  return Math.max(before, now) > low * GROWTH;
}
