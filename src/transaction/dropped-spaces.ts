import { setTimeout } from 'node:timers/promises';
import type { Logger } from '../commons/logger.js';
import { SpaceName } from '../commons/space-name.js';
import { SystemSpace } from '../commons/system-names.js';
import { copyBytes } from '../store/bytes.js';
import { encodeRow } from '../store/row-codec.js';
import type { Space, Store } from '../store/store.js';

/** Entries that one batch of the clean-up removes: so few, and such pauses, that commits hardly notice. */
const PIECE_ENTRIES = 500;
/** Times as long as a piece took is waited before the next. */
const PAUSE_FACTOR = 4;

/**
 * Life of a dropped space: its transaction commits a line in `system.dropped_spaces` → the clean-up empties the space in the background,
 * piece by piece → the last piece removes the line too. After a restart it goes on where it was. Older snapshots keep what they see.
 */
export class DroppedSpaces {
  readonly #store: Store;
  readonly #lines: Space;
  readonly #logger: Logger | undefined;
  readonly #pending: Space[] = [];
  #work: Promise<void> | undefined;
  #stopped = false;

  constructor(store: Store, logger: Logger | undefined) {
    this.#store = store;
    this.#lines = store.space(SpaceName.system(SystemSpace.droppedSpaces));
    this.#logger = logger;
  }

  /** The line that a transaction writes. */
  line(space: Space): { readonly space: Space; readonly key: Uint8Array; readonly value: Uint8Array } {
    return { space: this.#lines, key: Buffer.from(space.name, 'utf8'), value: encodeRow([space.name]) };
  }

  /** Goes on with what was left when the server stopped. */
  async resume(): Promise<void> {
    const snapshot = this.#store.snapshot();
    const scan = snapshot.scan(this.#lines, {});
    while (await scan.next()) {
      const name = Buffer.from(scan.key).toString('utf8');
      if (SpaceName.parse(name) !== undefined) this.#pending.push(this.#store.space(name as SpaceName));
    }
    scan.close();
    snapshot.release();
    this.#start();
  }

  /** Their drop is committed. */
  add(spaces: Iterable<Space>): void {
    this.#pending.push(...spaces);
    this.#start();
  }

  /** Resolves when there is nothing left to remove. */
  async idle(): Promise<void> {
    await this.#work;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#work;
  }

  #start(): void {
    if (this.#work !== undefined || this.#pending.length === 0 || this.#stopped) return;
    this.#work = this.#run().finally(() => {
      this.#work = undefined;
    });
  }

  async #run(): Promise<void> {
    for (let space = this.#pending[0]; space !== undefined; space = this.#pending[0]) {
      try {
        await this.#empty(space);
      } catch (error) {
        this.#logger?.error(
          { err: error, space: space.name },
          'a dropped space could not be emptied; it will be when the server is started again',
        );
      }
      if (this.#stopped) return;
      this.#pending.shift();
    }
  }

  async #empty(space: Space): Promise<void> {
    let from: Uint8Array | undefined;
    do {
      const started = performance.now();
      from = await this.#removePiece(space, from);
      if (from !== undefined) await setTimeout((performance.now() - started) * PAUSE_FACTOR);
    } while (from !== undefined && !this.#stopped);
  }

  /** @returns where the next one begins; undefined: there is none */
  async #removePiece(space: Space, from: Uint8Array | undefined): Promise<Uint8Array | undefined> {
    const begin = from === undefined ? {} : { gte: from };
    const snapshot = this.#store.snapshot();
    const scan = snapshot.scan(space, { ...begin, limit: PIECE_ENTRIES });
    let entries = 0;
    let last: Uint8Array | undefined;
    while (await scan.next()) {
      entries++;
      if (entries === PIECE_ENTRIES) last = copyBytes(scan.key);
    }
    scan.close();
    snapshot.release();
    if (last === undefined) {
      // Now that it is as good as empty, the store may forget the space as well.
      await this.#store.write([
        { op: 'delete range', space },
        { op: 'delete', space: this.#lines, key: this.line(space).key },
      ]);
      return undefined;
    }
    // One operation in the log, whatever it removes; pieces do not overlap, so that none looks through what others have removed.
    const next = Buffer.concat([last, Buffer.of(0)]);
    await this.#store.write([{ op: 'delete range', space, ...begin, lt: next }]);
    return next;
  }
}
