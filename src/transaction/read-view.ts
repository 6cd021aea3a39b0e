import { assert } from '../commons/assert.js';
import type { Seq } from '../commons/ids.js';
import type { MaybePromise } from '../commons/maybe-promise.js';
import type { BatchScan } from '../store/entry-batch.js';
import type { KeyRange, Scan, Snapshot, Space } from '../store/store.js';
import { overlayBatches, overlayScan } from './overlay-scan.js';
import type { ReadSet } from './serializable-reads.js';
import type { ReadView } from './transaction.js';
import type { WriteSet } from './write-set.js';

/** A snapshot that a transaction and its views share. */
export class HeldSnapshot {
  readonly snapshot: Snapshot;
  /** The newest commit in it. */
  readonly seq: Seq;
  /** When the statement began that it was taken for. */
  takenMicros: number | undefined;
  #holders = 1;

  constructor(snapshot: Snapshot, seq: Seq) {
    this.snapshot = snapshot;
    this.seq = seq;
  }

  hold(): this {
    this.#holders++;
    return this;
  }

  release(): void {
    if (--this.#holders === 0) this.snapshot.release();
  }
}

/** A command's view: its snapshot under what earlier commands of its transaction wrote. */
export class LocalReadView implements ReadView {
  readonly seq: Seq;
  readonly command: number;
  readonly held: HeldSnapshot;
  readonly #snapshot: Snapshot;
  readonly #writes: WriteSet;
  readonly #reads: ReadSet | undefined;
  readonly #closed: (view: LocalReadView) => void;
  #holders = 1;
  #isOver = false;

  /** @param held released with the view */
  constructor(held: HeldSnapshot, command: number, writes: WriteSet, reads: ReadSet | undefined, closed: (view: LocalReadView) => void) {
    this.seq = held.seq;
    this.command = command;
    this.held = held;
    this.#snapshot = held.snapshot;
    this.#writes = writes;
    this.#reads = reads;
    this.#closed = closed;
  }

  get(space: Space, key: Uint8Array): MaybePromise<Uint8Array | undefined> {
    assert(this.#holders > 0, 'a read through a view that is released');
    const written = this.#writes.find(space, key)?.seenBy(this.command);
    if (written !== undefined) return written.value;
    this.#reads?.key(space, key);
    return this.#snapshot.get(space, key);
  }

  scan(space: Space, range: KeyRange): Scan {
    assert(this.#holders > 0, 'a scan through a view that is released');
    const scan = overlay(this.#snapshot, this.#writes, space, range, this.command);
    return this.#reads === undefined ? scan : this.#reads.track(space, range, scan);
  }

  scanBatches(space: Space, range: KeyRange): BatchScan | undefined {
    assert(this.#holders > 0, 'a scan through a view that is released');
    if (this.#reads !== undefined) return undefined;
    const base = this.#snapshot.scanBatches(space, range);
    const written = this.#writes.in(space);
    return base === undefined || written === undefined || written.size === 0 ? base : overlayBatches(base, written, range, this.command);
  }

  retain(): void {
    assert(this.#holders > 0, 'a view is retained that is released');
    this.#holders++;
  }

  release(): void {
    // Work that waited may have ended with its transaction.
    if (this.#isOver) return;
    assert(this.#holders > 0, 'a view is released too often');
    if (--this.#holders === 0) this.#close();
  }

  /** At the end of the transaction, whoever still holds it. */
  forceRelease(): void {
    this.#holders = 0;
    this.#isOver = true;
    this.#close();
  }

  #close(): void {
    this.held.release();
    this.#closed(this);
  }
}

/** A scan of a snapshot under what was written before a command. */
export function overlay(snapshot: Snapshot, writes: WriteSet, space: Space, range: KeyRange, command: number): Scan {
  // What is written from now on is not seen anyway.
  const written = writes.in(space);
  if (written === undefined || written.size === 0) return snapshot.scan(space, range);
  const { gte, lt, reverse } = range;
  const base: KeyRange = { ...(gte !== undefined && { gte }), ...(lt !== undefined && { lt }), ...(reverse !== undefined && { reverse }) };
  return overlayScan(snapshot.scan(space, base), written, range, command);
}

/** A scan that brings its own snapshot. */
export class SnapshotScan implements Scan {
  readonly #scan: Scan;
  readonly #closed: (scan: SnapshotScan) => void;
  #snapshot: Snapshot | undefined;

  constructor(snapshot: Snapshot, scan: Scan, closed: (scan: SnapshotScan) => void) {
    this.#snapshot = snapshot;
    this.#scan = scan;
    this.#closed = closed;
  }

  next(): MaybePromise<boolean> {
    const moved = this.#scan.next();
    if (moved instanceof Promise) return moved.then((found) => this.#moved(found));
    return this.#moved(moved);
  }

  #moved(found: boolean): boolean {
    if (!found) this.close();
    return found;
  }

  get key(): Uint8Array {
    return this.#scan.key;
  }

  get value(): Uint8Array {
    return this.#scan.value;
  }

  close(): void {
    if (this.#snapshot === undefined) return;
    this.#scan.close();
    this.#snapshot.release();
    this.#snapshot = undefined;
    this.#closed(this);
  }
}
