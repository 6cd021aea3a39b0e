import type { BuiltinProc } from '../../../catalog/builtin/index.js';
import { routineSource } from '../../../catalog/made-routines.js';
import { TypeOid } from '../../../types/oids.js';
import type { BindState } from '../state.js';

/** What computes it: a user's by its definition, unless that is made of what a built-in aggregate is made of. @param isMoving over a frame that loses rows */
export function aggregateImplementation({ catalog, builtin }: BindState, proc: BuiltinProc, isMoving: boolean): string {
  const definition = catalog.routine(proc.oid)?.aggregate;
  if (definition === undefined) return `${proc.name}(${proc.argTypes.join(',')})`;
  if (definition.stateType === TypeOid.internal) {
    const same = builtin
      .aggregates()
      .find(({ transitionFunction, finalFunction }) => transitionFunction === definition.transition && finalFunction === definition.final);
    const known = same === undefined ? undefined : builtin.procByOid(same.proc);
    if (known !== undefined) return `${known.name}(${known.argTypes.join(',')})`;
  }
  return `${routineSource(proc.oid)}${isMoving && definition.movingTransition !== 0 ? ' moving' : ''}`;
}
