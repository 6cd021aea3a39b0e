import type { Catalog } from '../catalog/catalog.js';
import { lockTags } from '../transaction/lock-tags.js';
import type { ServerParts } from './server-parts.js';

const TICK_MS = 30_000;
/** After so long without a session a database's catalog is given up: whoever connects next reads it again. */
const IDLE_MS = 10 * 60_000;

/** Lets go of the catalogs of databases that nobody is connected to any more, so that many databases do not fill the memory one after the other. */
export class IdleCatalogs {
  readonly #parts: ServerParts;
  readonly #idleMs: number;
  readonly #idleSince = new WeakMap<Catalog, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: ServerParts, idleMs = IDLE_MS) {
    this.#parts = parts;
    this.#idleMs = idleMs;
  }

  start(): void {
    this.#timer = setInterval(() => this.look(), TICK_MS);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  look(): void {
    const { catalogs, clock, sessions } = this.#parts;
    const now = clock.monotonicMs();
    for (const catalog of [...catalogs.opened()]) {
      const [inUse] = sessions.of(catalog.database);
      const since = this.#idleSince.get(catalog);
      if (inUse !== undefined) this.#idleSince.delete(catalog);
      else if (since === undefined) this.#idleSince.set(catalog, now);
      if (inUse === undefined && now - (since ?? now) >= this.#idleMs) this.#close(catalog);
    }
  }

  /** Unless somebody is about to connect, or its rows expire and have to be swept. */
  #close(catalog: Catalog): void {
    for (const relation of catalog.committed.relations()) if (relation.kind === 'table' && relation.ttlMicros !== undefined) return;
    const locks = this.#parts.transactions.locks.session(0);
    if (locks.lock(lockTags.database(catalog.database), 'ACCESS EXCLUSIVE', 'skip') !== true) return;
    this.#parts.catalogs.close(catalog.database);
    locks.unlockAll();
  }
}
