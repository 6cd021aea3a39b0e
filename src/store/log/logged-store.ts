import { assert } from '../../commons/assert.js';
import type { SpaceName } from '../../commons/space-name.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { LoggedBatch, Snapshot, Space, Store, StoreObserver, StoreStats, WriteBatch, WriteOptions } from '../store.js';
import { FrameWriter, readFrame } from './batch-record.js';
import { writeCheckpoint } from './checkpoint-file.js';
import { Checkpointer } from './checkpointer.js';
import type { Engine } from './engine.js';
import { EngineFeed } from './engine-feed.js';
import { LayeredSnapshot } from './layered-snapshot.js';
import { toLogError } from './log-errors.js';
import type { LogFiles } from './log-files.js';

export interface LogSettings {
  /** Batches with a label stay readable as long as the log behind the last checkpoint is smaller. */
  readonly historyBytes: number;
  /** Of a new file of the log. */
  readonly segmentBytes: number;
  /** How much may be written to the log, and how much the engine may grow, between two checkpoints. */
  readonly checkpointBytes: number;
}

/** A larger batch goes to the engine without a layer: it would be in memory twice. */
const DIRECT_BYTES = 1024 * 1024;
const DIRECT_OPERATIONS = 10_000;
/** Batches in a row that were their writer's alone before one is written without giving others a turn. */
const ALONE_FOR = 16;
/** Of all layers: beyond it who writes waits until the engine has taken some. */
const MAX_LAYER_BYTES = 64 * 1024 * 1024;

interface Pending {
  readonly number: number;
  readonly visible: (() => void) | undefined;
  readonly resolve: () => void;
  readonly reject: (error: SqlError) => void;
}

/**
 * Life of a batch: `write` gives it its number, encodes it for the log and puts it into the topmost layer, where `newest` sees it at once →
 * what has come together goes to the log in one write that syncs → then snapshots see it, and who waits hears → some milliseconds later
 * its layer is applied to the engine, with all others in it in one transaction of the engine (engine-feed.ts) → from time to time a
 * checkpoint makes the engine durable, and the log before it is history (checkpointer.ts).
 *
 * A snapshot is the engine's under the layers that are not yet applied, up to a number. A large batch has the store for itself and goes
 * past the layers: log, engine, then visible. One larger than the log's history is not even logged, but made durable by a checkpoint.
 */
export class LoggedStore implements Store {
  readonly maxKeyBytes: number;
  readonly #engine: Engine;
  readonly #log: LogFiles;
  readonly #settings: LogSettings;
  readonly #feed: EngineFeed;
  readonly #checkpointer: Checkpointer;
  readonly #frame = new FrameWriter();
  /** Batches in a row, to the last one, whose writers were alone. */
  #writesAlone = 0;
  /** Numbers: given to a batch; safe in the log and seen by snapshots. */
  #ordered: number;
  #visible: number;
  #lastLabel: Uint8Array | undefined;
  /** Ordered and not yet visible, in order. */
  #unseen: Pending[] = [];
  /** What comes while a large batch has the store for itself. */
  #queued: (() => void)[] | undefined;
  #isScheduled = false;
  #isWriting = false;
  #failure: SqlError | undefined;
  #closing: Promise<void> | undefined;
  #isClosed = false;
  #groups = 0;
  #batches = 0;
  observer: StoreObserver | undefined;

