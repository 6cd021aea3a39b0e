import type { Oid } from '../commons/ids.js';
import { SchemaOid } from '../commons/system-names.js';
import { ArrayOid, arrayOidOf, elementOidOf, TypeOid } from '../types/oids.js';
import type { BuiltinRange, BuiltinType } from './builtin/index.js';
import type { CatalogSnapshot } from './catalog.js';
import type { RangeDescriptor, RelationDescriptor, TypeDescriptor } from './descriptors.js';

/**
 * Types that PostgreSQL's catalog is not born with, in the same shape as those: rows of tables and views, composite types, enums, domains,
 * ranges, and the arrays of all of them. Resolution, pg_type and format_type know all types through this.
 */

/** Input and output functions (pg_proc). */
const RECORD_IO = { input: 2290, output: 2291, receive: 2402, send: 2403, subscript: 0, analyze: 0 } as const;
const ARRAY_IO = { input: 750, output: 751, receive: 2400, send: 2401, subscript: 6179, analyze: 3816 } as const;
const ENUM_IO = { input: 3506, output: 3507, receive: 3532, send: 3533, subscript: 0, analyze: 0 } as const;
const RANGE_IO = { input: 3834, output: 3835, receive: 3836, send: 3837, subscript: 0, analyze: 3916 } as const;
const MULTIRANGE_IO = { input: 4231, output: 4232, receive: 4233, send: 4234, subscript: 0, analyze: 4242 } as const;
const SHELL_IO = { input: 2398, output: 2399, receive: 0, send: 0, subscript: 0, analyze: 0 } as const;
const DOMAIN_IO = { input: 2597, receive: 2598 } as const;
/** The smallest oid that such a type may have. */
const FIRST_MADE_TYPE = 9100;

const PLAIN = {
  length: -1,
  byValue: false,
  preferred: false,
  delimiter: ',',
  relation: 0,
  element: 0,
  array: 0,
  isArray: false,
  modifierInput: 0,
  modifierOutput: 0,
  align: 'd',
  storage: 'x',
  notNull: false,
  baseType: 0,
  baseTypeModifier: -1,
  dimensions: 0,
  defaultText: undefined,
  collation: 0,
} as const;

const MAX_NAME_BYTES = 63;

/** PostgreSQL puts an underscore in front, and shortens the name to fit. */
export function arrayTypeName(name: string): string {
  let text = `_${name}`;
  while (Buffer.byteLength(text) > MAX_NAME_BYTES) text = text.slice(0, -1);
  return text;
}

/** A row of pg_type for any type; undefined when there is none. */
export function typeRecord(catalog: CatalogSnapshot, oid: Oid): BuiltinType | undefined {
  return catalog.builtin.typeByOid(oid) ?? madeType(catalog, oid);
}

/** The same for those that PostgreSQL's catalog is not born with. */
export function madeType(catalog: CatalogSnapshot, oid: Oid): BuiltinType | undefined {
  if (oid < FIRST_MADE_TYPE) return undefined;
  // Rows and columns of such types ask for each value.
  const known = catalog.madeTypes.get(oid);
  if (known !== undefined) return known;
  const made = makeType(catalog, oid);
  if (made !== undefined) catalog.madeTypes.set(oid, made);
  return made;
}

function makeType(catalog: CatalogSnapshot, oid: Oid): BuiltinType | undefined {
  const type = catalog.typeByOid(oid);
  if (type !== undefined) return typeOf(catalog, type, oid);
  const relation = catalog.relationOfRowType(oid);
  return relation === undefined ? undefined : rowTypeOf(relation, oid);
}

function typeOf(catalog: CatalogSnapshot, type: TypeDescriptor, oid: Oid): BuiltinType | undefined {
  const common = { ...PLAIN, oid, namespace: type.schema };
  if (oid === type.arrayType) return arrayOf(common, type.name, type.oid);
  switch (type.form) {
    case 'enum':
      return {
        ...common,
        ...ENUM_IO,
        name: type.name,
        kind: 'e',
        category: 'E',
        length: 4,
        byValue: true,
        align: 'i',
        storage: 'p',
        array: type.arrayType,
      };
    case 'domain': {
      const base = typeRecord(catalog, type.baseType);
      if (base === undefined) return undefined;
      return {
        ...base,
        ...DOMAIN_IO,
        oid,
        namespace: type.schema,
        name: type.name,
        kind: 'd',
        preferred: false,
        // A domain over an array is no array to resolution, which looks at its base type.
        isArray: false,
        element: 0,
        relation: 0,
        subscript: 0,
        analyze: 0,
        array: type.arrayType,
        modifierInput: 0,
        modifierOutput: 0,
        notNull: type.notNull,
        baseType: type.baseType,
        baseTypeModifier: type.typmod,
        defaultText: type.defaultText,
        collation: type.collation ?? base.collation,
      };
    }
    case 'base': {
      const like = type.like === undefined ? undefined : typeRecord(catalog, type.like);
      if (like === undefined) return { ...common, ...SHELL_IO, name: type.name, kind: 'p', category: 'P', length: 4, byValue: true };
      return {
        ...like,
        ...SHELL_IO,
        oid,
        namespace: type.schema,
        name: type.name,
        kind: 'b',
        category: type.category ?? 'U',
        preferred: type.preferred === true,
        array: type.arrayType,
        element: 0,
        isArray: false,
        input: type.input ?? 0,
        output: type.output ?? 0,
        modifierInput: 0,
        modifierOutput: 0,
        collation: 0,
        defaultText: type.defaultText,
      };
    }
    case 'range':
      if (oid === type.multirangeArrayType) return arrayOf(common, type.multirangeName, type.multirangeType);
      return oid === type.multirangeType
        ? { ...common, ...MULTIRANGE_IO, name: type.multirangeName, kind: 'm', category: 'R', array: type.multirangeArrayType }
        : { ...common, ...RANGE_IO, name: type.name, kind: 'r', category: 'R', array: type.arrayType };
  }
}

