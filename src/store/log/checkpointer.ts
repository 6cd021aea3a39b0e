import type { SqlError } from '../../commons/sql-error.js';
import { type Checkpoint, writeCheckpoint } from './checkpoint-file.js';
import type { Engine, EnginePin } from './engine.js';
import type { EngineFeed } from './engine-feed.js';
import { toLogError } from './log-errors.js';
import type { LogFiles } from './log-files.js';
import type { LogSettings } from './logged-store.js';

/** A store that was written to makes a checkpoint after so long. */
const INTERVAL_MS = 30_000;

/**
 * Life of a checkpoint: between two batches the engine's state is pinned → its file is synced, while commits go on → the checkpoint file
 * names that state and where the log goes on → the pin before is let go, so that the engine may use its pages again → segments of the log
 * that are neither needed nor wanted as history are dropped.
 */
export class Checkpointer {
  readonly #engine: Engine;
  readonly #feed: EngineFeed;
  readonly #log: LogFiles;
  readonly #directory: string;
  readonly #settings: LogSettings;
  readonly #failed: (error: SqlError) => void;
  #pin: EnginePin | undefined;
  /** Of the newest checkpoint. */
  #number = -1;
  #logBytes = 0;
  #running: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    engine: Engine,
    feed: EngineFeed,
    log: LogFiles,
    directory: string,
    settings: LogSettings,
    failed: (error: SqlError) => void,
  ) {
    this.#engine = engine;
    this.#feed = feed;
    this.#log = log;
    this.#directory = directory;
    this.#settings = settings;
    this.#failed = failed;
  }

  /** One that holds all that the engine has now. @throws SqlError 53100, 58030 */
  async run(): Promise<void> {
    const wanted = this.#feed.appliedNumber;
    while (this.#number < wanted) {
      this.#running ??= this.#run().finally(() => {
        this.#running = undefined;
      });
      await this.#running;
    }
  }

  /** The engine has taken something. */
  runWhenDue(): void {
    const limit = this.#settings.checkpointBytes;
    if (this.#engine.grownBytes > limit || this.#log.writtenBytes - this.#logBytes > limit) this.#runInBackground();
    else this.#timer ??= setTimeout(() => this.#runInBackground(), INTERVAL_MS).unref();
  }

  #runInBackground(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#running === undefined) this.run().catch((error: unknown) => this.#failed(toLogError(error)));
  }

  async #run(): Promise<void> {
    const logBytes = this.#log.writtenBytes;
    const { pin, checkpoint } = await this.#feed.between(() => this.#take());
    try {
      await pin.sync();
      await writeCheckpoint(this.#directory, checkpoint);
    } catch (error) {
      pin.release();
      throw toLogError(error);
    }
    this.#pin?.release();
    this.#pin = pin;
    this.#number = checkpoint.number;
    this.#logBytes = logBytes;
    await this.#log.trim(checkpoint.segment, this.#settings.historyBytes);
  }

  #take(): { readonly pin: EnginePin; readonly checkpoint: Checkpoint } {
    const pin = this.#engine.pin();
    const number = this.#feed.appliedNumber;
    const checkpoint = {
      number,
      segment: this.#log.segmentAfter(number),
      label: this.#feed.appliedLabel ?? new Uint8Array(0),
      anchor: pin.anchor,
    };
    return { pin, checkpoint };
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#running?.catch(() => undefined);
    this.#pin?.release();
    this.#pin = undefined;
  }
}
