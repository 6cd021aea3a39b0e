import type { Step } from './step.js';

interface Placed {
  readonly body: { readonly signature: string };
  readonly phase: string | undefined;
  readonly phaseLine: number;
  readonly step: Step | undefined;
}

/** Where an activation is: a line of context as PostgreSQL words it. */
export function placeOf(a: Placed): string {
  const { phase, step } = a;
  const name = `PL/pgSQL function ${a.body.signature}`;
  if (phase !== undefined) {
    const line = a.phaseLine > 0 ? a.phaseLine : (step?.line ?? 0);
    return line > 0 ? `${name} line ${line} ${phase}` : `${name} ${phase}`;
  }
  return step === undefined || step.line === 0 ? name : `${name} line ${step.line} at ${step.title}`;
}
