import { assert } from '../../commons/assert.js';
import type { AggregateFunction, AsyncFunction, CallTypes, ScalarFunction, SetFunction, WaitingSetFunction } from './implementation.js';

/** The functions of one subject, by pg_proc.prosrc. Each source stands in one table and one of its groups only. */
export interface FunctionTable {
  readonly scalar?: Readonly<Record<string, ScalarFunction>>;
  /** Made for each call from its types: polymorphic functions, and those that keep state per call (compiled patterns). */
  readonly typed?: Readonly<Record<string, (types: CallTypes) => ScalarFunction>>;
  readonly async?: Readonly<Record<string, AsyncFunction>>;
  /** What an async function is where nothing may wait (RETURNING, CHECK); those without can't be called there. */
  readonly blocking?: Readonly<Record<string, ScalarFunction>>;
  readonly set?: Readonly<Record<string, SetFunction>>;
  /** Sets that may have to wait for their rows; where nothing may wait they are run at once. */
  readonly waitingSet?: Readonly<Record<string, WaitingSetFunction>>;
  readonly typedSet?: Readonly<Record<string, (types: CallTypes) => SetFunction>>;
  /** By `name(oid,oid)` of the declared argument types. */
  readonly aggregate?: Readonly<Record<string, AggregateFunction>>;
  readonly typedAggregate?: Readonly<Record<string, (types: CallTypes) => AggregateFunction>>;
}

/** The type of an argument of a polymorphic call. */
export function argType(types: CallTypes, index: number): number {
  const type = types.args[index];
  assert(type !== undefined, `the type of argument ${index + 1} of a polymorphic function was not given`);
  return type;
}
