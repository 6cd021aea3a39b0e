import type { PublicationDescriptor, PublishedTable, TableDescriptor } from '../../../catalog/descriptors.js';
import { Privilege } from '../../../catalog/descriptors.js';
import { isSuperuser, privilegesOf } from '../../../catalog/privileges.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { DefElement, PublicationTable, PublishedObjects, QName } from '../../../planner/parse/ast.js';
import type { UtilityContext, UtilityResult, UtilityStatement } from '../context.js';
import { catalogOf, findRelation, findSchema, kindWord, lockName, lockRelation, requireOwner } from '../names.js';
import { booleanOption, textOption, uniqueOptions } from '../options.js';
import { bindOverTable } from '../scalar.js';
import { liveColumns, newOid } from '../table-draft.js';
import { findFreeStanding } from './find.js';

/**
 * Publications are kept, shown and dumped. As on a PostgreSQL whose wal_level is below logical nobody can subscribe to them, and whoever makes
 * one is told so.
 */

const EVENTS = ['insert', 'update', 'delete', 'truncate'] as const;
type Event = (typeof EVENTS)[number];

/** @throws SqlError 42710, 42501, 42601 … */
export async function createPublication(statement: UtilityStatement<'create publication'>, cx: UtilityContext): Promise<UtilityResult> {
  const { name, allTables } = statement;
  const catalog = catalogOf(cx);
  const role = cx.session.currentRole;
  const database = catalog.database();
  if ((privilegesOf(catalog, role, 'database', database) & Privilege.create) === 0)
    throw new SqlError(SqlState.insufficientPrivilege, `permission denied for database ${database.name}`);
  if (allTables && !isSuperuser(catalog, role))
    throw new SqlError(SqlState.insufficientPrivilege, 'must be superuser to create FOR ALL TABLES publication');
  await lockName('publication', name, cx);
  if (
    catalogOf(cx)
      .freeStanding('publication')
      .some((other) => other.name === name)
  )
    throw new SqlError(SqlState.duplicateObject, `publication "${name}" already exists`);
  requireNoColumnLists(statement, statement.schemas.length > 0, name, cx);
  const { publishes = EVENTS, viaRoot = false } = optionsOf(statement.options);
  const objects = await objectsOf(statement, 'create FOR', cx);
  cx.session.catalog.put(cx.transaction, {
    kind: 'publication',
    oid: newOid(cx),
    name,
    owner: role,
    allTables,
    publishes,
    viaRoot,
    ...objects,
  });
  cx.session.notice({
    severity: 'WARNING',
    code: SqlState.objectNotInPrerequisiteState,
    message: 'wal_level is insufficient to publish logical changes',
    hint: 'Set wal_level to "logical" before creating subscriptions.',
  });
  return { tag: 'CREATE PUBLICATION' };
}

/** @throws SqlError 42704, 55000, 42710 … */
export async function alterPublication(statement: UtilityStatement<'alter publication'>, cx: UtilityContext): Promise<UtilityResult> {
  const tag = 'ALTER PUBLICATION';
  const before = await findFreeStanding('publication', { name: statement.name }, cx);
  if (statement.action === 'options') {
    cx.session.catalog.put(cx.transaction, { ...before, ...optionsOf(statement.options) });
    return { tag };
  }
  if (before.allTables)
    throw new SqlError(SqlState.objectNotInPrerequisiteState, `publication "${before.name}" is defined as FOR ALL TABLES`, {
      detail: `${statement.schemas.length > 0 ? 'Schemas' : 'Tables'} cannot be added to or dropped from FOR ALL TABLES publications.`,
    });
  if (statement.action === 'drop') {
    cx.session.catalog.put(cx.transaction, without(before, statement, cx));
    return { tag };
  }
  const keptSchemas = statement.action === 'add' ? before.schemas.length : 0;
  requireNoColumnLists(statement, statement.schemas.length + keptSchemas > 0, before.name, cx);
  if (statement.action === 'add' && statement.schemas.length > 0 && before.tables.some(({ columns }) => columns !== undefined))
    throw new SqlError(SqlState.invalidParameterValue, `cannot add schema to publication "${before.name}"`, {
      detail: 'Schemas cannot be added if any tables that specify a column list are already part of the publication.',
    });
  const objects = await objectsOf(statement, 'add or set', cx);
  const after = statement.action === 'set' ? { ...before, ...objects } : added(before, objects, cx);
  cx.session.catalog.put(cx.transaction, after);
  return { tag };
}

function optionsOf(given: readonly DefElement[]): { readonly publishes?: readonly Event[]; readonly viaRoot?: boolean } {
  const found: { publishes?: readonly Event[]; viaRoot?: boolean } = {};
  for (const [name, option] of uniqueOptions(given)) {
    if (name === 'publish') found.publishes = eventsOf(textOption(option));
    else if (name === 'publish_via_partition_root') found.viaRoot = booleanOption(option);
    else throw new SqlError(SqlState.syntaxError, `unrecognized publication parameter: "${name}"`);
  }
  return found;
}

function eventsOf(list: string): readonly Event[] {
  const names = list.split(',').map((name) => name.trim().toLowerCase());
  if (names.length === 1 && names[0] === '') return [];
  for (const name of names)
    if (!EVENTS.some((event) => event === name))
      throw new SqlError(SqlState.syntaxError, `unrecognized value for publication option "publish": "${name}"`);
  return EVENTS.filter((event) => names.includes(event));
}

