import type { ColumnDescriptor, TableDescriptor } from '../../../catalog/descriptors.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { ColumnDef, ColumnOptions, QName } from '../../../planner/parse/ast.js';
import { addColumn, refineSimple } from '../columns.js';
import type { UtilityContext } from '../context.js';
import { findRelation } from '../names.js';
import { notice } from '../notices.js';
import { requireTypeUsage } from '../scalar.js';
import { liveColumns, replaceColumn, type TableDraft } from '../table-draft.js';
import { requireSameType } from './merge-parents.js';

/**
 * A column that the table declares itself although it inherits one of that name: they are made one.
 * @param position of the declaration, from 1
 * @returns false where it inherits none
 * @throws SqlError 42804, 42P21, 42611
 */
export function mergeOwnColumn(draft: TableDraft, definition: ColumnDef, position: number, cx: UtilityContext): boolean {
  const inherited = draft.table.columns.find((column) => column.name === definition.name && column.notLocal === true);
  if (inherited === undefined) return false;
  if (inherited.number === position) notice(cx, `merging column "${definition.name}" with inherited definition`);
  else
    notice(
      cx,
      `moving and merging column "${definition.name}" with inherited definition`,
      'User-specified column moved to the position of the inherited column.',
    );
  const own = ownColumn(draft, definition, inherited.number, cx);
  requireSameType(inherited, own, 'column', cx);
  if (inherited.generatedText !== undefined) {
    if (own.defaultText !== undefined)
      throw new SqlError(SqlState.invalidColumnDefinition, `column "${own.name}" inherits from generated column but specifies default`);
    if (own.identity !== undefined)
      throw new SqlError(SqlState.invalidColumnDefinition, `column "${own.name}" inherits from generated column but specifies identity`);
  } else if (own.generatedText !== undefined) {
    throw new SqlError(SqlState.invalidColumnDefinition, `child column "${own.name}" specifies generation expression`, {
      hint: 'A child table column cannot be generated unless its parent column is.',
    });
  }
  replaceColumn(draft, withoutNotLocal(combined(inherited, own)));
  return true;
}

function combined(inherited: ColumnDescriptor, own: ColumnDescriptor): ColumnDescriptor {
  return { ...inherited, ...own, notNull: inherited.notNull || own.notNull, inherited: inherited.inherited ?? 1 };
}

function withoutNotLocal({ notLocal: _notLocal, ...column }: ColumnDescriptor): ColumnDescriptor {
  return column;
}

/** The column as it would be by itself, under the number that the inherited one has. */
function ownColumn(draft: TableDraft, definition: ColumnDef, number: number, cx: UtilityContext): ColumnDescriptor {
  const before = draft.table.columns.slice(0, number - 1).map((column): ColumnDescriptor => ({ ...column, dropped: true }));
  return addColumn({ ...draft, table: { ...draft.table, columns: before } }, definition, cx);
}

/** PARTITION OF t (a WITH OPTIONS …), and the same of OF. @returns a definition whose other constraints are still to be added */
export function refineColumn(draft: TableDraft, options: ColumnOptions, cx: UtilityContext): ColumnDef {
  const column = liveColumns(draft.table).find(({ name }) => name === options.name);
  if (column === undefined) throw new SqlError(SqlState.undefinedColumn, `column "${options.name}" does not exist`);
  const definition: ColumnDef = { ...options, type: 'column', dataType: { name: '' } };
  const { defaultText, ...bare } = column;
  const given = refineSimple(draft, { ...bare, notNull: false }, definition, cx);
  if (column.generatedText !== undefined && given.defaultText !== undefined)
    throw new SqlError(SqlState.invalidColumnDefinition, `column "${column.name}" inherits from generated column but specifies default`);
  const refined: ColumnDescriptor = {
    ...given,
    notNull: column.notNull || given.notNull,
    ...(given.defaultText === undefined && given.identity === undefined && defaultText !== undefined ? { defaultText } : {}),
  };
  replaceColumn(draft, refined);
  return definition;
}

/** @throws SqlError 42611 where parents disagree and the table says nothing itself */
export function requireDefaults(table: TableDescriptor, conflicting: ReadonlySet<string>): void {
  for (const { name, notLocal, generatedText, defaultText } of liveColumns(table)) {
    if (!conflicting.has(name) || (notLocal !== true && defaultText !== undefined)) continue;
    if (generatedText !== undefined)
      throw new SqlError(SqlState.invalidColumnDefinition, `column "${name}" inherits conflicting generation expressions`);
    throw new SqlError(SqlState.invalidColumnDefinition, `column "${name}" inherits conflicting default values`, {
      hint: 'To resolve the conflict, specify a default explicitly.',
    });
  }
}

/** CREATE TABLE … OF: the attributes of a composite type. @throws SqlError 42704, 42809 */
export function addColumnsOfType(draft: TableDraft, name: QName, cx: UtilityContext): void {
  const type = findComposite(name, cx);
  requireTypeUsage(type.rowType, cx);
  const columns = type.columns
    .filter((column) => column.dropped !== true)
    .map(({ comment: _comment, ...column }, i): ColumnDescriptor => ({ ...column, number: i + 1 }));
  draft.table = { ...draft.table, columns, ofType: type.rowType };
}

function findComposite(name: QName, cx: UtilityContext) {
  const text = name.schema === undefined ? name.name : `${name.schema}.${name.name}`;
  let found: ReturnType<typeof findRelation>;
  try {
    found = findRelation(name, cx);
  } catch (error) {
    if (!(error instanceof SqlError) || error.code !== SqlState.undefinedTable) throw error;
    throw new SqlError(SqlState.undefinedObject, `type "${text}" does not exist`);
  }
  if (found.kind !== 'composite') throw new SqlError(SqlState.wrongObjectType, `type ${text} is not a composite type`);
  return found;
}
