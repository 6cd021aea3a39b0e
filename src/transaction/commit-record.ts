import type { Oid, Seq } from '../commons/ids.js';
import { seq } from '../commons/ids.js';
import { DatabaseOid } from '../commons/system-names.js';
import type { LoggedBatch, LoggedChange } from '../store/store.js';

/**
 * A commit as one self-contained record, from which any node can apply it without knowing tables: a batch of the store's log, and with it a
 * label that says what the batch itself does not. Big-endian; `n` is a LEB128 number.
 *
 * | of a label | bytes |
 * | --- | --- |
 * | format version (2) | 1 |
 * | epoch | 4 |
 * | seq | 8 |
 * | commit time, microseconds since 2000-01-01 (two's complement) | 8 |
 * | notifications: count, then where there are some the database that they are for, then each channel and payload as length and UTF-8 | n, … |
 *
 * Version 1 names no database: there was one.
 */
export interface CommitLabel {
  readonly epoch: number;
  readonly seq: Seq;
  readonly commitMicros: number;
  /** Whose listeners the notifications are for; 0 where there are none. */
  readonly database: Oid;
  readonly notifications: readonly RecordNotification[];
}
export interface RecordNotification {
  readonly channel: string;
  readonly payload: string;
}

export interface CommitRecord extends CommitLabel {
  /** More than the log keeps: who follows it has to start afresh. */
  readonly changesOmitted: boolean;
  readonly changes: readonly LoggedChange[];
}

const LABEL_FORMAT_VERSION = 2;
const ONE_DATABASE_VERSION = 1;
const HEADER_BYTES = 21;
const UINT32 = 4_294_967_296;
const NO_NOTIFICATIONS = Buffer.of(0);

export function encodeLabel({ epoch, seq: number, commitMicros, database, notifications }: CommitLabel): Buffer {
  const tail = notifications.length === 0 ? NO_NOTIFICATIONS : encodeNotifications(database, notifications);
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + tail.length);
  bytes[0] = LABEL_FORMAT_VERSION;
  bytes.writeUInt32BE(epoch, 1);
  writeInt64(bytes, 5, number);
  writeInt64(bytes, 13, commitMicros);
  bytes.set(tail, HEADER_BYTES);
  return bytes;
}

/** @throws Error where the bytes are of another version */
export function decodeLabel(label: Uint8Array): CommitLabel {
  const bytes = Buffer.from(label.buffer, label.byteOffset, label.length);
  const format = bytes[0];
  if (format !== LABEL_FORMAT_VERSION && format !== ONE_DATABASE_VERSION)
    throw new Error(`a commit of format ${format}, which this version does not read`);
  const reader = new TextReader(bytes, HEADER_BYTES);
  const notifications: RecordNotification[] = [];
  const count = reader.varint();
  const database = count === 0 ? 0 : format === ONE_DATABASE_VERSION ? DatabaseOid.postgres : reader.varint();
  for (let left = count; left > 0; left--) notifications.push({ channel: reader.text(), payload: reader.text() });
  return {
    epoch: bytes.readUInt32BE(1),
    seq: seq(Number(bytes.readBigUInt64BE(5))),
    commitMicros: Number(bytes.readBigInt64BE(13)),
    database,
    notifications,
  };
}

/** @returns undefined for a batch that is no commit */
export function recordOf({ label, isComplete, changes }: LoggedBatch): CommitRecord | undefined {
  return label === undefined ? undefined : { ...decodeLabel(label), changesOmitted: !isComplete, changes };
}

function encodeNotifications(database: Oid, notifications: readonly RecordNotification[]): Buffer {
  const pieces: Buffer[] = [varint(notifications.length), varint(database)];
  for (const { channel, payload } of notifications) {
    for (const text of [channel, payload]) {
      const bytes = Buffer.from(text, 'utf8');
      pieces.push(varint(bytes.length), bytes);
    }
  }
  return Buffer.concat(pieces);
}

class TextReader {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  varint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw new Error('a damaged commit in the log');
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  }

  text(): string {
    const size = this.varint();
    const end = this.#at + size;
    if (end > this.#bytes.length) throw new Error('a damaged commit in the log');
    const text = this.#bytes.toString('utf8', this.#at, end);
    this.#at = end;
    return text;
  }
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
  return Buffer.from(bytes);
}

function writeInt64(bytes: Buffer, at: number, value: number): void {
  const high = Math.floor(value / UINT32);
  bytes.writeInt32BE(high, at);
  bytes.writeUInt32BE(value - high * UINT32, at + 4);
}
