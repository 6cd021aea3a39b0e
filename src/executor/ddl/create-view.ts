import { collationsOf } from '../../catalog/collations.js';
import type { StoredQuery } from '../../catalog/definitions/index.js';
import type { ColumnDescriptor, RelationDescriptor, ViewDescriptor } from '../../catalog/descriptors.js';
import type { Oid } from '../../commons/ids.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { SchemaName } from '../../commons/system-names.js';
import { bindStatement } from '../../planner/bind/bind.js';
import type { BoundStatement, ResultColumn } from '../../planner/bind/logical.js';
import type { DefElement, SelectStatement } from '../../planner/parse/ast.js';
import { keptQuery } from '../../planner/print/definitions.js';
import { formatType } from '../../types/format-type.js';
import { TypeOid } from '../../types/oids.js';
import type { UtilityContext, UtilityResult, UtilityStatement } from './context.js';
import { catalogOf, creationSchema, lockName, requireOwner } from './names.js';
import { notice } from './notices.js';
import { initialPrivileges } from './privileges/default-privileges.js';
import { requireTypeUsage } from './scalar.js';
import { newOid } from './table-draft.js';
import { viewNeedsKey } from './view-columns.js';
import { completeView, viewOptionTexts } from './view-options.js';

/** CREATE [OR REPLACE] [TEMP] VIEW: the query is kept as text and bound anew wherever the view is used. */
export async function createView(statement: UtilityStatement<'create view'>, cx: UtilityContext): Promise<UtilityResult> {
  const bound = bindStatement(statement.query, { ...cx.planner, paramTypes: [], isDefinition: true });
  const catalog = catalogOf(cx);
  const isTemporary = (oid: number) => catalog.relationByOid(oid)?.persistence === 'temporary';
  const temporary = statement.temporary === true || statement.name.schema === SchemaName.temporary || bound.reads.some(isTemporary);
  const { name } = statement.name;
  if (temporary && statement.temporary !== true && statement.name.schema !== SchemaName.temporary)
    notice(cx, `view "${name}" will be a temporary view`);
  const schema = creationSchema(statement.name, temporary, cx);
  await lockName('relation', `${schema.oid} ${name}`, cx);
  const before = catalogOf(cx).relation(schema.oid, name);
  const isReplaced = statement.orReplace === true;
  const columns = viewColumns(bound.columns, statement.columns);
  if (!(isReplaced && before?.kind === 'view')) refusePseudoTypes(columns);
  if (before !== undefined && !isReplaced) throw new SqlError(SqlState.duplicateTable, `relation "${name}" already exists`);
  for (const { type } of columns) requireTypeUsage(type, cx);
  if (before !== undefined) requireReplaceable(before, columns, cx);
  if (before !== undefined) refusePseudoTypes(columns);
  const kept = before?.kind === 'view' ? before : undefined;
  const view: ViewDescriptor = {
    kind: 'view',
    oid: kept?.oid ?? newOid(cx),
    name,
    owner: kept?.owner ?? cx.session.currentRole,
    ...(kept === undefined
      ? initialPrivileges('table', cx.session.currentRole, schema.oid, cx)
      : kept.acl === undefined
        ? {}
        : { acl: kept.acl }),
    ...(kept?.comment === undefined ? {} : { comment: kept.comment }),
    schema: schema.oid,
    persistence: temporary ? 'temporary' : 'permanent',
    columns: kept === undefined ? columns : withAclsOf(kept, columns),
    ...keptText(statement.query, statement.queryText, columns, cx),
    dependsOn: directReads(bound),
    rowArrayType: kept?.rowArrayType ?? newOid(cx),
    rowType: kept?.rowType ?? newOid(cx),
    options: viewOptionTexts([...(statement.with ?? []), ...checkOption(statement)]),
  };
  cx.session.catalog.put(cx.transaction, completeView(view, cx));
  return { tag: 'CREATE VIEW' };
}

/** The query with all its names spelled out; as it was written only where it can't be printed. */
export function keptText(
  query: SelectStatement,
  written: string,
  columns: readonly ColumnDescriptor[],
  cx: UtilityContext,
): Pick<ViewDescriptor, 'queryText' | 'searchPath' | 'uses'> {
  const names = columns.map((column) => column.name);
  const kept = keptQuery(query, { ...cx.planner, catalog: catalogOf(cx) }, names);
  if (kept === undefined) return { queryText: written, searchPath: cx.session.searchPath(true) };
  const stored = { queryText: kept.text, searchPath: [SchemaName.pgCatalog] };
  const uses = [...kept.uses, ...neededKeys(query, { ...stored, columns }, cx)];
  return uses.length === 0 ? stored : { ...stored, uses };
}

