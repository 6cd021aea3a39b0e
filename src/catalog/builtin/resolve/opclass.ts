import { ArrayOid, TypeOid } from '../../../types/oids.js';
import type { BuiltinOpclass, OpclassSource, TypeSource } from '../types.js';
import { baseTypeOf, categoryOf, elementTypeOf, isArrayOfRows, isPreferred, isRowType, kindOf } from './type-facts.js';

export const BTREE_METHOD = 403;
export const HASH_METHOD = 405;
/** btree's strategies; hash has only 1, equality. */
export const Strategy = { less: 1, lessEqual: 2, equal: 3, greaterEqual: 4, greater: 5 } as const;
const HASH_EQUAL = 1;

/** Can values of `source` stand for `target` as they are, without any conversion? */
export function isBinaryCoercible(types: TypeSource, source: number, target: number): boolean {
  if (source === target || target === TypeOid.any || target === TypeOid.anyelement || target === TypeOid.anycompatible) return true;
  const base = baseTypeOf(types, source);
  if (base === target) return true;
  switch (target) {
    case TypeOid.anyarray:
    case TypeOid.anycompatiblearray:
      return elementTypeOf(types, base) !== 0;
    case TypeOid.anynonarray:
    case TypeOid.anycompatiblenonarray:
      return elementTypeOf(types, base) === 0;
    case TypeOid.anyenum:
      return kindOf(types, base) === 'e';
    case TypeOid.anyrange:
    case TypeOid.anycompatiblerange:
      return kindOf(types, base) === 'r';
    case TypeOid.anymultirange:
    case TypeOid.anycompatiblemultirange:
      return kindOf(types, base) === 'm';
    case TypeOid.record:
      if (isRowType(types, base)) return true;
      break;
    case ArrayOid.record:
      if (isArrayOfRows(types, base)) return true;
      break;
  }
  const cast = types.castBetween(base, target);
  return cast !== undefined && cast.method === 'b' && cast.context === 'i';
}

/** The default operator class for a type: exactly for it, else the only preferred or only one that it is binary-coercible to. */
export function defaultOpclass(source: OpclassSource, type: number, method: number): BuiltinOpclass | undefined {
  const base = baseTypeOf(source, type);
  const category = categoryOf(source, base);
  let compatible: BuiltinOpclass | undefined;
  let compatibleCount = 0;
  let preferred: BuiltinOpclass | undefined;
  let preferredCount = 0;
  for (const opclass of source.defaultOpclasses(method)) {
    if (opclass.inputType === base) return opclass;
    if (!isBinaryCoercible(source, base, opclass.inputType)) continue;
    if (isPreferred(source, category, opclass.inputType)) {
      preferredCount++;
      preferred = opclass;
    } else {
      compatibleCount++;
      compatible = opclass;
    }
  }
  if (preferredCount === 1) return preferred;
  return preferredCount === 0 && compatibleCount === 1 ? compatible : undefined;
}

/** @returns the default btree class's operator for the strategy, 0 when the type has no order */
export function btreeOperator(source: OpclassSource, type: number, strategy: number): number {
  const operator = defaultOperator(source, type, BTREE_METHOD, strategy);
  return operator !== 0 && partsHave(source, type, (part) => btreeOperator(source, part, strategy) !== 0) ? operator : 0;
}

/** @returns the operator that tells whether two values are the same to DISTINCT, GROUP BY and hash joins; 0 when there is none */
export function equalityOperator(source: OpclassSource, type: number): number {
  const operator = defaultOperator(source, type, BTREE_METHOD, Strategy.equal) || defaultOperator(source, type, HASH_METHOD, HASH_EQUAL);
  return operator !== 0 && partsHave(source, type, (part) => equalityOperator(source, part) !== 0) ? operator : 0;
}

/** Can values be put into a hash table, as a recursive UNION does? */
export function isHashable(source: OpclassSource, type: number): boolean {
  return defaultOperator(source, type, HASH_METHOD, HASH_EQUAL) !== 0 && partsHave(source, type, (part) => isHashable(source, part));
}

function defaultOperator(source: OpclassSource, type: number, method: number, strategy: number): number {
  const opclass = defaultOpclass(source, type, method);
  if (opclass === undefined) return 0;
  return source.amop(opclass.family, opclass.inputType, opclass.inputType, strategy)?.operator ?? 0;
}

/** Arrays, ranges and rows compare only when what they are made of does. */
function partsHave(source: OpclassSource, type: number, has: (part: number) => boolean): boolean {
  const base = baseTypeOf(source, type);
  const kind = kindOf(source, base);
  if (kind === 'r') {
    const range = source.rangeByType(base);
    return range !== undefined && has(range.subtype);
  }
  if (kind === 'm') {
    const range = source.rangeByMultirange(base);
    return range !== undefined && has(range.subtype);
  }
  if (kind === 'c') return source.columnTypes(base)?.every(has) !== false;
  // int2vector and oidvector have their own operators or none: only arrays proper go by their elements.
  if (base === TypeOid.int2vector || base === TypeOid.oidvector) return true;
  const element = elementTypeOf(source, base);
  return element === 0 || has(element);
}
