import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createWebSocketStream, type WebSocket, WebSocketServer } from 'ws';
import { plainAddress } from './hba/hba-address.js';
import type { Listener } from './listener.js';
import { Strangers } from './strangers.js';

/** Largest message of WebSocket; longer ones of ours come in several. */
const MAX_FRAME_BYTES = 16 * 1024 * 1024;
/** The same before the client has shown who it is: what has come of a message is held until it is whole. */
const MAX_STRANGERS_FRAME_BYTES = 128 * 1024;
/** Clients that have connected and not yet asked for a WebSocket. */
const MAX_STRANGERS = 64;
/** How often HTTP looks for requests that take too long. */
const CHECK_MS = 1000;

/**
 * The same protocol, byte for byte, in binary frames of a WebSocket: for browsers and functions at the edge that can open nothing else. How the bytes
 * are cut into frames means nothing. A page in a browser says where it is from, and is let in only where that origin was named: pages of others would
 * else reach, through their visitors, whatever listens on loopback.
 */
export class WebSocketListener {
  readonly #http: Server;
  readonly #sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: MAX_FRAME_BYTES });
  readonly #listener: Listener;
  readonly #origins: readonly string[];
  readonly #strangers = new Strangers();

  /**
   * @param origins of pages that may connect; `*`: all
   * @param patienceMs how long a client may take to ask for a WebSocket
   */
  constructor(listener: Listener, origins: readonly string[], patienceMs: number) {
    this.#listener = listener;
    this.#origins = origins;
    const limits = { headersTimeout: patienceMs, requestTimeout: patienceMs, connectionsCheckingInterval: CHECK_MS };
    this.#http = createServer(limits, (_, response) => {
      const headers = { 'content-type': 'text/plain', upgrade: 'websocket', connection: 'close' };
      response.writeHead(426, headers).end('this port speaks WebSocket\n');
    });
    this.#http.on('connection', (socket) => this.#connected(socket));
    this.#http.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /** Rejects with Node's error. @returns the port */
  listen(host: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#http.once('error', reject);
      this.#http.listen({ host, port }, () => {
        this.#http.off('error', reject);
        resolve((this.#http.address() as AddressInfo).port);
      });
    });
  }

  stop(): void {
    this.#http.close();
    this.#http.closeIdleConnections();
  }

  #connected(socket: Socket): void {
    if (this.#strangers.size >= MAX_STRANGERS) this.#strangers.leastWelcome()?.destroy();
    this.#strangers.add(socket, socket.remoteAddress);
    socket.once('close', () => this.#strangers.delete(socket));
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { origin } = request.headers;
    if (origin !== undefined && !this.#origins.includes('*') && !this.#origins.includes(origin)) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    this.#strangers.delete(socket);
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const { remoteAddress, remotePort } = request.socket;
      limitMessages(webSocket, MAX_STRANGERS_FRAME_BYTES);
      const stream = createWebSocketStream(webSocket);
      // Of itself the stream would stay half open when its socket is gone.
      webSocket.on('close', () => stream.destroy());
      webSocket.on('error', () => stream.destroy());
      this.#listener.accept({
        stream,
        isLocal: false,
        address: remoteAddress === undefined ? undefined : plainAddress(remoteAddress),
        port: remotePort,
        takesTls: false,
        entered: () => limitMessages(webSocket, MAX_FRAME_BYTES),
      });
    });
  }
}

/** ws has one limit for the life of a WebSocket; where a future one keeps it elsewhere, that is the limit. */
function limitMessages(webSocket: WebSocket, maxBytes: number): void {
  const { _receiver: receiver } = webSocket as unknown as { _receiver?: { _maxPayload?: number } };
  if (receiver?._maxPayload !== undefined) receiver._maxPayload = maxBytes;
}
