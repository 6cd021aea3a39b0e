import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';

const EMPTY = Buffer.alloc(0);
const LENGTH_BYTES = 4;

/**
 * Cuts the stream of bytes into messages. What came of an incomplete message is kept as the chunks that it came in and joined once it is whole,
 * so a message of many chunks is copied once, and no more is held than was received.
 */
export class MessageFramer {
  #current: Buffer = EMPTY;
  #at = 0;
  #parts: Buffer[] = [];
  #partsBytes = 0;

  /** The message found last: its type byte (0 for a packet without one) and where its body lies. */
  type = 0;
  bytes: Buffer = EMPTY;
  start = 0;
  end = 0;

  /** Bytes received and not yet handed out. */
  get pendingBytes(): number {
    return this.#current.length - this.#at + this.#partsBytes;
  }

  push(chunk: Buffer): void {
    if (this.#at === this.#current.length && this.#parts.length === 0) {
      this.#current = chunk;
      this.#at = 0;
    } else {
      this.#parts.push(chunk);
      this.#partsBytes += chunk.length;
    }
  }

  /**
   * Finds the next whole message.
   * @throws SqlError FATAL 08P01 for an impossible length, 54000 for one above the limit
   */
  next(maxBytes: number): boolean {
    return this.#frame(1, maxBytes);
  }

  /** Length that the next packet before start-up says it has; undefined while it has not come. */
  get packetBytes(): number | undefined {
    return this.#has(LENGTH_BYTES) ? this.#current.readInt32BE(this.#at) : undefined;
  }

  /** The same for the packets before start-up, which have no type byte. */
  nextPacket(maxBytes: number): boolean {
    return this.#frame(0, maxBytes);
  }

  #frame(typeBytes: number, maxBytes: number): boolean {
    const header = typeBytes + LENGTH_BYTES;
    if (!this.#has(header)) return false;
    const length = this.#current.readInt32BE(this.#at + typeBytes);
    if (length < LENGTH_BYTES) throw new SqlError(SqlState.protocolViolation, 'invalid message length', { severity: 'FATAL' });
    if (length > maxBytes) {
      throw new SqlError(SqlState.programLimitExceeded, `message of ${length} bytes exceeds the limit of ${maxBytes} bytes`, {
        severity: 'FATAL',
      });
    }
    if (!this.#has(typeBytes + length)) return false;
    this.type = typeBytes === 0 ? 0 : (this.#current[this.#at] ?? 0);
    this.bytes = this.#current;
    this.start = this.#at + header;
    this.end = this.#at + typeBytes + length;
    this.#at = this.end;
    return true;
  }

  /** Sees to it that so many bytes lie together in `#current`. */
  #has(count: number): boolean {
    if (this.#current.length - this.#at >= count) return true;
    if (this.pendingBytes < count) return false;
    this.#current = Buffer.concat([this.#current.subarray(this.#at), ...this.#parts]);
    this.#at = 0;
    this.#parts = [];
    this.#partsBytes = 0;
    return true;
  }
}