/** @throws SqlError 22023 */
function requireNoColumnLists({ tables }: PublishedObjects, hasSchemas: boolean, publication: string, cx: UtilityContext): void {
  const listed = hasSchemas ? tables.find(({ columns }) => columns !== undefined) : undefined;
  if (listed === undefined) return;
  const { name, schema } = findRelation(listed.name, cx);
  throw new SqlError(
    SqlState.invalidParameterValue,
    `cannot use column list for relation "${catalogOf(cx).schemaByOid(schema)?.name ?? ''}.${name}" in publication "${publication}"`,
    { detail: 'Column lists cannot be specified in publications containing FOR TABLES IN SCHEMA elements.' },
  );
}

type Objects = Pick<PublicationDescriptor, 'tables' | 'schemas'>;

async function objectsOf(published: PublishedObjects, what: string, cx: UtilityContext): Promise<Objects> {
  const tables: PublishedTable[] = [];
  for (const named of published.tables) {
    const table = await publishedTable(named, cx);
    const before = tables.find((other) => other.table === table.table);
    if (before === undefined) tables.push(table);
    else requireSame(before, table, named.name.name);
  }
  if (published.schemas.length > 0 && !isSuperuser(catalogOf(cx), cx.session.currentRole))
    throw new SqlError(
      SqlState.insufficientPrivilege,
      what === 'create FOR' ? 'must be superuser to create FOR TABLES IN SCHEMA publication' : 'must be superuser to add or set schemas',
    );
  const schemas = published.schemas.map(({ name }) => ({ oid: newOid(cx), schema: schemaOf(name, cx) }));
  return { tables, schemas };
}

/** A table that is named twice. @throws SqlError 42710 */
function requireSame(one: PublishedTable, other: PublishedTable, name: string): void {
  const conflict = (what: string) => new SqlError(SqlState.duplicateObject, `conflicting or redundant ${what} for table "${name}"`);
  if (one.whereText !== undefined || other.whereText !== undefined) throw conflict('WHERE clauses');
  if (one.columns !== undefined || other.columns !== undefined) throw conflict('column lists');
}

function schemaOf(name: string | undefined, cx: UtilityContext): number {
  if (name !== undefined) return findSchema(name, cx).oid;
  const [first] = cx.planner.searchPath.filter((oid) => catalogOf(cx).schemaByOid(oid) !== undefined);
  if (first === undefined) throw new SqlError(SqlState.invalidSchemaName, 'no schema has been selected for CURRENT_SCHEMA');
  return first;
}

async function publishedTable({ name, columns, where }: PublicationTable, cx: UtilityContext): Promise<PublishedTable> {
  const table = tableToPublish(name, cx);
  await lockRelation(table.oid, cx, 'SHARE UPDATE EXCLUSIVE');
  return {
    oid: newOid(cx),
    table: table.oid,
    ...(columns === undefined ? {} : { columns: columns.map((column) => columnOf(table, column)).sort((a, b) => a - b) }),
    ...(where === undefined ? {} : { whereText: bindOverTable(where, table, { clause: 'POLICY' }, cx).text() }),
  };
}

function tableToPublish(name: QName, cx: UtilityContext): TableDescriptor {
  const relation = findRelation(name, cx);
  const refusal = (detail: string) =>
    new SqlError(SqlState.invalidParameterValue, `cannot add relation "${relation.name}" to publication`, { detail });
  if (relation.kind === 'virtual') throw refusal('This operation is not supported for system tables.');
  if (relation.kind !== 'table' || relation.materialized !== undefined)
    throw refusal(`This operation is not supported for ${kindWord(relation)}s.`);
  requireOwner(relation, cx);
  if (relation.persistence !== 'permanent') throw refusal(`This operation is not supported for ${relation.persistence} tables.`);
  return relation;
}

function columnOf(table: TableDescriptor, name: string): number {
  const column = liveColumns(table).find((candidate) => candidate.name === name);
  if (column === undefined) throw new SqlError(SqlState.undefinedColumn, `column "${name}" of relation "${table.name}" does not exist`);
  return column.number;
}

function added(before: PublicationDescriptor, { tables, schemas }: Objects, cx: UtilityContext): PublicationDescriptor {
  const catalog = catalogOf(cx);
  for (const { table } of tables)
    if (before.tables.some((other) => other.table === table))
      throw new SqlError(
        SqlState.duplicateObject,
        `relation "${catalog.relationByOid(table)?.name ?? ''}" is already member of publication "${before.name}"`,
      );
  for (const { schema } of schemas)
    if (before.schemas.some((other) => other.schema === schema))
      throw new SqlError(
        SqlState.duplicateObject,
        `schema "${catalog.schemaByOid(schema)?.name ?? ''}" is already member of publication "${before.name}"`,
      );
  return { ...before, tables: [...before.tables, ...tables], schemas: [...before.schemas, ...schemas] };
}

function without(before: PublicationDescriptor, published: PublishedObjects, cx: UtilityContext): PublicationDescriptor {
  let { tables, schemas } = before;
  for (const { name } of published.tables) {
    const { oid } = findRelation(name, cx);
    if (!tables.some(({ table }) => table === oid))
      throw new SqlError(SqlState.undefinedObject, `relation "${name.name}" is not part of the publication`);
    tables = tables.filter(({ table }) => table !== oid);
  }
  for (const { name } of published.schemas) {
    const oid = schemaOf(name, cx);
    if (!schemas.some(({ schema }) => schema === oid))
      throw new SqlError(SqlState.undefinedObject, `tables from schema "${name ?? ''}" are not part of the publication`);
    schemas = schemas.filter(({ schema }) => schema !== oid);
  }
  return { ...before, tables, schemas };
}
