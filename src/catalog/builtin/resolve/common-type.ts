import { TypeOid } from '../../../types/oids.js';
import type { TypeSource } from '../types.js';
import { canCoerce } from './coercion.js';
import { baseTypeOf, categoryOf, isPreferred } from './type-facts.js';

/** `mismatch`: the two types that have nothing in common, as the error "CASE types %s and %s cannot be matched" names them. */
export type CommonType = { readonly type: number } | { readonly mismatch: readonly [number, number] };

/**
 * The one type for the arms of UNION, CASE, COALESCE, VALUES, IN, ARRAY[…], GREATEST: PostgreSQL manual, "UNION, CASE, and
 * Related Constructs". Each arm must still be coerced to it implicitly, which may fail (42846 "could not convert type").
 */
export function selectCommonType(types: TypeSource, arms: readonly number[]): CommonType {
  const first = arms[0] ?? TypeOid.unknown;
  if (first !== TypeOid.unknown && allEqual(arms, first)) return { type: first };
  let type = baseTypeOf(types, first);
  let category = categoryOf(types, type);
  let preferred = isPreferred(types, category, type);
  for (let i = 1; i < arms.length; i++) {
    const arm = baseTypeOf(types, arms[i] ?? TypeOid.unknown);
    if (arm === TypeOid.unknown || arm === type) continue;
    const armCategory = categoryOf(types, arm);
    if (type !== TypeOid.unknown) {
      if (armCategory !== category) return { mismatch: [type, arm] };
      if (preferred || !canCoerce(types, type, arm, 'implicit') || canCoerce(types, arm, type, 'implicit')) continue;
    }
    type = arm;
    category = armCategory;
    preferred = isPreferred(types, armCategory, arm);
  }
  return { type: type === TypeOid.unknown ? TypeOid.text : type };
}

function allEqual(arms: readonly number[], first: number): boolean {
  for (const arm of arms) if (arm !== first) return false;
  return true;
}

/** Can every arm be coerced to it implicitly? */
export function fitsAll(types: TypeSource, common: number, arms: readonly number[]): boolean {
  for (const arm of arms) if (!canCoerce(types, arm, common, 'implicit')) return false;
  return true;
}
