import { SettingName } from '../commons/setting-names.js';
import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import type { Subscriber } from '../notify/notifications.js';
import type { FormatContext } from '../types/format-context.js';
import type { ClientOutput } from '../wire/port.js';
import type { SessionCore } from './session-core.js';

interface Waiting {
  readonly pid: number;
  readonly channel: string;
  readonly payload: string;
}

type QueueOwner = Pick<SessionCore, 'pid' | 'format' | 'settings' | 'server'>;

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
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  /** No statement and no transaction is under way. */
  #open = false;

  constructor(core: QueueOwner, output: ClientOutput, overflow: (error: SqlError) => void) {
    this.pid = core.pid;
    this.#output = output;
    this.#core = core;
    this.#overflow = overflow;
  }

  notify(pid: number, channel: string, payload: string): void {
    if (this.#open) {
      if (this.#output.bufferedBytes > MAX_WAITING_BYTES) this.#overflow(tooManyUnread('the client to read'));
      else this.#output.notification(pid, channel, payload);
      return;
    }
    this.#waiting.push({ pid, channel, payload });
    this.#waitingBytes += channel.length + payload.length;
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

  nowMicros(): number {
    return this.#core.server.clock.nowMicros();
  }

  /** Before ReadyForQuery. @param idle no transaction is under way */
  release(idle: boolean): void {
    this.#open = idle;
    if (!idle || this.#waiting.length === 0) return;
    for (const { pid, channel, payload } of this.#waiting) this.#output.notification(pid, channel, payload);
    this.#waiting = [];
    this.#waitingBytes = 0;
  }

  hold(): void {
    this.#open = false;
  }
}
