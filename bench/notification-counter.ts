import type { Socket } from 'node:net';
import type pg from 'pg';

const NOTIFICATION = 0x41;
const HEADER_BYTES = 5;

/**
 * A connection that has said LISTEN and from then on only counts what comes: node-postgres would be busier with parsing than either server
 * with sending.
 */
export class NotificationCounter {
  count = 0;
  /** Called with each notification's text: its channel, then its payload. Absent: they are only counted. */
  heard: ((text: string) => void) | undefined;
  readonly #socket: Socket;
  #rest: Buffer = Buffer.alloc(0);

  constructor(client: pg.Client) {
    this.#socket = (client as unknown as { readonly connection: { readonly stream: Socket } }).connection.stream;
    this.#socket.removeAllListeners('data');
    this.#socket.on('data', (data) => this.#read(data));
  }

  #read(data: Buffer): void {
    let bytes = this.#rest.length === 0 ? data : Buffer.concat([this.#rest, data]);
    while (bytes.length >= HEADER_BYTES) {
      const end = 1 + bytes.readInt32BE(1);
      if (bytes.length < end) break;
      if (bytes[0] === NOTIFICATION) {
        this.count++;
        this.heard?.(bytes.toString('utf8', HEADER_BYTES + 4, end));
      }
      bytes = bytes.subarray(end);
    }
    this.#rest = bytes;
  }

  close(): void {
    this.#socket.destroy();
  }
}
