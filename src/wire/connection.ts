import type { Socket } from 'node:net';
import type { Logger } from '../commons/logger.js';
import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import { type ClientMessages, dispatchMessage, isExtended } from './dispatch.js';
import { MessageFramer } from './message-framer.js';
import { MessageReader } from './message-reader.js';
import { encodeReadyForQuery } from './messages/query.js';
import { Frontend } from './messages/types.js';
import type { SessionFactory, SessionPort } from './port.js';
import type { SharedReads } from './shared-reads.js';
import { ConnectionLost, SocketOutput } from './socket-output.js';
import { type Admission, Startup } from './startup.js';
import { toSqlError } from './unexpected-error.js';

export interface ConnectionLimits {
  readonly maxMessageBytes: number;
  readonly authenticationTimeoutMs: number;
}

/** PostgreSQL's limit on a start-up packet; here on everything that comes before authentication. */
const MAX_BYTES_BEFORE_AUTHENTICATION = 10_000;
/** So much input may wait behind a statement that is running before the socket is left unread. */
const MAX_QUEUED_BYTES = 1024 * 1024;
/** After this long, other connections get their turn between two messages. */
const TURN_MS = 10;
const MESSAGES_PER_CLOCK_LOOK = 128;

/**
 * Life of a chunk of input: framed into messages, each handed to the session, one after another. What the session can answer at once costs no
 * promise; when it has to wait, the rest of the input waits too. At the end of the chunk everything written goes out in one write.
 */
export class Connection {
  readonly #socket: Socket;
  readonly #logger: Logger;
  readonly #limits: ConnectionLimits;
  readonly #output: SocketOutput;
  readonly #framer = new MessageFramer();
  readonly #reader = new MessageReader();
  #startup: Startup | undefined;
  #session: SessionPort | undefined;
  #authenticationTimer: NodeJS.Timeout | undefined;
  #receivedBytes = 0;
  /** A message is under way, its promise not settled. */
  #busy = false;
  /** ReadyForQuery follows when it has settled. */
  #readyFollows = false;
  /** COPY data that the session has not yet taken in. */
  #feeding = false;
  #skipToSync = false;
  #idle = false;
  #closed = false;

