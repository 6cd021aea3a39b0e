import { crc32 } from 'node:zlib';
import type { Seq } from '../commons/ids.js';
import { seq } from '../commons/ids.js';
import { SpaceName } from '../commons/space-name.js';
import type { Space } from '../store/store.js';

/**
 * A commit as one self-contained record, from which any node can apply it without knowing tables. Big-endian; `n` is a LEB128 number.
 *
 * | what | bytes |
 * | --- | --- |
 * | format version (1) | 1 |
 * | flags: bit 0: the changes are left out, since they are more than the log keeps | 1 |
 * | epoch | 4 |
 * | seq | 8 |
 * | commit time, microseconds since 2000-01-01 (two's complement) | 8 |
 * | spaces: count, then each name as length and UTF-8 | n, … |
 * | changes: count, then each space's place, its key, and its value with 1 added to the length, or 0 where the key is removed | n, … |
 * | notifications: count, then each channel and payload | n, … |
 * | CRC-32 of all before | 4 |
 */
export interface CommitRecord {
  readonly epoch: number;
  /** The changes are left out: who follows the log has to start afresh. */
  readonly changesOmitted: boolean;
  readonly seq: Seq;
  readonly commitMicros: number;
  readonly changes: readonly RecordChange[];
  readonly notifications: readonly RecordNotification[];
}
export interface RecordChange {
  readonly space: SpaceName;
  readonly key: Uint8Array;
  /** undefined: the key is removed. */
  readonly value: Uint8Array | undefined;
}
export interface RecordNotification {
  readonly channel: string;
  readonly payload: string;
}

export const RECORD_FORMAT_VERSION = 1;
const FLAG_CHANGES_OMITTED = 1;
const HEADER_BYTES = 22;
const CHECKSUM_BYTES = 4;

/** What goes into a record, in the form that a commit has it. */
export interface RecordSource {
  readonly epoch: number;
  readonly changesOmitted: boolean;
  readonly seq: Seq;
  readonly commitMicros: number;
  readonly changes: readonly { readonly space: Space; readonly key: Uint8Array; readonly value?: Uint8Array | undefined }[];
  readonly notifications: readonly RecordNotification[];
}

export function encodeRecord(source: RecordSource): Buffer {
  const places = new Map<Space, number>();
  const names: Buffer[] = [];
  let size = HEADER_BYTES + CHECKSUM_BYTES;
  let lastSpace: Space | undefined;
  let lastPlace = 0;
  const place = (space: Space): number => {
    if (space === lastSpace) return lastPlace;
    let at = places.get(space);
    if (at === undefined) {
      at = names.length;
      places.set(space, at);
      const name = Buffer.from(space.name, 'utf8');
      names.push(name);
      size += varintSize(name.length) + name.length;
    }
    lastSpace = space;
    lastPlace = at;
    return at;
  };
  for (const { space, key, value } of source.changes) {
    const at = place(space);
    const valueSize = value === undefined ? 0 : value.length;
    size += varintSize(at) + varintSize(key.length) + key.length + varintSize(value === undefined ? 0 : valueSize + 1) + valueSize;
  }
  const notifications = source.notifications.map(
    ({ channel, payload }) => [Buffer.from(channel, 'utf8'), Buffer.from(payload, 'utf8')] as const,
  );
  for (const [channel, payload] of notifications) {
    size += varintSize(channel.length) + channel.length + varintSize(payload.length) + payload.length;
  }
  size += varintSize(names.length) + varintSize(source.changes.length) + varintSize(notifications.length);

  const writer = new RecordWriter(size);
  writer.header(source);
  writer.varint(names.length);
  for (const name of names) writer.bytes(name);
  writer.varint(source.changes.length);
  for (const { space, key, value } of source.changes) {
    writer.varint(place(space));
    writer.bytes(key);
    writer.value(value);
  }
  writer.varint(notifications.length);
  for (const [channel, payload] of notifications) {
    writer.bytes(channel);
    writer.bytes(payload);
  }
  return writer.finish();
}

