import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import type { Batch } from '../executor/context.js';
import { rowBytes } from '../executor/operators/memory.js';
import { type Waiting, wait } from '../executor/waiting.js';
import type { Row } from '../types/value.js';
import type { RowSource } from './opened-statement.js';

/** What a session's cursors may keep together: rows to go back over, or beyond their transaction (law 6). */
const MAX_KEPT_BYTES = 256 * 1024 * 1024;

/** What a cursor that was not declared with SCROLL keeps of the rows behind it; older ones are let go. */
const MAX_IMPLIED_BYTES = 4 * 1024 * 1024;

/** Whether a cursor may go back: its user said so, or only its plan allows it. */
export type Scrolling = 'yes' | 'as far as it goes' | 'no';

/** Takes the rows that are fetched; undefined for MOVE. */
type UseRow = ((row: Row) => void) | undefined;

/** Counts what all cursors of one session keep. */
export class KeptBytes {
  bytes = 0;

  /** @throws SqlError 53200 */
  add(bytes: number): void {
    if (this.bytes + bytes > MAX_KEPT_BYTES) {
      throw new SqlError(SqlState.outOfMemory, 'out of memory', {
        detail: `The cursors of one session can keep at most ${MAX_KEPT_BYTES} bytes.`,
        hint: 'Declare cursors with NO SCROLL and without HOLD, or close those that are not needed.',
      });
    }
    this.bytes += bytes;
  }

  give(bytes: number): void {
    this.bytes -= bytes;
  }
}

/**
 * A cursor's place among its rows, as PostgreSQL has it: 0 is before the first row, n on the n-th. A cursor that may go back keeps what it
 * has passed; others only the row that they are on.
 */
export class CursorRows {
  readonly #source: RowSource;
  readonly #scroll: Scrolling;
  readonly #keptBytes: KeptBytes;
  #ownBytes = 0;
  #kept: Row[] = [];
  /** How many rows were dropped in front of `#kept`. */
  #dropped = 0;
  #batch: Batch | null = null;
  #index = 0;
  #ended = false;
  #position = 0;
  #keepsAll = false;

  /** How many of a row's values are the query's own. */
  readonly #width: number | undefined;

  /** @param scroll it may go back @param width of a row as it is given out; undefined: all of it */
  constructor(source: RowSource, scroll: Scrolling, keptBytes: KeptBytes, width?: number) {
    this.#width = width;
    this.#source = source;
    this.#scroll = scroll;
    this.#keptBytes = keptBytes;
  }

  close(): void {
    this.#keptBytes.give(this.#ownBytes);
    this.#ownBytes = 0;
    this.#source.close();
  }

  /** Reads what is left into memory, so that the source can be closed: WITH HOLD at commit. */
  *materialize(): Waiting<void> {
    this.#keepsAll = true;
    while (yield* this.#read(true));
    this.#source.close();
  }

  /** FETCH n, FETCH ALL: forward or backward, handing each row to `use` (MOVE: undefined). @returns how many */
  *move(count: number, use: UseRow): Waiting<number> {
    if (count === 0) return this.#again(use);
    if (count < 0) return this.#backward(-count, use);
    let moved = 0;
    while (moved < count) {
      if (!(yield* this.#forward())) {
        this.#position = this.#end + 1;
        return moved;
      }
      moved++;
      this.#use(use);
    }
    return moved;
  }

  /** FETCH ABSOLUTE n: from the end when negative. */
  *absolute(target: number, use: UseRow): Waiting<number> {
    let position = target;
    if (target < 0) {
      this.#requireScroll();
      this.#keepsAll = true;
      while (yield* this.#read(true));
      position = Math.max(0, this.#end + 1 + target);
    }
    return yield* this.#goTo(position, use);
  }

  *relative(offset: number, use: UseRow): Waiting<number> {
    if (offset === 0) return this.#again(use);
    return yield* this.#goTo(Math.max(0, this.#position + offset), use);
  }

  *#goTo(position: number, use: UseRow): Waiting<number> {
    if (position < this.#position || (position === this.#position && position > 0)) {
      this.#requireScroll(position);
      this.#position = position;
    }
    while (this.#position < position) {
      if (yield* this.#forward()) continue;
      this.#position = this.#end + 1;
      return 0;
    }
    return this.#here(use);
  }

  /** The row that it is on, once more: PostgreSQL goes back for it. */
  #again(use: UseRow): number {
    if (use !== undefined && this.#isOnRow) this.#requireScroll(this.#position);
    return this.#here(use);
  }

  get #isOnRow(): boolean {
    return this.#position >= 1 && this.#position <= this.#end;
  }

  #here(use: UseRow): number {
    if (!this.#isOnRow) return 0;
    this.#use(use);
    return 1;
  }

  #backward(count: number, use: UseRow): number {
    this.#requireScroll();
    let moved = 0;
    while (moved < count && this.#position > 0) {
      this.#requireScroll(this.#position - 1);
      this.#position--;
      if (this.#position === 0) break;
      moved++;
      this.#use(use);
    }
    return moved;
  }

  #use(use: UseRow): void {
    if (use === undefined) return;
    const row = this.current;
    if (row !== undefined) use(this.#width === undefined ? row : row.slice(0, this.#width));
  }

  /** The row that it is on, with the keys behind its own columns. */
  get current(): Row | undefined {
    return this.#kept[this.#position - this.#dropped - 1];
  }

  /** Rows read so far. */
  get #end(): number {
    return this.#dropped + this.#kept.length;
  }

  *#forward(): Waiting<boolean> {
    if (this.#position >= this.#end && !(yield* this.#read(this.#scroll !== 'no'))) return false;
    this.#position++;
    return true;
  }

  *#read(keeps: boolean): Waiting<boolean> {
    if (this.#ended) return false;
    while (this.#batch === null || this.#index >= this.#batch.length) {
      const next = this.#source.next();
      this.#batch = next instanceof Promise ? yield* wait(next) : next;
      this.#index = 0;
      if (this.#batch === null) {
        this.#ended = true;
        return false;
      }
    }
    const row = this.#batch[this.#index++];
    if (row === undefined) return true;
    if (keeps) {
      const bytes = rowBytes(row);
      if (this.#scroll === 'as far as it goes' && !this.#keepsAll && this.#ownBytes + bytes > MAX_IMPLIED_BYTES) this.#letGo();
      this.#keptBytes.add(bytes);
      this.#ownBytes += bytes;
    } else {
      this.#dropped += this.#kept.length;
      this.#kept = [];
    }
    this.#kept.push(row);
    return true;
  }

  #letGo(): void {
    this.#dropped += this.#kept.length;
    this.#kept = [];
    this.#keptBytes.give(this.#ownBytes);
    this.#ownBytes = 0;
  }

  /** @param position where it wants to go, which may have been let go */
  #requireScroll(position = Number.POSITIVE_INFINITY): void {
    const isKept = position > this.#dropped || this.#dropped === 0;
    if (this.#scroll === 'yes' || (this.#scroll !== 'no' && isKept)) return;
    throw new SqlError(SqlState.objectNotInPrerequisiteState, 'cursor can only scan forward', {
      hint: 'Declare it with SCROLL option to enable backward scan.',
    });
  }
}
