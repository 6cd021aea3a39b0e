import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Logger } from '../commons/logger.js';
import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import { Connection, type ConnectionLimits } from './connection.js';
import type { SessionFactory } from './port.js';
import { SharedReads } from './shared-reads.js';

export interface ListenerLimits extends ConnectionLimits {
  readonly maxConnections: number;
}

/** Sockets beyond max_connections that may still say hello, to be told 53300 or to send a CancelRequest. */
const SPARE_SOCKETS = 64;

/**
 * Life of a connection: accepted here → Startup makes a session of it → Connection feeds it messages → closed by either side.
 *
 * | file | does |
 * | --- | --- |
 * | listener.ts | accepts, counts, closes |
 * | connection.ts, dispatch.ts | one client: chunks → messages → session, one write a chunk |
 * | startup.ts, scram.ts | until the session is open |
 * | shared-reads.ts, message-framer.ts, message-reader.ts | bytes in |
 * | output-buffer.ts, socket-output.ts | bytes out, backpressure |
 * | messages/ | one file a message: decode, encode |
 * | encoders/ | values in text and binary format |
 * | port.ts | what the session must fulfil and may send |
 */
export class Listener {
  readonly #server: Server;
  readonly #reads = new SharedReads();
  readonly #sockets = new Set<Socket>();
  /** Those that have not shown who they are, the oldest first. */
  readonly #strangers = new Set<Socket>();
  readonly #factory: SessionFactory;
  readonly #limits: ListenerLimits;
  readonly #logger: Logger;
  #opened = 0;
  #closing = false;

  constructor(factory: SessionFactory, limits: ListenerLimits, logger: Logger) {
    this.#factory = factory;
    this.#limits = limits;
    this.#logger = logger;
    this.#server = createServer({ noDelay: true, pauseOnConnect: true }, (socket) => this.#accept(socket));
  }

  /** Rejects with Node's error (EADDRINUSE, EACCES …). @returns where it listens; port 0 picks one */
  listen(host: string, port: number): Promise<AddressInfo> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ host, port }, () => {
        this.#server.off('error', reject);
        this.#server.on('error', (error) => this.#logger.error({ err: error }, 'listener failed'));
        const address = this.#server.address();
        if (address === null || typeof address === 'string') reject(new Error('not a TCP address'));
        else resolve(address);
      });
    });
  }

  #accept(accepted: Socket): void {
    if (this.#sockets.size >= this.#limits.maxConnections + SPARE_SOCKETS) this.#dropOldestStranger();
    let entered = false;
    const check = (): void => this.#requireRoom();
    const enter = (): void => {
      this.#requireRoom();
      this.#strangers.delete(socket);
      this.#opened++;
      entered = true;
    };
    const { socket } = new Connection(accepted, this.#reads, this.#factory, this.#limits, { check, enter }, this.#logger);
    this.#sockets.add(socket);
    this.#strangers.add(socket);
    socket.on('close', () => {
      this.#sockets.delete(socket);
      this.#strangers.delete(socket);
      if (entered) this.#opened--;
    });
  }

  #requireRoom(): void {
    if (this.#closing) throw new SqlError(SqlState.cannotConnectNow, 'the database system is shutting down', { severity: 'FATAL' });
    if (this.#opened >= this.#limits.maxConnections) {
      throw new SqlError(SqlState.tooManyConnections, 'sorry, too many clients already', { severity: 'FATAL' });
    }
  }

  /** Who opens sockets and says nothing must not keep others out: whoever has a password gets in while the strangers are being dropped. */
  #dropOldestStranger(): void {
    const [oldest] = this.#strangers;
    if (oldest === undefined) return;
    this.#sockets.delete(oldest);
    this.#strangers.delete(oldest);
    oldest.destroy();
  }

  /** No new connections from now on. */
  stop(): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#server.close();
  }

  /** Waits until all connections are gone, at most so long; then cuts them. */
  async close(graceMs: number): Promise<void> {
    this.stop();
    const end = performance.now() + graceMs;
    while (this.#sockets.size > 0 && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 10));
    for (const socket of this.#sockets) socket.destroy();
  }
}
