import type { TableDescriptor, TableType } from '../../../catalog/descriptors.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { CreateTableStatement, DefElement, QName } from '../../../planner/parse/ast.js';
import type { UtilityContext } from '../context.js';
import { catalogOf, findRelation, kindWord, lockRelation, requireOwner } from '../names.js';

/** The parents of a table that is about to be made, locked. @throws SqlError 42809, 42P07, 42501 */
export async function findParents(statement: CreateTableStatement, cx: UtilityContext): Promise<readonly TableDescriptor[]> {
  const parents: TableDescriptor[] = [];
  const isPartition = statement.bound !== undefined;
  const isTemporary = statement.persistence === 'temporary' || statement.name.schema === 'pg_temp';
  for (const name of statement.inherits ?? []) {
    const parent = await lockedParent(name, cx);
    if (isPartition) requirePartitioned(parent);
    else requireInheritable(parent);
    if (parents.some((other) => other.oid === parent.oid))
      throw new SqlError(SqlState.duplicateTable, `relation "${parent.name}" would be inherited from more than once`);
    if (parent.persistence === 'temporary' && !isTemporary)
      throw new SqlError(
        SqlState.wrongObjectType,
        isPartition
          ? `cannot create a permanent relation as partition of temporary relation "${parent.name}"`
          : `cannot inherit from temporary relation "${parent.name}"`,
      );
    if (isPartition && parent.persistence !== 'temporary' && isTemporary)
      throw new SqlError(
        SqlState.wrongObjectType,
        `cannot create a temporary relation as partition of permanent relation "${parent.name}"`,
      );
    parents.push(parent);
  }
  if (parents.length > 0 && !isPartition && statement.partitionBy !== undefined)
    throw new SqlError(SqlState.invalidObjectDefinition, 'cannot create partitioned table as inheritance child');
  return parents;
}

async function lockedParent(name: QName, cx: UtilityContext): Promise<TableDescriptor> {
  const found = findRelation(name, cx);
  if (found.kind !== 'table')
    throw new SqlError(SqlState.wrongObjectType, `inherited relation "${found.name}" is not a table or foreign table`);
  requireOwner(found, cx);
  await lockRelation(found.oid, cx, 'SHARE UPDATE EXCLUSIVE');
  const now = catalogOf(cx).relationByOid(found.oid);
  if (now?.kind !== 'table') throw new SqlError(SqlState.undefinedTable, `relation "${name.name}" does not exist`);
  return now;
}

function requirePartitioned(parent: TableDescriptor): void {
  if (parent.partitionKey === undefined) throw new SqlError(SqlState.invalidObjectDefinition, `"${parent.name}" is not partitioned`);
}

function requireInheritable(parent: TableDescriptor): void {
  if (parent.partitionKey !== undefined)
    throw new SqlError(SqlState.wrongObjectType, `cannot inherit from partitioned ${kindWord(parent)} "${parent.name}"`);
  if (parent.partitionBound !== undefined) throw new SqlError(SqlState.wrongObjectType, `cannot inherit from partition "${parent.name}"`);
}

/** WITH of a child: its type, and how long a stream's rows live, are its parent's unless they are given. */
export function optionsUnder(parents: readonly TableDescriptor[], given: readonly DefElement[]): readonly DefElement[] {
  const [parent] = parents;
  if (parent === undefined || parent.tableType === 'shared') return given;
  const has = (name: string) => given.some((option) => option.name === name);
  const added: DefElement[] = [];
  if (!has('type')) added.push({ name: 'type', value: { type: 'string', value: parent.tableType } });
  const ttl = parent.options.ttl;
  if (parent.tableType === 'stream' && !has('ttl') && ttl !== undefined) added.push({ name: 'ttl', value: { type: 'string', value: ttl } });
  return [...given, ...added];
}

/** All tables of a tree are of one type: rows of a user table must not show in a shared one, nor the other way round. @throws SqlError 42P16 */
export function requireSameTableType(child: { readonly name: string; readonly tableType: TableType }, parent: TableDescriptor): void {
  if (child.tableType === parent.tableType) return;
  throw new SqlError(
    SqlState.invalidTableDefinition,
    `table "${child.name}" cannot be a child of table "${parent.name}": one is a ${child.tableType} table, the other a ${parent.tableType} table`,
    { hint: 'All tables of an inheritance tree have the same type.' },
  );
}
