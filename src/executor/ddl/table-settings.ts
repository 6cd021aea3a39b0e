import type { ColumnDescriptor, IndexDescriptor, TableDescriptor } from '../../catalog/descriptors.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { TableAlteration } from '../../planner/parse/ast.js';
import { formatType } from '../../types/format-type.js';
import type { AlterTarget } from './alterations.js';
import type { UtilityContext } from './context.js';
import { catalogOf, findRelation, nameText } from './names.js';
import { notice } from './notices.js';
import { liveColumns, replaceColumn, type TableDraft } from './table-draft.js';

/** What ALTER TABLE says of how PostgreSQL stores, samples or copies a table: kept and shown, and nothing follows from it here. */

type Change<T, C = TableAlteration> = C extends { readonly type: infer Types } ? (T extends Types ? C : never) : never;

function columnNamed({ table }: TableDraft, name: string): ColumnDescriptor {
  const column = liveColumns(table).find((candidate) => candidate.name === name);
  if (column === undefined) {
    if (SYSTEM_COLUMNS.has(name)) throw new SqlError(SqlState.featureNotSupported, `cannot alter system column "${name}"`);
    throw new SqlError(SqlState.undefinedColumn, `column "${name}" of relation "${table.name}" does not exist`);
  }
  return column;
}

const SYSTEM_COLUMNS: ReadonlySet<string> = new Set(['tableoid', 'cmax', 'xmax', 'cmin', 'xmin', 'ctid']);

const MAX_STATISTICS = 10000;

/** -1: as default_statistics_target says. @throws SqlError 22023 */
export function statisticsTarget(value: number, cx: UtilityContext): number {
  if (value < -1) throw new SqlError(SqlState.invalidParameterValue, `statistics target ${value} is too low`);
  if (value <= MAX_STATISTICS) return value;
  cx.session.notice({
    severity: 'WARNING',
    code: SqlState.invalidParameterValue,
    message: `lowering statistics target to ${MAX_STATISTICS}`,
  });
  return MAX_STATISTICS;
}

export function setStatistics(target: AlterTarget, change: Change<'set statistics'>, cx: UtilityContext): void {
  if (change.column === undefined) throw new SqlError(SqlState.featureNotSupported, 'cannot refer to non-index column by number');
  const column = columnNamed(target.draft, change.column);
  const { statistics: _before, ...rest } = column;
  const value = statisticsTarget(change.value, cx);
  replaceColumn(target.draft, value === -1 ? rest : { ...rest, statistics: value });
}

/** n_distinct and n_distinct_inherited. @throws SqlError 22023 */
export function setAttributeOptions(target: AlterTarget, change: Change<'set attribute options'>): void {
  const column = columnNamed(target.draft, change.column);
  const { attributeOptions, ...rest } = column;
  const options = { ...attributeOptions };
  for (const { name, value } of change.options) {
    if (name !== 'n_distinct' && name !== 'n_distinct_inherited')
      throw new SqlError(SqlState.invalidParameterValue, `unrecognized parameter "${name}"`);
    if (change.type === 'reset attribute options') delete options[name];
    else options[name] = value !== undefined && 'value' in value ? String(value.value) : value?.type === 'numeric' ? value.text : '';
  }
  replaceColumn(target.draft, Object.keys(options).length === 0 ? rest : { ...rest, attributeOptions: options });
}

const STORAGES: Readonly<Record<string, NonNullable<ColumnDescriptor['storage']>>> = {
  plain: 'p',
  external: 'e',
  extended: 'x',
  main: 'm',
};

/** @throws SqlError 22023, 0A000 */
export function setStorage(target: AlterTarget, change: Change<'set storage'>, cx: UtilityContext): void {
  const storage = STORAGES[change.storage.toLowerCase()];
  if (storage === undefined) throw new SqlError(SqlState.invalidParameterValue, `invalid storage type "${change.storage}"`);
  const column = columnNamed(target.draft, change.column);
  const type = catalogOf(cx).builtin.typeByOid(column.type);
  if (storage !== 'p' && type !== undefined && type.length > 0)
    throw new SqlError(SqlState.featureNotSupported, `column data type ${formatType(column.type, -1)} can only have storage PLAIN`);
  replaceColumn(target.draft, { ...column, storage });
}

