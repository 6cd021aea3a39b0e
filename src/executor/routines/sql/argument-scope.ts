import type { RoutineDescriptor } from '../../../catalog/descriptors.js';
import { inputParameters } from '../../../catalog/made-routines.js';
import type { Oid } from '../../../commons/ids.js';
import type { Variable, VariableScope } from '../../../planner/context.js';

/** How the statements of a function in SQL name its arguments: $1, by name, or by the function's name and theirs. Columns go first. */
export interface ArgumentScope extends VariableScope {
  readonly types: readonly Oid[];
}

/** @param types of a call's arguments, where parameters are polymorphic; undefined: as declared */
export function argumentScope(routine: RoutineDescriptor, types: readonly Oid[] | undefined): ArgumentScope {
  const parameters = inputParameters(routine);
  const own = parameters.map(({ type }, i) => types?.[i] ?? type);
  return {
    precedence: 'column',
    types: own,
    find(names) {
      const [first, second, third] = names;
      const isQualified = second !== undefined && first === routine.name;
      const qualified = isQualified ? parameters.findIndex(({ name }) => name === second) : -1;
      if (qualified >= 0) return variable(qualified, own, third === undefined ? [] : [third]);
      const plain = third === undefined ? parameters.findIndex(({ name }) => name === first) : -1;
      return plain < 0 ? undefined : variable(plain, own, second === undefined ? [] : [second]);
    },
  };
}

function variable(index: number, types: readonly Oid[], fields: readonly string[]): Variable {
  return { index, type: types[index] ?? 0, typmod: -1, ...(fields.length === 0 ? {} : { fields }) };
}
