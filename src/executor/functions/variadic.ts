import { SqlArray, type SqlValue } from '../../types/value.js';
import type { FunctionContext } from '../context.js';
import { elementTypeOf } from './codecs.js';
import type { CallTypes, ScalarFunction } from './implementation.js';
import { argType } from './table.js';

/** A function over a list of arguments of any number: the context comes last. */
export function overList(body: (values: readonly SqlValue[], cx: FunctionContext) => SqlValue): ScalarFunction {
  // The calling convention puts the context behind the arguments, which the compiler can't express for any number of them.
  return (...args: (SqlValue | FunctionContext)[]) => {
    const cx = args.pop() as FunctionContext;
    return body(args as SqlValue[], cx);
  };
}

/** The arguments of a VARIADIC "any" function behind its `fixed` first ones: the list, or the elements of the array that was given. */
export interface VariadicArguments {
  /** The type of the i-th one. */
  typeOf(index: number): number;
  /** undefined: VARIADIC NULL */
  valuesOf(values: readonly SqlValue[]): readonly SqlValue[] | undefined;
}

export function variadicArguments(types: CallTypes, fixed: number): VariadicArguments {
  if (types.variadicArray === true) {
    const element = elementTypeOf(argType(types, fixed));
    return {
      typeOf: () => element,
      valuesOf: (values) => {
        const array = values[fixed];
        return array instanceof SqlArray ? array.elements : undefined;
      },
    };
  }
  return {
    typeOf: (index) => argType(types, fixed + index),
    valuesOf: (values) => (fixed === 0 ? values : values.slice(fixed)),
  };
}