export function setCompression(target: AlterTarget, change: Change<'set compression'>, cx: UtilityContext): void {
  const column = columnNamed(target.draft, change.column);
  const { compression: _before, ...rest } = column;
  const type = catalogOf(cx).builtin.typeByOid(column.type);
  if (type !== undefined && type.length > 0)
    throw new SqlError(SqlState.featureNotSupported, `column data type ${formatType(column.type, -1)} does not support compression`);
  if (change.method === 'default') replaceColumn(target.draft, rest);
  else if (change.method === 'pglz' || change.method === 'lz4') replaceColumn(target.draft, { ...rest, compression: change.method });
  else throw new SqlError(SqlState.invalidParameterValue, `invalid compression method "${change.method}"`);
}

/** @throws SqlError 42704, 42809 */
function indexOf(table: TableDescriptor, name: string, cx: UtilityContext): IndexDescriptor {
  const index = catalogOf(cx).relation(table.schema, name);
  if (index === undefined) throw new SqlError(SqlState.undefinedObject, `index "${name}" for table "${table.name}" does not exist`);
  if (index.kind !== 'index' || index.table !== table.oid)
    throw new SqlError(SqlState.wrongObjectType, `"${name}" is not an index for table "${table.name}"`);
  return index;
}

export function clusterOn(target: AlterTarget, change: Change<'cluster on'>, cx: UtilityContext): void {
  const { table } = target.draft;
  if (table.partitionKey !== undefined) throw new SqlError(SqlState.wrongObjectType, 'cannot mark index clustered in partitioned table');
  const index = indexOf(table, change.index, cx);
  if (index.predicateText !== undefined)
    throw new SqlError(SqlState.featureNotSupported, `cannot cluster on partial index "${index.name}"`);
  if (index.method !== 'btree')
    throw new SqlError(
      SqlState.featureNotSupported,
      `cannot cluster on index "${index.name}" because access method does not support clustering`,
    );
  target.draft.table = { ...table, clusteredOn: index.oid };
}

export function withoutCluster(target: AlterTarget): void {
  const { clusteredOn: _on, ...table } = target.draft.table;
  if (table.partitionKey !== undefined) throw new SqlError(SqlState.wrongObjectType, 'cannot mark index clustered in partitioned table');
  target.draft.table = table;
}

/** SET LOGGED and UNLOGGED: all rows are logged anyway. @throws SqlError 42P16 */
export function setPersistence(target: AlterTarget, change: Change<'persistence'>, cx: UtilityContext): void {
  const { table } = target.draft;
  const to = change.logged ? 'permanent' : 'unlogged';
  if (table.persistence === 'temporary')
    throw new SqlError(SqlState.invalidTableDefinition, `cannot change logged status of table "${table.name}" because it is temporary`, {
      table: table.name,
    });
  if (table.persistence === to) return;
  const refuse = (message: string) => new SqlError(SqlState.invalidTableDefinition, message, { table: table.name });
  if (to === 'permanent') {
    for (const constraint of table.constraints) {
      if (constraint.kind !== 'foreign key' || constraint.referencedTable === table.oid) continue;
      const other = catalogOf(cx).relationByOid(constraint.referencedTable);
      if (other?.kind === 'table' && other.persistence === 'unlogged')
        throw refuse(`could not change table "${table.name}" to logged because it references unlogged table "${other.name}"`);
    }
  } else {
    const other = catalogOf(cx)
      .referencingTables(table.oid)
      .find(({ oid, persistence }) => oid !== table.oid && persistence === 'permanent');
    if (other !== undefined)
      throw refuse(`could not change table "${table.name}" to unlogged because it references logged table "${other.name}"`);
  }
  target.draft.table = { ...table, persistence: to };
  target.draft.sequences.forEach((sequence, i) => {
    target.draft.sequences[i] = { ...sequence, persistence: to };
  });
  for (const index of catalogOf(cx).indexesOf(table.oid)) cx.session.catalog.put(cx.transaction, { ...index, persistence: to });
  for (const column of liveColumns(table))
    for (const oid of [column.ownedSequence, column.identity?.sequence]) {
      const sequence = oid === undefined ? undefined : catalogOf(cx).relationByOid(oid);
      if (sequence?.kind === 'sequence') cx.session.catalog.put(cx.transaction, { ...sequence, persistence: to });
    }
}

/** @throws SqlError 42704 */
export function setAccessMethod(_target: AlterTarget, change: Change<'access method'>): void {
  if (change.name !== 'heap') throw new SqlError(SqlState.undefinedObject, `access method "${change.name}" does not exist`);
}

export function setTablespace(_target: AlterTarget, change: Change<'tablespace'>): void {
  if (change.name !== 'pg_default') throw new SqlError(SqlState.undefinedObject, `tablespace "${change.name}" does not exist`);
}

