import { open, type RootDatabase } from 'lmdb';

/**
 * lmdb-js with our own keys. All spaces lie in its one root B-tree: four bytes of space, then the caller's key. This file holds the casts that
 * its types ask for: they know neither a key of a key encoder's own type nor that a decoder sees every value of a range.
 */

/** A key in a space; no bytes: where the space begins. */
export interface StoredKey {
  space: number;
  bytes: Uint8Array;
}
export const SPACE_BYTES = 4;

/** Bytes of lmdb-js's shared buffer: `length` there is what was read last, so the size is told separately. */
export interface SharedBytes {
  readonly buffer: ArrayBufferLike;
  readonly byteOffset: number;
}

/** Receives the entries of a range: each key, then its value. */
export interface EntrySink {
  /** The stored key lies from `start` (its space first) to `end`. */
  key(source: Uint8Array, start: number, end: number): void;
  value(source: SharedBytes, size: number): void;
}

export interface ReadTransaction {
  done(): void;
}
export interface ReadOptions {
  readonly transaction: ReadTransaction;
}
export interface RangeOptions extends ReadOptions {
  readonly start: StoredKey;
  readonly end: StoredKey;
  readonly reverse: boolean;
  readonly exclusiveStart: boolean;
  readonly inclusiveEnd: boolean;
}

export interface LmdbStats {
  readonly entryCount: number;
  readonly lastPageNumber: number;
  readonly pageSize: number;
}

/** What is used of lmdb-js, all of it documented in its README. */
export interface LmdbDatabase {
  readonly maxKeySize: number;
  /** Size of what getBinaryFast gave last. */
  readonly lastSize: number;
  getBinaryFast(key: StoredKey, options: ReadOptions): SharedBytes | undefined;
  getRange(options: RangeOptions): { [Symbol.iterator](): Iterator<unknown> };
  useReadTransaction(): ReadTransaction;
  put(key: StoredKey, value: Uint8Array): unknown;
  remove(key: StoredKey): unknown;
  /** All operations of `action` in one LMDB transaction; resolves when it is committed, which with noSync means visible, not durable. */
  batch(action: () => void): Promise<boolean>;
  readerCheck(): number;
  readerList(): string;
  getStats(): LmdbStats;
  backup(path: string, compact: boolean): Promise<void>;
  close(): Promise<void>;
}

export interface LmdbOptions {
  readonly path: string;
  readonly mapSizeBytes: number;
  readonly maxReaders: number;
}

/** @param sink asked for the receiver of each entry that a range yields */
export function openLmdb(options: LmdbOptions, sink: () => EntrySink): LmdbDatabase {
  const database: RootDatabase<Uint8Array, Uint8Array> = open({
    path: options.path,
    name: null as unknown as string,
    noSubdir: false,
    maxDbs: 1,
    maxReaders: options.maxReaders,
    mapSize: options.mapSizeBytes,
    // The log is what is durable; LMDB becomes it with a checkpoint (lmdb-engine.ts).
    overlappingSync: false,
    noSync: true,
    // Groups are made above. With it, lmdb-js also makes a promise of its own a turn, whose rejection nobody could handle.
    eventTurnBatching: false,
    cache: false,
    encoding: 'binary',
    keyEncoder: {
      writeKey,
      readKey: (source: Uint8Array, start: number, end: number): number => {
        sink().key(source, start, end);
        return end - start;
      },
    },
    encoder: {
      encode: (value: Uint8Array): Uint8Array => value,
      decode: (source: SharedBytes, size: number): number => {
        sink().value(source, size);
        return size;
      },
    },
  });
  return database as unknown as LmdbDatabase;
}

/** A key as it lies in LMDB. */
export function storedKey(space: number, bytes: Uint8Array): Uint8Array {
  const key = new Uint8Array(SPACE_BYTES + bytes.length);
  writeKey({ space, bytes }, key, 0);
  return key;
}

function writeKey(key: StoredKey, target: Uint8Array, start: number): number {
  const { space, bytes } = key;
  target[start] = space >>> 24;
  target[start + 1] = space >>> 16;
  target[start + 2] = space >>> 8;
  target[start + 3] = space;
  const size = bytes.length;
  const at = start + SPACE_BYTES;
  if (size <= 32) for (let i = 0; i < size; i++) target[at + i] = bytes[i] ?? 0;
  else target.set(bytes, at);
  return at + size;
}
