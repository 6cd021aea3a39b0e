import type { Oid } from '../../commons/ids.js';
import { QUOTED_KEYWORDS } from '../../commons/keywords.js';
import { SchemaOid } from '../../commons/system-names.js';
import type { CatalogSnapshot } from '../catalog.js';
import type { RelationDescriptor } from '../descriptors.js';

/** A name as quote_ident prints it: in double quotes unless it is lower case, plain and no key word. */
export function quoteIdentifier(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) && !QUOTED_KEYWORDS.has(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** A relation or a type. */
export interface NamedObject {
  readonly name: string;
  readonly schema: Oid;
}

/** Whether a relation's or type's bare name finds it along the search path. */
export type IsVisible = (object: NamedObject) => boolean;

/** `schema.name`, each quoted where it must be. */
export function qualifiedName(catalog: CatalogSnapshot, relation: NamedObject): string {
  return `${quoteIdentifier(schemaName(catalog, relation.schema))}.${quoteIdentifier(relation.name)}`;
}

/** The bare name where that is enough. */
export function relationName(catalog: CatalogSnapshot, relation: NamedObject, isVisible: IsVisible | undefined): string {
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
