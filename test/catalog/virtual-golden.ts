import { qualifiedName, typeName } from '../../src/catalog/definitions/index.js';
import type { VirtualContext } from '../../src/catalog/virtual/index.js';
import { SqlArray, type SqlValue } from '../../src/types/value.js';
import { rowsOf } from './virtual-fixture.js';

/**
 * What virtual-golden.json holds: rows of PostgreSQL's catalogs over virtual-golden.schema.sql, each value as text and oids as names, read by
 * the same spec that turns our rows into that form. `goldenQuery` is what PostgreSQL is asked.
 */
export interface GoldenRelation {
  readonly relation: string;
  /** How columns that aren't compared as they are get their text. */
  readonly columns: Readonly<Record<string, ColumnKind>>;
  readonly keep: (row: NamedRow) => boolean;
  /** Whose eyes: several for relations that show what a role may see. */
  readonly roles: readonly string[];
}
export type NamedRow = Readonly<Record<string, string | null>>;
/** What an oid names, what isn't compared, an expression of the relation in another column. */
export type ColumnKind =
  | 'class'
  | 'type'
  | 'namespace'
  | 'role'
  | 'constraint'
  | 'number'
  | 'numbers'
  | 'skip'
  | 'not null name'
  | { readonly expressionOf: string }
  | { readonly objectOf: string };

const SUPERUSER = ['postgres'];
const EVERYONE = ['postgres', 'golden_owner', 'golden_reader'];
const inApp = (column: string) => (row: NamedRow) => row[column] === 'app';
const ofApp = (column: string) => (row: NamedRow) => row[column]?.startsWith('app.') === true;

function pgCatalog(name: string, columns: GoldenRelation['columns'], keep: GoldenRelation['keep']): GoldenRelation {
  return { relation: `pg_catalog.${name}`, columns, keep, roles: SUPERUSER };
}
function information(name: string, keep: GoldenRelation['keep'], columns: GoldenRelation['columns'] = {}): GoldenRelation {
  return { relation: `information_schema.${name}`, columns, keep, roles: EVERYONE };
}

const PROC_COLUMNS = ['typinput', 'typoutput', 'typreceive', 'typsend', 'typmodin', 'typmodout', 'typanalyze', 'typsubscript'];

