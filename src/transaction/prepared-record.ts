import { assert } from '../commons/assert.js';
import type { Oid } from '../commons/ids.js';
import { SpaceName } from '../commons/space-name.js';
import { DatabaseOid } from '../commons/system-names.js';
import { compileRowDecoder, encodeRow } from '../store/row-codec.js';
import type { Snapshot, Space, Store } from '../store/store.js';
import type { SqlValue } from '../types/value.js';
import { keyOfTag, lockTags, spaceOfTag } from './lock-tags.js';
import { ReadSet } from './serializable-reads.js';
import type { LockMode, LockTag } from './transaction.js';
import { WriteSet } from './write-set.js';

/**
 * A prepared transaction as rows of system space `prepared_transactions`. A key is the transaction's gid, a zero byte and the row's number
 * (4 bytes, big-endian); a row is its section and then the section's entries, one after the other:
 *
 * | section | entry |
 * | --- | --- |
 * | 0 head, once, as row 0 | format, number of rows, gid, transaction's number, owner, time of PREPARE, whether serializable, database (absent: postgres) |
 * | 1 writes, in their order | space, key, value or null where the key is removed |
 * | 2 locks | kind of tag and space, or no space; key, or the whole tag; modes |
 * | 3 dropped spaces | space |
 * | 4 moves | space, key, the row's new key or null |
 * | 5 indexes that were filled | oid |
 * | 6 what a serializable transaction read | space, lower bound or null, upper bound or null |
 */
const FORMAT = 1;
const HEAD = 0;
const WRITES = 1;
const LOCKS = 2;
const DROPPED = 3;
const MOVES = 4;
const INDEXES = 5;
const READS = 6;

const ENTRY_COLUMNS: Readonly<Record<number, number>> = { [WRITES]: 3, [LOCKS]: 4, [DROPPED]: 1, [MOVES]: 3, [INDEXES]: 1, [READS]: 3 };

/** A row is closed when it is so large. */
const ROW_BYTES = 256 * 1024;
/** What an entry's columns take beside their bytes, about. */
const ENTRY_BYTES = 32;

export interface HeldLock {
  readonly tag: LockTag;
  readonly modes: readonly LockMode[];
}
/** What of a transaction goes on when it is prepared: all that is not its session's. */
export interface PreparedWork {
  readonly id: number;
  readonly writes: WriteSet;
  readonly locks: readonly HeldLock[];
  /** Spaces that it drops. */
  readonly dropped: readonly Space[];
  readonly moves: readonly { readonly tag: LockTag; readonly to: Uint8Array | undefined }[];
  readonly builtIndexes: readonly Oid[];
  readonly reads: ReadSet | undefined;
}
export interface PreparedHead {
  readonly gid: string;
  readonly owner: Oid;
  readonly preparedMicros: number;
  readonly database: Oid;
}
export interface StoredTransaction extends PreparedHead, PreparedWork {
  readonly rowCount: number;
}

export function recordKey(gid: string, row: number): Uint8Array {
  const name = Buffer.from(gid, 'utf8');
  const key = Buffer.alloc(name.length + 5);
  name.copy(key);
  key.writeUInt32BE(row, name.length + 1);
  return key;
}

/** The rows of a transaction, each with its number as its place. @param spaceById finds the space that a lock's tag names */
export function encodePrepared(
  head: PreparedHead,
  work: PreparedWork,
  spaceById: (id: number) => Space | undefined,
): readonly Uint8Array[] {
  const rows = new Rows();
  for (const { space, key, value } of work.writes.order) rows.add(WRITES, [space.name, key, value ?? null], sizeOf(key) + sizeOf(value));
  for (const { tag, modes } of work.locks) {
    const id = spaceOfTag(tag);
    const space = id === undefined ? undefined : spaceById(id);
    // In a space that holds nothing, and will not by this transaction, there is nothing to lock.
    if (id !== undefined && space === undefined) continue;
    const key = id === undefined ? tag : keyOfTag(tag);
    rows.add(LOCKS, [tag.charAt(0), space?.name ?? null, key, modes.join()], key.length + ENTRY_BYTES);
  }
  for (const { name } of work.dropped) rows.add(DROPPED, [name], name.length);
  for (const { tag, to } of work.moves) {
    const space = spaceById(spaceOfTag(tag) ?? 0);
    if (space !== undefined) rows.add(MOVES, [space.name, keyOfTag(tag), to ?? null], tag.length + sizeOf(to));
  }
  for (const oid of work.builtIndexes) rows.add(INDEXES, [oid], 0);
  for (const { space, low, high } of work.reads?.ranges() ?? []) rows.add(READS, [space.name, low, high], sizeOf(low) + sizeOf(high));
  const sections = rows.finish();
  const { gid, owner, preparedMicros, database } = head;
  const isSerializable = work.reads !== undefined;
  return [encodeRow([HEAD, FORMAT, sections.length + 1, gid, work.id, owner, preparedMicros, isSerializable, database]), ...sections];
}

const sizeOf = (bytes: Uint8Array | null | undefined): number => bytes?.length ?? 0;

