import type { Oid } from './ids.js';

/** How often an index was scanned, how many of its entries were read, and how many rows they led to. */
export class IndexCounters {
  scans = 0;
  read = 0;
  fetched = 0;
}

/** What has been read and written of one table, as PostgreSQL's cumulative statistics have it: also by what was rolled back. */
export class TableCounters {
  seqScans = 0;
  seqRead = 0;
  inserted = 0;
  updated = 0;
  deleted = 0;
  /** Its changes when it was last analysed, and its inserts when it was last vacuumed. */
  changesAnalyzed = 0;
  insertsVacuumed = 0;
  analyses = 0;
  analyzedMicros: number | undefined;
  vacuums = 0;
  vacuumedMicros: number | undefined;
  readonly indexes = new Map<Oid, IndexCounters>();

  get changes(): number {
    return this.inserted + this.updated + this.deleted;
  }

  get indexScans(): number {
    let scans = 0;
    for (const index of this.indexes.values()) scans += index.scans;
    return scans;
  }

  get indexFetched(): number {
    let fetched = 0;
    for (const index of this.indexes.values()) fetched += index.fetched;
    return fetched;
  }

  get indexRead(): number {
    let read = 0;
    for (const index of this.indexes.values()) read += index.read;
    return read;
  }

  index(oid: Oid): IndexCounters {
    let index = this.indexes.get(oid);
    if (index === undefined) {
      index = new IndexCounters();
      this.indexes.set(oid, index);
    }
    return index;
  }

  analyzed(nowMicros: number): void {
    this.analyses++;
    this.analyzedMicros = nowMicros;
    this.changesAnalyzed = this.changes;
  }

  vacuumed(nowMicros: number): void {
    this.vacuums++;
    this.vacuumedMicros = nowMicros;
    this.insertsVacuumed = this.inserted;
  }
}

/** How a session ended: its client took leave, was lost, the session failed, or somebody ended it. */
export type SessionEnd = 'left' | 'lost' | 'failed' | 'killed';

/** What goes on in one database. */
export class DatabaseCounters {
  commits = 0;
  rollbacks = 0;
  /** Deadlocks before counting began. */
  deadlocksBefore = 0;
  tempFiles = 0;
  tempBytes = 0;
  sessions = 0;
  readonly ends: Record<SessionEnd, number> = { left: 0, lost: 0, failed: 0, killed: 0 };
  /** Of sessions that have ended. */
  sessionMicros = 0;
  activeMicros = 0;
  idleInTransactionMicros = 0;
  resetMicros: number | undefined;
  #tables = new Map<Oid, TableCounters>();
  /** Of tables that are gone. */
  #gone = { returned: 0, fetched: 0, inserted: 0, updated: 0, deleted: 0 };

  table(oid: Oid): TableCounters {
    let table = this.#tables.get(oid);
    if (table === undefined) {
      table = new TableCounters();
      this.#tables.set(oid, table);
    }
    return table;
  }

  /** Undefined: nothing has been done with it. */
  known(oid: Oid): TableCounters | undefined {
    return this.#tables.get(oid);
  }

  get tableCount(): number {
    return this.#tables.size;
  }

  /** Of all tables together. */
  rows(): {
    readonly returned: number;
    readonly fetched: number;
    readonly inserted: number;
    readonly updated: number;
    readonly deleted: number;
  } {
    const sums = { ...this.#gone };
    for (const table of this.#tables.values()) add(sums, table);
    return sums;
  }

  /** Tables that are there no longer keep no counters of their own. */
  sweep(isThere: (oid: Oid) => boolean): void {
    for (const [oid, table] of this.#tables) {
      if (isThere(oid)) continue;
      add(this.#gone, table);
      this.#tables.delete(oid);
    }
  }

  /** Of a table, or an index. */
  resetOne(oid: Oid, nowMicros: number): void {
    this.resetMicros = nowMicros;
    const table = this.#tables.get(oid);
    if (table !== undefined) add(this.#gone, table);
    this.#tables.delete(oid);
    for (const { indexes } of this.#tables.values()) {
      const index = indexes.get(oid);
      if (index === undefined) continue;
      this.#gone.returned += index.read;
      this.#gone.fetched += index.fetched;
      indexes.delete(oid);
    }
  }

  reset(nowMicros: number, deadlocks: number): void {
    this.deadlocksBefore = deadlocks;
    this.commits = this.rollbacks = this.tempFiles = this.tempBytes = this.sessions = 0;
    this.sessionMicros = this.activeMicros = this.idleInTransactionMicros = 0;
    for (const end of ['left', 'lost', 'failed', 'killed'] as const) this.ends[end] = 0;
    this.#tables = new Map();
    this.#gone = { returned: 0, fetched: 0, inserted: 0, updated: 0, deleted: 0 };
    this.resetMicros = nowMicros;
  }
}

function add(
  sums: { returned: number; fetched: number; inserted: number; updated: number; deleted: number },
  { seqRead, indexRead, indexFetched, inserted, updated, deleted }: TableCounters,
): void {
  sums.returned += seqRead + indexRead;
  sums.fetched += indexFetched;
  sums.inserted += inserted;
  sums.updated += updated;
  sums.deleted += deleted;
}

/** Counters of all databases, since the server was started. */
export class ActivityCounters {
  readonly #databases = new Map<Oid, DatabaseCounters>();

  of(database: Oid): DatabaseCounters {
    let counters = this.#databases.get(database);
    if (counters === undefined) {
      counters = new DatabaseCounters();
      this.#databases.set(database, counters);
    }
    return counters;
  }

  sweep(isThere: (database: Oid) => boolean): void {
    for (const oid of this.#databases.keys()) if (!isThere(oid)) this.#databases.delete(oid);
  }
}