export const GOLDEN: readonly GoldenRelation[] = [
  pgCatalog(
    'pg_class',
    {
      oid: 'skip',
      relnamespace: 'namespace',
      reltype: 'type',
      relowner: 'role',
      relfilenode: 'skip',
      reltoastrelid: 'skip',
      relfrozenxid: 'skip',
    },
    inApp('relnamespace'),
  ),
  pgCatalog('pg_attribute', { attrelid: 'class', atttypid: 'type' }, (row) => ofApp('attrelid')(row) && Number(row.attnum) > 0),
  pgCatalog('pg_attrdef', { oid: 'skip', adrelid: 'class', adbin: { expressionOf: 'adrelid' } }, ofApp('adrelid')),
  pgCatalog(
    'pg_type',
    {
      oid: 'skip',
      typnamespace: 'namespace',
      typowner: 'role',
      typrelid: 'class',
      typelem: 'type',
      typarray: 'type',
      ...Object.fromEntries(PROC_COLUMNS.map((name) => [name, 'number' as const])),
    },
    inApp('typnamespace'),
  ),
  pgCatalog(
    'pg_index',
    { indexrelid: 'class', indrelid: 'class', indexprs: { expressionOf: 'indrelid' }, indpred: { expressionOf: 'indrelid' } },
    ofApp('indexrelid'),
  ),
  pgCatalog(
    'pg_constraint',
    {
      oid: 'skip',
      connamespace: 'namespace',
      conrelid: 'class',
      conindid: 'class',
      confrelid: 'class',
      conbin: { expressionOf: 'conrelid' },
    },
    inApp('connamespace'),
  ),
  pgCatalog('pg_sequence', { seqrelid: 'class', seqtypid: 'type' }, ofApp('seqrelid')),
  pgCatalog('pg_namespace', { oid: 'skip', nspowner: 'role' }, inApp('nspname')),
  pgCatalog('pg_description', { classoid: 'class', objoid: { objectOf: 'classoid' } }, (row) => /\bapp\b/.test(row.objoid ?? '')),
  pgCatalog(
    'pg_depend',
    { classid: 'class', objid: { objectOf: 'classid' }, refclassid: 'class', refobjid: { objectOf: 'refclassid' } },
    // Which columns the expressions of indexes and generated columns and a view's query mention isn't kept.
    (row) =>
      /\bapp\b/.test(row.objid ?? '') &&
      row.objid !== 'app.users_lower' &&
      !(row.objid === 'default of app.posts 7' && row.deptype === 'n') &&
      !(row.classid === 'pg_rewrite' && row.refobjid === 'app.users'),
  ),
  pgCatalog('pg_rewrite', { oid: 'skip', ev_class: 'class', ev_action: 'skip' }, ofApp('ev_class')),
  pgCatalog('pg_roles', { oid: 'skip' }, (row) => row.rolname?.startsWith('golden_') === true),
  pgCatalog('pg_user', { usesysid: 'skip' }, (row) => row.usename?.startsWith('golden_') === true),
  pgCatalog('pg_auth_members', { roleid: 'role', member: 'role', grantor: 'role' }, (row) => row.member?.startsWith('golden_') === true),
  pgCatalog('pg_tables', {}, inApp('schemaname')),
  pgCatalog('pg_views', { definition: 'skip' }, inApp('schemaname')),
  pgCatalog('pg_indexes', {}, inApp('schemaname')),
  pgCatalog('pg_sequences', { data_type: 'type' }, inApp('schemaname')),
  information('schemata', inApp('schema_name')),
  information('tables', inApp('table_schema'), { is_insertable_into: 'skip' }),
  information('columns', inApp('table_schema'), { is_updatable: 'skip' }),
  information('views', inApp('table_schema'), { view_definition: 'skip', is_updatable: 'skip', is_insertable_into: 'skip' }),
  information('view_table_usage', inApp('view_schema')),
  information('sequences', inApp('sequence_schema')),
  information('table_constraints', inApp('table_schema'), { constraint_name: 'not null name' }),
  information('key_column_usage', inApp('table_schema')),
  information('constraint_column_usage', inApp('table_schema')),
  information('constraint_table_usage', inApp('table_schema')),
  information('referential_constraints', inApp('constraint_schema')),
  information('check_constraints', inApp('constraint_schema'), { constraint_name: 'not null name' }),
  information('table_privileges', inApp('table_schema')),
  information('role_table_grants', inApp('table_schema')),
  { ...information('column_privileges', inApp('table_schema')), roles: ['golden_reader'] },
  information('element_types', inApp('object_schema')),
  information('enabled_roles', (row) => row.role_name?.startsWith('golden_') === true),
  information('applicable_roles', (row) => row.grantee?.startsWith('golden_') === true),
];

/** What the golden file keeps of one relation as one role sees it. */
export interface GoldenRows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/** The rows and columns that are compared, sorted: the order of a relation's rows means nothing. */
export function canonical(golden: GoldenRelation, rows: readonly NamedRow[]): GoldenRows {
  const kept = rows.filter(golden.keep);
  const columns = Object.keys(kept[0] ?? {}).filter((name) => golden.columns[name] !== 'skip');
  // pg_depend repeats itself where a column is mentioned twice.
  const texts = new Set(kept.map((row) => JSON.stringify(columns.map((name) => row[name] ?? null))));
  return { columns, rows: [...texts].sort().map((text) => JSON.parse(text)) };
}

/** Readable in a failure: a row a line, its values by name. */
export function lines({ columns, rows }: GoldenRows): string[] {
  return rows.map((row) => columns.map((name, i) => `${name}=${row[i]}`).join(' '));
}

// ---------------------------------------------------------------- ours

export function ourRows(golden: GoldenRelation, cx: VirtualContext): GoldenRows {
  const schema = cx.catalog.schema(golden.relation.slice(0, golden.relation.indexOf('.')));
  const relation =
    schema === undefined ? undefined : cx.catalog.relation(schema.oid, golden.relation.slice(golden.relation.indexOf('.') + 1));
  if (relation?.kind !== 'virtual') throw new Error(`no such relation: ${golden.relation}`);
  const names = relation.columns.map((column) => column.name);
  const rows = rowsOf(cx, golden.relation).map((row) => {
    const values = Object.fromEntries(names.map((name, i) => [name, row[i] ?? null]));
    return Object.fromEntries(names.map((name) => [name, ourText(cx, golden.columns[name], values, name)]));
  });
  return canonical(golden, rows);
}

function ourText(cx: VirtualContext, kind: ColumnKind | undefined, row: Readonly<Record<string, SqlValue>>, name: string): string | null {
  const value = row[name] ?? null;
  if (typeof kind === 'object' && 'objectOf' in kind) return nameOfObject(cx, Number(row[kind.objectOf]), Number(value));
  if (kind === 'not null name' && typeof value === 'string') return value.replace(/^\d+_\d+_(\d+_not_null)$/, '$1');
  if (typeof kind !== 'string' || kind === 'number' || kind === 'numbers' || kind === 'skip') return plainText(value);
  return value === null ? null : nameOfOid(cx, kind, Number(value));
}

