import { SettingName } from '../commons/setting-names.js';
import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import type { Transaction } from '../transaction/transaction.js';
import type { ServerParts } from './server-parts.js';

const TICK_MS = 1000;
const MS_PER_MINUTE = 60_000;

interface Seen {
  readonly transaction: Transaction;
  readonly seq: number;
  readonly sinceMs: number;
}

/**
 * A snapshot keeps the store from using again what has been overwritten since: with old_snapshot_threshold, one that is so old, and that has
 * been overtaken by commits, ends with its session. Ages are counted from when a snapshot is first noticed.
 */
export class OldSnapshots {
  readonly #parts: ServerParts;
  readonly #thresholdMs: number;
  #seen = new Map<number, Seen>();
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: ServerParts) {
    this.#parts = parts;
    this.#thresholdMs = Number(parts.settings.find(SettingName.oldSnapshotThreshold)?.boot) * MS_PER_MINUTE;
  }

  start(): void {
    if (this.#thresholdMs < 0) return;
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    const { sessions, transactions, clock } = this.#parts;
    const nowMs = clock.monotonicMs();
    const before = this.#seen;
    this.#seen = new Map();
    for (const { session } of sessions.all()) {
      const { transaction } = session.core.block;
      const seq = transaction?.snapshotSeq;
      if (transaction === undefined || seq === undefined || seq >= transactions.lastSeq) continue;
      const last = before.get(session.pid);
      const since = last?.transaction === transaction && last.seq === seq ? last : { transaction, seq, sinceMs: nowMs };
      if (since === last && nowMs - since.sinceMs >= this.#thresholdMs) session.terminate(tooOld());
      else this.#seen.set(session.pid, since);
    }
  }
}

const tooOld = (): SqlError => new SqlError(SqlState.snapshotTooOld, 'snapshot too old', { severity: 'FATAL' });
