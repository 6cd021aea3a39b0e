import type { MaybePromise } from '../../../commons/maybe-promise.js';
import type { Row } from '../../../types/value.js';
import { outOfWorkMemory, rowBytes } from '../../operators/memory.js';
import { type Waiting, wait } from '../../waiting.js';
import type { RunningStatement } from '../statements.js';
import type { Activation, HeldLoop } from './activation.js';
import { type Shape, shapeOfColumns } from './shape.js';

/** What rows held over a COMMIT may take. */
const MAX_HELD_BYTES = 256 * 1024 * 1024;

/** Counts rows that are held. */
export class HeldBytes {
  #bytes = 0;

  /** @throws SqlError 53200 */
  add(row: Row): void {
    this.#bytes += rowBytes(row);
    if (this.#bytes > MAX_HELD_BYTES) throw outOfWorkMemory('A loop over rows that goes on after COMMIT');
  }
}

/** The rows of a query that a loop goes through, while its body does what it likes. */
export class LoopRows implements HeldLoop {
  readonly #a: Activation;
  readonly #running: RunningStatement;
  readonly shape: Shape;
  #batch: readonly Row[] = [];
  #at = 0;
  #ended = false;

  private constructor(a: Activation, running: RunningStatement) {
    this.#a = a;
    this.#running = running;
    this.shape = shapeOfColumns(running.columns ?? []);
  }

  static *open(
    a: Activation,
    open: () => MaybePromise<RunningStatement>,
    line: string,
    explain: (error: unknown) => unknown,
  ): Waiting<LoopRows> {
    a.sqlLine = line;
    try {
      const opening = open();
      const running = opening instanceof Promise ? yield* wait(opening) : opening;
      const rows = new LoopRows(a, running);
      a.loops.push(rows);
      return rows;
    } catch (error) {
      throw explain(error);
    } finally {
      a.sqlLine = undefined;
    }
  }

  *next(): Waiting<Row | undefined> {
    while (this.#at >= this.#batch.length) {
      if (this.#ended) return undefined;
      yield* this.#pull();
    }
    return this.#batch[this.#at++];
  }

  /** As in PostgreSQL, what fails while rows are fetched is told without the SQL. */
  *#pull(): Waiting<void> {
    const next = this.#running.next();
    const batch = next instanceof Promise ? yield* wait(next) : next;
    this.#batch = batch ?? [];
    this.#at = 0;
    if (batch === null) this.#ended = true;
  }

  /** Reads what is left, since the transaction is about to end. @throws SqlError 53200 */
  *hold(): Waiting<void> {
    const kept = this.#batch.slice(this.#at);
    const bytes = new HeldBytes();
    while (!this.#ended) {
      yield* this.#pull();
      for (const row of this.#batch) {
        bytes.add(row);
        kept.push(row);
      }
    }
    this.#running.close();
    this.#batch = kept;
    this.#at = 0;
  }

  close(): void {
    const { loops } = this.#a;
    const at = loops.indexOf(this);
    if (at >= 0) loops.splice(at, 1);
    this.#running.close();
  }
}
