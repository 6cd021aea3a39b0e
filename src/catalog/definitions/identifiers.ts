import { SchemaOid } from '../../commons/system-names.js';
import type { CatalogSnapshot } from '../catalog.js';
import type { RelationDescriptor } from '../descriptors.js';

/** PostgreSQL 15's key words that can't stand as a name everywhere: all but the unreserved ones. */
const QUOTED_WORDS: ReadonlySet<string> = new Set(
  (
    'all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both case cast char character ' +
    'check coalesce collate collation column concurrently constraint create cross current_catalog current_date current_role current_schema ' +
    'current_time current_timestamp current_user dec decimal default deferrable desc distinct do else end except exists extract false fetch ' +
    'float for foreign freeze from full grant greatest group grouping having ilike in initially inner inout int integer intersect interval ' +
    'into is isnull join lateral leading least left like limit localtime localtimestamp national natural nchar none normalize not notnull ' +
    'null nullif numeric offset on only or order out outer overlaps overlay placing position precision primary real references returning ' +
    'right row select session_user setof similar smallint some substring symmetric table tablesample then time timestamp to trailing treat ' +
    'trim true union unique user using values varchar variadic verbose when where window with xmlattributes xmlconcat xmlelement xmlexists ' +
    'xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable'
  ).split(' '),
);

/** A name as quote_ident prints it: in double quotes unless it is lower case, plain and no key word. */
export function quoteIdentifier(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) && !QUOTED_WORDS.has(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** Whether a relation's bare name finds it along the search path. */
export type IsVisible = (relation: RelationDescriptor) => boolean;

/** `schema.name`, each quoted where it must be. */
export function qualifiedName(catalog: CatalogSnapshot, relation: RelationDescriptor): string {
  return `${quoteIdentifier(schemaName(catalog, relation.schema))}.${quoteIdentifier(relation.name)}`;
}

/** The bare name where that is enough. */
export function relationName(catalog: CatalogSnapshot, relation: RelationDescriptor, isVisible: IsVisible | undefined): string {
  return isVisible?.(relation) === true ? quoteIdentifier(relation.name) : qualifiedName(catalog, relation);
}

export function schemaName(catalog: CatalogSnapshot, oid: number): string {
  if (oid === SchemaOid.pgToast) return 'pg_toast';
  return catalog.schemaByOid(oid)?.name ?? catalog.builtin.namespaces().find((namespace) => namespace.oid === oid)?.name ?? '???';
}

/** `(a, "B", c)`, by column numbers. */
export function columnList(relation: RelationDescriptor, numbers: readonly number[]): string {
  return `(${numbers.map((number) => quoteIdentifier(columnName(relation, number))).join(', ')})`;
}

export function columnName(relation: RelationDescriptor, number: number): string {
  if (relation.kind === 'index' || relation.kind === 'sequence') return '???';
  return relation.columns[number - 1]?.name ?? '???';
}

/** A text as quote_literal prints it. */
export function quoteLiteral(text: string): string {
  const quoted = text.replaceAll("'", "''");
  return text.includes('\\') ? `E'${quoted.replaceAll('\\', '\\\\')}'` : `'${quoted}'`;
}
