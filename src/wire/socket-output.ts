import type { Duplex } from 'node:stream';
import type { NotificationBatch } from '../commons/notification-batch.js';
import type { Notice, SqlError } from '../commons/sql-error.js';
import type { TextEncoding } from '../types/encodings/text-encoding.js';
import type { Row } from '../types/value.js';
import type { FlushRounds } from './flush-rounds.js';
import type { MessageReader } from './message-reader.js';
import { encodeBindComplete } from './messages/bind.js';
import { encodeCopyData, encodeCopyDone, encodeCopyIn, encodeCopyOut } from './messages/copy.js';
import { dataRowWriter } from './messages/data-row.js';
import { encodeErrorResponse, encodeNoticeResponse } from './messages/error-response.js';
import { encodeCommandComplete, encodeEmptyQuery, encodePortalSuspended } from './messages/execute.js';
import { encodeFunctionResult } from './messages/function-call.js';
import { encodeParameterDescription, encodeParseComplete } from './messages/parse.js';
import { encodeNoData, encodeRowDescription } from './messages/row-description.js';
import { encodeNotification, encodeParameterStatus } from './messages/session-state.js';
import { encodeCloseComplete } from './messages/target.js';
import { OutputBuffer } from './output-buffer.js';
import type { ClientOutput, FieldDescription, RowWriter, ValueEncoder } from './port.js';

/** Once so much is buffered it goes to the socket, without waiting for the end of the input chunk. */
const FLUSH_BYTES = 64 * 1024;
/** Bytes that many clients get are handed on as they are from here on; below, copying them next to others is cheaper than a write of their own. */
const SHARED_BYTES = 4096;
/** How long a client that reads nothing may keep a connection that is to be closed. */
const CLOSE_GRACE_MS = 5000;

export interface SocketOutputOptions {
  /** Of all clients. */
  readonly rounds: FlushRounds;
  /** A client that leaves more unread makes its results wait. */
  readonly maxUnreadBytes: number;
  /** Called when a statement begins to wait for COPY data. */
  readonly copyStarted: () => void;
}

/** ClientOutput over a socket. One write a chunk of input; the buffer is used again as soon as the kernel has its bytes. */
export class SocketOutput implements ClientOutput {
  readonly buffer = new OutputBuffer();
  /** What goes out before the buffer: bytes that others get too, and what was written before them. */
  #pieces: Uint8Array[] = [];
  #pieceBytes = 0;
  #socket: Duplex;
  /** True while the connection handles input: it flushes when it is through. */
  #held = false;
  #flushScheduled = false;
  #ended = false;
  #described: readonly FieldDescription[] | undefined;
  #description: Buffer = Buffer.alloc(0);

  readonly #reader: MessageReader;
  readonly #options: SocketOutputOptions;

  /** @param reader of the same client's messages */
  constructor(socket: Duplex, reader: MessageReader, options: SocketOutputOptions) {
    this.#socket = socket;
    this.#reader = reader;
    this.#options = options;
  }

  /** What is written from now on goes through another stream: TLS over the one before. */
  use(socket: Duplex): void {
    this.#socket = socket;
  }

  /** Until `release`, what comes is kept together. */
  hold(): void {
    this.#held = true;
  }

  release(): void {
    this.#held = false;
    this.flush();
  }