/** @throws SqlError 42704, 42809 */
export function setReplicaIdentity(target: AlterTarget, change: Change<'replica identity'>, cx: UtilityContext): void {
  const { replicaIdentity: _before, replicaIdentityIndex: _index, ...table } = target.draft.table;
  if (change.index === undefined) {
    target.draft.table = change.identity === 'd' ? table : { ...table, replicaIdentity: change.identity };
    return;
  }
  const index = indexOf(table, change.index, cx);
  const refuse = (why: string) => new SqlError(SqlState.wrongObjectType, why);
  if (!index.unique) throw refuse(`cannot use non-unique index "${index.name}" as replica identity`);
  if (index.deferrable === true) throw refuse(`cannot use non-immediate index "${index.name}" as replica identity`);
  if (index.columns.some(({ column }) => column === 0))
    throw new SqlError(SqlState.featureNotSupported, `cannot use expression index "${index.name}" as replica identity`);
  if (index.predicateText !== undefined)
    throw new SqlError(SqlState.featureNotSupported, `cannot use partial index "${index.name}" as replica identity`);
  const nullable = index.columns.map(({ column }) => table.columns[column - 1]).find((column) => column?.notNull === false);
  if (nullable !== undefined)
    throw refuse(`index "${index.name}" cannot be used as replica identity because column "${nullable.name}" is nullable`);
  target.draft.table = { ...table, replicaIdentity: 'i', replicaIdentityIndex: index.oid };
}

/** OF type: the columns are the type's from now on. @throws SqlError 42804, 42809 */
export function setTypeOf(target: AlterTarget, change: Change<'of'>, cx: UtilityContext): void {
  const { table } = target.draft;
  const type = findRelation(change.typeName, cx);
  if (type.kind !== 'composite') throw new SqlError(SqlState.wrongObjectType, `type ${nameText(change.typeName)} is not a composite type`);
  if (table.parents !== undefined && table.parents.length > 0) throw new SqlError(SqlState.wrongObjectType, 'typed tables cannot inherit');
  const own = liveColumns(table);
  const wanted = type.columns.filter((column) => column.dropped !== true);
  const refuse = (message: string) => new SqlError(SqlState.datatypeMismatch, message);
  wanted.forEach((attribute, i) => {
    const column = own[i];
    if (column === undefined) throw refuse(`table is missing column "${attribute.name}"`);
    if (column.name !== attribute.name) throw refuse(`table has column "${column.name}" where type requires "${attribute.name}"`);
    if (column.type !== attribute.type || column.typmod !== attribute.typmod || (column.collation ?? 0) !== (attribute.collation ?? 0))
      throw refuse(`table "${table.name}" has different type for column "${column.name}"`);
  });
  const extra = own[wanted.length];
  if (extra !== undefined) throw refuse(`table has extra column "${extra.name}"`);
  target.draft.table = { ...table, ofType: type.rowType };
}

export function notOfType(target: AlterTarget): void {
  const { ofType, ...table } = target.draft.table;
  if (ofType === undefined) throw new SqlError(SqlState.wrongObjectType, `"${table.name}" is not a typed table`);
  target.draft.table = table;
}

/** DROP EXPRESSION: values that were generated stay as they are. @throws SqlError 55000 */
export function dropExpression(target: AlterTarget, change: Change<'drop expression'>, cx: UtilityContext): void {
  const column = columnNamed(target.draft, change.column);
  const { generatedText, ...rest } = column;
  if (generatedText === undefined) {
    const message = `column "${column.name}" of relation "${target.draft.table.name}" is not a stored generated column`;
    if (change.ifExists !== true) throw new SqlError(SqlState.objectNotInPrerequisiteState, message);
    notice(cx, `${message}, skipping`);
    return;
  }
  replaceColumn(target.draft, rest);
}

/** @returns whether rows have to be looked at @throws SqlError 42704, 42809 */
export function validateConstraint({ draft }: AlterTarget, change: Change<'validate constraint'>): boolean {
  const { table } = draft;
  const constraint = table.constraints.find(({ name }) => name === change.name);
  if (constraint === undefined)
    throw new SqlError(SqlState.undefinedObject, `constraint "${change.name}" of relation "${table.name}" does not exist`);
  if (constraint.kind !== 'check' && constraint.kind !== 'foreign key')
    throw new SqlError(
      SqlState.wrongObjectType,
      `constraint "${change.name}" of relation "${table.name}" is not a foreign key or check constraint`,
    );
  if (constraint.validated) return false;
  const validated = { ...constraint, validated: true };
  draft.table = { ...table, constraints: table.constraints.map((other) => (other === constraint ? validated : other)) };
  return true;
}
