import { collationsOf } from '../../../catalog/collations.js';
import type { CheckConstraint, ColumnDescriptor, TableDescriptor } from '../../../catalog/descriptors.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { formatType } from '../../../types/format-type.js';
import type { UtilityContext } from '../context.js';
import { catalogOf } from '../names.js';
import { notice } from '../notices.js';
import { liveColumns, newOid, type TableDraft } from '../table-draft.js';

/**
 * CREATE TABLE … INHERITS and PARTITION OF: the new table's columns and checks begin with what its parents have, like-named ones made one
 * (PostgreSQL's MergeAttributes).
 * @returns names of columns whose parents disagree about the default: the table itself must give one
 * @throws SqlError 42804, 42P21, 42611, 42710
 */
export function mergeParents(draft: TableDraft, parents: readonly TableDescriptor[], cx: UtilityContext): ReadonlySet<string> {
  const conflicting = new Set<string>();
  for (const parent of parents) {
    for (const column of liveColumns(parent)) mergeColumn(draft, column, conflicting, cx);
    for (const constraint of parent.constraints)
      if (constraint.kind === 'check' && constraint.noInherit !== true) mergeCheck(draft, parent, constraint, cx);
  }
  draft.table = { ...draft.table, parents: parents.map(({ oid }) => oid) };
  return conflicting;
}

function mergeColumn(draft: TableDraft, column: ColumnDescriptor, conflicting: Set<string>, cx: UtilityContext): void {
  const { name } = column;
  const existing = draft.table.columns.find((other) => other.name === name);
  if (existing === undefined) {
    draft.table = { ...draft.table, columns: [...draft.table.columns, inheritedColumn(column, draft.table.columns.length + 1)] };
    return;
  }
  notice(cx, `merging multiple inherited definitions of column "${name}"`);
  requireSameType(existing, column, 'inherited column', cx);
  if ((existing.generatedText === undefined) !== (column.generatedText === undefined))
    throw new SqlError(SqlState.invalidColumnDefinition, `inherited column "${name}" has a generation conflict`);
  const text = column.generatedText ?? column.defaultText;
  if (text !== undefined) {
    const before = existing.generatedText ?? existing.defaultText;
    if (before !== undefined && before !== text) conflicting.add(name);
  }
  const merged: ColumnDescriptor = {
    ...existing,
    notNull: existing.notNull || column.notNull,
    inherited: (existing.inherited ?? 0) + 1,
    ...(existing.defaultText === undefined && column.defaultText !== undefined ? { defaultText: column.defaultText } : {}),
  };
  draft.table = { ...draft.table, columns: draft.table.columns.map((other) => (other === existing ? merged : other)) };
}

/** A parent's column as a child has it; identity stays with the parent. */
export function inheritedColumn(column: ColumnDescriptor, number: number): ColumnDescriptor {
  const {
    identity: _identity,
    ownedSequence: _owned,
    comment: _comment,
    missing: _missing,
    acl: _acl,
    inherited: _count,
    ...rest
  } = column;
  return { ...rest, number, inherited: 1, notLocal: true };
}

/** @throws SqlError 42804, 42P21 */
export function requireSameType(a: ColumnDescriptor, b: ColumnDescriptor, what: string, cx: UtilityContext): void {
  if (a.type !== b.type || a.typmod !== b.typmod)
    throw new SqlError(SqlState.datatypeMismatch, `${what} "${a.name}" has a type conflict`, {
      detail: `${typeText(a, cx)} versus ${typeText(b, cx)}`,
    });
  if ((a.collation ?? 0) === (b.collation ?? 0)) return;
  throw new SqlError(SqlState.collationMismatch, `${what} "${a.name}" has a collation conflict`, {
    detail: `"${collationName(a.collation, cx)}" versus "${collationName(b.collation, cx)}"`,
  });
}

function collationName(oid: number | undefined, cx: UtilityContext): string {
  const found = collationsOf(catalogOf(cx)).find((collation) => collation.oid === oid);
  return found?.name ?? 'default';
}

export function typeText(column: ColumnDescriptor, cx: UtilityContext): string {
  const made = catalogOf(cx).typeByOid(column.type);
  return made === undefined ? formatType(column.type, column.typmod) : made.name;
}

function mergeCheck(draft: TableDraft, parent: TableDescriptor, check: CheckConstraint, cx: UtilityContext): void {
  const existing = draft.table.constraints.find((constraint) => constraint.name === check.name);
  if (existing?.kind === 'check') {
    if (existing.exprText !== check.exprText)
      throw new SqlError(
        SqlState.duplicateObject,
        `check constraint name "${check.name}" appears multiple times but with different expressions`,
      );
    replaceCheck(draft, existing, { ...existing, inherited: (existing.inherited ?? 0) + 1 });
    return;
  }
  draft.table = { ...draft.table, constraints: [...draft.table.constraints, inheritedCheck(draft.table, parent, check, cx)] };
}

export function replaceCheck(draft: TableDraft, old: CheckConstraint, by: CheckConstraint): void {
  draft.table = { ...draft.table, constraints: draft.table.constraints.map((other) => (other === old ? by : other)) };
}

/** A parent's check as a child has it, over the child's own columns. */
export function inheritedCheck(
  child: TableDescriptor,
  parent: TableDescriptor,
  check: CheckConstraint,
  cx: UtilityContext,
): CheckConstraint {
  const { comment: _comment, inherited: _inherited, notLocal: _notLocal, ...rest } = check;
  const columns = check.columns.map((number) => {
    const name = parent.columns[number - 1]?.name;
    return child.columns.find((column) => column.name === name && column.dropped !== true)?.number ?? 0;
  });
  return { ...rest, oid: newOid(cx), columns, inherited: 1, notLocal: true };
}

/**
 * A check that the table itself declares under the name of one that it inherits.
 * @returns whether they were made one
 * @throws SqlError 42710, 42P16
 */
export function mergeOwnCheck(
  draft: TableDraft,
  name: string | undefined,
  check: { readonly exprText: string; readonly noInherit?: true; readonly validated: boolean },
  cx: UtilityContext,
): boolean {
  const existing = draft.table.constraints.find((constraint) => constraint.name === name);
  if (existing?.kind !== 'check' || (existing.inherited ?? 0) === 0 || existing.notLocal !== true) return false;
  const where = `relation "${draft.table.name}"`;
  if (existing.exprText !== check.exprText)
    throw new SqlError(SqlState.duplicateObject, `constraint "${name}" for ${where} already exists`);
  if (check.noInherit === true)
    throw new SqlError(SqlState.invalidObjectDefinition, `constraint "${name}" conflicts with inherited constraint on ${where}`);
  notice(cx, `merging constraint "${name}" with inherited definition`);
  const { notLocal: _notLocal, ...local } = existing;
  // A partition has nothing of its own that its parent has.
  if (draft.table.partitionBound === undefined) replaceCheck(draft, existing, local);
  return true;
}