/** The primary keys that let a query with GROUP BY show other columns of their tables. */
function neededKeys(query: SelectStatement, stored: StoredQuery, cx: UtilityContext): Oid[] {
  if (query.type !== 'select' || query.groupBy === undefined) return [];
  const catalog = catalogOf(cx);
  const bound = bindStatement(query, { ...cx.planner, catalog, paramTypes: [], isDefinition: true });
  return directReads(bound).flatMap((oid) => {
    const table = catalog.relationByOid(oid);
    const key = table?.kind === 'table' ? table.constraints.find(({ kind }) => kind === 'primary key') : undefined;
    return table?.kind === 'table' && key !== undefined && viewNeedsKey(stored, table, cx) ? [key.oid] : [];
  });
}

function checkOption({ checkOption: value }: UtilityStatement<'create view'>): readonly DefElement[] {
  return value === undefined ? [] : [{ name: 'check_option', value: { type: 'string', value } }];
}

/** The relations that its own query names: those behind a view that it reads are that view's business. */
export function directReads(bound: BoundStatement): readonly Oid[] {
  const named = bound.privileges.filter((privilege) => privilege.objectKind === 'table' && privilege.asRole === undefined);
  return [...new Set(named.map((privilege) => privilege.oid))];
}

const RECORD_ARRAY = 2287;

/** A view that is replaced keeps the privileges on its columns. */
function withAclsOf(kept: ViewDescriptor, columns: readonly ColumnDescriptor[]): readonly ColumnDescriptor[] {
  return columns.map((column, i) => {
    const acl = kept.columns[i]?.acl;
    return acl === undefined ? column : { ...column, acl };
  });
}

function refusePseudoTypes(columns: readonly ColumnDescriptor[]): void {
  for (const { name, type } of columns)
    if (type === TypeOid.record || type === RECORD_ARRAY)
      throw new SqlError(SqlState.invalidTableDefinition, `column "${name}" has pseudo-type ${formatType(type, -1)}`);
}

/** @throws SqlError 42701, 42601 */
export function viewColumns(columns: readonly ResultColumn[], names: readonly string[] | undefined): readonly ColumnDescriptor[] {
  if (names !== undefined && names.length > columns.length)
    throw new SqlError(SqlState.syntaxError, 'CREATE VIEW specifies more column names than columns');
  const seen = new Set<string>();
  return columns.map((column, i) => {
    const name = names?.[i] ?? column.name;
    if (seen.has(name)) throw new SqlError(SqlState.duplicateColumn, `column "${name}" specified more than once`);
    seen.add(name);
    const type = column.domain ?? (column.type === TypeOid.unknown ? TypeOid.text : column.type);
    return {
      number: i + 1,
      name,
      type,
      typmod: column.domain === undefined ? column.typmod : -1,
      notNull: false,
      ...(column.collation === undefined ? {} : { collation: column.collation }),
    };
  });
}

/** OR REPLACE may add columns at the end and nothing else. */
function requireReplaceable(before: RelationDescriptor, columns: readonly ColumnDescriptor[], cx: UtilityContext): void {
  if (before.kind !== 'view') throw new SqlError(SqlState.wrongObjectType, `"${before.name}" is not a view`);
  requireOwner(before, cx);
  if (columns.length < before.columns.length) throw new SqlError(SqlState.invalidTableDefinition, 'cannot drop columns from view');
  before.columns.forEach((old, i) => {
    const column = columns[i];
    if (column === undefined) return;
    if (column.name !== old.name)
      throw new SqlError(SqlState.invalidTableDefinition, `cannot change name of view column "${old.name}" to "${column.name}"`, {
        hint: 'Use ALTER VIEW ... RENAME COLUMN ... to change name of view column instead.',
      });
    const [before, after] = [old, column].map((each) => collationName(each, cx));
    if (column.type === old.type && column.typmod === old.typmod && before !== after)
      throw new SqlError(
        SqlState.invalidTableDefinition,
        `cannot change collation of view column "${old.name}" from "${before}" to "${after}"`,
      );
    if (column.type !== old.type || column.typmod !== old.typmod)
      throw new SqlError(
        SqlState.invalidTableDefinition,
        `cannot change data type of view column "${old.name}" from ${formatType(old.type, old.typmod)} to ${formatType(column.type, column.typmod)}`,
      );
  });
}

function collationName(column: ColumnDescriptor, cx: UtilityContext): string {
  const catalog = catalogOf(cx);
  const oid = column.collation ?? catalog.builtin.typeByOid(column.type)?.collation ?? 0;
  return collationsOf(catalog).find((collation) => collation.oid === oid)?.name ?? '';
}
