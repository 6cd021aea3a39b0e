import { TypeOid } from '../../../types/oids.js';
import type { TypeSource } from '../types.js';
import { fitsAll, selectCommonType } from './common-type.js';
import { arrayTypeOf, baseElementTypeOf, baseTypeOf, elementTypeOf, isCompatiblePolymorphic, isPolymorphic, kindOf } from './type-facts.js';

/** Why polymorphic parameters have no types: the second half of PostgreSQL's errors (all 42804, `array` 42704). */
export type PolymorphicFailure =
  /** "could not determine polymorphic type because input has type unknown" */
  | { readonly kind: 'undetermined' }
  /** "could not determine polymorphic type %s because input has type unknown" */
  | { readonly kind: 'range'; readonly polymorphic: number }
  /** "could not find array type for data type %s" */
  | { readonly kind: 'array'; readonly element: number }
  /** Arguments that disagree. Candidates are checked first, so that a call reports "function does not exist" instead. */
  | { readonly kind: 'inconsistent' };

export type PolymorphicResult =
  | { readonly kind: 'types'; readonly argTypes: readonly number[]; readonly returnType: number }
  | { readonly kind: 'failure'; readonly failure: PolymorphicFailure };

/** What the arguments say about the polymorphic types of one call; 0: nothing yet. */
class Bindings {
  element = 0;
  array = 0;
  range = 0;
  multirange = 0;
  usesSimple = false;
  mustBeNonArray = false;
  mustBeEnum = false;
  compatible = 0;
  compatibleRange = 0;
  compatibleMultirange = 0;
  compatibleMustBeNonArray = false;
  readonly compatibleInputs: number[] = [];
}

/** May arguments of these types be passed to these polymorphic parameters? Other parameters are passed over. */
export function checkPolymorphic(types: TypeSource, actual: readonly number[], declared: readonly number[]): boolean {
  return bind(types, actual, declared) !== undefined;
}

/** The parameter types and the return type with the polymorphic ones replaced by what the arguments make of them. */
export function resolvePolymorphic(
  types: TypeSource,
  actual: readonly number[],
  declared: readonly number[],
  returnType: number,
): PolymorphicResult {
  if (!declared.some(isPolymorphic)) return { kind: 'types', argTypes: declared, returnType };
  const bindings = bind(types, actual, declared);
  if (bindings === undefined) return failure({ kind: 'inconsistent' });
  if (bindings.usesSimple && bindings.element === 0 && bindings.array !== TypeOid.anyarray) return failure({ kind: 'undetermined' });
  // Only untyped literals: they are texts, as in selectCommonType.
  if (bindings.compatible === 0) bindings.compatible = TypeOid.text;
  const argTypes: number[] = [];
  for (const type of declared) {
    const resolved = substitute(types, bindings, type);
    if (typeof resolved !== 'number') return failure(resolved);
    argTypes.push(resolved);
  }
  const result = substitute(types, bindings, returnType);
  return typeof result === 'number' ? { kind: 'types', argTypes, returnType: result } : failure(result);
}

function failure(reason: PolymorphicFailure): PolymorphicResult {
  return { kind: 'failure', failure: reason };
}

/** @returns undefined when the arguments contradict each other */
function bind(types: TypeSource, actual: readonly number[], declared: readonly number[]): Bindings | undefined {
  const bindings = new Bindings();
  for (let i = 0; i < declared.length; i++) {
    const parameter = declared[i] ?? 0;
    if (!isPolymorphic(parameter)) continue;
    const argument = actual[i] ?? TypeOid.unknown;
    const agrees = isCompatiblePolymorphic(parameter)
      ? noteCompatible(types, bindings, parameter, argument)
      : noteSimple(types, bindings, parameter, argument);
    if (!agrees) return undefined;
  }
  return settleSimple(types, bindings) && settleCompatible(types, bindings) ? bindings : undefined;
}

function noteSimple(types: TypeSource, bindings: Bindings, parameter: number, argument: number): boolean {
  bindings.usesSimple = true;
  if (parameter === TypeOid.anynonarray) bindings.mustBeNonArray = true;
  if (parameter === TypeOid.anyenum) bindings.mustBeEnum = true;
  if (argument === TypeOid.unknown) return true;
  switch (parameter) {
    case TypeOid.anyarray: {
      const array = baseTypeOf(types, argument);
      const agrees = bindings.array === 0 || bindings.array === array;
      bindings.array = array;
      return agrees;
    }
    case TypeOid.anyrange: {
      const range = baseTypeOf(types, argument);
      const agrees = bindings.range === 0 || bindings.range === range;
      bindings.range = range;
      return agrees;
    }
    case TypeOid.anymultirange: {
      const multirange = baseTypeOf(types, argument);
      const agrees = bindings.multirange === 0 || bindings.multirange === multirange;
      bindings.multirange = multirange;
      return agrees;
    }
    default: {
      const agrees = bindings.element === 0 || bindings.element === argument;
      bindings.element = argument;
      return agrees;
    }
  }
}

