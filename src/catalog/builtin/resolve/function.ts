import { TypeOid } from '../../../types/oids.js';
import type { BuiltinProc, TypeSource } from '../types.js';
import { type Selection, selectCandidate } from './candidates.js';
import { coercionPath } from './coercion.js';
import { type FunctionCandidate, functionCandidates } from './function-candidates.js';
import { type PolymorphicFailure, resolvePolymorphic } from './polymorphic.js';
import { arrayTypeOf, baseElementTypeOf, categoryOf, isPolymorphic, isRowType } from './type-facts.js';

/** A call by its arguments' types. The binder has already refused a name given twice and a positional argument after a named one (42601). */
export interface FunctionCall {
  /** 705 for an unknown literal. For an ordered-set aggregate the direct arguments, then the ordered ones. */
  readonly argTypes: readonly number[];
  /** Names of the last arguments, those in named notation. */
  readonly argNames?: readonly string[];
  /** VARIADIC before the last argument. */
  readonly variadic?: boolean;
  /** The type that the function's name names too, if any: `text(x)`, `date(x)` may then be a cast. */
  readonly namedType?: number;
}

export interface DefaultedParameter {
  /** Position among the function's input parameters. */
  readonly parameter: number;
  readonly text: string;
  readonly type: number;
}

export type FunctionResolution =
  | {
      readonly kind: 'function';
      readonly proc: BuiltinProc;
      /** What each argument must be coerced to, in the call's order; 2276 ("any"): stays as it is. */
      readonly argTypes: readonly number[];
      /** For each input parameter its argument's position in the call, -1 for a default; undefined: one by one. */
      readonly order: readonly number[] | undefined;
      readonly defaulted: readonly DefaultedParameter[];
      /** So many last arguments are gathered to one array of the type `variadicArray`; 0 for VARIADIC "any", whose stay apart. */
      readonly variadicCount: number;
      readonly variadicArray: number;
      readonly returnType: number;
    }
  /** No such function, but `name(x)` casts to the type of that name. */
  | { readonly kind: 'cast'; readonly type: number }
  /** 42883 */
  | { readonly kind: 'undefined' }
  /** 42725 */
  | { readonly kind: 'ambiguous' }
  /** 42804 "VARIADIC argument must be an array" */
  | { readonly kind: 'variadic' }
  | { readonly kind: 'polymorphic'; readonly failure: PolymorphicFailure };

const UNDEFINED = Object.freeze({ kind: 'undefined' } as const);
const AMBIGUOUS = Object.freeze({ kind: 'ambiguous' } as const);
const VARIADIC = Object.freeze({ kind: 'variadic' } as const);
const NO_NAMES: readonly string[] = Object.freeze([]);
const NO_DEFAULTS: readonly DefaultedParameter[] = Object.freeze([]);

function parameterType(candidate: FunctionCandidate, index: number): number {
  return candidate.argTypes[index] ?? 0;
}

/**
 * Finds the function (aggregate, window function, procedure) of a call: PostgreSQL manual, "Type Conversion: Functions".
 * @param procs all of the name in the schemas to be searched, in that order
 */
export function resolveFunction(types: TypeSource, procs: readonly BuiltinProc[], call: FunctionCall): FunctionResolution {
  const names = call.argNames ?? NO_NAMES;
  const spread = call.variadic !== true;
  const candidates = functionCandidates(procs, call.argTypes.length, names, spread);
  const exact = exactMatch(candidates, call.argTypes);
  if (exact !== undefined) return resolved(types, exact, call);
  if (
    call.namedType !== undefined &&
    call.argTypes.length === 1 &&
    names.length === 0 &&
    isCast(types, call.argTypes[0] ?? 0, call.namedType)
  ) {
    return { kind: 'cast', type: call.namedType };
  }
  const selection: Selection<FunctionCandidate> = selectCandidate(types, call.argTypes, candidates, parameterType);
  if (selection.kind === 'none') return UNDEFINED;
  return selection.kind === 'ambiguous' ? AMBIGUOUS : resolved(types, selection.candidate, call);
}

