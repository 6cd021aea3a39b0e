import type { Waiting } from '../../waiting.js';
import type { Activation } from './activation.js';

/** How a statement ended. */
export const Done = { next: 0, returned: 1, exit: 2, continue: 3 } as const;
export type Completion = (typeof Done)[keyof typeof Done];

/** At once, or with the rest of the work where something has to wait (or may). */
export type Outcome = Completion | Waiting<Completion>;

/** A compiled statement. Shared by all calls; holds nothing of one. */
export interface Step {
  readonly line: number;
  /** As errors call it: "assignment", "SQL statement". */
  readonly title: string;
  run(a: Activation): Outcome;
}

/** Statements in order. The activation's step is put back behind them, so that an error of what is around them tells its own place. */
export function runSteps(steps: readonly Step[], a: Activation): Outcome {
  const around = a.step;
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i];
    if (step === undefined) break;
    a.step = step;
    const outcome = step.run(a);
    if (typeof outcome !== 'number') return goOn(outcome, steps, i + 1, around, a);
    if (outcome !== Done.next) {
      a.step = around;
      return outcome;
    }
  }
  a.step = around;
  return Done.next;
}

function* goOn(
  first: Waiting<Completion>,
  steps: readonly Step[],
  from: number,
  around: Step | undefined,
  a: Activation,
): Waiting<Completion> {
  let outcome: Completion = yield* first;
  for (let i = from; outcome === Done.next; i++) {
    const step = steps[i];
    if (step === undefined) break;
    a.step = step;
    const next = step.run(a);
    outcome = typeof next === 'number' ? next : yield* next;
  }
  a.step = around;
  return outcome;
}
