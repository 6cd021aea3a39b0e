import { quoteIdentifier } from '../../../catalog/definitions/identifiers.js';
import type { RoutineDescriptor } from '../../../catalog/descriptors.js';
import { inputParameters } from '../../../catalog/made-routines.js';
import { typeNameIn } from '../../../planner/bind/bind.js';
import type { CompileContext } from '../routine.js';

/** A routine as regprocedure shows it: `f(integer,text)`, with its schema where the search path does not find it. */
export function signatureOf(routine: RoutineDescriptor, { catalog, planner }: CompileContext): string {
  const types = inputParameters(routine).map(({ type }) => type);
  const text = `${quoteIdentifier(routine.name)}(${types.map((type) => typeNameIn(type, planner)).join(',')})`;
  for (const schema of planner.searchPath) {
    const same = catalog
      .routinesNamed(schema, routine.name)
      .find((other) => inputParameters(other).length === types.length && inputParameters(other).every(({ type }, i) => type === types[i]));
    if (same !== undefined) {
      if (same.oid === routine.oid) return text;
      break;
    }
  }
  // One that is only being made is found where it will be.
  if (catalog.routine(routine.oid) === undefined && planner.searchPath.includes(routine.schema)) return text;
  const schema = catalog.schemaByOid(routine.schema)?.name;
  return schema === undefined ? text : `${quoteIdentifier(schema)}.${text}`;
}
