import type { TableDescriptor } from '../catalog/descriptors.js';
import type { Oid } from '../commons/ids.js';
import { RoleName } from '../commons/system-names.js';
import { type SweepPosition, sweepTable } from '../executor/bulk/index.js';
import { lockTags } from '../transaction/lock-tags.js';
import type { ClientOutput } from '../wire/port.js';
import { makeSession } from './make-session.js';
import type { ServerParts } from './server-parts.js';
import type { Session } from './session.js';
import { ContextOfUtility } from './utility-context.js';

/** Rows that one transaction of a sweep looks at. */
const PIECE_ROWS = 2000;
const TICK_MS = 1000;
const MIN_STREAM_INTERVAL_MS = 1000;
const MAX_STREAM_INTERVAL_MS = 60_000;
/** Tombstones stay for days; looking for old ones costs a scan of the table. */
const MIN_TOMBSTONE_INTERVAL_MS = 3_600_000;
const MICROS_PER_MS = 1000;

/**
 * Life of a row past its time: nobody sees it from that moment on; this removes it from the store some time later. Stream tables are swept
 * about twice in their ttl, other tables now and then for old tombstones; in short transactions, one table after another.
 */
export class CleanUp {
  readonly #parts: ServerParts;
  /** When each table was last swept, by the monotonic clock. */
  readonly #swept = new Map<Oid, number>();
  #session: Session | undefined;
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
    await this.#session?.close();
  }

  #busy = false;
  #tick(): void {
    if (this.#busy || this.#stopped) return;
    const due = this.#due();
    if (due.length === 0) return;
    this.#busy = true;
    this.#running = this.#sweepAll(due).finally(() => {
      this.#busy = false;
    });
  }

  #due(): TableDescriptor[] {
    const now = this.#parts.clock.monotonicMs();
    const due: TableDescriptor[] = [];
    for (const relation of this.#parts.catalog.committed.relations()) {
      if (relation.kind !== 'table') continue;
      const last = this.#swept.get(relation.oid);
      // A table that is new here may as well be new at all: its first sweep comes an interval from now.
      if (last === undefined) this.#swept.set(relation.oid, now);
      else if (now - last >= intervalMs(relation)) due.push(relation);
    }
    return due;
  }

  async #sweepAll(tables: readonly TableDescriptor[]): Promise<void> {
    for (const table of tables) {
      if (this.#stopped) return;
      this.#swept.set(table.oid, this.#parts.clock.monotonicMs());
      try {
        await this.#sweep(table.oid);
      } catch (error) {
        this.#parts.logger.warn({ err: error, table: table.name }, 'a table could not be cleaned up; it is tried again later');
      }
    }
  }

  async #sweep(oid: Oid): Promise<void> {
    let position: SweepPosition | undefined;
    do position = await this.#piece(oid, position);
    while (position !== undefined && !this.#stopped);
  }

  async #piece(oid: Oid, from: SweepPosition | undefined): Promise<SweepPosition | undefined> {
    const { core } = this.#openSession();
    const transaction = this.#parts.transactions.begin({ isolation: 'read committed', readOnly: false, backendPid: 0 });
    let position: SweepPosition | undefined;
    try {
      if (!(await transaction.lock(lockTags.relation(oid), 'ROW EXCLUSIVE', 'skip'))) {
        transaction.rollback();
        return undefined;
      }
      const table = this.#parts.catalog.committed.relationByOid(oid);
      const view = transaction.view();
      core.beginStatement('');
      if (table?.kind === 'table') position = await sweepTable(table, from, PIECE_ROWS, new ContextOfUtility(core, transaction, view));
      view.release();
    } catch (error) {
      transaction.rollback();
      throw error;
    }
    await transaction.commit();
    return position;
  }

  /** A session of nobody's: it has settings and formats, and is in no list. */
  #openSession(): Session {
    if (this.#session !== undefined) return this.#session;
    const role = this.#parts.catalog.committed.role(RoleName.postgres);
    if (role === undefined) throw new Error('the bootstrap superuser is gone');
    this.#session = makeSession(this.#parts, role, {
      user: role.name,
      database: this.#parts.catalog.committed.database().name,
      parameters: new Map(),
      clientAddress: undefined,
      clientPort: undefined,
      secretKey: new Uint8Array(0),
      output: NOWHERE,
    });
    this.#parts.sessions.remove(this.#session.core.pid);
    return this.#session;
  }
}

function intervalMs(table: TableDescriptor): number {
  if (table.ttlMicros !== undefined)
    return Math.min(Math.max(table.ttlMicros / MICROS_PER_MS / 2, MIN_STREAM_INTERVAL_MS), MAX_STREAM_INTERVAL_MS);
  return Math.max(table.deletedRetentionMs / 10, MIN_TOMBSTONE_INTERVAL_MS);
}

const ignore = (): void => undefined;
const NOWHERE: ClientOutput = {
  rowDescription: ignore,
  noData: ignore,
  parameterDescription: ignore,
  rows: () => ignore,
  commandComplete: ignore,
  emptyQuery: ignore,
  portalSuspended: ignore,
  parseComplete: ignore,
  bindComplete: ignore,
  closeComplete: ignore,
  error: ignore,
  notice: ignore,
  parameterStatus: ignore,
  copyInResponse: ignore,
  copyOutResponse: ignore,
  copyData: ignore,
  copyDone: ignore,
  notification: ignore,
  bufferedBytes: 0,
  drain: () => undefined,
  flush: ignore,
  end: ignore,
};
