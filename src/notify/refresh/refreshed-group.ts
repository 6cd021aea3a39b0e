import type { Catalog, CatalogSnapshot } from '../../catalog/catalog.js';
import type { TableDescriptor } from '../../catalog/descriptors.js';
import type { Oid, Seq, UserId } from '../../commons/ids.js';
import type { MaybePromise } from '../../commons/maybe-promise.js';
import type { RequiredPrivilege } from '../../planner/bind/logical.js';
import type { LiveQuery } from '../live-query.js';
import type { RepeatedQuery } from '../notifications.js';
import type { RefreshedRows } from './refreshed-rows.js';

/** Who hears of runs. */
export interface RefreshListener {
  changed(group: RefreshedGroup, seq: Seq, payloads: readonly string[]): void;
  /** It is over. */
  failed(group: RefreshedGroup, error: unknown): void;
}

export interface RefreshedGroupOptions {
  readonly catalog: Catalog;
  /** All that it reads, and what its listener must be allowed. */
  readonly parts: { readonly relations: readonly Oid[]; readonly privileges: readonly RequiredPrivilege[] };
  readonly user: UserId;
  readonly tables: ReadonlyMap<Oid, TableDescriptor>;
  readonly query: RepeatedQuery;
  readonly rows: RefreshedRows;
  readonly intervalMs: number;
  readonly isOfTime: boolean;
  readonly listener: RefreshListener;
}

/**
 * A live query that is kept up by running it again. Life of a run: the interval since the last one is over → is there anything that it could
 * see anew? → it runs in its own session → its rows are compared with those before, and what has changed is told → the next interval begins.
 */
export class RefreshedGroup {
  readonly kind = 'refreshed';
  readonly user: UserId;
  readonly members = new Set<LiveQuery>();
  tables: ReadonlyMap<Oid, TableDescriptor>;
  readonly #options: RefreshedGroupOptions;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;
  #isTouched = false;

  constructor(options: RefreshedGroupOptions) {
    this.#options = options;
    this.user = options.user;
    this.tables = options.tables;
  }

  get catalog(): Catalog {
    return this.#options.catalog;
  }
  get parts(): RefreshedGroupOptions['parts'] {
    return this.#options.parts;
  }

  get heldBytes(): number {
    return this.#options.rows.bytes;
  }
  get heldRows(): number {
    return this.#options.rows.count;
  }

  /** Something that it reads has changed. */
  touch(): void {
    this.#isTouched = true;
  }

  /** The tables as they are now: TRUNCATE gives them new storage. */
  over(catalog: CatalogSnapshot): void {
    const tables = new Map<Oid, TableDescriptor>();
    for (const oid of this.tables.keys()) {
      const table = catalog.relationByOid(oid);
      if (table?.kind === 'table') tables.set(oid, table);
    }
    this.tables = tables;
    this.#isTouched = true;
  }

  /** What is there when it is listened to. Fails with LISTEN. */
  begin(): MaybePromise<void> {
    const { query, rows } = this.#options;
    const reading = query.first(rows);
    if (reading instanceof Promise) return reading.then(() => void rows.end());
    rows.end();
  }

  /** Its listener's transaction has committed. */
  start(): void {
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => void this.#refresh(), this.#options.intervalMs);
    this.#timer.unref();
  }

  async #refresh(): Promise<void> {
    const { query, rows, listener, isOfTime } = this.#options;
    try {
      if (isOfTime || this.#isTouched) {
        // Before the snapshot: what commits from here on is another run's.
        this.#isTouched = false;
        const seq = await query.again(rows);
        if (this.#isClosed) return;
        const payloads = rows.end();
        if (payloads.length > 0) listener.changed(this, seq, payloads);
      }
      this.start();
    } catch (error) {
      if (!this.#isClosed) listener.failed(this, error);
    }
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#options.query.close();
  }
}
