import type { IndexDescriptor, TableDescriptor } from '../../catalog/descriptors.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { inheritors } from '../../planner/partitions/descendants.js';
import { buildIndex } from '../bulk/index.js';
import type { UtilityContext, UtilityResult, UtilityStatement } from './context.js';
import { catalogOf, findRelation, findSchema, lockRelation, ownedBy, requireOwner } from './names.js';

/** REINDEX of an index, a table, a schema or the database: indexes are built anew into storage of their own. */
export async function reindex(statement: UtilityStatement<'reindex'>, cx: UtilityContext): Promise<UtilityResult> {
  for (const index of indexesOf(statement, cx)) {
    await lockRelation(index.table, cx, 'SHARE');
    await rebuild(index.oid, cx);
  }
  return { tag: 'REINDEX' };
}

function indexesOf({ objectType, name }: UtilityStatement<'reindex'>, cx: UtilityContext): readonly IndexDescriptor[] {
  const catalog = catalogOf(cx);
  const ofTables = (tables: readonly TableDescriptor[]) => tables.flatMap((table) => catalog.indexesOf(table.oid));
  const all = [...catalog.relations()].filter((relation) => relation.kind === 'table' && ownedBy(relation.owner, cx));
  const tables = all.filter((relation) => relation.kind === 'table');
  if (name === undefined || objectType === 'database' || objectType === 'system') {
    if (name !== undefined && name.name !== cx.session.database.name)
      throw new SqlError(SqlState.featureNotSupported, 'can only reindex the currently open database');
    return ofTables(tables);
  }
  if (objectType === 'schema') {
    const schema = findSchema(name.name, cx);
    return ofTables(tables.filter((table) => table.schema === schema.oid));
  }
  const relation = findRelation(name, cx);
  requireOwner(relation, cx);
  if (objectType === 'index') {
    if (relation.kind !== 'index') throw new SqlError(SqlState.wrongObjectType, `"${relation.name}" is not an index`);
    return [relation];
  }
  if (relation.kind !== 'table') throw new SqlError(SqlState.wrongObjectType, `"${relation.name}" is not a table or materialized view`);
  return ofTables(inheritors(relation, catalog));
}

async function rebuild(oid: number, cx: UtilityContext): Promise<void> {
  const index = catalogOf(cx).relationByOid(oid);
  const table = index?.kind === 'index' ? catalogOf(cx).relationByOid(index.table) : undefined;
  // The table itself is the index of its row key, and a partitioned table's has no entries.
  if (index?.kind !== 'index' || table?.kind !== 'table' || index.clustered || table.partitionKey !== undefined) return;
  for (const space of cx.access.indexSpaces(table, index)) cx.transaction.dropSpace(space);
  const rebuilt = { ...index, storage: cx.session.catalog.allocateStorage() };
  cx.session.catalog.put(cx.transaction, rebuilt);
  await buildIndex(table, rebuilt, cx);
}

/** CLUSTER: which index it is by is kept; rows lie in the order of their key anyway. @throws SqlError 42704, 42809 */
export async function cluster(statement: UtilityStatement<'cluster'>, cx: UtilityContext): Promise<UtilityResult> {
  const tag = 'CLUSTER';
  if (statement.table === undefined) return { tag };
  const table = findRelation(statement.table, cx);
  if (table.kind !== 'table') throw new SqlError(SqlState.wrongObjectType, `"${table.name}" is not a table or materialized view`);
  requireOwner(table, cx);
  await lockRelation(table.oid, cx);
  if (statement.index === undefined) {
    if (table.clusteredOn === undefined)
      throw new SqlError(SqlState.undefinedObject, `there is no previously clustered index for table "${table.name}"`);
    return { tag };
  }
  const index = catalogOf(cx).relation(table.schema, statement.index);
  if (index === undefined)
    throw new SqlError(SqlState.undefinedObject, `index "${statement.index}" for table "${table.name}" does not exist`);
  if (index.kind !== 'index' || index.table !== table.oid)
    throw new SqlError(SqlState.wrongObjectType, `"${statement.index}" is not an index for table "${table.name}"`);
  const now = catalogOf(cx).relationByOid(table.oid);
  if (now?.kind === 'table') cx.session.catalog.put(cx.transaction, { ...now, clusteredOn: index.oid });
  return { tag };
}
