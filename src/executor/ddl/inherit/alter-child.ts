import type { CheckConstraint, ColumnDescriptor, KeyConstraint, TableDescriptor } from '../../../catalog/descriptors.js';
import type { Oid } from '../../../commons/ids.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { TableAlteration } from '../../../planner/parse/ast.js';
import type { AlterTarget } from '../alterations.js';
import type { UtilityContext } from '../context.js';
import { catalogOf } from '../names.js';
import { notice } from '../notices.js';
import { liveColumns, replaceColumn } from '../table-draft.js';
import { isTypeOption } from '../table-type.js';
import { followedParts } from '../triggers/parts.js';
import { inheritedCheck, replaceCheck, typeText } from './merge-parents.js';
import { addPartitionForeignKey } from './partition-foreign-keys.js';
import { addPartitionIndex, linkIndex, matchingIndex } from './partition-indexes.js';
import { refuseKeyColumn } from './refusals.js';

type Change<T extends TableAlteration['type']> = Extract<TableAlteration, { type: T }>;
/** Does to one table what ALTER TABLE does to it by itself. */
export type Alter = (target: AlterTarget, change: TableAlteration, cx: UtilityContext) => void;

/** How a change of a table is a child's: what is checked, and built, afterwards. */
export interface ChildWork {
  readonly alter: Alter;
  checkLater(target: AlterTarget): void;
  buildLater(target: AlterTarget, from: number): void;
}

/** What a statement's change reaches. */
export interface Reach {
  /** The children are not changed, they only lose their tie. */
  readonly only: boolean;
  /** The table that it names, and all below it. */
  readonly tree: ReadonlySet<Oid>;
}

/**
 * A change of a parent, done to a child: what the child has of itself or from another parent stays.
 * @returns the change as the child's own children are to follow it; undefined: not at all
 */
export function alterChild(
  target: AlterTarget,
  change: TableAlteration,
  parent: { readonly before: TableDescriptor; readonly after: TableDescriptor },
  { only, tree }: Reach,
  work: ChildWork,
  cx: UtilityContext,
): TableAlteration | undefined {
  const followed = (follows: boolean): TableAlteration | undefined => (follows ? change : undefined);
  switch (change.type) {
    case 'add column':
      // IF NOT EXISTS: nothing was added.
      if (liveColumns(parent.before).some(({ name }) => name === change.column.name)) return undefined;
      return followed(addChildColumn(target, change, parent, work, cx));
    case 'drop column':
      return followed(dropChildColumn(target, change, parent.before, only, work, cx));
    case 'set type':
      return followed(setChildType(target, change, parent.after, tree, work, cx));
    case 'set default':
    case 'drop default':
    case 'set not null':
    case 'drop not null':
      work.alter(target, change, cx);
      return change;
    case 'add constraint':
      return followed(addChildConstraint(target, change, parent, only, work, cx));
    case 'drop constraint':
      return dropChildConstraint(target, change, parent.before, only, work, cx);
    case 'alter constraint':
      return undefined;
    case 'set options':
    case 'reset options':
      return changeChildType(target, change, parent, tree, work, cx);
    case 'validate constraint': {
      const own = target.draft.table.constraints.find(({ name }) => name === change.name);
      if (own !== undefined) work.alter(target, change, cx);
      return change;
    }
    case 'trigger':
      if (target.draft.table.partitionBound === undefined) return undefined;
      target.draft.table = followedParts(target.draft.table, parent, change, only, catalogOf(cx));
      return followed(!only);
    default:
      return undefined;
  }
}

/** A tree's tables change their type together; other options are each table's own. @throws SqlError 42P16 */
function changeChildType(
  target: AlterTarget,
  change: Change<'set options' | 'reset options'>,
  parent: { readonly before: TableDescriptor; readonly after: TableDescriptor },
  tree: ReadonlySet<Oid>,
  work: ChildWork,
  cx: UtilityContext,
): TableAlteration | undefined {
  const { table } = target.draft;
  if (parent.before.tableType === parent.after.tableType || table.tableType === parent.after.tableType) return undefined;
  if ((table.parents ?? []).some((oid) => !tree.has(oid)))
    throw new SqlError(SqlState.invalidTableDefinition, `cannot change the type of table "${table.name}": it is a child of another table`, {
      hint: 'All tables of an inheritance tree have the same type: change the topmost one.',
    });
  const typed = { ...change, options: change.options.filter(({ name, namespace }) => namespace === undefined && isTypeOption(name)) };
  work.alter(target, typed, cx);
  return typed;
}

