import type { SessionEnd } from '../commons/activity-counters.js';
import type { UserId } from '../commons/ids.js';
import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import { drive } from '../executor/waiting.js';
import type { SessionPort, TransactionStatus } from '../wire/port.js';
import { ConnectionLost } from '../wire/socket-output.js';
import { toSqlError } from '../wire/unexpected-error.js';
import { ExtendedProtocol } from './extended-protocol.js';
import { callFunction } from './function-call.js';
import { IdleTimers } from './idle-timers.js';
import { terminated, userCancel } from './interrupt.js';
import type { NotificationQueue } from './notification-queue.js';
import { ReportedSettings } from './reported-settings.js';
import { ResultWriters } from './result-writers.js';
import { runSimple } from './run/run-simple.js';
import type { SessionCore } from './session-core.js';
import { placeInText, type SimpleText } from './statement/statement-cache.js';

/** The longest that a timer takes. */
const MAX_TIMER_MS = 2 ** 31 - 1;
const STACK_DEPTH_EXCEEDED = 'stack depth limit exceeded';

/**
 * One client's session. Life of a message: wire calls → the statement cache gives parsed statements → each is opened in the session's
 * transaction (run/open-statement.ts) → its rows are sent (run/send-rows.ts) → its implicit transaction ends.
 */
export class Session implements SessionPort {
  readonly core: SessionCore;
  readonly #writers: ResultWriters;
  readonly #extended: ExtendedProtocol;
  readonly #reported: ReportedSettings;
  readonly #queue: NotificationQueue;
  readonly #idle: IdleTimers;
  readonly #closed: (session: Session, how: SessionEnd) => Promise<void> | void;
  #end: SessionEnd | undefined;
  errorText: string | undefined;
  #gone = false;
  #expiry: NodeJS.Timeout | undefined;
  #actingUser: UserId | undefined;
  /** What wire waits for; the session can close only behind it. */
  #running: Promise<void> | undefined;

  constructor(core: SessionCore, queue: NotificationQueue, closed: (session: Session, how: SessionEnd) => Promise<void> | void) {
    this.core = core;
    this.#writers = new ResultWriters(core.output, core.format);
    this.#extended = new ExtendedProtocol(core, this.#writers);
    this.#reported = new ReportedSettings(core);
    this.#queue = queue;
    this.#idle = new IdleTimers(core, (error) => this.terminate(error));
    this.#closed = closed;
  }

  get pid(): number {
    return this.core.pid;
  }

  get transactionStatus(): TransactionStatus {
    return this.core.block.status;
  }

  transactionBegan(): void {
    this.#idle.transactionBegan();
  }

  transactionEnded(): void {
    this.#idle.transactionEnded();
  }

  get isActive(): boolean {
    return this.core.interrupt.running;
  }

  reportedSettings(): ReadonlyMap<string, string> {
    return this.#reported.initial();
  }

  // ------------------------------------------------------------ simple protocol

  query(text: string): Promise<void> | void {
    const { core } = this;
    core.beginStatement(text);
    this.errorText = text;
    core.portals.closeUnnamed();
    core.prepared.dropUnnamed();
    let simple: SimpleText | undefined;
    try {
      simple = core.server.statements.simple(core.grammarText(text));
      const running = drive(runSimple(core, this.#writers, simple));
      if (running instanceof Promise) return this.#track(this.#late(running, simple));
    } catch (thrown) {
      this.#failQuery(thrown, simple);
    }
    core.interrupt.end();
  }

  async #late(running: Promise<void>, simple: SimpleText): Promise<void> {
    this.core.interrupt.waiting();
    try {
      await running;
    } catch (thrown) {
      this.#failQuery(thrown, simple);
    } finally {
      this.core.interrupt.end();
    }
  }

  /** Tells the client, unless the session itself is to end: then wire does. */
  #failQuery(thrown: unknown, simple: SimpleText | undefined): void {
    const { core } = this;
    if (thrown instanceof ConnectionLost) throw thrown;
    let error = this.#withStackDepth(core.interrupt.explain(toSqlError(thrown, core.server.logger)));
    core.block.fail();
    if (error.severity !== 'ERROR') throw error;
    const { position, isPlaced } = error.fields;
    if (position !== undefined && isPlaced !== true && simple !== undefined && simple.literals.length > 0) {
      error = new SqlError(error.code, error.message, { ...error.fields, position: placeInText(position, simple) });
    }
    core.output.error(error, this.errorText);
  }

