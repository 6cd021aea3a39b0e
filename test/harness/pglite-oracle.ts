import { createServer, type Server, type Socket } from 'node:net';
import { PGlite } from '@electric-sql/pglite';

const SSL_REQUEST = 80877103;
const CANCEL_REQUEST = 80877102;

/** PostgreSQL in WASM behind a socket: the oracle where no PostgreSQL is installed. One session, so one connection at a time. */
export class PgliteOracle {
  readonly #database = new PGlite();
  #server: Server | undefined;
  #port = 0;
  /** Messages are answered in the order they came, whichever connection they came by. */
  #last: Promise<void> = Promise.resolve();

  async start(): Promise<this> {
    await this.#database.waitReady;
    const server = createServer((socket) => this.#serve(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    this.#server = server;
    this.#port = address.port;
    return this;
  }

  get connection() {
    return { host: '127.0.0.1', port: this.#port, user: 'postgres', password: 'unused', database: 'postgres' };
  }

  async close(): Promise<void> {
    this.#server?.close();
    await this.#database.close();
  }

  #serve(socket: Socket): void {
    let received = Buffer.alloc(0);
    let started = false;
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      for (;;) {
        const head = started ? 1 : 0;
        if (received.length < head + 4) return;
        const length = head + received.readUInt32BE(head);
        if (received.length < length) return;
        const message = received.subarray(0, length);
        received = received.subarray(length);
        const code = started ? 0 : message.readUInt32BE(4);
        if (code === SSL_REQUEST) socket.write('N');
        else if (code === CANCEL_REQUEST) socket.end();
        else {
          started = true;
          this.#answer(socket, message);
        }
      }
    });
  }

  #answer(socket: Socket, message: Buffer): void {
    this.#last = this.#last.then(async () => {
      const answer = await this.#database.execProtocolRaw(new Uint8Array(message));
      if (answer.length > 0 && !socket.destroyed) socket.write(answer);
    });
  }
}