function plainText(value: SqlValue): string | null {
  if (value === null) return null;
  if (typeof value === 'boolean') return String(value);
  if (!(value instanceof SqlArray)) return String(value);
  const elements = value.elements.map(plainText);
  return value.lowerBounds[0] === 0 ? elements.join(' ') : `{${elements.join(',')}}`;
}

function nameOfOid(cx: VirtualContext, kind: string, oid: number): string {
  if (oid === 0) return '-';
  switch (kind) {
    case 'class': {
      const relation = cx.catalog.relationByOid(oid);
      return relation === undefined ? String(oid) : qualifiedName(cx.catalog, relation).replace(/^pg_catalog\./, '');
    }
    case 'type':
      return typeName(cx.catalog, oid);
    case 'namespace':
      return cx.catalog.schemaByOid(oid)?.name ?? String(oid);
    case 'role':
      return cx.catalog.roleByOid(oid)?.name ?? String(oid);
    default:
      return String(oid);
  }
}

/** An object of any catalog, as pg_depend names them. */
function nameOfObject(cx: VirtualContext, classOid: number, oid: number): string {
  switch (nameOfOid(cx, 'class', classOid)) {
    case 'pg_class':
      return nameOfOid(cx, 'class', oid);
    case 'pg_type':
      return nameOfOid(cx, 'type', oid);
    case 'pg_namespace':
      return nameOfOid(cx, 'namespace', oid);
    case 'pg_constraint':
      for (const relation of cx.catalog.relations())
        if (relation.kind === 'table')
          for (const constraint of relation.constraints) if (constraint.oid === oid) return `${constraint.name} in app`;
      return String(oid);
    case 'pg_attrdef': {
      const row = rowsOf(cx, 'pg_catalog.pg_attrdef').find((candidate) => candidate[0] === oid);
      return `default of ${nameOfOid(cx, 'class', Number(row?.[1] ?? 0))} ${String(row?.[2])}`;
    }
    case 'pg_rewrite': {
      const row = rowsOf(cx, 'pg_catalog.pg_rewrite').find((candidate) => candidate[0] === oid);
      return `rule of ${nameOfOid(cx, 'class', Number(row?.[2] ?? 0))}`;
    }
    default:
      return String(oid);
  }
}

// ---------------------------------------------------------------- PostgreSQL's

/** The query whose rows `canonical` takes. */
export function goldenQuery(golden: GoldenRelation, columnNames: readonly string[]): string {
  const list = columnNames.map((name) => `(${columnSql(golden.columns[name], `r."${name}"`)})::text AS "${name}"`);
  return `SELECT ${list.join(', ')} FROM ${golden.relation} r`;
}

function columnSql(kind: ColumnKind | undefined, column: string): string {
  if (typeof kind === 'object')
    return 'objectOf' in kind ? objectSql(`r.${kind.objectOf}`, column) : `pg_get_expr(${column}, r.${kind.expressionOf})`;
  switch (kind) {
    case 'class':
      return `${column}::oid::regclass`;
    case 'type':
      return `${column}::oid::regtype`;
    case 'namespace':
      return `${column}::regnamespace`;
    case 'role':
      return `${column}::regrole`;
    case 'number':
      return `${column}::oid`;
    case 'not null name':
      return `regexp_replace(${column}, '^\\d+_\\d+_(\\d+_not_null)$', '\\1')`;
    default:
      return column;
  }
}

function objectSql(classColumn: string, column: string): string {
  return `CASE ${classColumn}::regclass::text
    WHEN 'pg_class' THEN ${column}::regclass::text
    WHEN 'pg_type' THEN ${column}::regtype::text
    WHEN 'pg_namespace' THEN ${column}::regnamespace::text
    WHEN 'pg_constraint' THEN (SELECT conname || ' in ' || connamespace::regnamespace FROM pg_constraint WHERE oid = ${column})
    WHEN 'pg_attrdef' THEN (SELECT 'default of ' || adrelid::regclass || ' ' || adnum FROM pg_attrdef WHERE oid = ${column})
    WHEN 'pg_rewrite' THEN (SELECT 'rule of ' || ev_class::regclass FROM pg_rewrite WHERE oid = ${column})
    ELSE ${column}::text END`;
}