/** Reached by way of several parents, it is changed once. */
function setChildType(
  target: AlterTarget,
  change: Change<'set type'>,
  parent: TableDescriptor,
  tree: ReadonlySet<Oid>,
  work: ChildWork,
  cx: UtilityContext,
): boolean {
  const { table } = target.draft;
  const column = liveColumns(table).find(({ name }) => name === change.column);
  const wanted = liveColumns(parent).find(({ name }) => name === change.column);
  if (column === undefined || wanted === undefined) return false;
  const expected = (table.parents ?? []).filter((oid) => tree.has(oid)).length;
  if ((column.inherited ?? 0) > expected)
    throw new SqlError(SqlState.invalidTableDefinition, `cannot alter inherited column "${column.name}" of relation "${table.name}"`);
  if (expected > 1 && column.type === wanted.type && column.typmod === wanted.typmod && column.collation === wanted.collation) return false;
  refuseKeyColumn(table, column, 'alter', cx);
  work.alter(target, change, cx);
  return true;
}

function addChildColumn(
  target: AlterTarget,
  change: Change<'add column'>,
  parent: { readonly before: TableDescriptor; readonly after: TableDescriptor },
  work: ChildWork,
  cx: UtilityContext,
): boolean {
  const follows = addColumnAlone(target, change, work, cx);
  for (const constraint of parent.after.constraints) {
    if (constraint.kind !== 'check' || constraint.noInherit === true || parent.before.constraints.includes(constraint)) continue;
    addChildCheck(target, parent.after, constraint, work, cx);
  }
  return follows;
}

function addColumnAlone(target: AlterTarget, change: Change<'add column'>, work: ChildWork, cx: UtilityContext): boolean {
  const { draft } = target;
  const { name } = change.column;
  const existing = liveColumns(draft.table).find((column) => column.name === name);
  if (existing === undefined) {
    // Checks of the column come as constraints of their own.
    const constraints = change.column.constraints.filter(
      ({ type }) => type === 'not null' || type === 'null' || type === 'default' || type === 'generated',
    );
    work.alter(target, { ...change, column: { ...change.column, constraints } }, cx);
    const added = liveColumns(draft.table).find((column) => column.name === name);
    if (added !== undefined) replaceColumn(draft, { ...added, inherited: 1, notLocal: true });
    return true;
  }
  const wanted = parentColumn(draft.table, name, cx);
  if (wanted !== undefined && (wanted.type !== existing.type || wanted.typmod !== existing.typmod))
    throw new SqlError(SqlState.datatypeMismatch, `child table "${draft.table.name}" has different type for column "${name}"`);
  if (wanted !== undefined && (wanted.collation ?? 0) !== (existing.collation ?? 0))
    throw new SqlError(SqlState.collationMismatch, `child table "${draft.table.name}" has different collation for column "${name}"`, {
      detail: `"${typeText(wanted, cx)}" versus "${typeText(existing, cx)}"`,
    });
  replaceColumn(draft, { ...existing, inherited: (existing.inherited ?? 0) + 1 });
  notice(cx, `merging definition of column "${name}" for child "${draft.table.name}"`);
  return false;
}

