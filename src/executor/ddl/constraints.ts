import { mayUseColumns } from '../../catalog/column-privileges.js';
import type { ColumnDescriptor, ForeignKeyConstraint, IndexDescriptor, KeyConstraint, TableDescriptor } from '../../catalog/descriptors.js';
import { Privilege } from '../../catalog/descriptors.js';
import type { Oid } from '../../commons/ids.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { walkExpression } from '../../planner/bind/tree/walk.js';
import type { Deferral, Expr, Node, QName, References } from '../../planner/parse/ast.js';
import { TypeOid } from '../../types/oids.js';
import type { UtilityContext } from './context.js';
import { indexColumn } from './index-columns.js';
import { mergeOwnCheck } from './inherit/merge-parents.js';
import { requirePartitionColumns } from './inherit/partition-indexes.js';
import { catalogOf, findRelation, lockRelation, lookUpRelation, requirePlainTable } from './names.js';
import { bindOverTable } from './scalar.js';
import {
  addConstraint,
  findColumn,
  freeConstraintName,
  newOid,
  replaceColumn,
  requireFreeConstraintName,
  type TableDraft,
} from './table-draft.js';
import { typeText } from './types/type-text.js';

/** Constraints as CREATE TABLE and ALTER TABLE add them to a draft. What existing rows need (checks, building) is the caller's part. */

interface KeyOptions extends Deferral, Node {
  readonly type: 'primary key' | 'unique';
  readonly name?: string;
  readonly columns: readonly string[];
  readonly including?: readonly string[];
  readonly nullsNotDistinct?: true;
}

/**
 * PRIMARY KEY and UNIQUE. A primary key becomes the row key, so that its index is the table itself; not a deferrable one, since two rows may
 * have the same for a while.
 * @throws SqlError 42P16, 42701, 42703, 42704
 */
export function addKey(draft: TableDraft, key: KeyOptions, cx: UtilityContext): IndexDescriptor {
  const primary = key.type === 'primary key';
  if (primary && draft.table.constraints.some((constraint) => constraint.kind === 'primary key'))
    throw new SqlError(SqlState.invalidTableDefinition, `multiple primary keys for table "${draft.table.name}" are not allowed`, {
      // ALTER TABLE finds it after parsing, and points nowhere.
      position: catalogOf(cx).relationByOid(draft.table.oid) === undefined ? key._location?.start : undefined,
    });
  const isNew = catalogOf(cx).relationByOid(draft.table.oid) === undefined;
  const columns = keyColumns(draft.table, key.columns, primary, isNew, key._location?.start);
  requirePartitionColumns(
    draft.table,
    columns.map((column) => column.number),
    primary ? 'PRIMARY KEY' : 'UNIQUE',
  );
  if (primary) for (const column of columns) if (!column.notNull) replaceColumn(draft, { ...column, notNull: true });
  const name =
    key.name ?? freeConstraintName(draft, primary ? [] : [...key.columns, ...(key.including ?? [])], primary ? 'pkey' : 'key', cx);
  requireFreeConstraintName(draft, name, true, cx);
  const numbers = columns.map((column) => column.number);
  const clustered = primary && key.deferrable !== true;
  const constraintOid = newOid(cx);
  const index: IndexDescriptor = {
    kind: 'index',
    oid: newOid(cx),
    name,
    owner: draft.table.owner,
    schema: draft.schema.oid,
    persistence: draft.table.persistence,
    table: draft.table.oid,
    storage: clustered ? draft.table.storage : cx.session.catalog.allocateStorage(),
    clustered,
    unique: true,
    primary,
    ...(key.nullsNotDistinct === true ? { nullsNotDistinct: true } : {}),
    ...(key.deferrable === true ? { deferrable: true } : {}),
    columns: columns.map((column) => indexColumn(column.number, column.type, {}, cx)),
    ...(key.including === undefined ? {} : { including: key.including.map((including) => findColumn(draft.table, including).number) }),
    constraint: constraintOid,
    method: 'btree',
  };
  const constraint: KeyConstraint = { kind: key.type, oid: constraintOid, name, columns: numbers, index: index.oid, ...deferralOf(key) };
  addConstraint(draft, constraint);
  if (clustered) draft.table = { ...draft.table, rowKey: numbers };
  draft.indexes.push(index);
  return index;
}

export function deferralOf({ deferrable, initiallyDeferred }: Deferral): Deferral {
  return { ...(deferrable === true ? { deferrable } : {}), ...(initiallyDeferred === true ? { initiallyDeferred } : {}) };
}

function keyColumns(
  table: TableDescriptor,
  names: readonly string[],
  primary: boolean,
  isNew: boolean,
  position: number | undefined,
): ColumnDescriptor[] {
  const seen = new Set<string>();
  return names.map((name) => {
    const column = table.columns.find((candidate) => candidate.name === name && candidate.dropped !== true);
    if (column === undefined) {
      const message =
        primary && !isNew ? `column "${name}" of relation "${table.name}" does not exist` : `column "${name}" named in key does not exist`;
      throw new SqlError(SqlState.undefinedColumn, message, isNew ? { position } : {});
    }
    if (seen.has(name))
      throw new SqlError(SqlState.duplicateColumn, `column "${name}" appears twice in ${primary ? 'primary key' : 'unique'} constraint`, {
        position,
      });
    seen.add(name);
    return column;
  });
}

