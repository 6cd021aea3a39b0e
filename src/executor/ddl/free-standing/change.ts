import type { FreeStandingDescriptor } from '../../../catalog/descriptors.js';
import { typeRecord } from '../../../catalog/made-types.js';
import type { Oid } from '../../../commons/ids.js';
import { notSupported, SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { QName } from '../../../planner/parse/ast.js';
import type { UtilityContext, UtilityResult, UtilityStatement } from '../context.js';
import { catalogOf, describeRelation, nameText } from '../names.js';
import { notice } from '../notices.js';
import { type FreeStandingType, findFreeStanding, isFreeStandingType, lookUpFreeStanding, WORDS } from './find.js';

/** COMMENT ON, RENAME, OWNER TO and SET SCHEMA change the descriptor alone. @throws SqlError 42710 */
export async function changeFreeStanding(
  type: FreeStandingType,
  name: QName,
  change: { readonly name?: string; readonly owner?: Oid; readonly schema?: Oid; readonly comment?: string | undefined },
  cx: UtilityContext,
): Promise<void> {
  const before: FreeStandingDescriptor = await findFreeStanding(type, name, cx);
  if (change.name !== undefined || change.schema !== undefined) {
    const place = change.schema ?? ('schema' in before ? before.schema : undefined);
    const own = catalogOf(cx).freeStanding(before.kind);
    const isTaken = own.some(
      (other) => other.name === (change.name ?? before.name) && ('schema' in other ? other.schema : undefined) === place,
    );
    if (isTaken) throw taken(type, change.name ?? before.name, place, cx);
  }
  const { comment: _before, ...rest } = before;
  const comment = 'comment' in change ? change.comment : before.comment;
  const { comment: _wanted, ...others } = change;
  cx.session.catalog.put(cx.transaction, { ...rest, ...others, ...(comment ? { comment } : {}) });
}

function taken(type: FreeStandingType, name: string, schema: Oid | undefined, cx: UtilityContext): SqlError {
  const where = schema === undefined ? '' : ` in schema "${catalogOf(cx).schemaByOid(schema)?.name ?? ''}"`;
  const encoding = type === 'collation' ? ' for encoding "UTF8"' : '';
  return new SqlError(SqlState.duplicateObject, `${WORDS[type]} "${name}"${encoding} already exists${where}`);
}

export async function dropFreeStanding(statement: UtilityStatement<'drop'>, cx: UtilityContext): Promise<UtilityResult> {
  const type = statement.objectType;
  if (!isFreeStandingType(type)) throw notSupported(`DROP ${type.toUpperCase()}`);
  for (const name of statement.names) {
    if (statement.ifExists === true && isMissing(type, name, cx)) continue;
    const found: FreeStandingDescriptor = await findFreeStanding(type, name, cx);
    if (found.kind === 'collation') requireUnused(found.oid, nameText(name), statement.cascade === true, cx);
    cx.session.catalog.remove(cx.transaction, found.kind, found.oid);
  }
  return { tag: `DROP ${type.toUpperCase()}` };
}

function isMissing(type: FreeStandingType, name: QName, cx: UtilityContext): boolean {
  if (name.schema !== undefined && catalogOf(cx).schema(name.schema) === undefined) {
    notice(cx, `schema "${name.schema}" does not exist, skipping`);
    return true;
  }
  if (lookUpFreeStanding(type, name, cx) !== undefined) return false;
  notice(cx, `${WORDS[type]} "${nameText(name)}" does not exist, skipping`);
  return true;
}

/** @throws SqlError 2BP01 */
function requireUnused(collation: Oid, name: string, cascade: boolean, cx: UtilityContext): void {
  const lines = usesOfCollation(collation, cx).map((what) => `${what} depends on collation ${name}`);
  if (lines.length === 0) return;
  if (cascade) throw notSupported('DROP COLLATION … CASCADE of a collation that is in use');
  throw new SqlError(SqlState.dependentObjectsStillExist, `cannot drop collation ${name} because other objects depend on it`, {
    detail: lines.join('\n'),
    hint: 'Use DROP ... CASCADE to drop the dependent objects too.',
  });
}

function usesOfCollation(collation: Oid, cx: UtilityContext): readonly string[] {
  const catalog = catalogOf(cx);
  const uses: string[] = [];
  for (const relation of catalog.relations()) {
    if (relation.kind === 'index' && relation.columns.some((column) => column.collation === collation))
      uses.push(describeRelation(relation, cx));
    if (relation.kind !== 'table' && relation.kind !== 'view' && relation.kind !== 'composite') continue;
    for (const column of relation.columns)
      if (column.collation === collation && column.dropped !== true)
        uses.push(`column ${column.name} of ${describeRelation(relation, cx)}`);
  }
  for (const type of catalog.types())
    if ('collation' in type && type.collation === collation) uses.push(`type ${typeRecord(catalog, type.oid)?.name ?? type.name}`);
  return uses;
}

/** A table goes: so do the statistics over it, and its place in publications. */
export function forgetTable(table: Oid, cx: UtilityContext): void {
  const catalog = catalogOf(cx);
  const { session, transaction } = cx;
  for (const { kind, oid, table: of } of catalog.freeStanding('extended statistics'))
    if (of === table) session.catalog.remove(transaction, kind, oid);
  for (const publication of catalog.freeStanding('publication'))
    if (publication.tables.some((published) => published.table === table))
      session.catalog.put(transaction, { ...publication, tables: publication.tables.filter((published) => published.table !== table) });
}

/** A column goes: so do the statistics over it. */
export function forgetColumn(table: Oid, column: number, cx: UtilityContext): void {
  for (const { kind, oid, table: of, columns } of catalogOf(cx).freeStanding('extended statistics'))
    if (of === table && columns.includes(column)) cx.session.catalog.remove(cx.transaction, kind, oid);
}

/** A schema goes: so does its place in publications. */
export function forgetSchema(schema: Oid, cx: UtilityContext): void {
  for (const publication of catalogOf(cx).freeStanding('publication'))
    if (publication.schemas.some((published) => published.schema === schema))
      cx.session.catalog.put(cx.transaction, {
        ...publication,
        schemas: publication.schemas.filter((published) => published.schema !== schema),
      });
}
