import type {
  ColumnDescriptor,
  Constraint,
  IndexDescriptor,
  SchemaDescriptor,
  SequenceDescriptor,
  TableDescriptor,
} from '../../catalog/descriptors.js';
import type { Oid } from '../../commons/ids.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { UtilityContext } from './context.js';
import { catalogOf, chooseName } from './names.js';

/** A table while a statement makes or changes it: its descriptor's parts, and the objects that come with it. */
export interface TableDraft {
  table: TableDescriptor;
  readonly schema: SchemaDescriptor;
  /** New ones only. */
  readonly indexes: IndexDescriptor[];
  readonly sequences: SequenceDescriptor[];
}

/** Live columns, as users see them. */
export function liveColumns(table: TableDescriptor): readonly ColumnDescriptor[] {
  return table.columns.filter((column) => column.dropped !== true);
}

/** @throws SqlError 42703 */
export function findColumn(table: TableDescriptor, name: string): ColumnDescriptor {
  const column = table.columns.find((candidate) => candidate.name === name && candidate.dropped !== true);
  if (column === undefined) throw new SqlError(SqlState.undefinedColumn, `column "${name}" of relation "${table.name}" does not exist`);
  return column;
}

export function replaceColumn(draft: TableDraft, column: ColumnDescriptor): void {
  draft.table = { ...draft.table, columns: draft.table.columns.map((other) => (other.number === column.number ? column : other)) };
}

export function addConstraint(draft: TableDraft, constraint: Constraint): void {
  draft.table = { ...draft.table, constraints: [...draft.table.constraints, constraint] };
}

/** A name for an index or constraint that neither the schema nor the table has yet. */
export function freeConstraintName(draft: TableDraft, columns: readonly string[], label: string, cx: UtilityContext): string {
  const catalog = catalogOf(cx);
  const taken = (name: string) =>
    draft.table.constraints.some((constraint) => constraint.name === name) ||
    draft.indexes.some((index) => index.name === name) ||
    draft.sequences.some((sequence) => sequence.name === name) ||
    catalog.relation(draft.schema.oid, name) !== undefined;
  return chooseName(draft.table.name, columns.length === 0 ? undefined : columns.join('_'), label, taken);
}

/** @throws SqlError 42710, 42P07 */
export function requireFreeConstraintName(draft: TableDraft, name: string, isIndex: boolean, cx: UtilityContext): void {
  if (isIndex && (catalogOf(cx).relation(draft.schema.oid, name) !== undefined || draft.indexes.some((index) => index.name === name)))
    throw new SqlError(SqlState.duplicateTable, `relation "${name}" already exists`);
  if (draft.table.constraints.some((constraint) => constraint.name === name))
    throw new SqlError(SqlState.duplicateObject, `constraint "${name}" for relation "${draft.table.name}" already exists`);
}

/** Writes the draft's objects into the catalog: sequences and table first, so that what refers to them finds them. */
export function putDraft(draft: TableDraft, cx: UtilityContext): void {
  const { catalog } = cx.session;
  for (const sequence of draft.sequences) catalog.put(cx.transaction, sequence);
  catalog.put(cx.transaction, draft.table);
  for (const index of draft.indexes) catalog.put(cx.transaction, index);
}

export function newOid(cx: UtilityContext): Oid {
  return cx.session.catalog.allocateOid();
}
