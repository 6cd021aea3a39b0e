import { SchemaOid } from '../../../commons/system-names.js';
import { TypeOid } from '../../../types/oids.js';
import { intervalPrecisionOf, numericPrecisionOf, numericScaleOf, typmodOut } from '../../../types/typmod.js';
import type { SqlValue } from '../../../types/value.js';
import type { CatalogSnapshot } from '../../catalog.js';
import { typeName } from '../../definitions/index.js';
import { type TypeFacts, typeFacts } from '../type-facts.js';

/** The SQL standard's name: a built-in type's own, ARRAY, or USER-DEFINED. Of a domain: of what it is made of. */
export function dataType(catalog: CatalogSnapshot, facts: TypeFacts): string {
  const base = facts.isDomain ? typeFacts(catalog, facts.baseType) : facts;
  if (base === undefined) return 'USER-DEFINED';
  if (base.isArray) return 'ARRAY';
  return base.schema === SchemaOid.pgCatalog ? typeName(catalog, facts.baseType, null) : 'USER-DEFINED';
}

const UTF8_BYTES = 4;
/** What a type without a limit shows. */
const MAX_OCTETS = 2 ** 30;

/**
 * character_maximum_length, character_octet_length, numeric_precision, numeric_precision_radix, numeric_scale, datetime_precision and
 * interval_type of a type with its modifier (-1: none), as the information schema orders them.
 */
export function typeMeasures(type: number, typmod: number): readonly SqlValue[] {
  return [
    characterLength(type, typmod),
    octetLength(type, typmod),
    numericPrecision(type, typmod),
    numericRadix(type),
    numericScale(type, typmod),
    datetimePrecision(type, typmod),
    intervalType(type, typmod),
  ];
}

export function characterLength(type: number, typmod: number): number | null {
  if (typmod === -1) return null;
  if (type === TypeOid.bpchar || type === TypeOid.varchar) return typmod - 4;
  return type === TypeOid.bit || type === TypeOid.varbit ? typmod : null;
}

export function octetLength(type: number, typmod: number): number | null {
  if (type !== TypeOid.text && type !== TypeOid.bpchar && type !== TypeOid.varchar) return null;
  return typmod === -1 ? MAX_OCTETS : (characterLength(type, typmod) ?? 0) * UTF8_BYTES;
}

/** In bits, or in decimal digits for numeric. */
export function numericPrecision(type: number, typmod: number): number | null {
  switch (type) {
    case TypeOid.int2:
      return 16;
    case TypeOid.int4:
      return 32;
    case TypeOid.int8:
      return 64;
    case TypeOid.float4:
      return 24;
    case TypeOid.float8:
      return 53;
    case TypeOid.numeric:
      return typmod === -1 ? null : numericPrecisionOf(typmod);
    default:
      return null;
  }
}

export function numericRadix(type: number): number | null {
  switch (type) {
    case TypeOid.int2:
    case TypeOid.int4:
    case TypeOid.int8:
    case TypeOid.float4:
    case TypeOid.float8:
      return 2;
    case TypeOid.numeric:
      return 10;
    default:
      return null;
  }
}

export function numericScale(type: number, typmod: number): number | null {
  if (type === TypeOid.int2 || type === TypeOid.int4 || type === TypeOid.int8) return 0;
  return type === TypeOid.numeric && typmod !== -1 ? numericScaleOf(typmod) : null;
}

const DEFAULT_PRECISION = 6;

export function datetimePrecision(type: number, typmod: number): number | null {
  switch (type) {
    case TypeOid.date:
      return 0;
    case TypeOid.time:
    case TypeOid.timetz:
    case TypeOid.timestamp:
    case TypeOid.timestamptz:
      return typmod < 0 ? DEFAULT_PRECISION : typmod;
    case TypeOid.interval:
      return intervalPrecisionOf(typmod) ?? DEFAULT_PRECISION;
    default:
      return null;
  }
}

/** YEAR TO MONTH, DAY TO SECOND(3) …: what the type's name has behind `interval`. */
export function intervalType(type: number, typmod: number): string | null {
  if (type !== TypeOid.interval) return null;
  const fields = typmodOut(type, typmod);
  return fields.startsWith(' ') ? fields.slice(1).toUpperCase() : null;
}
