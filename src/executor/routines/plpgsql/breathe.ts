import { type Waiting, wait } from '../../waiting.js';
import type { Activation } from './activation.js';

/** Between rounds of a loop: obeys cancel and time-outs, and gives other sessions their turn. */
export function* breathe(a: Activation): Waiting<void> {
  const { interrupt } = a.call.cx;
  interrupt.check();
  if (interrupt.shouldYield()) yield* wait(interrupt.turn());
}

/** So many rounds without waiting pass before anybody looks at the clock. */
export const ROUNDS = 64;
