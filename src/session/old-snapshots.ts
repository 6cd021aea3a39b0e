import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import type { ServerParts } from './server-parts.js';
import type { Session } from './session.js';

/** How exactly kalamdb.max_snapshot_age is kept. */
const TICK_MS = 500;
const MICROS_PER_MS = 1000;

/**
 * A snapshot keeps the store from using again what has been overwritten since. With kalamdb.max_snapshot_age, a transaction whose snapshot is older,
 * and has been overtaken by commits, is given up: the statement that runs fails, or else the next one is told, and the snapshot goes at once.
 */
export class OldSnapshots {
  readonly #parts: ServerParts;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: ServerParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    const { sessions, clock } = this.#parts;
    const nowMicros = clock.nowMicros();
    for (const { session } of sessions.all()) if (this.#isTooOld(session, nowMicros)) giveUp(session);
  }

  #isTooOld({ core }: Session, nowMicros: number): boolean {
    const { maxSnapshotAgeMs } = core.values;
    if (maxSnapshotAgeMs === 0) return false;
    const { transaction } = core.block;
    const seq = transaction?.snapshotSeq;
    if (seq === undefined || seq >= this.#parts.transactions.lastSeq) return false;
    return nowMicros - (transaction?.snapshotMicros ?? nowMicros) > maxSnapshotAgeMs * MICROS_PER_MS;
  }
}

function giveUp({ core }: Session): void {
  const error = new SqlError(SqlState.snapshotTooOld, 'snapshot too old');
  if (core.interrupt.running) core.interrupt.interrupt(error);
  else core.block.expire(error);
}
