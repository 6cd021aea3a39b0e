import { ArrayOid, TypeOid } from '../../../types/oids.js';
import type { CastContext, TypeSource } from '../types.js';
import { baseTypeRecord, elementTypeOf, isArrayOfRows, isPolymorphic, isRowType } from './type-facts.js';

/** Where a value of one type is put in the place of another: in an expression, into a column, or by a cast that the user wrote. */
export type CoercionContext = 'implicit' | 'assignment' | 'explicit';

/** How to get from one type to another. A domain as target: the path leads to its base type, whose value is then checked. */
export type CoercionPath =
  /** The very same type, or a target that takes any. */
  | { readonly kind: 'none' }
  /** An unknown literal or untyped parameter: read by the target's input function. */
  | { readonly kind: 'literal' }
  /** Same representation, other name: varchar → text, domain → base type. */
  | { readonly kind: 'relabel' }
  /** Calls the function: (value), (value, typmod) or (value, typmod, isExplicit) by its parameters. */
  | { readonly kind: 'function'; readonly proc: number }
  /** Through the text forms: output function of the source, input function of the target. */
  | { readonly kind: 'io' }
  | { readonly kind: 'array'; readonly element: CoercionPath }
  /** Between `record` and a composite type, and arrays of these: column by column. */
  | { readonly kind: 'row' };

const SAME: CoercionPath = Object.freeze({ kind: 'none' });
const LITERAL: CoercionPath = Object.freeze({ kind: 'literal' });
const RELABEL: CoercionPath = Object.freeze({ kind: 'relabel' });
const IO: CoercionPath = Object.freeze({ kind: 'io' });
const ROW: CoercionPath = Object.freeze({ kind: 'row' });

/** @returns undefined when there is no way in that context */
export function coercionPath(types: TypeSource, from: number, to: number, context: CoercionContext): CoercionPath | undefined {
  if (from === to || to === TypeOid.any || isPolymorphic(to)) return SAME;
  if (from === TypeOid.unknown) return LITERAL;
  const cast = castPath(types, from, to, context);
  if (cast !== undefined) return cast;
  if (from === TypeOid.record && isRowType(types, to)) return ROW;
  if (to === TypeOid.record && isRowType(types, from)) return ROW;
  if (to === ArrayOid.record && isArrayOfRows(types, from)) return ROW;
  return undefined;
}

/** Polymorphic targets count as reachable: see checkPolymorphic for their rules. */
export function canCoerce(types: TypeSource, from: number, to: number, context: CoercionContext): boolean {
  return coercionPath(types, from, to, context) !== undefined;
}

/** By pg_cast, by array elements, or through text. Asked for every candidate of every call, so it looks each type up once. */
function castPath(types: TypeSource, from: number, to: number, context: CoercionContext): CoercionPath | undefined {
  const source = baseTypeRecord(types, from);
  const target = baseTypeRecord(types, to);
  if (source === undefined || target === undefined) return undefined;
  if (source.oid === target.oid) return RELABEL;
  const cast = types.castBetween(source.oid, target.oid);
  if (cast !== undefined) {
    if (!admits(context, cast.context)) return undefined;
    if (cast.method === 'b') return RELABEL;
    return cast.method === 'i' ? IO : { kind: 'function', proc: cast.func };
  }
  // Their input functions check more than an array's elements, so these two aren't reached element by element.
  if (source.isArray && target.isArray && target.oid !== TypeOid.oidvector && target.oid !== TypeOid.int2vector) {
    const element = source.element === target.element ? RELABEL : castPath(types, source.element, target.element, context);
    if (element !== undefined) return { kind: 'array', element };
  }
  if (context === 'implicit') return undefined;
  return target.category === 'S' || (context === 'explicit' && source.category === 'S') ? IO : undefined;
}

function admits(context: CoercionContext, needed: CastContext): boolean {
  return needed === 'i' || context === 'explicit' || (needed === 'a' && context === 'assignment');
}

/**
 * The function that fits a value of a type to its modifier (varchar(3), numeric(10,2), timestamp(0)): called as
 * (value, typmod[, isExplicit]), on every element when `each`. Undefined: the type's modifiers need no fitting.
 */
export function typmodCoercion(types: TypeSource, type: number): { readonly proc: number; readonly each: boolean } | undefined {
  const element = elementTypeOf(types, type);
  const fitted = element === 0 ? type : element;
  const cast = types.castBetween(fitted, fitted);
  return cast === undefined || cast.func === 0 ? undefined : { proc: cast.func, each: element !== 0 };
}
