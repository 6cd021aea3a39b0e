import type { ColumnDescriptor, Constraint } from '../../catalog/descriptors.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { TableAlteration } from '../../planner/parse/ast.js';
import { deferralOf } from './constraints.js';
import type { UtilityContext } from './context.js';
import { removeRelation } from './drop.js';
import { catalogOf } from './names.js';
import { notice } from './notices.js';
import { findColumn, liveColumns, type TableDraft } from './table-draft.js';
import { viewUsesColumn } from './view-columns.js';

type Change<T extends TableAlteration['type']> = Extract<TableAlteration, { type: T }>;

/** DROP COLUMN: its place stays, so that rows need no rewriting; indexes and constraints over it go. */
export function dropColumn(draft: TableDraft, change: Change<'drop column'>, cx: UtilityContext): void {
  const missing = !liveColumns(draft.table).some((column) => column.name === change.column);
  if (missing && change.ifExists === true) {
    notice(cx, `column "${change.column}" of relation "${draft.table.name}" does not exist, skipping`);
    return;
  }
  const column = findColumn(draft.table, change.column);
  if (draft.table.rowKey?.includes(column.number))
    throw new SqlError(SqlState.featureNotSupported, `cannot drop column "${column.name}": it is part of the primary key`, {
      hint: 'Drop the primary key constraint first.',
    });
  dropDependents(draft, column, change.cascade === true, cx);
  draft.table = {
    ...draft.table,
    columns: draft.table.columns.map((other) => (other.number === column.number ? droppedColumn(column) : other)),
  };
}

function dropDependents(draft: TableDraft, column: ColumnDescriptor, cascade: boolean, cx: UtilityContext): void {
  const catalog = catalogOf(cx);
  const { table } = draft;
  const views = catalog
    .dependentViews(table.oid)
    .map((oid) => catalog.relationByOid(oid))
    .filter((view) => view?.kind === 'view' && viewUsesColumn(view, table, column, cx));
  const foreign = catalog
    .referencingTables(table.oid)
    .flatMap((other) => other.constraints.map((constraint) => ({ other, constraint })))
    .filter(
      ({ constraint }) =>
        constraint.kind === 'foreign key' &&
        constraint.referencedTable === table.oid &&
        constraint.referencedColumns.includes(column.number),
    );
  const on = `column ${column.name} of table ${table.name}`;
  const lines = [
    ...views.map((view) => `view ${view?.name} depends on ${on}`),
    ...foreign.map(({ other, constraint }) => `constraint ${constraint.name} on table ${other.name} depends on ${on}`),
  ];
  if (lines.length > 0 && !cascade)
    throw new SqlError(SqlState.dependentObjectsStillExist, `cannot drop ${on} because other objects depend on it`, {
      detail: lines.join('\n'),
      hint: 'Use DROP ... CASCADE to drop the dependent objects too.',
    });
  for (const view of views) {
    if (view === undefined || view.kind === 'virtual') continue;
    notice(cx, `drop cascades to view ${view.name}`);
    removeRelation(view, cx);
  }
  for (const { other, constraint } of foreign) {
    const now = other.oid === table.oid ? draft.table : catalogOf(cx).relationByOid(other.oid);
    if (now?.kind !== 'table') continue;
    notice(cx, `drop cascades to constraint ${constraint.name} on table ${other.name}`);
    const without = { ...now, constraints: now.constraints.filter((c) => c.oid !== constraint.oid) };
    if (other.oid === table.oid) draft.table = without;
    else cx.session.catalog.put(cx.transaction, without);
  }
  for (const index of catalog.indexesOf(table.oid)) {
    const uses = index.columns.some((c) => c.column === column.number) || index.including?.includes(column.number) === true;
    if (uses || mentions(index.predicateText, column) || index.columns.some((c) => mentions(c.exprText, column))) removeRelation(index, cx);
  }
  draft.table = {
    ...draft.table,
    constraints: draft.table.constraints.filter((constraint) => !constraint.columns.includes(column.number)),
  };
  for (const oid of [column.ownedSequence, column.identity?.sequence]) {
    const sequence = oid === undefined ? undefined : catalog.relationByOid(oid);
    if (sequence?.kind === 'sequence') removeRelation(sequence, cx);
  }
}