  /** PostgreSQL says how deep its stack may be. */
  #withStackDepth(error: SqlError): SqlError {
    if (error.code !== SqlState.statementTooComplex || error.message !== STACK_DEPTH_EXCEEDED) return error;
    const depth = this.core.settings.show('max_stack_depth');
    const hint = `Increase the configuration parameter "max_stack_depth" (currently ${depth}), after ensuring the platform's stack depth limit is adequate.`;
    return new SqlError(error.code, error.message, { ...error.fields, hint });
  }

  // ------------------------------------------------------------ extended protocol

  parse(name: string, text: string, paramTypes: readonly number[]): Promise<void> | void {
    this.errorText = text;
    this.core.beginStatement(text);
    this.#extended.parse(name, text, paramTypes);
  }

  bind(
    portal: string,
    statement: string,
    paramFormats: readonly number[],
    params: readonly (Uint8Array | null)[],
    resultFormats: readonly number[],
  ): Promise<void> | void {
    const prepared = this.core.prepared.get(statement);
    this.errorText = prepared.text;
    this.core.beginStatement(prepared.text);
    this.#extended.bind(portal, prepared, paramFormats, params, resultFormats);
  }

  describeStatement(name: string): void {
    this.#extended.describeStatement(name);
  }

  describePortal(name: string): void {
    this.#extended.describePortal(name);
  }

  execute(portal: string, maxRows: number): Promise<void> | void {
    // A block that failed has closed its portals: whatever the name was, it is the block that is in the way.
    if (this.core.portals.find(portal) === undefined) this.core.block.requireNotFailed();
    const found = this.core.portals.get(portal);
    this.errorText = found.prepared?.text;
    this.core.interrupt.begin(this.core.values.statementTimeoutMs);
    const running = this.#extended.execute(found, maxRows);
    if (running === undefined) return;
    this.core.interrupt.waiting();
    return this.#track(running);
  }

  closeStatement(name: string): void {
    this.core.prepared.delete(name);
  }

  closePortal(name: string): void {
    this.core.portals.close(name);
  }

  /** Arguments are views into the input, which may be gone once something is waited for. */
  callFunction(oid: number, formats: readonly number[], args: readonly (Uint8Array | null)[], resultFormat: number): Promise<void> {
    this.core.beginStatement('<fastpath function call>');
    this.errorText = undefined;
    const own = args.map((bytes) => (bytes === null ? null : Uint8Array.from(bytes)));
    return this.#track(this.#called(callFunction(this.core, oid, formats, own, resultFormat)));
  }

  async #called(calling: Promise<void>): Promise<void> {
    this.core.interrupt.waiting();
    try {
      await calling;
    } catch (thrown) {
      this.#failQuery(thrown, undefined);
    }
    await this.sync();
    this.core.interrupt.end();
  }

  sync(): Promise<void> | void {
    try {
      const ending = this.core.block.endImplicit();
      if (ending === undefined) return;
      return this.#track(ending.catch((thrown: unknown) => this.#failCommit(thrown)));
    } catch (thrown) {
      this.#failCommit(thrown);
    }
  }

  #failCommit(thrown: unknown): void {
    const error = this.core.interrupt.explain(toSqlError(thrown, this.core.server.logger));
    if (error.severity !== 'ERROR') throw error;
    this.core.output.error(error);
  }

  fail(): void {
    this.core.block.fail();
  }

  // ------------------------------------------------------------ between messages

  beforeReady(): void {
    const { core } = this;
    core.interrupt.end();
    core.becomeIdle();
    const isIdle = core.block.status === 'I';
    if (isIdle) this.#followActingUser();
    this.#queue.release(isIdle);
    this.#reported.send();
    this.#idle.start();
    const { ending } = core.interrupt;
    // A commit, for one, cannot be interrupted. The client hears of it first.
    if (ending !== undefined) setImmediate(() => this.terminate(ending));
  }

  /** A live query shows one user's rows: whoever acts for another from now on listens anew. */
  #followActingUser(): void {
    const { actingUser } = this.core.identity();
    if (this.#actingUser === actingUser) return;
    this.#actingUser = actingUser;
    const ended = this.core.notifications.actingUserChanged(actingUser);
    if (ended === 0) return;
    const message = ended === 1 ? 'a live query ended' : `${ended} live queries ended`;
    this.core.notice({ severity: 'WARNING', code: SqlState.warning, message: `${message}: the session acts for another user now` });
  }

  afterReady(): void {
    this.#idle.stop();
    this.#queue.hold();
  }

  // ------------------------------------------------------------ COPY

  get inCopy(): boolean {
    return this.core.copyIn?.isWaiting === true;
  }

  copyData(bytes: Uint8Array): Promise<void> | void {
    return this.core.copyIn?.data(bytes);
  }

  copyDone(): void {
    this.core.copyIn?.done();
  }

  copyFail(message: string): void {
    this.core.copyIn?.fail(new SqlError(SqlState.queryCanceled, `COPY from stdin failed: ${message}`));
  }

  copyBroken(error: SqlError): void {
    this.core.copyIn?.fail(error);
  }

  // ------------------------------------------------------------ the end

  cancel(): void {
    if (this.core.interrupt.interrupt(userCancel())) this.core.copyIn?.fail(userCancel());
  }

  /** Ends the session with a FATAL error: at once when idle, else as soon as what runs lets go. */
  terminate(error: SqlError): void {
    if (this.#gone) return;
    this.#end ??= error.code === SqlState.adminShutdown ? 'killed' : 'failed';
    this.core.interrupt.interrupt(error);
    if (this.core.interrupt.running) {
      this.core.copyIn?.fail(error);
      return;
    }
    this.core.output.error(error);
    this.core.output.end();
    const closing = this.close();
    closing?.catch((thrown: unknown) => this.core.server.logger.error({ err: thrown }, 'closing a session failed'));
  }

  /** What its client has shown holds no longer than so: then the session ends, whatever it is doing. */
  expireIn(ms: number): void {
    const expired = (): void =>
      this.terminate(
        new SqlError(SqlState.invalidAuthorizationSpecification, 'terminating connection because its token has expired', {
          severity: 'FATAL',
        }),
      );
    this.#expiry =
      ms > MAX_TIMER_MS ? setTimeout(() => this.expireIn(ms - MAX_TIMER_MS), MAX_TIMER_MS) : setTimeout(expired, Math.max(0, ms));
  }

  close(how: SessionEnd = 'left'): Promise<void> | void {
    if (this.#gone) return;
    this.#gone = true;
    const end = this.#end ?? how;
    clearTimeout(this.#expiry);
    this.#idle.stop();
    if (this.#running === undefined) return this.#closed(this, end);
    const reason = terminated();
    this.core.interrupt.interrupt(reason);
    this.core.copyIn?.fail(reason);
    const close = (): Promise<void> | void => this.#closed(this, end);
    return this.#running.then(close, close);
  }

  #track(running: Promise<void>): Promise<void> {
    this.#running = running;
    const done = (): void => {
      if (this.#running === running) this.#running = undefined;
    };
    running.then(done, done);
    return running;
  }
}
