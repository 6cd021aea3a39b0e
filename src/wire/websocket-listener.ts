import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { createWebSocketStream, WebSocketServer } from 'ws';
import { plainAddress } from './hba/hba-address.js';
import type { Listener } from './listener.js';

/** Largest frame; longer messages come in several. */
const MAX_FRAME_BYTES = 16 * 1024 * 1024;

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

  /** @param origins of pages that may connect; `*`: all */
  constructor(listener: Listener, origins: readonly string[]) {
    this.#listener = listener;
    this.#origins = origins;
    this.#http = createServer((_, response) => {
      response.writeHead(426, { 'content-type': 'text/plain', upgrade: 'websocket' }).end('this port speaks WebSocket\n');
    });
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

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { origin } = request.headers;
    if (origin !== undefined && !this.#origins.includes('*') && !this.#origins.includes(origin)) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const { remoteAddress, remotePort } = request.socket;
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
      });
    });
  }
}
