import type { SchemaDescriptor, TableDescriptor } from '../../catalog/descriptors.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { SchemaName } from '../../commons/system-names.js';
import type { ColumnDef, DefElement, QName, TableConstraint } from '../../planner/parse/ast.js';
import { isPartitioned } from '../access/index.js';
import { addColumn, addColumnConstraints, duplicateColumn, requireColumnType } from './columns.js';
import { addCheck, addForeignKey, addKey, lockReferenced } from './constraints.js';
import type { UtilityContext, UtilityResult, UtilityStatement } from './context.js';
import { copyLike, findLike } from './create-table-like.js';
import { addExclusion } from './exclusion.js';
import { addKeyOfIndex } from './index-constraint.js';
import { mergeParents } from './inherit/merge-parents.js';
import { addPartitionParts, boundBeside, checkDefaultOf } from './inherit/new-partition.js';
import { addColumnsOfType, mergeOwnColumn, refineColumn, requireDefaults } from './inherit/own-columns.js';
import { findParents, optionsUnder, requireSameTableType } from './inherit/parents.js';
import { partitionKeyOf } from './inherit/partition-key.js';
import { catalogOf, creationSchema, lockName, refuseOtherDatabase, requireFreeName } from './names.js';
import { skipping } from './notices.js';
import { initialPrivileges } from './privileges/default-privileges.js';
import { newOid, putDraft, type TableDraft } from './table-draft.js';
import { tableOptions } from './table-options.js';

export async function createTable(statement: UtilityStatement<'create table'>, cx: UtilityContext): Promise<UtilityResult> {
  const parents = await findParents(statement, cx);
  const draft = await beginTable({ ...statement, with: optionsUnder(parents, statement.with ?? []) }, cx, () => {
    for (const column of statement.columns) {
      if (column.type === 'like') findLike(column.table, cx);
      else requireColumnType(column, cx);
    }
  });
  if (draft === undefined) return { tag: 'CREATE TABLE' };
  for (const parent of parents) requireSameTableType(draft.table, parent);
  const conflicting = parents.length === 0 ? undefined : mergeParents(draft, parents, cx);
  if (statement.ofType !== undefined) addColumnsOfType(draft, statement.ofType, cx);
  for (const column of statement.columns) if (column.type !== 'like') await lockReferenced(column.constraints, cx);
  await lockReferenced(statement.constraints, cx);
  const definitions: ColumnDef[] = [];
  for (const column of statement.columns) {
    if (column.type === 'like') copyLike(draft, column, cx);
    // A dump of all users' rows names it in partitions; every user table has it.
    else if (column.name === '_user_id' && isPartitioned(draft.table)) continue;
    else {
      if (!mergeOwnColumn(draft, column, definitions.length + 1, cx)) addColumn(draft, column, cx);
      definitions.push(column);
    }
  }
  for (const options of statement.columnOptions ?? []) {
    if (definitions.some(({ name }) => name === options.name)) throw duplicateColumn(draft, options.name);
    definitions.push(refineColumn(draft, options, cx));
  }
  if (conflicting !== undefined) requireDefaults(draft.table, conflicting);
  const [parent] = statement.bound === undefined ? [] : parents;
  if (parent !== undefined && statement.bound !== undefined)
    draft.table = { ...draft.table, ...(await boundBeside(draft.table.name, parent, statement.bound, cx)) };
  if (statement.partitionBy !== undefined)
    draft.table = { ...draft.table, partitionKey: partitionKeyOf(draft.table, statement.partitionBy, cx) };
  addConstraints(draft, definitions, statement.constraints, cx);
  if (parent !== undefined) addPartitionParts(draft, parent, cx);
  putDraft(draft, cx);
  if (parent !== undefined) await checkDefaultOf(parent, cx);
  return { tag: 'CREATE TABLE' };
}

