import type { Catalog } from '../catalog/catalog.js';
import type { TableDescriptor } from '../catalog/descriptors.js';
import type { Oid } from '../commons/ids.js';
import { RoleName } from '../commons/system-names.js';
import { isTimeOrdered, type SweepLimits, type SweepPosition, sweepTable, TombstoneTally } from '../executor/bulk/index.js';
import { lockTags } from '../transaction/lock-tags.js';
import { makeInternalSession } from './make-session.js';
import type { ServerParts } from './server-parts.js';
import type { Session } from './session.js';
import { ContextOfUtility } from './utility-context.js';

/** Rows that one transaction of a sweep looks at. */
const PIECE_ROWS = 2000;
/** Every so many sweeps of a stream in the order of time look at all rows. */
const WHOLE_SWEEP = 8;
const TICK_MS = 1000;
const MIN_STREAM_INTERVAL_MS = 1000;
const MAX_STREAM_INTERVAL_MS = 60_000;
/** Tombstones stay for days; looking for old ones costs a scan of the table. */
const MIN_TOMBSTONE_INTERVAL_MS = 3_600_000;
/** So often where there may be too many of them. */
const MIN_CROWDED_INTERVAL_MS = 5000;
/** About what one takes: a key and a header. */
const TOMBSTONE_BYTES = 40;
const MICROS_PER_MS = 1000;
/** Every so many ticks what was counted of things that are gone is forgotten. */
const FORGET_TICKS = 60;

/**
 * Life of a row past its time: nobody sees it from that moment on; this removes it from the store some time later. Stream tables are swept
 * about twice in their ttl, other tables now and then for old tombstones; in short transactions, one table after another.
 */
export class CleanUp {
  readonly #parts: ServerParts;
  /** When each table was last swept, by the monotonic clock. */
  readonly #swept = new WeakMap<Catalog, Map<Oid, number>>();
  readonly #sessions = new Map<Catalog, Session>();
  /** Sweeps of each table so far. */
  readonly #counts = new Map<Oid, number>();
  /** Of tables with room for so many bytes of tombstones: what they took after the last sweep, and how many rows had been deleted by then. */
  readonly #kept = new Map<Oid, { readonly bytes: number; readonly deleted: number }>();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(parts: ServerParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#running;
    for (const session of this.#sessions.values()) await session.close();
  }

  #busy = false;
  #ticks = 0;
  #tick(): void {
    if (this.#stopped) return;
    this.#parts.rowCounts.check();
    if (++this.#ticks % FORGET_TICKS === 0) this.#forgetCounters();
    if (this.#busy) return;
    const due = this.#due();
    if (due.length === 0) return;
    this.#busy = true;
    this.#running = this.#sweepAll(due).finally(() => {
      this.#busy = false;
    });
  }

  /** Of databases that somebody has connected to: what is too old in the others nobody sees. */
  #due(): Due[] {
    const now = this.#parts.clock.monotonicMs();
    const due: Due[] = [];
    this.#leaveDropped();
    for (const catalog of this.#parts.catalogs.opened()) {
      const swept = this.#sweptOf(catalog);
      for (const relation of catalog.committed.relations()) {
        if (relation.kind !== 'table') continue;
        const last = swept.get(relation.oid);
        // A table that is new here may as well be new at all: its first sweep comes an interval from now.
        if (last === undefined) swept.set(relation.oid, now);
        else if (now - last >= intervalMs(relation) || (now - last >= MIN_CROWDED_INTERVAL_MS && this.#isCrowded(catalog, relation)))
          due.push({ catalog, table: relation });
      }
    }
    return due;
  }

  #forgetCounters(): void {
    const { activity, catalogs } = this.#parts;
    const databases = new Set(Array.from(catalogs.committedShared.databases(), ({ oid }) => oid));
    activity.sweep((database) => databases.has(database));
    const opened = [...catalogs.opened()];
    for (const { database, committed } of opened) activity.of(database).sweep((oid) => committed.relationByOid(oid) !== undefined);
    for (const oid of this.#counts.keys()) {
      if (opened.some(({ committed }) => committed.relationByOid(oid) !== undefined)) continue;
      this.#counts.delete(oid);
      this.#kept.delete(oid);
    }
  }

  #leaveDropped(): void {
    const opened = new Set(this.#parts.catalogs.opened());
    for (const [catalog, session] of this.#sessions) {
      if (opened.has(catalog)) continue;
      this.#sessions.delete(catalog);
      void session.close();
    }
  }

