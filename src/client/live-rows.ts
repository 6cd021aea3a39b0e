import { type Change, KeptRows } from './kept-rows.js';
import { LiveIterator } from './live-iterator.js';
import { asError, ignore, isPassing, type Source, sqlState } from './source.js';

/** The server said that it is over: the relation was dropped or altered, or an administrator ended it. */
export class LiveQueryEnded extends Error {
  override readonly name = 'LiveQueryEnded';
}

interface Reader {
  changed(): void;
  ended(): void;
}

/** A query's rows, kept current for as long as somebody reads them. */
export class LiveRows<Row> implements AsyncIterable<readonly Row[]> {
  readonly #source: Source;
  readonly #query: string;
  readonly #signal: AbortSignal | undefined;
  readonly #rows = new KeptRows<Row>();
  readonly #readers = new Set<Reader>();
  #isStarted = false;
  #isListening = false;
  #hasRows = false;
  /** What is there is no ground to go on from: a resync said so. */
  #mustReplace = false;
  #isReading = false;
  /** What is being read is out of date already. */
  #readsAgain = false;
  /** What comes while rows are read; undefined: they are current. */
  #waiting: Change[] | undefined = [];
  #error: Error | undefined;
  #closing: Promise<void> | undefined;

  constructor(source: Source, query: string, signal: AbortSignal | undefined) {
    this.#source = source;
    this.#query = query;
    this.#signal = signal;
    if (signal?.aborted === true) void this.close();
    else signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  readonly #onAbort = (): void => void this.close();

  /**
   * Calls back with the rows now, and whenever they have changed.
   * @param failed the live query is over, with an error
   * @returns ends it for this callback; with the last one the live query is closed, which the promise waits for
   */
  subscribe(changed: (rows: readonly Row[]) => void, failed: (error: Error) => void = ignore): () => Promise<void> {
    return this.#read({
      changed: () => changed(this.#rows.list()),
      ended: () => {
        if (this.#error !== undefined) failed(this.#error);
      },
    });
  }

  /**
   * Always the newest rows: who is slow passes over what came between. Ends with `close` and the signal; with the loop's end the live query is
   * closed. @throws LiveQueryEnded, and errors of the server and the connection
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<readonly Row[], undefined, undefined> {
    return new LiveIterator<readonly Row[]>({
      watch: (changed, ended) => this.#read({ changed, ended }),
      newest: () => this.#rows.list(),
      isOver: () => this.#closing !== undefined,
      error: () => this.#error,
    });
  }

  /** Resolves when the server knows. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#signal?.removeEventListener('abort', this.#onAbort);
    for (const reader of this.#readers) guarded(() => reader.ended());
    this.#readers.clear();
    if (this.#isStarted) await this.#source.close();
  }

  #read(reader: Reader): () => Promise<void> {
    if (this.#closing !== undefined) {
      guarded(() => reader.ended());
      return () => this.close();
    }
    this.#readers.add(reader);
    if (this.#hasRows) guarded(() => reader.changed());
    if (!this.#isStarted) {
      this.#isStarted = true;
      this.#source.listen(this.#query, {
        heard: (payload) => this.#hear(payload),
        listening: () => {
          this.#isListening = true;
          this.#catchUp();
        },
        away: () => {
          this.#isListening = false;
          this.#rows.forgetPartial();
          this.#waiting = [];
        },
        failed: (error) => this.#fail(error),
      });
    }
    return async () => {
      if (this.#readers.delete(reader) && this.#readers.size === 0) await this.close();
    };
  }

  // ------------------------------------------------------------ what the server says

  #hear(payload: string): void {
    if (this.#closing !== undefined) return;
    const parsed = JSON.parse(payload) as Change | readonly Change[];
    for (const change of Array.isArray(parsed) ? (parsed as readonly Change[]) : [parsed as Change]) this.#take(change);
  }

  #take(change: Change): void {
    if (change.op === 'end') this.#fail(new LiveQueryEnded(change.reason ?? 'the live query was ended'));
    else if (change.op === 'resync') {
      this.#mustReplace = true;
      this.#catchUp();
    } else if (this.#waiting === undefined) {
      if (this.#rows.apply(change)) this.#show();
    } else if (this.#waiting.length < MAX_WAITING) this.#waiting.push(change);
    else {
      this.#waiting = [];
      this.#readsAgain = true;
    }
  }

  /** Reads what is missing; once more, where that is out of date when it comes. */
  #catchUp(): void {
    this.#waiting ??= [];
    this.#readsAgain = true;
    if (!this.#isReading) void this.#readUp();
  }

  async #readUp(): Promise<void> {
    this.#isReading = true;
    while (this.#readsAgain && this.#closing === undefined) {
      this.#readsAgain = false;
      try {
        await this.#readOnce();
      } catch (error) {
        // Where the connection is lost, `listening` comes again.
        if (!isOfConnection(error)) this.#fail(error);
      }
    }
    this.#isReading = false;
  }

  /** The rows, or what has changed since the last ones; then what has come meanwhile. */
  async #readOnce(): Promise<void> {
    const isWhole = !this.#hasRows || this.#mustReplace;
    this.#mustReplace = false;
    if (isWhole || !(await this.#readChanges())) {
      const rows = await this.#source.changes(this.#query, undefined);
      this.#rows.replace(rows);
      this.#hasRows = true;
    }
    if (!this.#isListening || this.#readsAgain) return;
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const change of waiting) this.#rows.apply(change);
    this.#show();
  }

  /** @returns false where the server can't tell what has changed */
  async #readChanges(): Promise<boolean> {
    try {
      this.#rows.catchUp(await this.#source.changes(this.#query, this.#rows.seq));
      return true;
    } catch (error) {
      if (sqlState(error) === CANT_TELL) return false;
      throw error;
    }
  }

  #show(): void {
    for (const reader of [...this.#readers]) guarded(() => reader.changed());
  }

  #fail(error: unknown): void {
    if (this.#closing !== undefined) return;
    this.#error = asError(error);
    void this.close();
  }
}

/** SQLSTATE of kalamdb.changes() with a `since` of which it can't tell what came after. */
const CANT_TELL = '58P01';

/** Changes that may wait while rows are read; what is more is read instead. */
const MAX_WAITING = 100_000;

/** Not the query's fault, but its connection's, which is over now. */
function isOfConnection(error: unknown): boolean {
  return isPassing(error) && !/^53/.test(sqlState(error) ?? '');
}

/** What a reader throws is its own affair: others, and the connection, go on. It comes up as an uncaught error. */
function guarded(call: () => void): void {
  try {
    call();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