function parentColumn(child: TableDescriptor, name: string, cx: UtilityContext): ColumnDescriptor | undefined {
  for (const oid of child.parents ?? []) {
    const parent = catalogOf(cx).relationByOid(oid);
    const found = parent?.kind === 'table' ? liveColumns(parent).find((column) => column.name === name) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function dropChildColumn(
  target: AlterTarget,
  change: Change<'drop column'>,
  parent: TableDescriptor,
  only: boolean,
  work: ChildWork,
  cx: UtilityContext,
): boolean {
  const column = liveColumns(target.draft.table).find(({ name }) => name === change.column);
  if (column === undefined || !liveColumns(parent).some(({ name }) => name === change.column)) return false;
  const inherited = (column.inherited ?? 0) - 1;
  if (only) {
    replaceColumn(target.draft, columnWith(column, inherited, true));
    return false;
  }
  if (inherited <= 0 && column.notLocal === true) {
    refuseKeyColumn(target.draft.table, column, 'drop', cx);
    work.alter(target, change, cx);
    return true;
  }
  replaceColumn(target.draft, columnWith(column, inherited, false));
  return false;
}

/** @param local the table declares it itself from now on */
export function columnWith(column: ColumnDescriptor, inherited: number, local: boolean): ColumnDescriptor {
  const { inherited: _count, notLocal, ...rest } = column;
  return { ...rest, ...(inherited > 0 ? { inherited } : {}), ...(notLocal === true && !local ? { notLocal } : {}) };
}

export function checkWith(check: CheckConstraint, inherited: number, local: boolean): CheckConstraint {
  const { inherited: _count, notLocal, ...rest } = check;
  return { ...rest, ...(inherited > 0 ? { inherited } : {}), ...(notLocal === true && !local ? { notLocal } : {}) };
}

function addChildConstraint(
  target: AlterTarget,
  change: Change<'add constraint'>,
  { before, after }: { readonly before: TableDescriptor; readonly after: TableDescriptor },
  only: boolean,
  work: ChildWork,
  cx: UtilityContext,
): boolean {
  const known = new Set(before.constraints.map(({ oid }) => oid));
  const { draft } = target;
  let follows = false;
  for (const constraint of after.constraints) {
    switch (constraint.kind) {
      case 'check': {
        if (constraint.name !== change.constraint.name && known.has(constraint.oid)) continue;
        if (constraint.noInherit === true) continue;
        follows = addChildCheck(target, after, constraint, work, cx) || follows;
        break;
      }
      case 'foreign key':
        if (known.has(constraint.oid) || after.partitionKey === undefined) continue;
        addPartitionForeignKey(draft, after, constraint, cx);
        if (draft.table.partitionKey === undefined) work.checkLater(target);
        follows = true;
        break;
      case 'exclusion':
        continue;
      default:
        if (known.has(constraint.oid)) continue;
        // Partitions are given their parts of it by ALTER INDEX … ATTACH PARTITION.
        if (after.partitionKey !== undefined && only) continue;
        if (after.partitionKey !== undefined) addChildKey(target, after, constraint, work, cx);
        else if (constraint.kind === 'primary key') requireNotNull(target, after, constraint, work);
        else continue;
        follows = true;
    }
  }
  return follows;
}

function addChildCheck(target: AlterTarget, parent: TableDescriptor, check: CheckConstraint, work: ChildWork, cx: UtilityContext): boolean {
  const { draft } = target;
  const existing = draft.table.constraints.find(({ name }) => name === check.name);
  if (existing === undefined) {
    const added = inheritedCheck(draft.table, parent, check, cx);
    draft.table = { ...draft.table, constraints: [...draft.table.constraints, added] };
    if (added.validated) work.checkLater(target);
    return true;
  }
  if (existing.kind !== 'check' || existing.exprText !== check.exprText)
    throw new SqlError(SqlState.duplicateObject, `constraint "${check.name}" for relation "${draft.table.name}" already exists`);
  if (existing.noInherit === true)
    throw new SqlError(
      SqlState.invalidObjectDefinition,
      `constraint "${check.name}" conflicts with non-inherited constraint on relation "${draft.table.name}"`,
    );
  if (check.validated && !existing.validated)
    throw new SqlError(
      SqlState.invalidObjectDefinition,
      `constraint "${check.name}" conflicts with NOT VALID constraint on relation "${draft.table.name}"`,
    );
  notice(cx, `merging constraint "${check.name}" with inherited definition`);
  const merged = { ...existing, inherited: (existing.inherited ?? 0) + 1 };
  replaceCheck(draft, existing, draft.table.partitionBound === undefined ? merged : { ...merged, notLocal: true });
  return true;
}

/** What a parent's primary key makes NOT NULL is so in its children, which have no key of it. */
function requireNotNull(target: AlterTarget, parent: TableDescriptor, key: KeyConstraint, work: ChildWork): void {
  const names = new Set(key.columns.map((number) => parent.columns[number - 1]?.name));
  for (const column of liveColumns(target.draft.table)) {
    if (!names.has(column.name) || column.notNull) continue;
    replaceColumn(target.draft, { ...column, notNull: true });
    work.checkLater(target);
  }
}

/** A key of a partitioned table: an index of the partition that is alike becomes its part, else one is built. */
function addChildKey(target: AlterTarget, parent: TableDescriptor, key: KeyConstraint, work: ChildWork, cx: UtilityContext): void {
  const index = catalogOf(cx).relationByOid(key.index);
  if (index?.kind !== 'index') return;
  const { draft } = target;
  const existing = matchingIndex(draft.table, parent, index, cx);
  if (existing !== undefined) {
    draft.table = linkIndex(draft.table, existing, index, cx);
    return;
  }
  const from = draft.indexes.length;
  addPartitionIndex(draft, parent, index, false, cx);
  work.buildLater(target, from);
  work.checkLater(target);
}

function dropChildConstraint(
  target: AlterTarget,
  change: Change<'drop constraint'>,
  parent: TableDescriptor,
  only: boolean,
  work: ChildWork,
  cx: UtilityContext,
): TableAlteration | undefined {
  const dropped = parent.constraints.find(({ name }) => name === change.name);
  const { draft } = target;
  if (dropped === undefined || (dropped.kind === 'check' && dropped.noInherit === true)) return undefined;
  if (dropped.kind !== 'check') {
    const part = draft.table.constraints.find((one) => one.kind !== 'check' && one.parent === dropped.oid);
    if (part === undefined) return undefined;
    const own = { ...change, name: part.name };
    work.alter(target, own, cx);
    return own;
  }
  const own = draft.table.constraints.find(({ name }) => name === change.name);
  if (own?.kind !== 'check')
    throw new SqlError(SqlState.undefinedObject, `constraint "${change.name}" of relation "${draft.table.name}" does not exist`);
  const inherited = (own.inherited ?? 0) - 1;
  if (!only && inherited <= 0 && own.notLocal === true) {
    work.alter(target, change, cx);
    return change;
  }
  replaceCheck(draft, own, checkWith(own, inherited, only));
  return undefined;
}