interface CheckOptions {
  readonly name?: string;
  readonly expr: Expr;
  readonly noInherit?: true;
  readonly notValid?: true;
}

export function addCheck(draft: TableDraft, check: CheckOptions, cx: UtilityContext): void {
  const bound = bindOverTable(check.expr, draft.table, { clause: 'CHECK' }, cx);
  if (check.noInherit === true && draft.table.partitionKey !== undefined)
    throw new SqlError(SqlState.invalidTableDefinition, `cannot add NO INHERIT constraint to partitioned table "${draft.table.name}"`);
  const { noInherit, notValid } = check;
  const exprText = bound.text();
  const own = { exprText, validated: notValid !== true, ...(noInherit === true ? { noInherit } : {}) };
  if (mergeOwnCheck(draft, check.name, own, cx)) return;
  const [only, second] = bound.columns;
  let hasRow = false;
  walkExpression(bound.expr, (node) => {
    hasRow ||= node.kind === 'whole row';
  });
  const named =
    only !== undefined && second === undefined && !hasRow ? draft.table.columns.find((column) => column.number === only)?.name : undefined;
  const name = check.name ?? freeConstraintName(draft, named === undefined ? [] : [named], 'check', cx);
  requireFreeConstraintName(draft, name, false, cx);
  addConstraint(draft, {
    kind: 'check',
    oid: newOid(cx),
    name,
    exprText,
    columns: bound.columns,
    validated: check.notValid !== true,
    ...(check.noInherit === true ? { noInherit: true } : {}),
  });
}

/** Keeps writers out of the tables that new foreign keys refer to, so that the rows found there stay until the commit. */
export async function lockReferenced(
  constraints: readonly { readonly type: string; readonly table?: QName }[],
  cx: UtilityContext,
): Promise<void> {
  for (const { type, table } of constraints) {
    if (table === undefined || (type !== 'references' && type !== 'foreign key')) continue;
    const referenced = lookUpRelation(table, cx);
    if (referenced?.kind === 'table') await lockRelation(referenced.oid, cx, 'SHARE ROW EXCLUSIVE');
  }
}

interface ForeignKeyOptions extends References, Deferral {
  readonly name?: string;
  readonly columns: readonly string[];
  readonly notValid?: true;
}

/**
 * FOREIGN KEY. A user table may refer to a shared table and to another user table (then within the partition); a shared table may not refer to
 * rows that only their owners see.
 * @throws SqlError 42830, 42804, 42501, 0A000
 */
export function addForeignKey(draft: TableDraft, key: ForeignKeyOptions, cx: UtilityContext): ForeignKeyConstraint {
  if (key.match === 'partial') throw new SqlError(SqlState.featureNotSupported, 'MATCH PARTIAL not yet implemented');
  const { table } = draft;
  const found = isSelf(key, draft) ? table : findRelation(key.table, cx);
  requirePlainTable(found);
  const referenced = found.oid === table.oid ? table : found;
  requireReferable(table, referenced);
  const columns = key.columns.map((name) => foreignColumn(table, name));
  const name = key.name ?? freeConstraintName(draft, key.columns, 'fkey', cx);
  requireFreeConstraintName(draft, name, false, cx);
  const { index, columns: targets } = referencedKey(referenced, key.foreignColumns, draft, cx);
  requireReferences(referenced, targets, cx);
  if (columns.length !== targets.length)
    throw new SqlError(SqlState.invalidForeignKey, 'number of referencing and referenced columns for foreign key disagree');
  columns.forEach((column, i) => {
    const target = targets[i];
    if (target !== undefined) requireComparable(name, column, target, cx);
  });
  const deleteColumns = key.onDeleteColumns?.map((name) => {
    const column = foreignColumn(table, name);
    if (columns.includes(column)) return column.number;
    const message = `column "${name}" referenced in ON DELETE SET action must be part of foreign key`;
    throw new SqlError(SqlState.invalidColumnReference, message);
  });
  const constraint: ForeignKeyConstraint = {
    kind: 'foreign key',
    oid: newOid(cx),
    name,
    columns: columns.map((column) => column.number),
    referencedTable: referenced.oid,
    referencedColumns: targets.map((column) => column.number),
    referencedIndex: index.oid,
    match: key.match ?? 'simple',
    onDelete: key.onDelete ?? 'no action',
    ...(deleteColumns === undefined ? {} : { deleteColumns }),
    onUpdate: key.onUpdate ?? 'no action',
    validated: key.notValid !== true,
    ...deferralOf(key),
  };
  addConstraint(draft, constraint);
  return constraint;
}

function isSelf(key: ForeignKeyOptions, draft: TableDraft): boolean {
  return key.table.name === draft.table.name && (key.table.schema === undefined || key.table.schema === draft.schema.name);
}

