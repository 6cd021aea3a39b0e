import type { MaybePromise } from '../commons/maybe-promise.js';

/**
 * Work that usually ends without waiting, written as one generator: `yield* wait(x)` gives x's value, and only a promise makes anybody wait.
 * `drive` runs it to its end, synchronously as long as nothing had to wait.
 */
export type Waiting<T> = Generator<Promise<void>, T, void>;

/** Callers on hot paths test for a promise first, and save the generator. */
export function* wait<T>(value: MaybePromise<T>): Waiting<T> {
  if (!(value instanceof Promise)) return value;
  const box: { value: T }[] = [];
  yield value.then((result) => {
    box.push({ value: result });
  });
  const [held] = box;
  if (held === undefined) throw new Error('a wait went on before its promise was fulfilled');
  return held.value;
}

export function drive<T>(work: Waiting<T>): MaybePromise<T> {
  const step = work.next();
  return step.done === true ? step.value : driveOn(work, step.value);
}

async function driveOn<T>(work: Waiting<T>, first: Promise<void>): Promise<T> {
  let pending = first;
  for (;;) {
    let failure: { readonly error: unknown } | undefined;
    try {
      await pending;
    } catch (error) {
      failure = { error };
    }
    const step = failure === undefined ? work.next() : work.throw(failure.error);
    if (step.done === true) return step.value;
    pending = step.value;
  }
}
