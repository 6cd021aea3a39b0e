import { Socket } from 'node:net';
import type pg from 'pg';

const NOTIFICATION = 0x41;
/** Of a message: its type, and its length that counts itself. */
const HEADER_BYTES = 5;

/** All sockets read into the same bytes: otherwise each read makes 64 KiB of its own, and the client's garbage is part of what is measured. */
const READ = Buffer.allocUnsafeSlow(64 * 1024);

/** For node-postgres; a NotificationCounter takes it over. */
export class CountedSocket extends Socket {
  /** Told of bytes that are valid until it returns; absent: node-postgres is. */
  counter: ((bytes: Buffer) => void) | undefined;

  constructor() {
    const take = (size: number): boolean => {
      const bytes = READ.subarray(0, size);
      if (this.counter === undefined) this.emit('data', Buffer.from(bytes));
      else this.counter(bytes);
      return true;
    };
    super({ onread: { buffer: READ, callback: take } } as ConstructorParameters<typeof Socket>[0]);
  }
}

/**
 * A connection that has said LISTEN and from then on only counts what comes: node-postgres would be busier with parsing than either server
 * with sending.
 */
export class NotificationCounter {
  count = 0;
  /** Called with each notification's text: its channel, then its payload. Absent: they are only counted. */
  heard: ((text: string) => void) | undefined;
  readonly #socket: CountedSocket;
  /** The beginning of a message whose header has not come whole. */
  #rest: Buffer | undefined;
  /** Bytes of a message that is counted already, still to come. */
  #toSkip = 0;

  /** @param client over a CountedSocket */
  constructor(client: pg.Client) {
    this.#socket = (client as unknown as { readonly connection: { readonly stream: CountedSocket } }).connection.stream;
    this.#socket.counter = (bytes) => this.#read(bytes);
  }

  #read(data: Buffer): void {
    let bytes = data;
    if (this.#rest !== undefined) {
      bytes = Buffer.concat([this.#rest, data]);
      this.#rest = undefined;
    }
    let at = this.#toSkip;
    const needsWhole = this.heard !== undefined;
    while (at + HEADER_BYTES <= bytes.length) {
      const end = at + 1 + lengthAt(bytes, at + 1);
      if (needsWhole && end > bytes.length) break;
      if (bytes[at] === NOTIFICATION) {
        this.count++;
        if (needsWhole) this.heard?.(bytes.toString('utf8', at + HEADER_BYTES + 4, end));
      }
      at = end;
    }
    this.#toSkip = Math.max(at - bytes.length, 0);
    if (at < bytes.length) this.#rest = Buffer.from(bytes.subarray(at));
  }

  close(): void {
    this.#socket.destroy();
  }
}

/** Big-endian; quicker than readInt32BE, which checks what can't be wrong here. */
function lengthAt(bytes: Buffer, at: number): number {
  return ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
}
