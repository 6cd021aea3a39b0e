import { collationsOf } from '../../../catalog/collations.js';
import { typeName } from '../../../catalog/definitions/index.js';
import type { CatalogObject } from '../../../catalog/layer.js';
import { FIRST_USER_OID } from '../../../commons/ids.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { TypeOid } from '../../../types/oids.js';
import { formatType } from '../../../types/type-codec.js';
import type { SqlArray, SqlValue } from '../../../types/value.js';
import type { FunctionContext } from '../../context.js';
import type { CallTypes } from '../implementation.js';
import { argType, type FunctionTable } from '../table.js';
import { visibilityIn } from './visibility.js';

const FREE_STANDING = [
  ['pg_statistic_ext', 'extended statistics'],
  ['pg_collation', 'collation'],
  ['pg_publication', 'publication'],
  ['pg_largeobject', 'large object'],
] as const;

/** The comment on an object of one of the catalogs; null for what has none. */
function comment(oid: number, catalogName: string | undefined, cx: FunctionContext): string | null {
  const { catalog } = cx;
  const isIn = (name: string): boolean => catalogName === undefined || catalogName === name;
  if (isIn('pg_class')) {
    const found = catalog.relationByOid(oid)?.comment;
    if (found !== undefined) return found;
  }
  if (isIn('pg_proc')) {
    const found = catalog.routine(oid)?.comment;
    if (found !== undefined) return found;
  }
  if (isIn('pg_operator')) {
    const found = catalog.operator(oid)?.comment;
    if (found !== undefined) return found;
  }
  if (isIn('pg_cast')) {
    for (const cast of catalog.casts()) if (cast.oid === oid) return cast.comment ?? null;
  }
  if (isIn('pg_namespace')) {
    const found = catalog.schemaByOid(oid)?.comment;
    if (found !== undefined) return found;
  }
  if (isIn('pg_extension')) {
    for (const extension of catalog.extensions()) if (extension.oid === oid) return extension.comment ?? null;
  }
  if (isIn('pg_type')) {
    // A table's comment is on the table; of row types only those that stand alone have their own.
    const relation = catalog.relationOfRowType(oid);
    const found = catalog.typeByOid(oid)?.comment ?? (relation?.kind === 'composite' ? relation.comment : undefined);
    if (found !== undefined) return found;
  }
  if (isIn('pg_ts_config') || isIn('pg_ts_dict')) {
    const found = catalog.textSearchConfiguration(oid) ?? catalog.textSearchDictionary(oid);
    if (found?.comment !== undefined && isIn(found.kind === 'text search dictionary' ? 'pg_ts_dict' : 'pg_ts_config')) return found.comment;
  }
  for (const [name, kind] of FREE_STANDING) {
    const found = isIn(name) ? catalog.freeStanding(kind).find((object) => object.oid === oid)?.comment : undefined;
    if (found !== undefined) return found;
  }
  const owner = catalog.ownerOfPart(oid);
  const found = owner === undefined ? undefined : partsOf(owner, isIn).find((part) => part.oid === oid)?.comment;
  if (found !== undefined || oid >= FIRST_USER_OID) return found ?? null;
  return catalog.builtin.descriptionsOf(oid).find((own) => isIn(own.catalogName))?.text ?? null;
}

/** What of a table, a view or a domain can have a comment, as far as it stands in the catalogs that are asked. */
function partsOf(
  owner: CatalogObject,
  isIn: (catalogName: string) => boolean,
): readonly { readonly oid: number; readonly comment?: string | undefined }[] {
  if (owner.kind === 'type') return owner.form === 'domain' && isIn('pg_constraint') ? owner.checks : [];
  if (owner.kind !== 'table' && owner.kind !== 'view') return [];
  return [
    ...(isIn('pg_trigger') ? (owner.triggers ?? []) : []),
    ...(isIn('pg_rewrite') ? (owner.rules ?? []) : []),
    ...(owner.kind === 'table' && isIn('pg_constraint') ? owner.constraints : []),
    ...(owner.kind === 'table' && isIn('pg_policy') ? (owner.policies ?? []) : []),
  ];
}

function sharedComment(oid: number, catalogName: string, cx: FunctionContext): string | null {
  if (catalogName === 'pg_database') {
    for (const database of cx.catalog.databases()) if (database.oid === oid) return database.comment ?? null;
  }
  return catalogName === 'pg_authid' ? (cx.catalog.roleByOid(oid)?.comment ?? null) : null;
}

function columnComment(oid: number, column: number, cx: FunctionContext): string | null {
  const relation = cx.catalog.relationByOid(oid);
  if (relation === undefined || relation.kind === 'index' || relation.kind === 'sequence') return null;
  return relation.columns[column - 1]?.comment ?? null;
}

const COLLATABLE: ReadonlySet<number> = new Set([TypeOid.text, TypeOid.varchar, TypeOid.bpchar, TypeOid.name, TypeOid.unknown]);

function collationName(types: CallTypes, cx: FunctionContext): string {
  const type = argType(types, 0);
  if (!COLLATABLE.has(type)) {
    throw new SqlError(SqlState.datatypeMismatch, `collations are not supported by type ${formatType(type)}`);
  }
  const name = collationsOf(cx.catalog).find((collation) => collation.oid === types.collation)?.name;
  return `"${name ?? (type === TypeOid.name ? 'C' : 'default')}"`;
}

export const descriptionFunctions: FunctionTable = {
  scalar: {
    'obj_description(oid,name)': comment,
    'obj_description(oid)': (oid: number, cx: FunctionContext) => comment(oid, undefined, cx),
    'shobj_description(oid,name)': sharedComment,
    'col_description(oid,int4)': columnComment,
    format_type: (oid: number | null, typmod: number | null, cx: FunctionContext) =>
      oid === null ? null : typeName(cx.catalog, oid, typmod, visibilityIn(cx)),
    pg_get_userbyid: (oid: number, cx: FunctionContext) => cx.catalog.roleByOid(oid)?.name ?? `unknown (OID=${oid})`,
    oidvectortypes: (types: SqlArray, cx: FunctionContext) =>
      types.elements.map((type) => typeName(cx.catalog, typeof type === 'number' ? type : 0)).join(', '),
  },
  typed: {
    pg_typeof: (types) => {
      const type = argType(types, 0);
      return () => type;
    },
    pg_collation_for: (types) => (_value: SqlValue, cx: FunctionContext) => collationName(types, cx),
    pg_column_compression: () => () => null,
  },
};
