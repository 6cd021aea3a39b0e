import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Logger } from '../commons/logger.js';
import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import type { ClientEnd } from './client-end.js';
import { Connection, type ConnectionLimits, type ConnectionServices } from './connection.js';
import { FlushRounds } from './flush-rounds.js';
import { plainAddress } from './hba/hba-address.js';
import { SharedReads } from './shared-reads.js';
import { Strangers } from './strangers.js';
import { listenOnSocketFile } from './unix-socket.js';

export interface ListenerLimits extends ConnectionLimits {
  readonly maxConnections: number;
}

export interface ListenerServices extends Omit<ConnectionServices, 'reads' | 'rounds'> {
  readonly limits: ListenerLimits;
}

/** Sockets beyond max_connections that may still say hello, to be told 53300 or to send a CancelRequest. */
const SPARE_SOCKETS = 64;

/**
 * Life of a connection: accepted here → Startup makes a session of it → Connection feeds it messages → closed by either side.
 *
 * | file | does |
 * | --- | --- |
 * | listener.ts, unix-socket.ts | accepts, counts, closes |
 * | connection.ts, dispatch.ts | one client: chunks → messages → session, one write a chunk |
 * | startup.ts, strangers.ts | until the session is open |
 * | tls/, hba/, authentication/ | who may come in, and how they show who they are |
 * | shared-reads.ts, message-framer.ts, message-reader.ts | bytes in |
 * | output-buffer.ts, socket-output.ts | bytes out, backpressure |
 * | messages/ | one file a message: decode, encode |
 * | encoders/ | values in text and binary format |
 * | port.ts | what the session must fulfil and may send |
 */
export class Listener {
  readonly #servers: Server[] = [];
  readonly #services: ConnectionServices;
  readonly #sockets = new Set<Duplex>();
  readonly #strangers = new Strangers();
  readonly #limits: ListenerLimits;
  readonly #logger: Logger;
  #opened = 0;
  #closing = false;

  constructor(services: ListenerServices) {
    this.#services = { ...services, reads: new SharedReads(), rounds: new FlushRounds() };
    this.#limits = services.limits;
    this.#logger = services.logger;
  }

  /** Rejects with Node's error (EADDRINUSE, EACCES …). @returns where it listens; port 0 picks one */
  async listen(host: string, port: number): Promise<AddressInfo> {
    const server = this.#server((socket) => this.#acceptTcp(socket));
    await this.#started(server, () => server.listen({ host, port }));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('not a TCP address');
    return address;
  }

  /** Rejects with Node's error. @param mode of the file: who may connect */
  async listenOnFile(path: string, mode: number): Promise<void> {
    const server = this.#server((stream) => {
      const peerUid = this.#services.access.peerUid(stream);
      this.accept({ stream, isLocal: true, address: undefined, port: LOCAL_PORT, peerUid, takesTls: false });
    });
    await this.#started(server, () => listenOnSocketFile(server, path, mode));
  }

  #server(accepted: (socket: Socket) => void): Server {
    const server = createServer({ noDelay: true, pauseOnConnect: true }, accepted);
    this.#servers.push(server);
    return server;
  }

  #started(server: Server, listen: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.once('listening', () => {
        server.off('error', reject);
        server.on('error', (error) => this.#logger.error({ err: error }, 'listener failed'));
        resolve();
      });
      listen();
    });
  }

  #acceptTcp(stream: Socket): void {
    const address = stream.remoteAddress;
    this.accept({
      stream,
      isLocal: false,
      address: address === undefined ? undefined : plainAddress(address),
      port: stream.remotePort,
      takesTls: true,
    });
  }

  /** Takes a connection, wherever it was accepted; its stream has not been read from yet. */
  accept(client: ClientEnd): void {
    if (this.#closing) {
      client.stream.destroy();
      return;
    }
    if (this.#sockets.size >= this.#limits.maxConnections + SPARE_SOCKETS) this.#dropStranger();
    let entered = false;
    let isGone = false;
    const check = (): void => this.#requireRoom();
    const enter = (): void => {
      // What it has shown may have taken longer to judge than it has stayed.
      if (isGone) throw new SqlError(SqlState.connectionFailure, 'the client has gone', { severity: 'FATAL' });
      this.#requireRoom();
      this.#strangers.delete(socket);
      this.#opened++;
      entered = true;
    };
    const { socket } = new Connection(client, this.#services, { check, enter });
    this.#sockets.add(socket);
    this.#strangers.add(socket, client.address);
    socket.on('close', () => {
      isGone = true;
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
  #dropStranger(): void {
    const socket = this.#strangers.leastWelcome();
    if (socket === undefined) return;
    this.#sockets.delete(socket);
    this.#strangers.delete(socket);
    socket.destroy();
  }

  /** No new connections from now on. */
  stop(): void {
    if (this.#closing) return;
    this.#closing = true;
    for (const server of this.#servers) server.close();
  }

  /** Waits until all connections are gone, at most so long; then cuts them. */
  async close(graceMs: number): Promise<void> {
    this.stop();
    const end = performance.now() + graceMs;
    while (this.#sockets.size > 0 && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 10));
    for (const socket of this.#sockets) socket.destroy();
  }
}

/** What PostgreSQL shows as the port of a client on the Unix socket. */
const LOCAL_PORT = -1;
