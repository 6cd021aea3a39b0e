import type { IndexDescriptor, KeyConstraint } from '../../catalog/descriptors.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { TableConstraint } from '../../planner/parse/ast.js';
import { deferralOf } from './constraints.js';
import type { UtilityContext } from './context.js';
import { catalogOf } from './names.js';
import { notice } from './notices.js';
import { addConstraint, newOid, replaceColumn, type TableDraft } from './table-draft.js';

type Key = Extract<TableConstraint, { type: 'primary key' | 'unique' }>;

/** ADD CONSTRAINT … USING INDEX: an index that is there becomes a key's. @throws SqlError 42704, 42809, 55000 */
export function addKeyOfIndex(draft: TableDraft, key: Key, indexName: string, cx: UtilityContext): void {
  const { table } = draft;
  const catalog = catalogOf(cx);
  const primary = key.type === 'primary key';
  if (primary && table.constraints.some(({ kind }) => kind === 'primary key'))
    throw new SqlError(SqlState.invalidTableDefinition, `multiple primary keys for table "${table.name}" are not allowed`);
  const index = catalog.relation(table.schema, indexName);
  if (index === undefined)
    throw new SqlError(SqlState.undefinedObject, `index "${indexName}" does not exist`, { position: key._location?.start });
  if (index.kind !== 'index') throw new SqlError(SqlState.wrongObjectType, `"${indexName}" is not an index`);
  requireUsable(index, table.oid, table.name, key._location?.start);
  const columns = index.columns.flatMap(({ column }) => table.columns[column - 1] ?? []);
  if (primary) for (const column of columns) if (!column.notNull) replaceColumn(draft, { ...column, notNull: true });
  const name = key.name ?? indexName;
  if (name !== indexName) {
    notice(cx, `ALTER TABLE / ADD CONSTRAINT USING INDEX will rename index "${indexName}" to "${name}"`);
    if (catalog.relation(table.schema, name) !== undefined)
      throw new SqlError(SqlState.duplicateTable, `relation "${name}" already exists`);
  }
  if (table.constraints.some((constraint) => constraint.name === name))
    throw new SqlError(SqlState.duplicateObject, `constraint "${name}" for relation "${table.name}" already exists`);
  const constraint: KeyConstraint = {
    kind: key.type,
    oid: newOid(cx),
    name,
    columns: index.columns.map(({ column }) => column),
    index: index.oid,
    ...deferralOf(key),
  };
  addConstraint(draft, constraint);
  cx.session.catalog.put(cx.transaction, { ...index, name, primary, constraint: constraint.oid });
}

const CANNOT = { detail: 'Cannot create a primary key or unique constraint using such an index.' };

function requireUsable(index: IndexDescriptor, table: number, tableName: string, position: number | undefined): void {
  const { name } = index;
  if (index.constraint !== undefined)
    throw new SqlError(SqlState.objectNotInPrerequisiteState, `index "${name}" is already associated with a constraint`, { position });
  if (index.table !== table)
    throw new SqlError(SqlState.objectNotInPrerequisiteState, `index "${name}" does not belong to table "${tableName}"`, { position });
  const refuse = (message: string) => new SqlError(SqlState.wrongObjectType, message, { ...CANNOT, position });
  if (!index.unique) throw refuse(`"${name}" is not a unique index`);
  if (index.columns.some(({ column }) => column === 0)) throw refuse(`index "${name}" contains expressions`);
  if (index.predicateText !== undefined) throw refuse(`"${name}" is a partial index`);
  const unusual = index.columns.findIndex(({ descending, nullsFirst }) => descending || nullsFirst);
  if (unusual !== -1) throw refuse(`index "${name}" column number ${unusual + 1} does not have default sorting behavior`);
}
