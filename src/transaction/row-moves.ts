import type { Seq } from '../commons/ids.js';
import type { LockTag } from './transaction.js';

/** More are not remembered: who then looks for an older row finds it deleted. */
const MAX_MOVES = 100_000;

/** What became of the row that had a key: it got another key, or it is gone and another row has its key. */
export interface RowMove {
  /** Increases with each: a row that moved twice is followed in this order. */
  readonly ordinal: number;
  /** Undefined: deleted. */
  readonly to: Uint8Array | undefined;
}

interface Noted extends RowMove {
  readonly tag: LockTag;
  readonly seq: Seq;
}

/**
 * A row is known by its key. PostgreSQL's is known by itself: who waits for a row whose key is changed meanwhile follows it, and who waits
 * for one that is deleted does not take up with another row of the same key. So changed and reused keys are remembered here, from their
 * commit until no transaction is left that began before it.
 */
export class RowMoves {
  readonly #byTag = new Map<LockTag, Noted[]>();
  #inOrder: Noted[] = [];
  #lastOrdinal = 0;

  get isEmpty(): boolean {
    return this.#inOrder.length === 0;
  }

  add(seq: Seq, moves: readonly { readonly tag: LockTag; readonly to: Uint8Array | undefined }[]): void {
    for (const { tag, to } of moves) {
      const noted: Noted = { ordinal: ++this.#lastOrdinal, to, tag, seq };
      this.#inOrder.push(noted);
      const known = this.#byTag.get(tag);
      if (known === undefined) this.#byTag.set(tag, [noted]);
      else known.push(noted);
    }
    if (this.#inOrder.length > MAX_MOVES) this.#forget(this.#inOrder.length - MAX_MOVES);
  }

  /** The first move of a row since a commit and, of one that is followed, since the move that led here. */
  find(tag: LockTag, since: Seq, after: number): RowMove | undefined {
    return this.#byTag.get(tag)?.find((move) => move.seq > since && move.ordinal > after);
  }

  /** Nobody asks any more about commits up to this one. */
  forgetUpTo(seq: Seq): void {
    let count = 0;
    while (count < this.#inOrder.length && (this.#inOrder[count]?.seq ?? 0) <= seq) count++;
    this.#forget(count);
  }

  #forget(count: number): void {
    if (count === 0) return;
    for (const { tag } of this.#inOrder.splice(0, count)) {
      const known = this.#byTag.get(tag);
      known?.shift();
      if (known?.length === 0) this.#byTag.delete(tag);
    }
  }
}

export const MAX_MOVES_OF_A_TRANSACTION = MAX_MOVES;
