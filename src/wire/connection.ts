import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { SessionEnd } from '../commons/activity-counters.js';
import type { Logger } from '../commons/logger.js';
import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import type { AccessControl } from './authentication/access-control.js';
import type { ClientEnd } from './client-end.js';
import { type ClientMessages, dispatchMessage, isExtended } from './dispatch.js';
import type { FlushRounds } from './flush-rounds.js';
import { MessageFramer } from './message-framer.js';
import { MessageReader } from './message-reader.js';
import { encodeReadyForQuery } from './messages/query.js';
import { Frontend } from './messages/types.js';
import type { SessionFactory, SessionPort } from './port.js';
import type { SharedReads } from './shared-reads.js';
import { ConnectionLost, SocketOutput } from './socket-output.js';
import { type Admission, Startup, type StartupStep } from './startup.js';
import { ALPN, type ServerTls } from './tls/server-tls.js';
import { tlsInfo } from './tls/tls-info.js';
import { toSqlError } from './unexpected-error.js';

export interface ConnectionLimits {
  readonly maxMessageBytes: number;
  readonly authenticationTimeoutMs: number;
  /** Results that wait for their client: more, and statements wait too. */
  readonly maxUnreadBytes: number;
  /** tcp_keepalives_idle; 0: no keepalives. */
  readonly keepAliveMs: number;
}

/** What all connections of a server share. */
export interface ConnectionServices {
  readonly reads: SharedReads;
  readonly rounds: FlushRounds;
  readonly factory: SessionFactory;
  readonly access: AccessControl;
  readonly tls: ServerTls | undefined;
  readonly limits: ConnectionLimits;
  readonly logger: Logger;
}