function exactMatch(candidates: readonly FunctionCandidate[], argTypes: readonly number[]): FunctionCandidate | undefined {
  for (const candidate of candidates) {
    let i = 0;
    while (i < argTypes.length && candidate.argTypes[i] === argTypes[i]) i++;
    if (i === argTypes.length) return candidate;
  }
  return undefined;
}

/** Only casts without a function of their own, which would have been found: the rest would surprise. */
function isCast(types: TypeSource, from: number, to: number): boolean {
  const path = coercionPath(types, from, to, 'explicit');
  if (path === undefined) return false;
  switch (path.kind) {
    case 'none':
    case 'literal':
    case 'relabel':
      return true;
    case 'io':
      return !((from === TypeOid.record || isRowType(types, from)) && categoryOf(types, to) === 'S');
    default:
      return false;
  }
}

function resolved(types: TypeSource, candidate: FunctionCandidate, call: FunctionCall): FunctionResolution {
  if (candidate.ambiguous) return AMBIGUOUS;
  const { proc } = candidate;
  const argCount = call.argTypes.length;
  const refusal = call.variadic === true ? refuseVariadic(types, candidate, call) : undefined;
  if (refusal !== undefined) return refusal;
  const actual = candidate.defaultCount === 0 ? call.argTypes : [...call.argTypes, ...defaultTypes(candidate)];
  const settled = resolvePolymorphic(types, actual, candidate.argTypes, proc.returnType);
  if (settled.kind === 'failure') return { kind: 'polymorphic', failure: settled.failure };
  const gathers = candidate.variadicCount > 0 && proc.variadic !== TypeOid.any;
  const element = settled.argTypes[argCount - 1] ?? 0;
  const variadicArray = gathers ? arrayTypeOf(types, element) : 0;
  if (gathers && variadicArray === 0) return { kind: 'polymorphic', failure: { kind: 'array', element } };
  return {
    kind: 'function',
    proc,
    argTypes: candidate.defaultCount === 0 ? settled.argTypes : settled.argTypes.slice(0, argCount),
    order: orderOf(candidate, argCount),
    defaulted: defaultedOf(candidate, argCount, settled.argTypes),
    variadicCount: gathers ? candidate.variadicCount : 0,
    variadicArray,
    returnType: settled.returnType,
  };
}

function refuseVariadic(types: TypeSource, candidate: FunctionCandidate, call: FunctionCall): FunctionResolution | undefined {
  const last = call.argTypes.length - 1;
  // A named VARIADIC argument must be the variadic parameter itself.
  if (candidate.parameters !== undefined && candidate.parameters[last] !== last) return UNDEFINED;
  if (candidate.proc.variadic !== TypeOid.any) return undefined;
  return baseElementTypeOf(types, call.argTypes[last] ?? 0) === 0 ? VARIADIC : undefined;
}

/** A default has its parameter's type; for a polymorphic one it says nothing of the type. */
function defaultTypes(candidate: FunctionCandidate): number[] {
  return candidate.argTypes.slice(-candidate.defaultCount).map((type) => (isPolymorphic(type) ? TypeOid.unknown : type));
}

function orderOf(candidate: FunctionCandidate, argCount: number): readonly number[] | undefined {
  if (candidate.parameters === undefined && candidate.defaultCount === 0) return undefined;
  return candidate.argTypes.map((_, parameter) => {
    const position = candidate.parameters === undefined ? parameter : candidate.parameters.indexOf(parameter);
    return position < argCount ? position : -1;
  });
}

function defaultedOf(candidate: FunctionCandidate, argCount: number, argTypes: readonly number[]): readonly DefaultedParameter[] {
  if (candidate.defaultCount === 0) return NO_DEFAULTS;
  const { proc, parameters } = candidate;
  const firstDefault = proc.argTypes.length - proc.defaults;
  const defaulted: DefaultedParameter[] = [];
  for (let i = argCount; i < argTypes.length; i++) {
    const parameter = parameters?.[i] ?? i;
    defaulted.push({ parameter, text: proc.defaultTexts[parameter - firstDefault] ?? 'NULL', type: argTypes[i] ?? 0 });
  }
  return defaulted;
}
