import { TypeOid } from '../../../types/oids.js';
import type { BuiltinType, TypeSource } from '../types.js';

/** A domain's base type, through domains over domains; any other type itself. */
export function baseTypeOf(types: TypeSource, oid: number): number {
  return baseTypeRecord(types, oid)?.oid ?? oid;
}

/** The same as a record; undefined when there is no such type. */
export function baseTypeRecord(types: TypeSource, oid: number): BuiltinType | undefined {
  let type = types.typeByOid(oid);
  // A domain can't be made over itself, so this ends.
  while (type !== undefined && type.kind === 'd') type = types.typeByOid(type.baseType);
  return type;
}

/** An array's element type (int2vector and oidvector count as arrays); 0 when it is no array. Looks through no domain. */
export function elementTypeOf(types: TypeSource, oid: number): number {
  const type = types.typeByOid(oid);
  return type?.isArray === true ? type.element : 0;
}

/** What subscripts of a type of a fixed number of parts give: point, box, name …; 0 for others. */
export function fixedPartTypeOf(types: TypeSource, oid: number): number {
  const type = types.typeByOid(oid);
  return type !== undefined && !type.isArray && type.subscript !== 0 ? type.element : 0;
}

/** The same for domains over arrays too. */
export function baseElementTypeOf(types: TypeSource, oid: number): number {
  return elementTypeOf(types, baseTypeOf(types, oid));
}

/** The type of arrays of it; 0 when there is none. */
export function arrayTypeOf(types: TypeSource, oid: number): number {
  return types.typeByOid(oid)?.array ?? 0;
}

/** pg_type.typcategory, 'X' for an unknown oid. */
export function categoryOf(types: TypeSource, oid: number): string {
  return types.typeByOid(oid)?.category ?? 'X';
}

/** Is it the preferred type of that category? */
export function isPreferred(types: TypeSource, category: string, oid: number): boolean {
  const type = types.typeByOid(oid);
  return type?.preferred === true && type.category === category;
}

/** A row type: composite, or a domain over one; not `record`. */
export function isRowType(types: TypeSource, oid: number): boolean {
  return kindOf(types, baseTypeOf(types, oid)) === 'c';
}

export function isArrayOfRows(types: TypeSource, oid: number): boolean {
  const element = elementTypeOf(types, oid);
  return element !== 0 && isRowType(types, element);
}

export function kindOf(types: TypeSource, oid: number): BuiltinType['kind'] | undefined {
  return types.typeByOid(oid)?.kind;
}

/** Types that a call's argument types settle: anyelement and its family, anycompatible and its. */
export function isPolymorphic(oid: number): boolean {
  switch (oid) {
    case TypeOid.anyelement:
    case TypeOid.anyarray:
    case TypeOid.anynonarray:
    case TypeOid.anyenum:
    case TypeOid.anyrange:
    case TypeOid.anymultirange:
      return true;
    default:
      return isCompatiblePolymorphic(oid);
  }
}

export function isCompatiblePolymorphic(oid: number): boolean {
  switch (oid) {
    case TypeOid.anycompatible:
    case TypeOid.anycompatiblearray:
    case TypeOid.anycompatiblenonarray:
    case TypeOid.anycompatiblerange:
    case TypeOid.anycompatiblemultirange:
      return true;
    default:
      return false;
  }
}