class Rows {
  readonly #rows: Uint8Array[] = [];
  #section = HEAD;
  #columns: SqlValue[] = [];
  #bytes = 0;

  add(section: number, entry: readonly SqlValue[], bytes: number): void {
    if (section !== this.#section || this.#bytes > ROW_BYTES) this.#close();
    this.#section = section;
    this.#columns.push(...entry);
    this.#bytes += bytes + ENTRY_BYTES;
  }

  finish(): readonly Uint8Array[] {
    this.#close();
    return this.#rows;
  }

  #close(): void {
    if (this.#columns.length > 0) this.#rows.push(encodeRow([this.#section, ...this.#columns]));
    this.#columns = [];
    this.#bytes = 0;
  }
}

/** All prepared transactions of a store. */
export async function readPrepared(store: Store, snapshot: Snapshot, space: Space): Promise<readonly StoredTransaction[]> {
  const decode = compileRowDecoder(1);
  const found: Loading[] = [];
  const scan = snapshot.scan(space, {});
  while (await scan.next()) {
    const [section, ...columns] = decode(scan.value);
    if (section === HEAD) found.push(new Loading(columns, store));
    else {
      const current = found.at(-1);
      assert(current !== undefined && typeof section === 'number', 'a row of no prepared transaction');
      current.add(section, columns);
    }
  }
  scan.close();
  return found.map((loading) => loading.finish());
}

/** A transaction that is put together again from its rows. */
class Loading implements StoredTransaction {
  readonly gid: string;
  readonly id: number;
  readonly owner: Oid;
  readonly preparedMicros: number;
  readonly rowCount: number;
  readonly database: Oid;
  readonly writes = new WriteSet();
  readonly locks: HeldLock[] = [];
  readonly dropped: Space[] = [];
  readonly moves: { readonly tag: LockTag; readonly to: Uint8Array | undefined }[] = [];
  readonly builtIndexes: Oid[] = [];
  readonly reads: ReadSet | undefined;
  readonly #store: Store;
  #rows = 1;

  constructor(head: readonly SqlValue[], store: Store) {
    const [format, rowCount, gid, id, owner, preparedMicros, isSerializable, database] = head;
    if (format !== FORMAT) throw new Error(`a prepared transaction of format ${String(format)}, which this version does not read`);
    this.#store = store;
    this.rowCount = numberOf(rowCount);
    this.gid = textOf(gid);
    this.id = numberOf(id);
    this.owner = numberOf(owner);
    this.preparedMicros = numberOf(preparedMicros);
    this.database = database === undefined ? DatabaseOid.postgres : numberOf(database);
    this.reads = isSerializable === true ? new ReadSet(this.writes) : undefined;
  }

  add(section: number, columns: readonly SqlValue[]): void {
    this.#rows++;
    const width = ENTRY_COLUMNS[section];
    assert(width !== undefined, 'a section of a prepared transaction that this version does not know');
    for (let at = 0; at < columns.length; at += width) this.#entry(section, columns.slice(at, at + width));
  }

  #entry(section: number, [a, b, c, d]: readonly SqlValue[]): void {
    switch (section) {
      case WRITES:
        this.writes.write(this.#space(a), bytesOf(b), optionalBytes(c), 0, 0);
        return;
      case LOCKS:
        this.locks.push({ tag: this.#tag(a, b, c), modes: textOf(d).split(',') as LockMode[] });
        return;
      case DROPPED:
        this.dropped.push(this.#space(a));
        return;
      case MOVES:
        this.moves.push({ tag: lockTags.row(this.#space(a), bytesOf(b)), to: optionalBytes(c) });
        return;
      case INDEXES:
        this.builtIndexes.push(numberOf(a));
        return;
      case READS:
        assert(this.reads !== undefined, 'what was read by a transaction that is not serializable');
        this.reads.restore(this.#space(a), optionalBytes(b) ?? null, optionalBytes(c) ?? null);
        return;
    }
  }

  #tag(kind: SqlValue | undefined, space: SqlValue | undefined, key: SqlValue | undefined): LockTag {
    if (space === null) return textOf(key) as LockTag;
    return (kind === 'r' ? lockTags.row : lockTags.indexKey)(this.#space(space), bytesOf(key));
  }

  #space(value: SqlValue | undefined): Space {
    const name = textOf(value);
    assert(SpaceName.parse(name) !== undefined, 'a space that cannot be');
    return this.#store.space(name as SpaceName);
  }

  finish(): StoredTransaction {
    assert(this.#rows === this.rowCount, 'a prepared transaction with a hole');
    return this;
  }
}

function textOf(value: SqlValue | undefined): string {
  assert(typeof value === 'string', 'a damaged prepared transaction');
  return value;
}
function numberOf(value: SqlValue | undefined): number {
  assert(typeof value === 'number', 'a damaged prepared transaction');
  return value;
}
function bytesOf(value: SqlValue | undefined): Uint8Array {
  assert(value instanceof Uint8Array, 'a damaged prepared transaction');
  return value;
}
const optionalBytes = (value: SqlValue | undefined): Uint8Array | undefined => (value === null ? undefined : bytesOf(value));
