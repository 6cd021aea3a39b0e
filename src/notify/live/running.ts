import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { ExecutionContext } from '../../executor/context.js';
import { Frame } from '../../executor/frame.js';
import { rowBytes } from '../../executor/operators/memory.js';
import type { Row } from '../../types/value.js';
import type { Push, PushVersion } from './live-node.js';

/** What nodes share while they run: one query of one user, or what one row of it is applied to. */
export interface Running {
  readonly frame: Frame;
  /** From now on `push` is told of a source's rows. */
  attach(source: number, push: PushVersion): void;
  /** From now on `push` is told of the rows of an input that is kept outside (see nodes/apply.ts). */
  attachInput(input: number, push: Push): void;
  /** From now on `push` is told of the rows of a WITH query. */
  attachCte(cte: number, push: Push): void;
  cteReaders(cte: number): readonly Push[];
  /** Called when all changes of a commit are in, before whoever has attached to this node's output is called itself. */
  atEnd(work: () => void): void;
  /** Counts a row that is remembered. @throws SqlError 54000 above the limit */
  keep(row: Row): void;
  /** It is not any more. */
  drop(row: Row): void;
  /** Counts what else is remembered, or is not any more. @throws SqlError 54000 */
  hold(bytes: number): void;
  /** So many rows and bytes are not remembered any more. */
  forget(rows: number, bytes: number): void;
}

/** What a row that is remembered costs besides its values: its places in maps. */
export const ENTRY_BYTES = 96;

/** What it holds in memory, roughly. */
export function keptBytes(row: Row): number {
  return rowBytes(row) + ENTRY_BYTES;
}

/** What every run has: readers of WITH queries, and work for a commit's end. */
export class RunningNodes {
  readonly #ctes = new Map<number, Push[]>();
  readonly #ends: (() => void)[] = [];

  attachCte(cte: number, push: Push): void {
    const readers = this.#ctes.get(cte);
    if (readers === undefined) this.#ctes.set(cte, [push]);
    else readers.push(push);
  }

  cteReaders(cte: number): readonly Push[] {
    return this.#ctes.get(cte) ?? [];
  }

  atEnd(work: () => void): void {
    this.#ends.push(work);
  }

  /** All changes of a commit are in. Nodes attach from the top down, so that those below come later, and end first. */
  end(): void {
    for (let i = this.#ends.length - 1; i >= 0; i--) this.#ends[i]?.();
  }
}

/** One query of one user. */
export class LiveRun extends RunningNodes implements Running {
  readonly frame: Frame;
  readonly #sources: PushVersion[][] = [];
  readonly #maxBytes: number;
  bytes = 0;
  rows = 0;

  constructor(cx: ExecutionContext, slotCount: number, maxBytes: number) {
    super();
    this.frame = new Frame(cx, slotCount);
    this.#maxBytes = maxBytes;
  }

  attach(source: number, push: PushVersion): void {
    const attached = this.#sources[source];
    if (attached === undefined) this.#sources[source] = [push];
    else attached.push(push);
  }

  attachInput(): void {
    throw new Error('an input of what is applied to a row, outside of it');
  }

  keep(row: Row): void {
    this.rows++;
    this.hold(keptBytes(row));
  }

  drop(row: Row): void {
    this.rows--;
    this.bytes -= keptBytes(row);
  }

  hold(bytes: number): void {
    this.bytes += bytes;
    if (this.bytes > this.#maxBytes) {
      throw new SqlError(SqlState.programLimitExceeded, `a live query would hold more than ${this.#maxBytes} bytes`, {
        hint: 'Let it read fewer rows or columns, or raise kalamdb.max_live_query_memory.',
      });
    }
  }

  forget(rows: number, bytes: number): void {
    this.rows -= rows;
    this.bytes -= bytes;
  }

  offer(source: number, ...change: Parameters<PushVersion>): void {
    for (const push of this.#sources[source] ?? []) push(...change);
  }
}
