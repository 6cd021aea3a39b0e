import type { SpaceName } from '../../commons/space-name.js';
import type { Snapshot, Space, WriteOperation } from '../store.js';

/**
 * What lies under the log: an ordered key-value store that applies batches atomically and in order, and becomes durable in steps.
 * After a crash it is again what its last durable checkpoint was, exactly; the log has what came after.
 */
export interface Engine {
  readonly name: string;
  readonly maxKeyBytes: number;
  space(name: SpaceName): Space;
  knownSpaces(): Iterable<Space>;
  /** The state of the newest `advance`. */
  snapshot(): Snapshot;
  /**
   * All of it or, when it rejects, nothing. One batch at a time; the caller looks to that.
   * @throws (rejects with) SqlError 53100, 58030
   */
  apply(operations: Iterable<WriteOperation>, sizeBytes: number): Promise<void>;
  /** From now on snapshots see what was applied. */
  advance(): void;
  /** Holds what was applied until it is released. Never while a batch is being applied. */
  pin(): EnginePin;
  /** Bytes that the file grew by since the newest pin. */
  readonly grownBytes: number;
  /** A consistent copy of what was applied into an empty directory; answers the anchor that opens it. */
  backup(directory: string): Promise<Uint8Array>;
  stats(): EngineStats;
  close(): Promise<void>;
}

/** A state that can become durable. While it is held, nothing that it needs is written over. */
export interface EnginePin {
  /** With it the engine can be opened in this state again, once `sync` has resolved. */
  readonly anchor: Uint8Array;
  sync(): Promise<void>;
  release(): void;
}

export interface EngineStats {
  readonly entries: number;
  readonly sizeBytes: number;
  readonly openSnapshots: number;
}
