/** What an iterator takes its values from. */
export interface Fresh<T> {
  /** @param changed there is something newer @param ended nothing will come any more */
  watch(changed: () => void, ended: () => void): () => Promise<void>;
  /** The newest. */
  newest(): T;
  isOver(): boolean;
  error(): Error | undefined;
}

interface Waiting<T> {
  readonly resolve: (result: IteratorResult<T, undefined>) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Gives the newest value to whoever asks, and passes over those in between: a slow consumer has no queue. Unlike a generator's, its `return`
 * does not wait for a `next` that waits.
 */
export class LiveIterator<T> implements AsyncIterableIterator<T, undefined, undefined> {
  readonly #fresh: Fresh<T>;
  readonly #stop: () => Promise<void>;
  #waiting: Waiting<T>[] = [];
  #hasNewer = false;
  #isDone = false;

  constructor(fresh: Fresh<T>) {
    this.#fresh = fresh;
    this.#stop = fresh.watch(
      () => this.#changed(),
      () => this.#ended(),
    );
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (this.#isDone) return Promise.resolve(DONE);
    if (this.#hasNewer) {
      this.#hasNewer = false;
      return Promise.resolve({ value: this.#fresh.newest(), done: false });
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      if (this.#fresh.isOver()) this.#ended();
    });
  }

  /** Resolves when the live query is over, also on the server, where this was its last reader. */
  async return(): Promise<IteratorReturnResult<undefined>> {
    this.#finish();
    await this.#stop();
    return DONE;
  }

  #changed(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#hasNewer = true;
    else next.resolve({ value: this.#fresh.newest(), done: false });
  }

  /** Who waits, or else who asks next, hears of the error once. */
  #ended(): void {
    const first = this.#waiting.shift();
    if (first === undefined) return;
    const error = this.#fresh.error();
    if (error === undefined) first.resolve(DONE);
    else first.reject(error);
    this.#finish();
  }

  #finish(): void {
    this.#isDone = true;
    for (const { resolve } of this.#waiting) resolve(DONE);
    this.#waiting = [];
  }
}

const DONE: IteratorReturnResult<undefined> = Object.freeze({ value: undefined, done: true });
