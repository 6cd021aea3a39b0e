import { resolvePolymorphic } from '../../catalog/builtin/index.js';
import type { AggregateDefinition } from '../../catalog/descriptors.js';
import { inputParameters, procByOid } from '../../catalog/made-routines.js';
import { assert } from '../../commons/assert.js';
import type { Oid } from '../../commons/ids.js';
import { notSupported } from '../../commons/sql-error.js';
import { TypeLookup } from '../../planner/bind/type-lookup.js';
import type { SqlValue } from '../../types/value.js';
import type { ExecutionContext } from '../context.js';
import type { Callable } from '../expression/calls.js';
import { codecOf } from '../expression/comparators.js';
import type { AggregateFunction, CallTypes, FunctionLibrary } from '../functions/implementation.js';

interface State {
  value: SqlValue;
  /** No row yet, and no initial value: the first one is the state. */
  isUnset: boolean;
  /** Rows in it. */
  count: number;
}

interface Call {
  readonly call: Callable;
  readonly strict: boolean;
}

/** An aggregate as its definition in the catalog says: found once for each state of it. */
interface Parts {
  readonly key: string;
  readonly transition: Call;
  readonly inverse: Call | undefined;
  readonly final: (Call & { readonly extra: number }) | undefined;
  readonly initial: SqlValue;
}

/**
 * An aggregate that a user has made: its functions, called one row after the other. PostgreSQL: nodeAgg.c, nodeWindowAgg.c.
 *
 * @param isMoving by its moving functions (MSFUNC, MINVFUNC), which take rows back
 */
export function userAggregate(oid: Oid, types: CallTypes, isMoving: boolean, library: FunctionLibrary): AggregateFunction<State> {
  let known: Parts | undefined;
  const partsIn = (cx: ExecutionContext): Parts => {
    if (known === undefined || known.key !== cx.catalog.key) known = partsOf(oid, types, isMoving, library, cx);
    return known;
  };
  const aggregate: AggregateFunction<State> = {
    strict: false,
    init(cx) {
      const { initial, transition } = partsIn(cx);
      return { value: initial, isUnset: initial === null && transition.strict, count: 0 };
    },
    step(state, args, cx) {
      const { transition } = partsIn(cx);
      if (transition.strict) {
        if (args.includes(null)) return state;
        if (state.isUnset) {
          state.value = args[0] ?? null;
          state.isUnset = false;
          state.count = 1;
          return state;
        }
        if (state.value === null) return state;
      }
      state.value = transition.call(state.value, ...args, cx);
      state.count++;
      return state;
    },
    final(state, cx) {
      const { final } = partsIn(cx);
      if (final === undefined) return state.value;
      if (final.strict && state.value === null) return null;
      const extra = new Array<SqlValue>(final.extra).fill(null);
      return final.call(state.value, ...extra, cx);
    },
  };
  if (!isMoving) return aggregate;
  return {
    ...aggregate,
    inverse(state, args, cx) {
      const { inverse, initial } = partsIn(cx);
      if (inverse === undefined) return false;
      if (inverse.strict && args.includes(null)) return true;
      if (state.count <= 1) {
        Object.assign(state, { value: initial, isUnset: initial === null && inverse.strict, count: 0 });
        return true;
      }
      const value = inverse.call(state.value, ...args, cx);
      // It can't tell any more.
      if (value === null) return false;
      state.value = value;
      state.count--;
      return true;
    },
  };
}

function partsOf(oid: Oid, types: CallTypes, isMoving: boolean, library: FunctionLibrary, cx: ExecutionContext): Parts {
  const routine = cx.catalog.routine(oid);
  const definition = routine?.aggregate;
  assert(routine !== undefined && definition !== undefined, 'an aggregate has its definition');
  const declared = inputParameters(routine).map(({ type }) => type);
  const side = isMoving ? movingSide(definition) : plainSide(definition);
  const resolved = resolvePolymorphic(new TypeLookup(cx.catalog), types.args, declared, side.stateType);
  const stateType = resolved.kind === 'types' ? resolved.returnType : side.stateType;
  const forStep = { ...types, args: [stateType, ...types.args], result: stateType };
  const extra = side.finalExtra ? types.args.length : 0;
  return {
    key: cx.catalog.key,
    transition: callOf(side.transition, forStep, library, cx),
    inverse: side.inverse === 0 ? undefined : callOf(side.inverse, forStep, library, cx),
    final:
      side.final === 0
        ? undefined
        : { ...callOf(side.final, { ...types, args: side.finalExtra ? [stateType, ...types.args] : [stateType] }, library, cx), extra },
    initial: side.initial === undefined ? null : (codecOf(stateType)?.input(side.initial, cx.format, -1) ?? null),
  };
}

function plainSide(definition: AggregateDefinition) {
  const { transition, final, finalExtra, stateType, initial } = definition;
  return { transition, inverse: 0, final, finalExtra, stateType, initial };
}

function movingSide(definition: AggregateDefinition) {
  return {
    transition: definition.movingTransition,
    inverse: definition.movingInverse,
    final: definition.movingFinal,
    finalExtra: definition.movingFinalExtra,
    stateType: definition.movingStateType,
    initial: definition.movingInitial,
  };
}

function callOf(oid: Oid, types: CallTypes, library: FunctionLibrary, cx: ExecutionContext): Call {
  const proc = procByOid(cx.catalog, oid);
  assert(proc !== undefined, 'an aggregate has its functions');
  const found = library.scalar(proc.source, proc.oid, types);
  if (found === undefined) throw notSupported(`function ${proc.name} in an aggregate`);
  return { call: found as Callable, strict: proc.strict };
}
