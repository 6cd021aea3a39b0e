import type { NotificationBatch } from '../commons/notification-batch.js';
import { SettingName } from '../commons/setting-names.js';
import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import type { Subscriber } from '../notify/notifications.js';
import type { FormatContext } from '../types/format-context.js';
import type { ClientOutput } from '../wire/port.js';
import type { SessionCore } from './session-core.js';

type QueueOwner = Pick<SessionCore, 'pid' | 'format' | 'settings'>;

/**
 * Above this, a session that does not end its transaction, or whose client does not read, is ended itself: live queries turn to resync long
 * before, and channels promise to lose nothing.
 */
const MAX_WAITING_BYTES = 64 * 1024 * 1024;

function tooManyUnread(what: string): SqlError {
  return new SqlError(SqlState.programLimitExceeded, `too many notifications wait for ${what}`, { severity: 'FATAL' });
}

/** Notifications reach a client between its transactions only, as in PostgreSQL: what comes earlier waits here. */
export class NotificationQueue implements Subscriber {
  readonly pid: number;
  readonly #output: ClientOutput;
  readonly #core: QueueOwner;
  readonly #overflow: (error: SqlError) => void;
  #waiting: NotificationBatch[] = [];
  #waitingBytes = 0;
  /** No statement and no transaction is under way. */
  #open = false;

  constructor(core: QueueOwner, output: ClientOutput, overflow: (error: SqlError) => void) {
    this.pid = core.pid;
    this.#output = output;
    this.#core = core;
    this.#overflow = overflow;
  }

  notify(batch: NotificationBatch): void {
    if (this.#open) {
      if (this.#output.bufferedBytes > MAX_WAITING_BYTES) this.#overflow(tooManyUnread('the client to read'));
      else this.#output.notifications(batch);
      return;
    }
    this.#waiting.push(batch);
    this.#waitingBytes += batch.length;
    if (this.#waitingBytes <= MAX_WAITING_BYTES) return;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#overflow(tooManyUnread('the end of the transaction'));
  }

  get bufferedBytes(): number {
    return this.#output.bufferedBytes + this.#waitingBytes;
  }

  format(): FormatContext {
    return this.#core.format;
  }

  get wantsBatches(): boolean {
    return this.#core.settings.isOn(SettingName.kalamdbLiveBatch);
  }

  /** Before ReadyForQuery. @param idle no transaction is under way */
  release(idle: boolean): void {
    this.#open = idle;
    if (!idle || this.#waiting.length === 0) return;
    for (const batch of this.#waiting) this.#output.notifications(batch);
    this.#waiting = [];
    this.#waitingBytes = 0;
  }

  hold(): void {
    this.#open = false;
  }
}