  /** @param start number and label of the newest batch, which the engine has */
  constructor(
    engine: Engine,
    log: LogFiles,
    directory: string,
    settings: LogSettings,
    start: { readonly number: number; readonly label: Uint8Array | undefined },
  ) {
    this.#engine = engine;
    this.#log = log;
    this.#settings = settings;
    this.maxKeyBytes = engine.maxKeyBytes;
    this.#ordered = start.number;
    this.#visible = start.number;
    this.#lastLabel = start.label;
    this.#feed = new EngineFeed(engine, start, {
      applied: () => this.#applied(),
      failed: (error) => this.#engineFailed(error),
    });
    this.#checkpointer = new Checkpointer(engine, this.#feed, log, directory, settings, (error) => this.#engineFailed(error));
  }

  space(name: SpaceName): Space {
    return this.#engine.space(name);
  }

  async spaces(): Promise<readonly SpaceName[]> {
    const snapshot = this.snapshot();
    const names: SpaceName[] = [];
    for (const space of this.#engine.knownSpaces()) {
      const scan = snapshot.scan(space, { limit: 1 });
      if (await scan.next()) names.push(space.name);
      scan.close();
    }
    snapshot.release();
    return names;
  }

  snapshot(): Snapshot {
    return this.#snapshotOf(this.#visible);
  }

  newest(): Snapshot {
    return this.#snapshotOf(this.#ordered);
  }

  #snapshotOf(number: number): Snapshot {
    assert(!this.#isClosed, 'the store is closed');
    const base = this.#engine.snapshot();
    const layers = this.#feed.layersUpTo(number);
    return layers.length === 0 ? base : new LayeredSnapshot(base, layers, number);
  }

  get lastLabel(): Uint8Array | undefined {
    return this.#lastLabel;
  }

  write(batch: WriteBatch, options: WriteOptions = {}): Promise<void> {
    assert(!this.#isClosed, 'the store is closed');
    const sizeBytes = this.#check(batch);
    if (options.label !== undefined) this.#lastLabel = options.label;
    if (this.#queued !== undefined) {
      const queued = this.#queued;
      return new Promise((resolve, reject) => queued.push(() => void this.#write(batch, sizeBytes, options).then(resolve, reject)));
    }
    return this.#write(batch, sizeBytes, options);
  }

  #write(batch: WriteBatch, sizeBytes: number, options: WriteOptions): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    if (sizeBytes <= DIRECT_BYTES && batch.length <= DIRECT_OPERATIONS) return this.#order(batch, options);
    return this.#alone(() => this.#writeDirectly(batch, sizeBytes, options));
  }

  /** @returns about how much it is */
  #check(batch: WriteBatch): number {
    let sizeBytes = 0;
    // A batch that fails half way while it is encoded could not be taken back.
    for (const operation of batch) {
      if (operation.op === 'delete range') continue;
      const { key } = operation;
      sizeBytes += key.length;
      if (operation.op === 'delete' || operation.value === undefined) continue;
      assert(key.length > 0 && key.length <= this.maxKeyBytes, 'a key of a length that is not allowed');
      sizeBytes += operation.value.length;
    }
    return sizeBytes;
  }

  #order(batch: WriteBatch, { label, isAlone, ordered, visible }: WriteOptions): Promise<void> {
    const number = ++this.#ordered;
    this.#writesAlone = isAlone === true ? this.#writesAlone + 1 : 0;
    this.#frame.add(number, label, batch);
    if (batch.length > 0) this.#feed.add(number, batch, label);
    ordered?.();
    return new Promise((resolve, reject) => {
      this.#unseen.push({ number, visible, resolve, reject });
      this.#schedule();
    });
  }

  /**
   * At the end of the event loop's turn, so that clients which answer at once come into one group: they fall into two otherwise, a small
   * and a large one, and pay two syncs.
   */
  #schedule(): void {
    if (this.#isWriting || this.#isScheduled || this.#frame.isEmpty) return;
    if (this.#feed.isBehind && this.#feed.sizeBytes > MAX_LAYER_BYTES) return;
    if (this.#writesAlone >= ALONE_FOR && this.#log.canAppendAtOnce(this.#frame.sizeBytes)) {
      this.#writeAtOnce();
      return;
    }
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      if (!this.#frame.isEmpty) this.#writeGroup();
    });
  }

  #writeGroup(): void {
    const upTo = this.#ordered;
    this.#isWriting = true;
    this.#log.append(this.#frame.take(), upTo).then(
      () => this.#written(upTo),
      (error: unknown) => {
        this.#isWriting = false;
        this.#lose(toLogError(error));
      },
    );
  }

  /** There is one writer, and has been for a while: who hands its write to another thread waits for that longer than for the disk. */
  #writeAtOnce(): void {
    const upTo = this.#ordered;
    try {
      this.#log.appendAtOnce(this.#frame.take(), upTo);
    } catch (error) {
      this.#lose(toLogError(error));
      return;
    }
    this.#written(upTo);
  }

  #written(upTo: number): void {
    this.#isWriting = false;
    this.#groups++;
    this.#batches += upTo - this.#visible;
    this.observer?.groupWritten(upTo - this.#visible, this.#log.lastWriteMs);
    const { length } = this.#unseen;
    let count = 0;
    while (count < length && (this.#unseen[count]?.number ?? 0) <= upTo) count++;
    const seen = this.#unseen.splice(0, count);
    this.#visible = upTo;
    for (const { visible } of seen) visible?.();
    for (const { resolve } of seen) resolve();
    this.#feed.durable(upTo);
    this.#schedule();
  }

  /** Lets what was ordered become visible, then has the store for itself: what comes meanwhile waits. */
  async #alone(action: () => Promise<void>): Promise<void> {
    for (let queued = this.#queued; queued !== undefined; queued = this.#queued) {
      const others = queued;
      await new Promise<void>((resolve) => others.push(resolve));
    }
    this.#queued = [];
    try {
      if (this.#unseen.length > 0) await this.#order([], {});
      await action();
    } finally {
      const queued = this.#queued;
      this.#queued = undefined;
      // One of them may want the store for itself again.
      for (const write of queued) {
        if (this.#queued === undefined) write();
        else (this.#queued as (() => void)[]).push(write);
      }
    }
  }

  async #writeDirectly(batch: WriteBatch, sizeBytes: number, { label, ordered, visible }: WriteOptions): Promise<void> {
    await this.#feed.drain();
    const number = ++this.#ordered;
    if (sizeBytes <= Math.max(this.#settings.historyBytes, DIRECT_BYTES)) await this.#logAndApply(number, batch, sizeBytes, label);
    else await this.#applyAndLog(number, batch, sizeBytes, label);
    this.#groups++;
    this.#batches++;
    this.observer?.groupWritten(1, this.#log.lastWriteMs);
    // In one go: nobody may take a snapshot that has the batch and not its number.
    this.#engine.advance();
    this.#visible = number;
    ordered?.();
    visible?.();
    this.#applied();
  }

  async #logAndApply(number: number, batch: WriteBatch, sizeBytes: number, label: Uint8Array | undefined): Promise<void> {
    await this.#frame.addInTurns(number, label, batch);
    try {
      await this.#log.append(this.#frame.take(), number);
    } catch (error) {
      throw this.#noteFailure(toLogError(error));
    }
    try {
      await this.#feed.applyLogged(number, batch, sizeBytes, label);
    } catch {
      // It is in the log, so it is committed: memory has to hold it until the engine takes it.
      this.#feed.add(number, batch, label);
      this.#feed.durable(number);
    }
  }

  async #applyAndLog(number: number, batch: WriteBatch, sizeBytes: number, label: Uint8Array | undefined): Promise<void> {
    await this.#feed.applyDirectly(number, batch, sizeBytes, label);
    try {
      await this.#checkpointer.run();
      this.#frame.add(number, label, undefined);
      await this.#log.append(this.#frame.take(), number);
    } catch (error) {
      // The engine holds what was not committed, and can't take it back but by being opened again.
      const { message } = toLogError(error);
      throw this.#noteFailure(new SqlError(SqlState.ioError, message));
    }
  }

  #applied(): void {
    this.#schedule();
    this.#checkpointer.runWhenDue();
  }

  /** Nothing that is ordered and not durable will be: what came later may build on what failed. */
  #lose(error: SqlError): void {
    this.#noteFailure(error);
    this.#frame.clear();
    const lost = this.#unseen.splice(0);
    this.#feed.undo(this.#visible + 1);
    for (const { reject } of lost) reject(error);
  }

  /**
   * A full disk can get room. After any other error nobody knows what the disk holds, and a second sync may claim success for what the first
   * one lost: no more writes until the server is started again.
   */
  #noteFailure(error: SqlError): SqlError {
    if (error.code !== SqlState.diskFull) {
      this.#failure ??= new SqlError(SqlState.ioError, `the store takes no more writes after an error: ${error.message}`, {
        hint: 'Restart the server.',
      });
    }
    return error;
  }

  /** What is in the log is not lost; but who waits for room in memory is not left waiting. */
  #engineFailed(error: SqlError): void {
    this.#noteFailure(error);
    const isStuck = this.#failure !== undefined || this.#feed.sizeBytes > MAX_LAYER_BYTES;
    if (isStuck && !this.#isWriting && this.#unseen.length > 0) this.#lose(error);
  }

  async sync(): Promise<void> {
    if (this.#unseen.length > 0 || this.#queued !== undefined) await this.write([]);
  }

  async *history(): AsyncGenerator<LoggedBatch, void, undefined> {
    const upTo = this.#visible;
    for await (const payload of this.#log.frames(0))
      for (const batch of readFrame(payload)) if (batch.label !== undefined && batch.number <= upTo) yield batch;
  }

  async backup(directory: string): Promise<void> {
    await this.sync();
    await this.#alone(async () => {
      await this.#feed.drain();
      const anchor = await this.#engine.backup(directory);
      const label = this.#feed.appliedLabel ?? new Uint8Array(0);
      await writeCheckpoint(directory, { number: this.#feed.appliedNumber, segment: 0, label, anchor });
    });
  }

  /** Makes the present state the one that the next start begins with. */
  async checkpoint(): Promise<void> {
    await this.#feed.drain();
    await this.#checkpointer.run();
  }

  stats(): StoreStats {
    return { engine: this.#engine.name, groups: this.#groups, batches: this.#batches, writeMs: this.#log.writeMs, ...this.#engine.stats() };
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    if (this.#failure === undefined) {
      await this.sync();
      // What is in the log is safe without it, too: the next start then has more to do.
      await this.checkpoint().catch(() => undefined);
    }
    this.#isClosed = true;
    this.#feed.stop();
    await this.#checkpointer.stop();
    await this.#log.close();
    await this.#engine.close();
  }
}