function requireReferable(table: TableDescriptor, referenced: TableDescriptor): void {
  const privatelyOwned = referenced.tableType === 'user' || referenced.tableType === 'stream';
  if (table.tableType === 'shared' && privatelyOwned)
    throw new SqlError(SqlState.invalidForeignKey, `a shared table cannot reference ${referenced.tableType} table "${referenced.name}"`, {
      detail: 'Rows of a user table exist for their owner only.',
    });
  if (referenced.tableType === 'stream')
    throw new SqlError(SqlState.invalidForeignKey, `cannot reference stream table "${referenced.name}": its rows expire`);
  if (referenced.persistence === 'temporary' && table.persistence !== 'temporary')
    throw new SqlError(SqlState.invalidTableDefinition, 'constraints on permanent tables may reference only permanent tables');
  if (table.persistence === 'temporary' && referenced.persistence !== 'temporary')
    throw new SqlError(SqlState.invalidTableDefinition, 'constraints on temporary tables may reference only temporary tables');
}

/** On the table, or on each of its columns that are referred to. @throws SqlError 42501 */
function requireReferences(referenced: TableDescriptor, columns: readonly ColumnDescriptor[], cx: UtilityContext): void {
  const numbers = columns.map((column) => column.number);
  if (!mayUseColumns(catalogOf(cx), cx.session.currentRole, referenced, Privilege.references, numbers))
    throw new SqlError(SqlState.insufficientPrivilege, `permission denied for table ${referenced.name}`);
}

const SYSTEM_COLUMNS: ReadonlySet<string> = new Set(['tableoid', 'cmax', 'xmax', 'cmin', 'xmin', 'ctid']);

function foreignColumn(table: TableDescriptor, name: string): ColumnDescriptor {
  const column = table.columns.find((candidate) => candidate.name === name && candidate.dropped !== true);
  if (column === undefined && SYSTEM_COLUMNS.has(name))
    throw new SqlError(SqlState.featureNotSupported, 'system columns cannot be used in foreign keys');
  if (column === undefined)
    throw new SqlError(SqlState.undefinedColumn, `column "${name}" referenced in foreign key constraint does not exist`);
  return column;
}

/** The referenced columns and the unique index over exactly them; by default the primary key's. */
function referencedKey(referenced: TableDescriptor, names: readonly string[] | undefined, draft: TableDraft, cx: UtilityContext) {
  const indexes = [...catalogOf(cx).indexesOf(referenced.oid), ...(referenced.oid === draft.table.oid ? draft.indexes : [])];
  if (names === undefined) {
    const primary = indexes.find((index) => index.primary);
    if (primary === undefined)
      throw new SqlError(SqlState.undefinedObject, `there is no primary key for referenced table "${referenced.name}"`);
    requireImmediate(primary, 'primary key', referenced);
    const columns = primary.columns.map(({ column }) => referenced.columns[column - 1]).filter((column) => column !== undefined);
    return { index: primary, columns };
  }
  const columns = names.map((name) => foreignColumn(referenced, name));
  const numbers = columns.map((column) => column.number).sort((a, b) => a - b);
  const matching = indexes.filter(
    (candidate) =>
      candidate.unique &&
      candidate.predicateText === undefined &&
      candidate.columns
        .map((column) => column.column)
        .sort((a, b) => a - b)
        .join() === numbers.join(),
  );
  const index = matching.find((candidate) => candidate.deferrable !== true) ?? matching[0];
  if (index === undefined)
    throw new SqlError(
      SqlState.invalidForeignKey,
      `there is no unique constraint matching given keys for referenced table "${referenced.name}"`,
    );
  requireImmediate(index, 'unique constraint', referenced);
  return { index, columns };
}

/** A key that may be there twice for a while is nothing to refer to. @throws SqlError 55000 */
function requireImmediate(index: IndexDescriptor, kind: 'primary key' | 'unique constraint', referenced: TableDescriptor): void {
  if (index.deferrable !== true) return;
  throw new SqlError(SqlState.objectNotInPrerequisiteState, `cannot use a deferrable ${kind} for referenced table "${referenced.name}"`);
}

function requireComparable(name: string, column: ColumnDescriptor, target: ColumnDescriptor, cx: UtilityContext): void {
  if (column.type === target.type) return;
  const { builtin } = catalogOf(cx);
  const comparable = builtin
    .operatorsByName('=')
    .some((operator) => operator.left === target.type && operator.right === column.type && operator.result === TypeOid.bool);
  const sameFamily =
    builtin.equalityOperator(column.type) !== 0 && builtin.equalityOperator(column.type) === builtin.equalityOperator(target.type);
  if (comparable || sameFamily) return;
  const typeName = (type: Oid) => typeText(type, cx).slice('type '.length);
  throw new SqlError(SqlState.datatypeMismatch, `foreign key constraint "${name}" cannot be implemented`, {
    detail: `Key columns "${column.name}" and "${target.name}" are of incompatible types: ${typeName(column.type)} and ${typeName(target.type)}.`,
  });
}
