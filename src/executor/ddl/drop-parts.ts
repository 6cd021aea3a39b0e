import { storedQueryOf } from '../../catalog/definitions/index.js';
import type { ColumnDescriptor, Constraint, IndexDescriptor, TableDescriptor } from '../../catalog/descriptors.js';
import { defaultOid } from '../../catalog/virtual/pg-catalog/attrdef.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { parseExpression } from '../../planner/bind/stored-text.js';
import type { TableAlteration } from '../../planner/parse/ast.js';
import { Cascade, confirm, type Dependent } from './cascade.js';
import { deferralOf } from './constraints.js';
import type { UtilityContext } from './context.js';
import { forgetColumn } from './free-standing/change.js';
import { catalogOf, describeRelation } from './names.js';
import { notice } from './notices.js';
import { removeRelation } from './remove-relation.js';
import { bindOverTable } from './scalar.js';
import { findColumn, liveColumns, type TableDraft } from './table-draft.js';
import { viewNeedsKey, viewUsesColumn } from './view-columns.js';

type Change<T extends TableAlteration['type']> = Extract<TableAlteration, { type: T }>;

/**
 * DROP COLUMN: its place stays, so that rows need no rewriting; indexes and constraints over it go.
 * @returns whether rows must be written anew all the same: it was part of the row key
 */
export function dropColumn(draft: TableDraft, change: Change<'drop column'>, cx: UtilityContext, canRewrite = false): boolean {
  const missing = !liveColumns(draft.table).some((column) => column.name === change.column);
  if (missing && SYSTEM_COLUMNS.has(change.column))
    throw new SqlError(SqlState.featureNotSupported, `cannot drop system column "${change.column}"`);
  if (missing && change.ifExists === true) {
    notice(cx, `column "${change.column}" of relation "${draft.table.name}" does not exist, skipping`);
    return false;
  }
  const column = findColumn(draft.table, change.column);
  dropDependents(draft, column, change.cascade === true, cx);
  const isKey = draft.table.rowKey?.includes(column.number) === true;
  if (isKey && !canRewrite)
    throw new SqlError(SqlState.featureNotSupported, `cannot drop column "${column.name}": it is part of the primary key`, {
      hint: 'Drop the primary key constraint first.',
    });
  if (isKey) draft.table = withoutRowKey(draft.table, cx);
  forgetColumn(draft.table.oid, column.number, cx);
  draft.table = {
    ...draft.table,
    columns: draft.table.columns.map((other) => (other.number === column.number ? droppedColumn(column) : other)),
  };
  return isKey;
}

/** The primary key is gone: rows are keyed by a number of their own from now on. */
function withoutRowKey(table: TableDescriptor, cx: UtilityContext): TableDescriptor {
  const { rowKey: _rowKey, ...rest } = table;
  return { ...rest, storage: cx.session.catalog.allocateStorage() };
}

function dropDependents(draft: TableDraft, column: ColumnDescriptor, cascade: boolean, cx: UtilityContext): void {
  const cascading = new Cascade([], cx);
  cascading.below(dependentsOfColumn(draft, column, cx));
  const dependents = cascading.inOrder;
  confirm(`column ${column.name} of ${describeRelation(draft.table, cx)}`, dependents, cascade, cx);
  for (const dependent of dependents) dependent.apply(cx);
  for (const { relation } of dependents) if (relation !== undefined) removeRelation(relation, cx);
  dropOwnParts(draft, column, cx);
}

