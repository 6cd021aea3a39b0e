import type { CompiledRoutine } from '../../executor/routines/routine.js';
import type { PlanEnvironment } from '../plan-environment.js';

/** Routines as compiled under each environment; they go with it. One a server. */
export class RoutineCache {
  readonly #byEnvironment = new WeakMap<PlanEnvironment, Map<string, CompiledRoutine>>();

  of(environment: PlanEnvironment): Map<string, CompiledRoutine> {
    let compiled = this.#byEnvironment.get(environment);
    if (compiled === undefined) {
      compiled = new Map();
      this.#byEnvironment.set(environment, compiled);
    }
    return compiled;
  }
}