type Common = typeof PLAIN & { readonly oid: Oid; readonly namespace: Oid };

function arrayOf(common: Common, name: string, element: Oid): BuiltinType {
  return { ...common, ...ARRAY_IO, name: arrayTypeName(name), kind: 'b', category: 'A', element, isArray: true };
}

function rowTypeOf(relation: RelationDescriptor, oid: Oid): BuiltinType | undefined {
  if (!('rowType' in relation)) return undefined;
  const common = { ...PLAIN, oid, namespace: relation.schema };
  const arrayType = 'rowArrayType' in relation ? relation.rowArrayType : 0;
  if (oid === arrayType) return arrayOf(common, relation.name, relation.rowType);
  return { ...common, ...RECORD_IO, name: relation.name, kind: 'c', category: 'C', relation: relation.oid, array: arrayType };
}

export function rangeRecord(range: RangeDescriptor): BuiltinRange {
  return {
    range: range.oid,
    subtype: range.subtype,
    multirange: range.multirangeType,
    collation: range.collation ?? 0,
    opclass: range.opclass,
    canonical: 0,
    subdiff: range.subdiff,
  };
}

/** Who owns a user's type, also by the oid of its array. */
export function typeOwner(catalog: CatalogSnapshot, oid: Oid): Oid | undefined {
  return catalog.typeByOid(oid)?.owner ?? catalog.relationOfRowType(oid)?.owner;
}

/** The oid of a type by its name in a schema, arrays by their `_name`. */
export function typeOidNamed(catalog: CatalogSnapshot, schema: Oid, name: string): Oid | undefined {
  const ofExtension = schema === SchemaOid.pgCatalog ? undefined : catalog.builtin.typeByName(name, schema);
  if (ofExtension !== undefined) return ofExtension.oid;
  const own = nonArray(catalog, schema, name);
  if (own !== undefined || !name.startsWith('_')) return own;
  const element = nonArray(catalog, schema, name.slice(1));
  return element === undefined ? undefined : typeRecord(catalog, element)?.array || undefined;
}

function nonArray(catalog: CatalogSnapshot, schema: Oid, name: string): Oid | undefined {
  const type = catalog.type(schema, name);
  if (type !== undefined) return type.form === 'range' && type.multirangeName === name ? type.multirangeType : type.oid;
  const relation = catalog.relation(schema, name);
  return relation !== undefined && 'rowType' in relation ? relation.rowType : undefined;
}

/**
 * The built-in type that values of a user's type are laid out as in keys: a domain's base type, record for rows, float8 for an enum's places
 * in the order.
 * Undefined where that is the type itself.
 */
export function storedAs(catalog: CatalogSnapshot, oid: Oid): Oid | undefined {
  if (oid < FIRST_MADE_TYPE) return undefined;
  const type = catalog.typeByOid(oid);
  if (type === undefined) {
    const record = madeType(catalog, oid);
    return record === undefined ? undefined : record.isArray ? ArrayOid.record : TypeOid.record;
  }
  if (oid === type.arrayType) {
    const element = storedAs(catalog, type.oid);
    return element === undefined || elementOidOf(element) !== undefined ? undefined : arrayOidOf(element);
  }
  switch (type.form) {
    case 'enum':
      return TypeOid.float8;
    case 'domain':
      return storedAs(catalog, type.baseType) ?? type.baseType;
    case 'base':
      return type.like;
    case 'range':
      return undefined;
  }
}

/** Are values of the type made of values of `part`, however deep? A type can't be made of itself. */
export function isMadeOf(catalog: CatalogSnapshot, oid: Oid, part: Oid): boolean {
  if (oid === part) return true;
  const type = madeType(catalog, oid);
  if (type === undefined) return false;
  if (type.kind === 'd') return isMadeOf(catalog, type.baseType, part);
  if (type.isArray) return isMadeOf(catalog, type.element, part);
  if (type.kind === 'r') {
    const range = catalog.typeByOid(oid);
    return range?.form === 'range' && isMadeOf(catalog, range.subtype, part);
  }
  const relation = type.kind === 'c' ? catalog.relationOfRowType(oid) : undefined;
  if (relation === undefined || !('rowType' in relation)) return false;
  return relation.columns.some((column) => column.dropped !== true && isMadeOf(catalog, column.type, part));
}
