import type { MaybePromise } from '../../commons/maybe-promise.js';
import type { Batch, Operator } from '../context.js';
import type { Frame } from '../frame.js';
import { type Waiting, wait } from '../waiting.js';
import { checkPatience } from './drain.js';

/** What an operator's work yields: a batch for its consumer, or a promise where it has to wait. */
export type Steps = Generator<Batch | Promise<void>, void, void>;

/**
 * An operator written as one generator, which holds its place between batches. Where the input has batches at once, so has it; a promise is
 * made only where something below had to wait.
 */
export abstract class SteppedOperator implements Operator {
  protected readonly frame: Frame;
  #steps: Steps | undefined;
  #closed = false;

  constructor(frame: Frame) {
    this.frame = frame;
  }

  protected abstract run(): Steps;
  /** Closes inputs and frees memory and files. */
  protected abstract free(): void;

  next(): MaybePromise<Batch | null> {
    this.#steps ??= this.run();
    const step = this.#steps.next();
    if (step.done === true) return null;
    return step.value instanceof Promise ? this.#goOn(this.#steps, step.value) : step.value;
  }

  async #goOn(steps: Steps, first: Promise<void>): Promise<Batch | null> {
    let pending = first;
    for (;;) {
      let failure: { readonly error: unknown } | undefined;
      try {
        await pending;
      } catch (error) {
        failure = { error };
      }
      const step = failure === undefined ? steps.next() : steps.throw(failure.error);
      if (step.done === true) return null;
      if (!(step.value instanceof Promise)) return step.value;
      pending = step.value;
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    // Runs what the generator has in its finally blocks: files that are being read.
    this.#steps?.return();
    this.free();
  }
}

/** The next batch of an input, within a generator. */
export function* pull(input: Operator): Waiting<Batch | null> {
  const batch = input.next();
  return batch instanceof Promise ? yield* wait(batch) : batch;
}

/** Between pieces of long work: obeys cancel and time-outs, and gives way to other sessions where that is allowed. */
export function* breathe(frame: Frame): Waiting<void> {
  if (frame.synchronousDepth > 0) {
    checkPatience(frame);
    return;
  }
  const { interrupt } = frame.cx;
  interrupt.check();
  if (interrupt.shouldYield()) yield* wait(interrupt.turn());
}
