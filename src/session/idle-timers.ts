import { SqlError } from '../commons/sql-error.js';
import { SqlState, type SqlStateCode } from '../commons/sqlstates.js';
import type { SessionCore } from './session-core.js';

/** idle_session_timeout, idle_in_transaction_session_timeout and transaction_timeout. No timer while they are 0. */
export class IdleTimers {
  readonly #core: SessionCore;
  readonly #terminate: (error: SqlError) => void;
  #idle: NodeJS.Timeout | undefined;
  #transaction: NodeJS.Timeout | undefined;

  constructor(core: SessionCore, terminate: (error: SqlError) => void) {
    this.#core = core;
    this.#terminate = terminate;
  }

  /** The session waits for its client. */
  start(): void {
    const { values, settings, block } = this.#core;
    values.refresh(settings);
    if (block.isBlock) this.#followTransactionTimeout();
    const timeoutMs = block.isBlock ? values.idleInTransactionTimeoutMs : values.idleTimeoutMs;
    if (timeoutMs === 0) return;
    const error = block.isBlock
      ? fatal(SqlState.idleInTransactionSessionTimeout, 'terminating connection due to idle-in-transaction timeout')
      : fatal(SqlState.idleSessionTimeout, 'terminating connection due to idle-session timeout');
    this.#idle = setTimeout(() => this.#terminate(error), timeoutMs);
  }

  stop(): void {
    if (this.#idle === undefined) return;
    clearTimeout(this.#idle);
    this.#idle = undefined;
  }

  /** SET transaction_timeout within a block: one that is set counts from then on, but does not move one that runs. */
  #followTransactionTimeout(): void {
    if (this.#core.values.transactionTimeoutMs === 0) this.transactionEnded();
    else if (this.#transaction === undefined && this.#core.block.transaction !== undefined) this.transactionBegan();
  }

  transactionBegan(): void {
    const { transactionTimeoutMs } = this.#core.values;
    if (transactionTimeoutMs === 0) return;
    this.transactionEnded();
    const error = fatal(SqlState.transactionTimeout, 'terminating connection due to transaction timeout');
    this.#transaction = setTimeout(() => this.#terminate(error), transactionTimeoutMs);
  }

  transactionEnded(): void {
    if (this.#transaction === undefined) return;
    clearTimeout(this.#transaction);
    this.#transaction = undefined;
  }
}

function fatal(code: SqlStateCode, message: string): SqlError {
  return new SqlError(code, message, { severity: 'FATAL' });
}