/** From multirange to range to element, from array to element; whatever is known twice must agree. */
function settleSimple(types: TypeSource, bindings: Bindings): boolean {
  if (!bindings.usesSimple) return true;
  // A column of type anyarray (pg_stats): it may be passed on as it is, but nobody knows its elements' type.
  if (bindings.array !== 0 && bindings.array !== TypeOid.anyarray) {
    if (!agreeOnElement(bindings, elementTypeOf(types, bindings.array))) return false;
  }
  if (bindings.multirange !== 0) {
    const range = types.rangeByMultirange(bindings.multirange)?.range ?? 0;
    if (range === 0 || (bindings.range !== 0 && bindings.range !== range)) return false;
    bindings.range = range;
  }
  if (bindings.range !== 0 && !agreeOnElement(bindings, types.rangeByType(bindings.range)?.subtype ?? 0)) return false;
  if (bindings.mustBeNonArray && baseElementTypeOf(types, bindings.element) !== 0) return false;
  return !bindings.mustBeEnum || kindOf(types, bindings.element) === 'e';
}

function agreeOnElement(bindings: Bindings, element: number): boolean {
  if (element === 0 || (bindings.element !== 0 && bindings.element !== element)) return false;
  bindings.element = element;
  return true;
}

function noteCompatible(types: TypeSource, bindings: Bindings, parameter: number, argument: number): boolean {
  if (parameter === TypeOid.anycompatiblenonarray) bindings.compatibleMustBeNonArray = true;
  if (argument === TypeOid.unknown) return true;
  switch (parameter) {
    case TypeOid.anycompatiblearray: {
      const element = baseElementTypeOf(types, argument);
      bindings.compatibleInputs.push(element);
      return element !== 0;
    }
    case TypeOid.anycompatiblerange: {
      const range = baseTypeOf(types, argument);
      if (bindings.compatibleRange !== 0) return bindings.compatibleRange === range;
      bindings.compatibleRange = range;
      const subtype = types.rangeByType(range)?.subtype ?? 0;
      bindings.compatibleInputs.push(subtype);
      return subtype !== 0;
    }
    case TypeOid.anycompatiblemultirange: {
      const multirange = baseTypeOf(types, argument);
      const agrees = bindings.compatibleMultirange === 0 || bindings.compatibleMultirange === multirange;
      bindings.compatibleMultirange = multirange;
      return agrees;
    }
    default:
      bindings.compatibleInputs.push(argument);
      return true;
  }
}

function settleCompatible(types: TypeSource, bindings: Bindings): boolean {
  if (bindings.compatibleMultirange !== 0) {
    const range = types.rangeByMultirange(bindings.compatibleMultirange);
    if (range === undefined || (bindings.compatibleRange !== 0 && bindings.compatibleRange !== range.range)) return false;
    bindings.compatibleRange = range.range;
    bindings.compatibleInputs.push(range.subtype);
  }
  if (bindings.compatibleInputs.length === 0) return true;
  const common = selectCommonType(types, bindings.compatibleInputs);
  if ('mismatch' in common || !fitsAll(types, common.type, bindings.compatibleInputs)) return false;
  bindings.compatible = common.type;
  if (bindings.compatibleMustBeNonArray && baseElementTypeOf(types, common.type) !== 0) return false;
  return bindings.compatibleRange === 0 || types.rangeByType(bindings.compatibleRange)?.subtype === common.type;
}

/** A type with what is known of the call put in; types that aren't polymorphic stay. */
function substitute(types: TypeSource, bindings: Bindings, type: number): number | PolymorphicFailure {
  switch (type) {
    case TypeOid.anyelement:
    case TypeOid.anynonarray:
    case TypeOid.anyenum:
      return bindings.element === 0 ? { kind: 'undetermined' } : bindings.element;
    case TypeOid.anyarray:
      return bindings.array !== 0 ? bindings.array : arrayOver(types, bindings.element);
    case TypeOid.anyrange:
      return bindings.range === 0 ? { kind: 'range', polymorphic: type } : bindings.range;
    case TypeOid.anymultirange:
      return bindings.multirange !== 0 ? bindings.multirange : multirangeOver(types, bindings.range, type);
    case TypeOid.anycompatible:
    case TypeOid.anycompatiblenonarray:
      return bindings.compatible;
    case TypeOid.anycompatiblearray:
      return arrayOver(types, bindings.compatible);
    case TypeOid.anycompatiblerange:
      return bindings.compatibleRange === 0 ? { kind: 'range', polymorphic: type } : bindings.compatibleRange;
    case TypeOid.anycompatiblemultirange:
      return bindings.compatibleMultirange !== 0 ? bindings.compatibleMultirange : multirangeOver(types, bindings.compatibleRange, type);
    default:
      return type;
  }
}

function arrayOver(types: TypeSource, element: number): number | PolymorphicFailure {
  return arrayTypeOf(types, element) || { kind: 'array', element };
}

function multirangeOver(types: TypeSource, range: number, polymorphic: number): number | PolymorphicFailure {
  return types.rangeByType(range)?.multirange ?? { kind: 'range', polymorphic };
}