interface NewTable {
  readonly name: QName;
  readonly persistence?: 'temporary' | 'unlogged';
  readonly onCommit?: 'preserve rows' | 'delete rows' | 'drop';
  readonly ifNotExists?: true;
  readonly with?: readonly DefElement[];
}

/** Checks and locks the name and makes an empty draft. @param checkParts what is looked at before the name is @returns undefined when IF NOT EXISTS found it */
export async function beginTable(
  statement: NewTable,
  cx: UtilityContext,
  checkParts: () => void = () => undefined,
): Promise<TableDraft | undefined> {
  const temporary = statement.persistence === 'temporary' || statement.name.schema === SchemaName.temporary;
  if (statement.onCommit !== undefined && !temporary)
    throw new SqlError(SqlState.invalidTableDefinition, 'ON COMMIT can only be used on temporary tables');
  refuseOtherDatabase(statement.name, cx, statement.name._location?.start);
  const schema = creationSchema(statement.name, temporary, cx, statement.name._location?.start);
  const { name } = statement.name;
  await lockName('relation', `${schema.oid} ${name}`, cx);
  if (statement.ifNotExists === true && catalogOf(cx).relation(schema.oid, name) !== undefined) {
    skipping(cx, `relation "${name}"`, SqlState.duplicateTable);
    return undefined;
  }
  checkParts();
  requireFreeName(schema, name, cx);
  return { table: emptyTable(statement, schema, temporary, cx), schema, indexes: [], sequences: [] };
}

function emptyTable(statement: NewTable, schema: SchemaDescriptor, temporary: boolean, cx: UtilityContext): TableDescriptor {
  const storage = cx.session.catalog.allocateStorage();
  cx.transaction.noteFresh(storage);
  return {
    kind: 'table',
    oid: newOid(cx),
    name: statement.name.name,
    owner: cx.session.currentRole,
    ...initialPrivileges('table', cx.session.currentRole, schema.oid, cx),
    schema: schema.oid,
    persistence: temporary ? 'temporary' : (statement.persistence ?? 'permanent'),
    storage,
    columns: [],
    constraints: [],
    rowArrayType: newOid(cx),
    rowType: newOid(cx),
    ...tableOptions(statement.with ?? [], temporary, cx),
    ...(statement.onCommit === 'drop' || statement.onCommit === 'delete rows' ? { onCommit: statement.onCommit } : {}),
  };
}

/** Keys before foreign keys, which may lean on them. */
function addConstraints(
  draft: TableDraft,
  columns: readonly ColumnDef[],
  constraints: readonly TableConstraint[],
  cx: UtilityContext,
): void {
  for (const constraint of constraints)
    if (constraint.type === 'primary key' || constraint.type === 'unique') addTableConstraint(draft, constraint, cx);
  const foreign = (definition: ColumnDef, is: boolean): ColumnDef => ({
    ...definition,
    constraints: definition.constraints.filter((constraint) => (constraint.type === 'references') === is),
  });
  for (const column of columns) addColumnConstraints(draft, foreign(column, false), cx);
  for (const constraint of constraints)
    if (constraint.type === 'check' || constraint.type === 'exclude') addTableConstraint(draft, constraint, cx);
  for (const column of columns) addColumnConstraints(draft, foreign(column, true), cx);
  for (const constraint of constraints) if (constraint.type === 'foreign key') addTableConstraint(draft, constraint, cx);
}

export function addTableConstraint(draft: TableDraft, constraint: TableConstraint, cx: UtilityContext): void {
  switch (constraint.type) {
    case 'primary key':
    case 'unique':
      if (constraint.usingIndex !== undefined) addKeyOfIndex(draft, constraint, constraint.usingIndex, cx);
      else addKey(draft, constraint, cx);
      return;
    case 'check':
      addCheck(draft, constraint, cx);
      return;
    case 'foreign key':
      addForeignKey(draft, constraint, cx);
      return;
    case 'exclude':
      addExclusion(draft, constraint, cx);
      return;
  }
}