/** @throws Error where the bytes are damaged or of another version: the log can't be trusted then */
export function decodeRecord(record: Uint8Array): CommitRecord {
  const bytes = Buffer.from(record.buffer, record.byteOffset, record.length);
  const end = bytes.length - CHECKSUM_BYTES;
  if (bytes[0] !== RECORD_FORMAT_VERSION) throw new Error(`a commit record of format ${bytes[0]}, which this version does not read`);
  if (end < HEADER_BYTES || crc32(bytes.subarray(0, end)) !== bytes.readUInt32BE(end)) throw new Error('a damaged commit record');
  const reader = new RecordReader(bytes, HEADER_BYTES);
  const names = reader.list(() => {
    const name = reader.text();
    if (SpaceName.parse(name) === undefined) throw new Error(`a commit record with a space that cannot be: ${name}`);
    return name as SpaceName;
  });
  const nameAt = (at: number): SpaceName => {
    const name = names[at];
    if (name === undefined) throw new Error('a damaged commit record');
    return name;
  };
  return {
    epoch: bytes.readUInt32BE(2),
    changesOmitted: ((bytes[1] ?? 0) & FLAG_CHANGES_OMITTED) !== 0,
    seq: seq(Number(bytes.readBigUInt64BE(6))),
    commitMicros: Number(bytes.readBigInt64BE(14)),
    changes: reader.list(() => ({ space: nameAt(reader.varint()), key: reader.bytes(), value: reader.value() })),
    notifications: reader.list(() => ({ channel: reader.text(), payload: reader.text() })),
  };
}

class RecordWriter {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(size: number) {
    this.#bytes = Buffer.allocUnsafe(size);
  }

  header({ epoch, changesOmitted, seq: number, commitMicros }: RecordSource): void {
    this.#bytes[0] = RECORD_FORMAT_VERSION;
    this.#bytes[1] = changesOmitted ? FLAG_CHANGES_OMITTED : 0;
    this.#bytes.writeUInt32BE(epoch, 2);
    writeInt64(this.#bytes, 6, number);
    writeInt64(this.#bytes, 14, commitMicros);
    this.#at = HEADER_BYTES;
  }

  varint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.#bytes[this.#at++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#at++] = rest;
  }

  bytes(value: Uint8Array): void {
    this.varint(value.length);
    this.#bytes.set(value, this.#at);
    this.#at += value.length;
  }

  value(value: Uint8Array | undefined): void {
    if (value === undefined) this.varint(0);
    else {
      this.varint(value.length + 1);
      this.#bytes.set(value, this.#at);
      this.#at += value.length;
    }
  }

  finish(): Buffer {
    this.#bytes.writeUInt32BE(crc32(this.#bytes.subarray(0, this.#at)), this.#at);
    return this.#bytes;
  }
}

class RecordReader {
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
      if (byte === undefined) throw new Error('a damaged commit record');
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  }

  list<T>(read: () => T): T[] {
    const items: T[] = [];
    for (let left = this.varint(); left > 0; left--) items.push(read());
    return items;
  }

  bytes(): Uint8Array {
    return this.#take(this.varint());
  }

  value(): Uint8Array | undefined {
    const size = this.varint();
    return size === 0 ? undefined : this.#take(size - 1);
  }

  text(): string {
    const size = this.varint();
    return this.#take(size).toString('utf8');
  }

  #take(size: number): Buffer {
    const end = this.#at + size;
    if (end > this.#bytes.length) throw new Error('a damaged commit record');
    const part = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return part;
  }
}

function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) size++;
  return size;
}

function writeInt64(bytes: Buffer, at: number, value: number): void {
  const high = Math.floor(value / 4_294_967_296);
  bytes.writeInt32BE(high, at);
  bytes.writeUInt32BE(value - high * 4_294_967_296, at + 4);
}
