import { ExtensionTypeOid } from './extensions/oids.js';
import { elementOidOf, TypeOid } from './oids.js';
import { typmodOut } from './typmod.js';

/** Types whose SQL name differs from their typname, and pseudo-types. */
const SQL_NAMES: Readonly<Record<number, string>> = {
  ...Object.fromEntries(Object.entries(TypeOid).map(([name, oid]) => [oid, name])),
  [TypeOid.bool]: 'boolean',
  [TypeOid.char]: '"char"',
  [TypeOid.int2]: 'smallint',
  [TypeOid.int4]: 'integer',
  [TypeOid.int8]: 'bigint',
  [TypeOid.float4]: 'real',
  [TypeOid.float8]: 'double precision',
  [TypeOid.bpchar]: 'character',
  [TypeOid.varchar]: 'character varying',
  [TypeOid.varbit]: 'bit varying',
  [TypeOid.timetz]: 'time',
  [TypeOid.timestamptz]: 'timestamp',
  [TypeOid.any]: '"any"',
  ...Object.fromEntries(Object.entries(ExtensionTypeOid).map(([name, oid]) => [oid, name])),
};

/** Types that the grammar has words for and that take no modifier: one that is asked for all the same is not shown. */
const WITHOUT_TYPMOD: ReadonlySet<number> = new Set([
  TypeOid.bool,
  TypeOid.int2,
  TypeOid.int4,
  TypeOid.int8,
  TypeOid.float4,
  TypeOid.float8,
]);

/**
 * The name of a built-in or extension's type as PostgreSQL's format_type gives it; '???' for others (the catalog names those), '-' for 0.
 * A typmod of null means that none was asked for, -1 that the column has none: char(n) tells them apart ('character' and 'bpchar').
 */
export function formatType(oid: number, typmod: number | null = null): string {
  if (oid === 0) return '-';
  const element = oid === TypeOid.int2vector || oid === TypeOid.oidvector ? undefined : elementOidOf(oid);
  if (element !== undefined) return `${formatType(element, typmod)}[]`;
  const name = SQL_NAMES[oid];
  if (name === undefined) return '???';
  if (oid === TypeOid.bpchar && typmod !== null && typmod < 0) return 'bpchar';
  return name + (WITHOUT_TYPMOD.has(oid) ? '' : typmodOut(oid, typmod ?? -1));
}
