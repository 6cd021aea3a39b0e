import type { Oid } from '../../commons/ids.js';
import type { CatalogSnapshot } from '../catalog.js';
import type { RelationDescriptor } from '../descriptors.js';

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

/** Facts about any type: built-in, or the row type of a relation or its array. Undefined for a type that doesn't exist (a dropped column's 0). */
export function typeFacts(catalog: CatalogSnapshot, oid: Oid): TypeFacts | undefined {
  const type = catalog.builtin.typeByOid(oid);
  if (type !== undefined)
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
      baseType: type.kind === 'd' ? type.baseType : oid,
      baseTypmod: type.kind === 'd' ? type.baseTypeModifier : -1,
      domainNotNull: type.kind === 'd' && type.notNull,
      element: type.element,
      owner: undefined,
    };
  const relation = catalog.relationOfRowType(oid);
  return relation === undefined ? undefined : rowTypeFacts(relation, oid);
}

function rowTypeFacts(relation: RelationDescriptor, oid: Oid): TypeFacts | undefined {
  if (relation.kind === 'index' || relation.kind === 'sequence') return undefined;
  const isArray = relation.rowType !== oid;
  return {
    name: isArray ? arrayTypeName(relation.name) : relation.name,
    schema: relation.schema,
    length: -1,
    byValue: false,
    align: 'd',
    storage: 'x',
    collation: 0,
    isArray,
    isDomain: false,
    baseType: oid,
    baseTypmod: -1,
    domainNotNull: false,
    element: isArray ? relation.rowType : 0,
    owner: relation.owner,
  };
}

const MAX_NAME_BYTES = 63;

/** PostgreSQL puts an underscore in front, and shortens the name to fit. */
export function arrayTypeName(name: string): string {
  let text = `_${name}`;
  while (Buffer.byteLength(text) > MAX_NAME_BYTES) text = text.slice(0, -1);
  return text;
}
