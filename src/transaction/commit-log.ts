import { assert } from '../commons/assert.js';
import { type Seq, type ShardId, seq, shardId } from '../commons/ids.js';
import { SpaceName } from '../commons/space-name.js';
import { copyBytes } from '../store/bytes.js';
import type { Snapshot, Space, Store, WriteOperation } from '../store/store.js';
import { type CommitRecord, decodeRecord, encodeRecord } from './commit-record.js';

/**
 * Life of a record: a commit encodes it → `append` adds it, in pieces, to the batch that also holds the changes themselves, and the removal of
 * the oldest records where the log has outgrown its limit → both are durable at once, so there is nothing to recover but the last number.
 *
 * A key is the number of the commit (8 bytes) and of the piece (4 bytes), big-endian.
 */
const PIECE_BYTES = 512 * 1024;
const KEY_BYTES = 12;
/** Old records that one commit removes: more than one, so that the log gets back under its limit. */
const TRIMMED_PER_COMMIT = 16;

interface Retained {
  readonly space: Space;
  readonly seq: number;
  readonly pieces: number;
  readonly sizeBytes: number;
}

export class CommitLog {
  readonly #store: Store;
  readonly #retentionBytes: () => number;
  readonly #retained: Retained[] = [];
  /** Of `retained`: what lies before is gone. */
  #first = 0;
  #sizeBytes = 0;
  lastSeq: Seq = seq(0);

  constructor(store: Store, retentionBytes: () => number) {
    this.#store = store;
    this.#retentionBytes = retentionBytes;
  }

