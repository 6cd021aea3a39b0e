import type { Oid } from '../../commons/ids.js';
import type { CatalogSnapshot } from '../catalog.js';
import { typeOwner, typeRecord } from '../made-types.js';

/** What columns copy from their type. */
export interface TypeFacts {
  readonly name: string;
  readonly schema: Oid;
  readonly length: number;
  readonly byValue: boolean;
  readonly align: string;
  readonly storage: string;
  readonly collation: Oid;
  readonly isArray: boolean;
  readonly isDomain: boolean;
  /** A domain's base type and its modifier; else the type itself. */
  readonly baseType: Oid;
  readonly baseTypmod: number;
  readonly domainNotNull: boolean;
  readonly element: Oid;
  readonly owner: Oid | undefined;
}

/** Facts about any type. Undefined for a type that doesn't exist (a dropped column's 0). */
export function typeFacts(catalog: CatalogSnapshot, oid: Oid): TypeFacts | undefined {
  const type = typeRecord(catalog, oid);
  if (type === undefined) return undefined;
  const base = type.kind === 'd' ? typeRecord(catalog, type.baseType) : undefined;
  return {
    name: type.name,
    schema: type.namespace,
    length: type.length,
    byValue: type.byValue,
    align: type.align,
    storage: type.storage,
    collation: type.collation,
    // As the information schema tells arrays: int2vector and oidvector too.
    isArray: type.element !== 0 && type.length === -1,
    isDomain: type.kind === 'd',
    baseType: base?.oid ?? oid,
    baseTypmod: base === undefined ? -1 : type.baseTypeModifier,
    domainNotNull: type.kind === 'd' && type.notNull,
    element: type.element,
    owner: typeOwner(catalog, oid),
  };
}