  /** @param accepted paused, and from now on the connection's: others use `socket` */
  constructor(
    accepted: Socket,
    reads: SharedReads,
    factory: SessionFactory,
    limits: ConnectionLimits,
    admission: Admission,
    logger: Logger,
  ) {
    const socket = reads.attach(accepted, (chunk) => this.#received(chunk));
    this.#socket = socket;
    this.#logger = logger;
    this.#limits = limits;
    this.#output = new SocketOutput(socket, () => queueMicrotask(() => this.#runCopy()));
    this.#startup = new Startup(this.#output, factory, { address: socket.remoteAddress, port: socket.remotePort }, admission);
    this.#authenticationTimer = setTimeout(() => this.#authenticationTimedOut(), limits.authenticationTimeoutMs);
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 60_000);
    socket.on('error', (error) => logger.debug({ err: error }, 'socket error'));
    socket.on('close', () => this.#close());
  }

  get socket(): Socket {
    return this.#socket;
  }

  get session(): SessionPort | undefined {
    return this.#session;
  }

  #received(chunk: Buffer): void {
    if (this.#closed || this.#output.ended) return;
    this.#framer.push(chunk);
    if (this.#startup !== undefined) this.#runStartup(this.#startup, chunk.length);
    else if (!this.#busy) this.#run();
    else if (this.#session?.inCopy === true) this.#runCopy();
    this.#pauseIfFull();
  }

  #pauseIfFull(): void {
    if (this.#busy && this.#framer.pendingBytes > MAX_QUEUED_BYTES) this.#socket.pause();
  }

  #runStartup(startup: Startup, bytes: number): void {
    this.#output.hold();
    try {
      this.#receivedBytes += bytes;
      if (this.#receivedBytes > MAX_BYTES_BEFORE_AUTHENTICATION) {
        throw new SqlError(SqlState.protocolViolation, 'too many bytes before authentication', { severity: 'FATAL' });
      }
      while (this.#session === undefined && !this.#output.ended && this.#nextStartupMessage(startup)) {
        const result = startup.expectsPacket ? startup.packet(this.#reader) : startup.message(this.#framer.type, this.#reader);
        if (result === 'done') this.#output.end();
        else if (result !== undefined) this.#opened(result);
      }
    } catch (thrown) {
      this.#endWith(fatal(toSqlError(thrown, this.#logger)));
    }
    this.#output.release();
    if (this.#session !== undefined) this.#run();
  }

  #nextStartupMessage(startup: Startup): boolean {
    const found = startup.expectsPacket
      ? this.#framer.nextPacket(MAX_BYTES_BEFORE_AUTHENTICATION)
      : this.#framer.next(MAX_BYTES_BEFORE_AUTHENTICATION);
    if (found) this.#reader.reset(this.#framer.bytes, this.#framer.start, this.#framer.end);
    return found;
  }

  #opened(session: SessionPort): void {
    this.#session = session;
    this.#startup = undefined;
    clearTimeout(this.#authenticationTimer);
    this.#ready(session);
  }

  /** Handles whole messages until one has to wait or there are no more. */
  #run(): void {
    const session = this.#session;
    if (session === undefined) return;
    this.#output.hold();
    const started = performance.now();
    let handled = 0;
    try {
      while (!this.#busy && !this.#output.ended && this.#framer.next(this.#limits.maxMessageBytes)) {
        this.#message(session, this.#framer.type);
        if (++handled % MESSAGES_PER_CLOCK_LOOK === 0 && performance.now() - started > TURN_MS && !this.#busy) this.#takeTurn();
        if (this.#output.isCongested && !this.#busy) this.#waitForClient();
      }
    } catch (thrown) {
      // The stream of messages is broken: nothing that follows could be understood.
      this.#endWith(toSqlError(thrown, this.#logger));
    }
    this.#output.release();
  }

  #takeTurn(): void {
    this.#busy = true;
    setImmediate(() => {
      this.#busy = false;
      this.#resume();
    });
  }

  /** It sends and does not read: until it has taken its answers, what it sends is left where it is. */
  #waitForClient(): void {
    this.#output.flush();
    const drained = this.#output.drain();
    if (drained === undefined) return;
    this.#busy = true;
    const settled = (): void => {
      this.#busy = false;
      this.#resume();
    };
    drained.then(settled, settled);
  }

  #message(session: SessionPort, type: number): void {
    if (this.#idle) {
      this.#idle = false;
      session.afterReady();
    }
    if (type === Frontend.terminate) {
      this.#output.end();
      return;
    }
    if (this.#skipToSync) {
      if (type !== Frontend.sync) return;
      this.#skipToSync = false;
    }
    this.#readyFollows = type === Frontend.query || type === Frontend.sync || type === Frontend.functionCall;
    try {
      this.#reader.reset(this.#framer.bytes, this.#framer.start, this.#framer.end);
      const waiting = dispatchMessage(type, this.#reader, session, this.#messages);
      if (waiting !== undefined) this.#wait(waiting, type);
      else if (this.#readyFollows) this.#ready(session);
    } catch (thrown) {
      this.#failed(thrown, type);
    }
  }

  #wait(waiting: Promise<void>, type: number): void {
    this.#busy = true;
    waiting.then(
      () => {
        this.#busy = false;
        if (this.#readyFollows && this.#session !== undefined && !this.#closed) this.#ready(this.#session);
        this.#resume();
      },
      (thrown: unknown) => {
        this.#busy = false;
        this.#failed(thrown, type);
        this.#resume();
      },
    );
  }

  #resume(): void {
    if (this.#closed) return;
    this.#run();
    if (this.#socket.isPaused() && !this.#busy) this.#socket.resume();
  }

  /** While a statement waits for COPY data, only messages of COPY are handled. */
  #runCopy(): void {
    const session = this.#session;
    if (session === undefined || this.#closed) return;
    try {
      while (this.#busy && session.inCopy && !this.#feeding && this.#framer.next(this.#limits.maxMessageBytes)) {
        this.#reader.reset(this.#framer.bytes, this.#framer.start, this.#framer.end);
        const waiting = this.#copyMessage(session, this.#framer.type);
        if (waiting === undefined) continue;
        this.#feeding = true;
        const fed = (): void => {
          this.#feeding = false;
          this.#runCopy();
        };
        waiting.then(fed, fed);
      }
    } catch (thrown) {
      this.#endWith(toSqlError(thrown, this.#logger));
    }
    if (this.#socket.isPaused() && this.#framer.pendingBytes <= MAX_QUEUED_BYTES) this.#socket.resume();
  }

  #copyMessage(session: SessionPort, type: number): Promise<void> | void {
    switch (type) {
      case Frontend.flush:
      case Frontend.sync:
        return;
      case Frontend.copyData:
      case Frontend.copyDone:
      case Frontend.copyFail:
        return dispatchMessage(type, this.#reader, session, this.#messages);
      default:
        throw new SqlError(
          SqlState.protocolViolation,
          `unexpected message type 0x${type.toString(16).toUpperCase().padStart(2, '0')} during COPY from stdin`,
          { severity: 'FATAL' },
        );
    }
  }

  readonly #messages: ClientMessages = { flush: () => this.#output.flush(), closeComplete: () => this.#output.closeComplete() };

  #failed(thrown: unknown, type: number): void {
    const session = this.#session;
    if (session === undefined || this.#closed || thrown instanceof ConnectionLost) return;
    const error = toSqlError(thrown, this.#logger);
    if (error.severity !== 'ERROR') {
      this.#endWith(error);
      return;
    }
    this.#output.error(error, session.errorText);
    session.fail();
    if (isExtended(type)) this.#skipToSync = true;
    if (this.#readyFollows) this.#ready(session);
  }

  #ready(session: SessionPort): void {
    session.beforeReady();
    this.#idle = true;
    encodeReadyForQuery(this.#output.buffer, session.transactionStatus);
  }

  #endWith(error: SqlError): void {
    this.#output.error(error);
    this.#output.end();
  }

  #authenticationTimedOut(): void {
    // A client that has not even introduced itself is told nothing.
    if (this.#startup?.expectsPacket === true) this.#socket.destroy();
    else this.#endWith(new SqlError(SqlState.queryCanceled, 'canceling authentication due to timeout', { severity: 'FATAL' }));
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#authenticationTimer);
    const closing = this.#session?.close();
    closing?.catch((thrown: unknown) => this.#logger.error({ err: thrown }, 'closing a session failed'));
  }
}

function fatal(error: SqlError): SqlError {
  return new SqlError(error.code, error.message, { ...error.fields, severity: 'FATAL' });
}