/** An expression of an index as text: a word that is the column's name is taken for the column. */
function mentions(text: string | undefined, column: ColumnDescriptor): boolean {
  return text !== undefined && (text.match(/[\p{L}_][\p{L}\p{N}_$]*/gu)?.includes(column.name) ?? false);
}

function droppedColumn(column: ColumnDescriptor): ColumnDescriptor {
  return {
    number: column.number,
    name: `........pg.dropped.${column.number}........`,
    type: column.type,
    typmod: column.typmod,
    notNull: false,
    dropped: true,
  };
}

/** @returns whether rows must be written anew: the row key is gone */
export function dropConstraint(draft: TableDraft, change: Change<'drop constraint'>, cx: UtilityContext): boolean {
  const constraint = draft.table.constraints.find((candidate) => candidate.name === change.name);
  if (constraint === undefined) {
    const message = `constraint "${change.name}" of relation "${draft.table.name}" does not exist`;
    if (change.ifExists !== true) throw new SqlError(SqlState.undefinedObject, message);
    notice(cx, `${message}, skipping`);
    return false;
  }
  draft.table = { ...draft.table, constraints: draft.table.constraints.filter((candidate) => candidate !== constraint) };
  if (constraint.kind === 'check' || constraint.kind === 'foreign key') return false;
  dropReferences(draft, constraint, change.cascade === true, cx);
  const index = catalogOf(cx).relationByOid(constraint.index);
  if (index?.kind === 'index') removeRelation(index, cx);
  if (constraint.kind !== 'primary key' || draft.table.rowKey === undefined) return false;
  const { rowKey: _rowKey, ...rest } = draft.table;
  draft.table = { ...rest, storage: cx.session.catalog.allocateStorage() };
  return true;
}

/** ALTER CONSTRAINT: when a foreign key is checked. @throws SqlError 42704, 42809 */
export function alterConstraint(draft: TableDraft, change: Change<'alter constraint'>): void {
  const { table } = draft;
  const constraint = table.constraints.find((candidate) => candidate.name === change.name);
  if (constraint === undefined)
    throw new SqlError(SqlState.undefinedObject, `constraint "${change.name}" of relation "${table.name}" does not exist`);
  if (constraint.kind !== 'foreign key')
    throw new SqlError(SqlState.wrongObjectType, `constraint "${change.name}" of relation "${table.name}" is not a foreign key constraint`);
  const { deferrable: _deferrable, initiallyDeferred: _initiallyDeferred, ...rest } = constraint;
  const altered = { ...rest, ...deferralOf(change) };
  draft.table = { ...table, constraints: table.constraints.map((other) => (other === constraint ? altered : other)) };
}

function dropReferences(draft: TableDraft, key: Extract<Constraint, { index: number }>, cascade: boolean, cx: UtilityContext): void {
  for (const table of catalogOf(cx).referencingTables(draft.table.oid)) {
    for (const constraint of table.constraints) {
      if (constraint.kind !== 'foreign key' || constraint.referencedIndex !== key.index) continue;
      if (!cascade)
        throw new SqlError(
          SqlState.dependentObjectsStillExist,
          `cannot drop constraint ${key.name} on table ${draft.table.name} because other objects depend on it`,
          {
            detail: `constraint ${constraint.name} on table ${table.name} depends on index ${key.name}`,
            hint: 'Use DROP ... CASCADE to drop the dependent objects too.',
          },
        );
      notice(cx, `drop cascades to constraint ${constraint.name} on table ${table.name}`);
      const constraints = table.constraints.filter((other) => other !== constraint);
      if (table.oid === draft.table.oid) draft.table = { ...draft.table, constraints };
      else cx.session.catalog.put(cx.transaction, { ...table, constraints });
    }
  }
}