  #sweptOf(catalog: Catalog): Map<Oid, number> {
    let swept = this.#swept.get(catalog);
    if (swept === undefined) {
      swept = new Map();
      this.#swept.set(catalog, swept);
    }
    return swept;
  }

  async #sweepAll(tables: readonly Due[]): Promise<void> {
    for (const { catalog, table } of tables) {
      if (this.#stopped) return;
      this.#sweptOf(catalog).set(table.oid, this.#parts.clock.monotonicMs());
      try {
        await this.#sweep(catalog, table.oid);
      } catch (error) {
        this.#parts.logger.warn({ err: error, table: table.name }, 'a table could not be cleaned up; it is tried again later');
      }
    }
  }

  async #sweep(catalog: Catalog, oid: Oid): Promise<void> {
    const known = catalog.committed.relationByOid(oid);
    const count = (this.#counts.get(oid) ?? 0) + 1;
    this.#counts.set(oid, count);
    // What came with an earlier key than its time would give it is found by every eighth sweep.
    const isOfTime = known?.kind === 'table' && isTimeOrdered(known);
    const maxBytes = known?.kind === 'table' ? known.deletedRetentionBytes : undefined;
    const stopsEarly = count % WHOLE_SWEEP !== 0 && isOfTime && maxBytes === undefined;
    const { deleted } = this.#parts.activity.of(catalog.database).table(oid);
    let tally = await this.#sweepOnce(catalog, oid, stopsEarly, 0);
    // Which of them are the oldest is known only when all have been seen.
    if (maxBytes !== undefined && tally.bytes > maxBytes) tally = await this.#sweepOnce(catalog, oid, false, tally.since(maxBytes));
    if (maxBytes !== undefined) this.#kept.set(oid, { bytes: tally.bytes, deleted });
  }

  async #sweepOnce(catalog: Catalog, oid: Oid, stopsEarly: boolean, tombstonesSince: number): Promise<TombstoneTally> {
    const tally = new TombstoneTally();
    let position: SweepPosition | undefined;
    do {
      position = await this.#piece(catalog, oid, position, { rows: PIECE_ROWS, stopsEarly, tombstonesSince, tally });
      await new Promise(setImmediate);
    } while (position !== undefined && !this.#stopped);
    return tally;
  }

  /** Tombstones may take more by now than their table has room for. */
  #isCrowded(catalog: Catalog, { oid, deletedRetentionBytes }: TableDescriptor): boolean {
    if (deletedRetentionBytes === undefined) return false;
    const kept = this.#kept.get(oid);
    const deleted = this.#parts.activity.of(catalog.database).known(oid)?.deleted ?? 0;
    const more = kept === undefined ? deleted : Math.max(deleted - kept.deleted, 0);
    return more * TOMBSTONE_BYTES + (kept?.bytes ?? 0) > deletedRetentionBytes && more * TOMBSTONE_BYTES > deletedRetentionBytes / 8;
  }

  async #piece(catalog: Catalog, oid: Oid, from: SweepPosition | undefined, limits: SweepLimits): Promise<SweepPosition | undefined> {
    const { database } = catalog;
    const transaction = this.#parts.transactions.begin({ isolation: 'read committed', readOnly: false, backendPid: 0, database });
    let position: SweepPosition | undefined;
    try {
      // Whoever drops the database, or copies it, is not kept waiting. A catalog that was given up may be out of date.
      const isFree = await transaction.lock(lockTags.database(database), 'ROW EXCLUSIVE', 'skip');
      const isKnown = [...this.#parts.catalogs.opened()].includes(catalog);
      if (!isFree || !isKnown || !(await transaction.lock(lockTags.relation(oid), 'ROW EXCLUSIVE', 'skip'))) {
        transaction.rollback();
        return undefined;
      }
      const { core } = this.#sessionOf(catalog);
      const table = catalog.committed.relationByOid(oid);
      const view = transaction.view();
      core.beginStatement('');
      if (table?.kind === 'table') position = await sweepTable(table, from, limits, new ContextOfUtility(core, transaction, view));
      view.release();
    } catch (error) {
      transaction.rollback();
      throw error;
    }
    // Nobody is told that they are gone: should they come back, they are found again.
    await transaction.commit('ordered');
    return position;
  }

  /** A session of nobody's: it has settings and formats, and is in no list. */
  #sessionOf(catalog: Catalog): Session {
    const known = this.#sessions.get(catalog);
    if (known !== undefined) return known;
    const role = catalog.committed.role(RoleName.postgres);
    if (role === undefined) throw new Error('the bootstrap superuser is gone');
    const session = makeInternalSession(this.#parts, catalog, role);
    this.#sessions.set(catalog, session);
    return session;
  }
}

interface Due {
  readonly catalog: Catalog;
  readonly table: TableDescriptor;
}

function intervalMs(table: TableDescriptor): number {
  if (table.ttlMicros !== undefined)
    return Math.min(Math.max(table.ttlMicros / MICROS_PER_MS / 2, MIN_STREAM_INTERVAL_MS), MAX_STREAM_INTERVAL_MS);
  return Math.max(table.deletedRetentionMs / 10, MIN_TOMBSTONE_INTERVAL_MS);
}