  rowDescription(fields: readonly FieldDescription[]): void {
    if (fields === this.#described) {
      this.buffer.writeRaw(this.#description);
      return;
    }
    const start = this.buffer.length;
    encodeRowDescription(this.buffer, fields);
    // A statement that is executed again describes itself with the same array: its bytes are copied, not made anew.
    this.#described = fields;
    this.#description = Buffer.from(this.buffer.contents().subarray(start));
  }

  noData(): void {
    encodeNoData(this.buffer);
  }

  parameterDescription(types: readonly number[]): void {
    encodeParameterDescription(this.buffer, types);
  }

  rows(encoders: readonly ValueEncoder[]): RowWriter {
    return dataRowWriter(this.buffer, encoders, this.#flushIfLarge);
  }

  readonly #flushIfLarge = (): void => {
    if (this.buffer.length >= FLUSH_BYTES) this.flush();
  };

  commandComplete(tag: string): void {
    encodeCommandComplete(this.buffer, tag);
  }

  functionResult(value: Row[number], encode: ValueEncoder): void {
    encodeFunctionResult(this.buffer, value, encode);
  }

  emptyQuery(): void {
    encodeEmptyQuery(this.buffer);
  }

  portalSuspended(): void {
    encodePortalSuspended(this.buffer);
  }

  parseComplete(): void {
    encodeParseComplete(this.buffer);
  }

  bindComplete(): void {
    encodeBindComplete(this.buffer);
  }

  closeComplete(): void {
    encodeCloseComplete(this.buffer);
  }

  error(error: SqlError, statementText?: string): void {
    encodeErrorResponse(this.buffer, error, statementText);
    this.#written();
  }

  notice(notice: Notice, statementText?: string): void {
    encodeNoticeResponse(this.buffer, notice, statementText);
    this.#written();
  }

  parameterStatus(name: string, value: string): void {
    encodeParameterStatus(this.buffer, name, value);
    this.#written();
  }

  useEncoding(encoding: TextEncoding | undefined): void {
    this.buffer.encoding = encoding;
    this.#reader.encoding = encoding;
    this.#described = undefined;
  }

  copyInResponse(binary: boolean, columns: number): void {
    encodeCopyIn(this.buffer, binary, columns);
    // The client must see it before it sends anything.
    this.flush();
    this.#options.copyStarted();
  }

  copyOutResponse(binary: boolean, columns: number): void {
    encodeCopyOut(this.buffer, binary, columns);
  }

  copyData(bytes: Uint8Array): void {
    encodeCopyData(this.buffer, bytes);
    this.#flushIfLarge();
  }

  copyDone(): void {
    encodeCopyDone(this.buffer);
  }

  notifications(batch: NotificationBatch): void {
    const { buffer } = this;
    const shared = buffer.encoding === undefined ? batch.encoded : undefined;
    if (shared === undefined) {
      const start = buffer.length;
      for (const payload of batch.payloads) encodeNotification(buffer, batch.pid, batch.channel, payload);
      if (batch.isShared && buffer.encoding === undefined) batch.encoded = Buffer.from(buffer.contents().subarray(start));
    } else if (shared.length >= SHARED_BYTES) {
      this.#addShared(shared);
    } else buffer.writeRaw(shared);
    this.#written();
  }

  /** Behind what is in the buffer. */
  #addShared(bytes: Uint8Array): void {
    const { buffer } = this;
    if (buffer.length > 0) {
      this.#pieces.push(buffer.contents());
      this.#pieceBytes += buffer.length;
      buffer.renew();
    }
    this.#pieces.push(bytes);
    this.#pieceBytes += bytes.length;
  }

  get bufferedBytes(): number {
    return this.buffer.length + this.#pieceBytes + this.#socket.writableLength;
  }

  /** So much is unread that the client should not ask for more. */
  get isCongested(): boolean {
    return this.bufferedBytes >= this.#options.maxUnreadBytes;
  }

  drain(): Promise<void> | undefined {
    if (this.#socket.writableLength < this.#options.maxUnreadBytes && !this.#socket.destroyed) return undefined;
    return new Promise((resolve, reject) => {
      const socket = this.#socket;
      const settle = (): void => {
        socket.off('drain', settle);
        socket.off('close', settle);
        if (socket.destroyed) reject(new ConnectionLost());
        else resolve();
      };
      if (socket.destroyed) {
        settle();
        return;
      }
      socket.on('drain', settle);
      socket.on('close', settle);
    });
  }

  flush(): void {
    this.#flushScheduled = false;
    if (this.buffer.length === 0 && this.#pieceBytes === 0) return;
    const socket = this.#socket;
    if (socket.destroyed || this.#ended) {
      this.buffer.recycle();
      this.#takePieces();
      return;
    }
    if (this.#pieceBytes > 0) {
      // In one system call.
      socket.cork();
      for (const piece of this.#takePieces()) socket.write(piece);
      if (this.buffer.length > 0) socket.write(this.buffer.contents());
      socket.uncork();
    } else socket.write(this.buffer.contents());
    if (socket.writableLength === 0) this.buffer.recycle();
    else this.buffer.renew();
  }

  #takePieces(): Uint8Array[] {
    const pieces = this.#pieces;
    this.#pieces = [];
    this.#pieceBytes = 0;
    return pieces;
  }

  end(): void {
    if (this.#ended) return;
    this.flush();
    this.#ended = true;
    const socket = this.#socket;
    socket.end();
    setTimeout(() => socket.destroy(), CLOSE_GRACE_MS).unref();
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** What comes while the connection is idle is sent soon. */
  #written(): void {
    if (this.#held || this.#flushScheduled) return;
    this.#flushScheduled = true;
    this.#options.rounds.add(this);
  }
}

/** The client went away while a result waited for it: nobody is left to be told. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}