/** Indexes, constraints and sequences of the column's own. */
function dropOwnParts(draft: TableDraft, column: ColumnDescriptor, cx: UtilityContext): void {
  const catalog = catalogOf(cx);
  const { table } = draft;
  for (const index of catalog.indexesOf(table.oid)) {
    if (indexReads(index, column)) removeRelation(index, cx);
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

const SYSTEM_COLUMNS: ReadonlySet<string> = new Set(['tableoid', 'cmax', 'xmax', 'cmin', 'xmin', 'ctid']);

const nothing = () => undefined;

function dependentsOfColumn(draft: TableDraft, column: ColumnDescriptor, cx: UtilityContext): Dependent[] {
  const on = `column ${column.name} of ${describeRelation(draft.table, cx)}`;
  return [
    ...viewsOver(draft, column, on, cx),
    ...referencesTo(draft, column, on, cx),
    ...generatedFrom(draft, column, on, cx),
    ...triggersOver(draft, column, on, cx),
  ];
}

/** A column that goes with another. */
function removeColumn(draft: TableDraft, column: ColumnDescriptor, cx: UtilityContext): void {
  if (draft.table.rowKey?.includes(column.number) === true)
    throw new SqlError(SqlState.featureNotSupported, `cannot drop column "${column.name}": it is part of the primary key`, {
      hint: 'Drop the primary key constraint first.',
    });
  dropOwnParts(draft, column, cx);
  forgetColumn(draft.table.oid, column.number, cx);
  const columns = draft.table.columns.map((other) => (other.number === column.number ? droppedColumn(column) : other));
  draft.table = { ...draft.table, columns };
}

function viewsOver(draft: TableDraft, column: ColumnDescriptor, on: string, cx: UtilityContext): Dependent[] {
  const catalog = catalogOf(cx);
  return catalog.dependentViews(draft.table.oid).flatMap((oid) => {
    const view = catalog.relationByOid(oid);
    const query = storedQueryOf(view);
    if (view === undefined || view.kind === 'virtual' || query === undefined || !viewUsesColumn(query, draft.table, column, cx)) return [];
    return [{ oid, text: describeRelation(view, cx), on, automatic: false, apply: nothing, relation: view }];
  });
}

/** Foreign keys that lean on the column. */
function referencesTo(draft: TableDraft, column: ColumnDescriptor, on: string, cx: UtilityContext): Dependent[] {
  const { oid } = draft.table;
  return catalogOf(cx)
    .referencingTables(oid)
    .flatMap((other) =>
      other.constraints.flatMap((constraint): Dependent[] => {
        if (constraint.kind !== 'foreign key' || constraint.referencedTable !== oid) return [];
        if (!constraint.referencedColumns.includes(column.number)) return [];
        const isOwn = other.oid === oid && constraint.columns.includes(column.number);
        return [
          {
            oid: constraint.oid,
            text: `constraint ${constraint.name} on ${describeRelation(other, cx)}`,
            on,
            automatic: isOwn,
            apply: () => removeConstraint(draft, other.oid, constraint, cx),
          },
        ];
      }),
    );
}

function removeConstraint(draft: TableDraft, table: number, constraint: Constraint, cx: UtilityContext): void {
  const now = table === draft.table.oid ? draft.table : catalogOf(cx).relationByOid(table);
  if (now?.kind !== 'table') return;
  const without = { ...now, constraints: now.constraints.filter(({ oid }) => oid !== constraint.oid) };
  if (table === draft.table.oid) draft.table = without;
  else cx.session.catalog.put(cx.transaction, without);
}

/** Generated columns that are computed from the column. */
function generatedFrom(draft: TableDraft, column: ColumnDescriptor, on: string, cx: UtilityContext): Dependent[] {
  return liveColumns(draft.table).flatMap((other): Dependent[] => {
    if (other.generatedText === undefined || other.number === column.number) return [];
    const expr = parseExpression(cx.planner.parser, other.generatedText);
    if (!bindOverTable(expr, draft.table, { clause: 'GENERATED' }, cx).columns.includes(column.number)) return [];
    return [
      {
        oid: defaultOid(draft.table.oid, other.number),
        text: `column ${other.name} of ${describeRelation(draft.table, cx)}`,
        on,
        automatic: false,
        age: draft.table.oid,
        below: () => dependentsOfColumn(draft, other, cx),
        apply: () => removeColumn(draft, other, cx),
      },
    ];
  });
}

/** Triggers of UPDATE OF the column, or whose condition speaks of it. */
function triggersOver(draft: TableDraft, column: ColumnDescriptor, on: string, cx: UtilityContext): Dependent[] {
  return (draft.table.triggers ?? []).flatMap((trigger): Dependent[] => {
    if (trigger.columns?.includes(column.number) !== true && !mentions(trigger.whenText, column)) return [];
    return [
      {
        oid: trigger.oid,
        text: `trigger ${trigger.name} on ${describeRelation(draft.table, cx)}`,
        on,
        automatic: false,
        apply: () => {
          const { triggers = [], ...table } = draft.table;
          const rest = triggers.filter(({ oid }) => oid !== trigger.oid);
          draft.table = rest.length === 0 ? table : { ...table, triggers: rest };
        },
      },
    ];
  });
}

/** Such an index goes with the column. */
export function indexReads(index: IndexDescriptor, column: ColumnDescriptor): boolean {
  if (index.including?.includes(column.number) === true || mentions(index.predicateText, column)) return true;
  return index.columns.some((key) => key.column === column.number || mentions(key.exprText, column));
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
  draft.table = withoutRowKey(draft.table, cx);
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

/** Foreign keys that lean on the key, and views that may show a whole row for it in GROUP BY. */
function dropReferences(draft: TableDraft, key: Extract<Constraint, { index: number }>, cascade: boolean, cx: UtilityContext): void {
  const catalog = catalogOf(cx);
  const what = `constraint ${key.name} on ${describeRelation(draft.table, cx)}`;
  const dependents: Dependent[] = [];
  for (const table of catalog.referencingTables(draft.table.oid)) {
    for (const constraint of table.constraints) {
      if (constraint.kind !== 'foreign key' || constraint.referencedIndex !== key.index) continue;
      dependents.push({
        oid: constraint.oid,
        text: `constraint ${constraint.name} on ${describeRelation(table, cx)}`,
        on: `index ${key.name}`,
        automatic: false,
        apply: () => removeConstraint(draft, table.oid, constraint, cx),
      });
    }
  }
  if (key.kind === 'primary key') {
    for (const oid of catalog.dependentViews(draft.table.oid)) {
      const view = catalog.relationByOid(oid);
      const query = storedQueryOf(view);
      if (view === undefined || view.kind === 'virtual' || query === undefined || !viewNeedsKey(query, draft.table, cx)) continue;
      dependents.push({ oid, text: describeRelation(view, cx), on: what, automatic: false, apply: nothing, relation: view });
    }
  }
  const cascading = new Cascade([], cx);
  cascading.below(dependents);
  confirm(what, cascading.inOrder, cascade, cx);
  for (const dependent of cascading.inOrder) dependent.apply(cx);
  for (const { relation } of cascading.inOrder) if (relation !== undefined) removeRelation(relation, cx);
}
