/**
 * Life of a call: the binder resolves a name to a pg_proc entry, whose prosrc (`BoundCall.source`) the compiler looks up here once per
 * plan; what it gets is a plain function over values, called for each row with the arguments and the execution's context.
 * Each subject has a file with a table; this one merges them. See implementation.ts for the contract.
 */

import { isRoutineSource } from '../../catalog/made-routines.js';
import { assert } from '../../commons/assert.js';
import { routineAsync, routineScalar, routineSet, routineSetNow, setNow } from '../routines/as-functions.js';
import { userAggregate } from '../routines/user-aggregate.js';
import type {
  AggregateFunction,
  AsyncFunction,
  CallTypes,
  FunctionLibrary,
  ScalarFunction,
  SetFunction,
  WaitingSetFunction,
} from './implementation.js';
import type { FunctionTable } from './table.js';
import { functionTables } from './tables.js';

const NO_TYPES: CallTypes = Object.freeze({ args: Object.freeze([]), result: 0 });

function merge<T>(groups: readonly (Readonly<Record<string, T>> | undefined)[], taken: Set<string>): ReadonlyMap<string, T> {
  const merged = new Map<string, T>();
  for (const group of groups) {
    if (group === undefined) continue;
    for (const [key, implementation] of Object.entries(group)) {
      assert(!taken.has(key), `two functions are implemented under ${key}`);
      taken.add(key);
      merged.set(key, implementation);
    }
  }
  return merged;
}

class TableLibrary implements FunctionLibrary {
  readonly #scalar: ReadonlyMap<string, ScalarFunction>;
  readonly #typed: ReadonlyMap<string, (types: CallTypes) => ScalarFunction>;
  readonly #async: ReadonlyMap<string, AsyncFunction>;
  readonly #blocking: ReadonlyMap<string, ScalarFunction>;
  readonly #set: ReadonlyMap<string, SetFunction>;
  readonly #waitingSet: ReadonlyMap<string, WaitingSetFunction>;
  readonly #typedSet: ReadonlyMap<string, (types: CallTypes) => SetFunction>;
  readonly #aggregate: ReadonlyMap<string, AggregateFunction>;
  readonly #typedAggregate: ReadonlyMap<string, (types: CallTypes) => AggregateFunction>;

  readonly #sources: readonly string[];

  constructor(tables: readonly FunctionTable[]) {
    const taken = new Set<string>();
    this.#scalar = merge(
      tables.map((table) => table.scalar),
      taken,
    );
    this.#typed = merge(
      tables.map((table) => table.typed),
      taken,
    );
    this.#async = merge(
      tables.map((table) => table.async),
      taken,
    );
    this.#blocking = merge(
      tables.map((table) => table.blocking),
      new Set(),
    );
    this.#set = merge(
      tables.map((table) => table.set),
      taken,
    );
    this.#waitingSet = merge(
      tables.map((table) => table.waitingSet),
      taken,
    );
    this.#typedSet = merge(
      tables.map((table) => table.typedSet),
      taken,
    );
    this.#aggregate = merge(
      tables.map((table) => table.aggregate),
      taken,
    );
    this.#typedAggregate = merge(
      tables.map((table) => table.typedAggregate),
      taken,
    );
    this.#sources = Object.freeze([...taken]);
  }

  /** Every key that something is implemented under, for tests and reports. */
  sources(): readonly string[] {
    return this.#sources;
  }

  scalar(source: string, proc: number, types: CallTypes = NO_TYPES): ScalarFunction | undefined {
    if (isRoutineSource(source)) return routineScalar(proc, types);
    return this.#scalar.get(source) ?? this.#typed.get(source)?.(types) ?? this.#blocking.get(source);
  }

  async(source: string, proc = 0, types: CallTypes = NO_TYPES): AsyncFunction | undefined {
    if (isRoutineSource(source)) return routineAsync(proc, types);
    return this.#async.get(source);
  }

  waitingSet(source: string, proc: number, types: CallTypes = NO_TYPES): WaitingSetFunction | undefined {
    return isRoutineSource(source) ? routineSet(proc, types) : this.#waitingSet.get(source);
  }

  set(source: string, proc: number, types: CallTypes = NO_TYPES): SetFunction | undefined {
    if (isRoutineSource(source)) return routineSetNow(proc, types);
    const waiting = this.#waitingSet.get(source);
    if (waiting !== undefined) return setNow(waiting);
    return this.#set.get(source) ?? this.#typedSet.get(source)?.(types);
  }

  aggregate(implementation: string, types: CallTypes = NO_TYPES): AggregateFunction | undefined {
    if (isRoutineSource(implementation)) {
      const [, oid, how] = implementation.split(' ');
      return userAggregate(Number(oid), types, how === 'moving', this);
    }
    return this.#aggregate.get(implementation) ?? this.#typedAggregate.get(implementation)?.(types);
  }
}

/** All functions there are. One serves the whole server. */
export function createFunctionLibrary(): FunctionLibrary & { sources(): readonly string[] } {
  return new TableLibrary(functionTables());
}