  /** Reads what the log holds: before the first append. */
  async recover(): Promise<void> {
    const snapshot = this.#store.snapshot();
    try {
      for (const space of await logSpaces(this.#store)) await this.#recoverSpace(snapshot, space);
    } finally {
      snapshot.release();
    }
    this.#retained.sort((a, b) => a.seq - b.seq);
    this.lastSeq = seq(this.#retained.at(-1)?.seq ?? 0);
  }

  async #recoverSpace(snapshot: Snapshot, space: Space): Promise<void> {
    const scan = snapshot.scan(space, {});
    let current: { seq: number; pieces: number; sizeBytes: number } | undefined;
    const keep = (): void => {
      if (current === undefined) return;
      this.#retained.push({ space, ...current });
      this.#sizeBytes += current.sizeBytes;
    };
    while (await scan.next()) {
      const number = seqOfKey(scan.key);
      if (current?.seq !== number) {
        keep();
        current = { seq: number, pieces: 0, sizeBytes: 0 };
      }
      current.pieces++;
      current.sizeBytes += scan.value.length;
    }
    keep();
    scan.close();
  }

  append(batch: WriteOperation[], shard: ShardId, number: Seq, record: Buffer): void {
    const space = this.#store.space(SpaceName.log(shard));
    const pieces = pushRecord(batch, space, number, record);
    this.lastSeq = number;
    this.#retained.push({ space, seq: number, pieces, sizeBytes: record.length });
    this.#sizeBytes += record.length;
    this.#trim(batch);
  }

  /** The newest record stays, whatever its size: it holds the last number. */
  #trim(batch: WriteOperation[]): void {
    const limit = this.#retentionBytes();
    for (let i = 0; i < TRIMMED_PER_COMMIT && this.#sizeBytes > limit && this.#first < this.#retained.length - 1; i++) {
      const oldest = this.#retained[this.#first++];
      assert(oldest !== undefined, 'a log with a hole');
      this.#sizeBytes -= oldest.sizeBytes;
      for (let piece = 0; piece < oldest.pieces; piece++) batch.push({ op: 'delete', space: oldest.space, key: logKey(oldest.seq, piece) });
    }
    if (this.#first > 4096 && this.#first * 2 > this.#retained.length) {
      this.#retained.splice(0, this.#first);
      this.#first = 0;
    }
  }
}

/** @returns the number of pieces */
function pushRecord(batch: WriteOperation[], space: Space, number: Seq, record: Buffer): number {
  let pieces = 0;
  for (let at = 0; at < record.length; at += PIECE_BYTES) {
    const value = record.length <= PIECE_BYTES ? record : record.subarray(at, at + PIECE_BYTES);
    batch.push({ op: 'put', space, key: logKey(number, pieces++), value });
  }
  return pieces;
}

/**
 * Commit records in the order of their numbers, as they were when the reading began.
 * @param from the first number wanted; records before the oldest that is kept are gone, which the first record's number tells
 */
export async function* readLog(store: Store, from: Seq): AsyncGenerator<CommitRecord, void, undefined> {
  const snapshot = store.snapshot();
  try {
    const cursors: LogCursor[] = [];
    for (const space of await logSpaces(store)) {
      const cursor = new LogCursor(snapshot, space, from);
      await cursor.advance();
      cursors.push(cursor);
    }
    for (;;) {
      let next: LogCursor | undefined;
      for (const cursor of cursors) {
        if (cursor.record !== undefined && (next?.record === undefined || cursor.record.seq < next.record.seq)) next = cursor;
      }
      if (next?.record === undefined) return;
      yield next.record;
      await next.advance();
    }
  } finally {
    snapshot.release();
  }
}

/** Applies a record to a store, its log included. Applying one twice, or one that the store has, changes nothing. */
export async function applyRecord(store: Store, record: CommitRecord): Promise<void> {
  assert(!record.changesOmitted, 'a record without its changes cannot be applied');
  const changes = record.changes.map(({ space, key, value }) => ({ space: store.space(space), key, value }));
  const batch: WriteOperation[] = changes.map(({ space, key, value }) =>
    value === undefined ? { op: 'delete', space, key } : { op: 'put', space, key, value },
  );
  pushRecord(
    batch,
    store.space(SpaceName.log(logShardOf(changes.map(({ space }) => shardOf(space))))),
    record.seq,
    encodeRecord({ ...record, changes }),
  );
  await store.write(batch);
}

/** Which shard's log a commit belongs to: that of its spaces where they agree, else the first. Spaces without a shard have no say. */
export function logShardOf(shards: Iterable<ShardId | undefined>): ShardId {
  let shard: ShardId | undefined;
  for (const own of shards) {
    if (own === undefined || own === shard) continue;
    if (shard !== undefined) return shardId(0);
    shard = own;
  }
  return shard ?? shardId(0);
}

export function shardOf(space: Space): ShardId | undefined {
  const parsed = SpaceName.parse(space.name);
  return parsed !== undefined && 'shard' in parsed ? parsed.shard : undefined;
}

class LogCursor {
  readonly #scan: ReturnType<Snapshot['scan']>;
  #more = true;
  #started = false;
  record: CommitRecord | undefined;

  constructor(snapshot: Snapshot, space: Space, from: Seq) {
    this.#scan = snapshot.scan(space, { gte: logKey(from, 0) });
  }

  async advance(): Promise<void> {
    if (!this.#started) {
      this.#more = await this.#scan.next();
      this.#started = true;
    }
    if (!this.#more) {
      this.record = undefined;
      return;
    }
    const number = seqOfKey(this.#scan.key);
    const pieces: Uint8Array[] = [];
    do {
      pieces.push(copyBytes(this.#scan.value));
      this.#more = await this.#scan.next();
    } while (this.#more && seqOfKey(this.#scan.key) === number);
    const [only] = pieces;
    this.record = decodeRecord(pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces));
  }
}

async function logSpaces(store: Store): Promise<Space[]> {
  return (await store.spaces()).filter((name) => SpaceName.parse(name)?.kind === 'log').map((name) => store.space(name));
}

function logKey(number: number, piece: number): Uint8Array {
  const key = Buffer.allocUnsafe(KEY_BYTES);
  key.writeUInt32BE(Math.floor(number / 4_294_967_296), 0);
  key.writeUInt32BE(number % 4_294_967_296, 4);
  key.writeUInt32BE(piece, 8);
  return key;
}

function seqOfKey(key: Uint8Array): number {
  assert(key.length === KEY_BYTES, 'a key in the log that is none');
  const view = new DataView(key.buffer, key.byteOffset, key.length);
  return view.getUint32(0) * 4_294_967_296 + view.getUint32(4);
}