/** PostgreSQL's limits on a start-up packet (its length and a version; 10,000 bytes of body), and on a message of authentication: tokens are long. */
const MIN_PACKET_BYTES = 8;
const MAX_PACKET_BYTES = 10_004;
const MAX_AUTHENTICATION_BYTES = 65_535;
/** On all of them together. */
const MAX_BYTES_BEFORE_AUTHENTICATION = 2 * MAX_AUTHENTICATION_BYTES;
/** First byte of a client's hello in TLS: it begins with that, without asking (sslnegotiation=direct). */
const TLS_HANDSHAKE = 0x16;
const ACCEPTED = Buffer.from('S');
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
  #socket: Duplex;
  readonly #tls: ServerTls | undefined;
  readonly #logger: Logger;
  readonly #entered: (() => void) | undefined;
  readonly #limits: ConnectionLimits;
  readonly #output: SocketOutput;
  readonly #framer = new MessageFramer();
  readonly #reader = new MessageReader();
  #startup: Startup | undefined;
  /** Start-up waits for something: what comes in waits too. */
  #opening = false;
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
  #end: SessionEnd = 'lost';
  /** What the client sends makes no sense any more. */
  #isLost = false;

  /** @param client its stream paused, and from now on the connection's: others use `socket` */
  constructor(client: ClientEnd, services: ConnectionServices, admission: Admission) {
    const { reads, factory, access, tls, limits, logger } = services;
    const socket = reads.attach(client.stream, (chunk) => this.#received(chunk));
    this.#socket = socket;
    this.#tls = client.takesTls ? tls : undefined;
    this.#logger = logger;
    this.#entered = client.entered;
    this.#limits = limits;
    this.#output = new SocketOutput(socket, this.#reader, {
      rounds: services.rounds,
      maxUnreadBytes: limits.maxUnreadBytes,
      copyStarted: () => queueMicrotask(() => this.#runCopy()),
    });
    this.#startup = new Startup(this.#output, factory, client, admission, access, this.#tls !== undefined);
    this.#authenticationTimer = setTimeout(() => this.#authenticationTimedOut(), limits.authenticationTimeoutMs);
    if (socket instanceof Socket) {
      socket.setNoDelay(true);
      socket.setKeepAlive(limits.keepAliveMs > 0, limits.keepAliveMs);
    }
    socket.on('error', (error) => logger.debug({ err: error }, 'socket error'));
    socket.on('close', () => this.#close());
  }

  get socket(): Duplex {
    return this.#socket;
  }

  get session(): SessionPort | undefined {
    return this.#session;
  }

  #received(chunk: Buffer): void {
    if (this.#closed || this.#output.ended) return;
    if (this.#receivedBytes === 0 && chunk[0] === TLS_HANDSHAKE && this.#startup !== undefined) {
      this.#startDirectTls(chunk);
      return;
    }
    this.#framer.push(chunk);
    if (this.#startup !== undefined) this.#runStartup(this.#startup, chunk.length);
    else if (!this.#busy) this.#run();
    else if (this.#session?.inCopy === true) this.#runCopy();
    this.#pauseIfFull();
  }

  #pauseIfFull(): void {
    if (this.#busy && this.#framer.pendingBytes > MAX_QUEUED_BYTES && !this.#takesCopyData) this.#socket.pause();
  }

  /** What is pending is the beginning of a message of COPY: the rest must come, however long it is. */
  get #takesCopyData(): boolean {
    return this.#session?.inCopy === true && !this.#feeding;
  }

  #runStartup(startup: Startup, bytes: number): void {
    this.#output.hold();
    try {
      this.#receivedBytes += bytes;
      if (this.#receivedBytes > MAX_BYTES_BEFORE_AUTHENTICATION) {
        throw new SqlError(SqlState.protocolViolation, 'too many bytes before authentication', { severity: 'FATAL' });
      }
      while (this.#session === undefined && !this.#opening && !this.#output.ended && this.#nextStartupMessage(startup)) {
        const step = startup.expectsPacket ? startup.packet(this.#reader) : startup.message(this.#framer.type, this.#reader);
        if (step instanceof Promise) this.#stepLater(startup, step);
        else this.#step(step);
      }
    } catch (thrown) {
      this.#endWith(fatal(toSqlError(thrown, this.#logger)));
    }
    this.#output.release();
    if (this.#session !== undefined) this.#run();
  }

  #nextStartupMessage(startup: Startup): boolean {
    if (startup.expectsPacket && this.#isOtherProtocol()) return false;
    const found = startup.expectsPacket ? this.#framer.nextPacket(MAX_PACKET_BYTES) : this.#framer.next(MAX_AUTHENTICATION_BYTES);
    if (found) this.#reader.reset(this.#framer.bytes, this.#framer.start, this.#framer.end);
    return found;
  }

  /** Whoever begins with an impossible length does not speak this protocol, or left before it introduced itself: like PostgreSQL, say nothing. */
  #isOtherProtocol(): boolean {
    const bytes = this.#framer.packetBytes;
    if (bytes === undefined || (bytes >= MIN_PACKET_BYTES && bytes <= MAX_PACKET_BYTES)) return false;
    this.#logger.debug({ bytes }, 'invalid length of startup packet');
    this.#output.end();
    return true;
  }

  #step(step: StartupStep): void {
    if (step === 'done') this.#output.end();
    else if (step === 'tls') this.#startRequestedTls();
    else if (step !== undefined) this.#opened(step);
  }

  #stepLater(startup: Startup, waiting: Promise<StartupStep>): void {
    this.#opening = true;
    waiting.then(
      (step) => {
        this.#opening = false;
        if (this.#closed || this.#output.ended) {
          if (typeof step === 'object') this.#closeSession(step);
          return;
        }
        this.#output.hold();
        this.#step(step);
        this.#output.release();
        if (this.#session !== undefined) this.#run();
        else this.#runStartup(startup, 0);
      },
      (thrown: unknown) => {
        this.#opening = false;
        if (!this.#closed && !this.#output.ended) this.#endWith(fatal(toSqlError(thrown, this.#logger)));
      },
    );
  }

  #startRequestedTls(): void {
    this.#output.buffer.writeRaw(ACCEPTED);
    this.#output.flush();
    if (this.#framer.pendingBytes > 0) {
      // It came before TLS was there, maybe from somebody in between, and must not be taken for what comes through TLS (CVE-2021-23214).
      throw new SqlError(SqlState.protocolViolation, 'received unencrypted data after SSL request', {
        severity: 'FATAL',
        detail: 'This could be either a client-software bug or evidence of an attempted man-in-the-middle attack.',
      });
    }
    if (this.#tls !== undefined) this.#startTls(this.#tls, false);
  }

  #startDirectTls(hello: Buffer): void {
    if (this.#tls === undefined) {
      this.#socket.destroy();
      return;
    }
    this.#socket.pause();
    this.#socket.unshift(hello);
    this.#startTls(this.#tls, true);
  }

  #startTls(tls: ServerTls, isDirect: boolean): void {
    this.#socket.removeAllListeners('data');
    const { socket, endpointHash } = tls.secure(this.#socket);
    this.#socket = socket;
    this.#receivedBytes = Math.max(1, this.#receivedBytes);
    this.#output.use(socket);
    socket.on('error', (error) => this.#logger.debug({ err: error }, 'TLS failed'));
    socket.on('close', () => this.#close());
    socket.on('secure', () => {
      const info = tlsInfo(socket, endpointHash);
      if (info === 'untrusted') {
        this.#endWith(
          new SqlError(SqlState.invalidAuthorizationSpecification, 'the client certificate is not trusted', { severity: 'FATAL' }),
        );
      } else if (isDirect && socket.alpnProtocol !== ALPN) {
        this.#endWith(
          new SqlError(SqlState.protocolViolation, 'received direct SSL connection request without ALPN protocol negotiation extension', {
            severity: 'FATAL',
          }),
        );
      } else this.#startup?.secured(info);
    });
    socket.on('data', (chunk: Buffer) => this.#received(chunk));
  }

  #opened(session: SessionPort): void {
    this.#session = session;
    this.#startup = undefined;
    this.#entered?.();
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
      this.#end = 'left';
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
        if (this.#readyFollows && this.#session !== undefined && !this.#closed && !this.#isLost) this.#ready(this.#session);
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
    if (this.#isLost) {
      this.#endWith(
        new SqlError(SqlState.protocolViolation, 'terminating connection because protocol synchronization was lost', { severity: 'FATAL' }),
      );
      return;
    }
    this.#run();
    if (this.#socket.isPaused() && !this.#busy) this.#socket.resume();
  }

  /** While a statement waits for COPY data, only messages of COPY are handled. */
  #runCopy(): void {
    const session = this.#session;
    if (session === undefined || this.#closed) return;
    try {
      while (this.#busy && session.inCopy && !this.#isLost && !this.#feeding && this.#framer.next(this.#limits.maxMessageBytes)) {
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
    if (this.#socket.isPaused() && (this.#takesCopyData || this.#framer.pendingBytes <= MAX_QUEUED_BYTES)) this.#socket.resume();
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
        // Whatever it meant, the stream of messages is not what either side takes it for: the statement fails, and then the connection ends.
        this.#isLost = true;
        session.copyBroken(
          new SqlError(
            SqlState.protocolViolation,
            `unexpected message type 0x${type.toString(16).toUpperCase().padStart(2, '0')} during COPY from stdin`,
          ),
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
    if (this.#readyFollows && !this.#isLost) this.#ready(session);
  }

  #ready(session: SessionPort): void {
    session.beforeReady();
    this.#idle = true;
    encodeReadyForQuery(this.#output.buffer, session.transactionStatus);
  }

  #endWith(error: SqlError): void {
    this.#end = 'failed';
    this.#output.error(error);
    this.#output.end();
    // A client that does not take its leave keeps nothing of what its session had.
    if (this.#session !== undefined) this.#closeSession(this.#session);
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
    if (this.#session !== undefined) this.#closeSession(this.#session);
  }

  #closeSession(session: SessionPort): void {
    const closing = session.close(this.#end);
    closing?.catch((thrown: unknown) => this.#logger.error({ err: thrown }, 'closing a session failed'));
  }
}

function fatal(error: SqlError): SqlError {
  return new SqlError(error.code, error.message, { ...error.fields, severity: 'FATAL' });
}
