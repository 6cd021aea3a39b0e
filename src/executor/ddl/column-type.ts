import type { ColumnDescriptor, IndexDescriptor, TableDescriptor } from '../../catalog/descriptors.js';
import { storedAs } from '../../catalog/made-types.js';
import type { Oid } from '../../commons/ids.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { bindScalar } from '../../planner/bind/bind.js';
import type { BoundExpr, ColumnId } from '../../planner/bind/expression.js';
import { parseExpression, withoutPosition } from '../../planner/bind/stored-text.js';
import type { Expr, TableAlteration } from '../../planner/parse/ast.js';
import { TypeOid } from '../../types/oids.js';
import { type CompiledExpression, compileExpression } from '../expression/compile-expression.js';
import type { AlterTarget } from './alterations.js';
import { findCollation } from './collations.js';
import { requireIdentityType } from './columns.js';
import type { UtilityContext } from './context.js';
import { indexColumn } from './index-columns.js';
import { catalogOf } from './names.js';
import { bindOverTable, dataType } from './scalar.js';
import { sequenceOptions } from './sequence-options.js';
import { findColumn, replaceColumn } from './table-draft.js';
import { typeText } from './types/type-text.js';
import { usesOfType } from './types/uses.js';
import { viewUsesColumn } from './view-columns.js';

type SetType = Extract<TableAlteration, { type: 'set type' }>;

/** What a column's old rows become. Evaluated over the row as it was, by column number - 1. */
export interface Conversion {
  readonly position: number;
  readonly value: CompiledExpression;
}

/**
 * ALTER COLUMN … TYPE: the column's definition, its default and the indexes over it get the new type; the rows are written anew with what
 * USING (or the assignment cast) makes of them.
 * @throws SqlError 42804, 0A000
 */
export function setColumnType(target: AlterTarget, change: SetType, cx: UtilityContext): void {
  // What is written is read before the column is looked for.
  if (change.using !== undefined)
    bindScalar(change.using, { ...cx.planner, catalog: catalogOf(cx) }, { clause: 'ALTER TYPE', row: target.before });
  const column = findColumn(target.draft.table, change.column);
  const { type, typmod } = dataType(change.dataType, cx);
  if (column.identity !== undefined) retypeIdentity(column.identity.sequence, type, change, cx);
  const stored = storedAs(catalogOf(cx), type);
  const { storedAs: _stored, missing: _missing, collation: _collation, ...rest } = column;
  const changed: ColumnDescriptor = {
    ...rest,
    type,
    typmod,
    ...(stored === undefined ? {} : { storedAs: stored }),
    ...(change.collate === undefined ? {} : { collation: findCollation(change.collate, cx) }),
  };
  // A generated column is computed anew.
  if (column.generatedText === undefined) {
    const value = conversionOf(target, column, { name: column.name, type, typmod }, change.using, cx);
    target.conversions.push({ position: column.number - 1, value });
  } else {
    const expr = parseExpression(cx.planner.parser, column.generatedText);
    withoutPosition(() => bindOverTable(expr, target.before, { clause: 'GENERATED', target: changed }, cx));
  }
  checkDefault(target.before, changed, cx);
  refuseDependents(target, column, cx);
  replaceColumn(target.draft, changed);
  checkConstraints(target.draft.table, column, cx);
  checkReferences(target.draft.table, changed, cx);
  for (const index of catalogOf(cx).indexesOf(target.before.oid)) {
    const retyped = retypedIndex(index, changed, target.draft.table, cx);
    if (retyped !== index) cx.session.catalog.put(cx.transaction, retyped);
  }
  if (catalogOf(cx).statistics(target.before.oid) !== undefined) cx.session.catalog.remove(cx.transaction, 'statistics', target.before.oid);
}

/** An identity's sequence gives values of the column's type. @throws SqlError 22023 */
function retypeIdentity(oid: Oid, type: Oid, change: SetType, cx: UtilityContext): void {
  requireIdentityType(type);
  const sequence = catalogOf(cx).relationByOid(oid);
  if (sequence?.kind !== 'sequence') return;
  const { definition } = sequenceOptions([{ name: 'as', value: { type: 'type', dataType: change.dataType } }], sequence);
  cx.session.catalog.put(cx.transaction, { ...sequence, ...definition });
}

interface Wanted {
  readonly name: string;
  readonly type: Oid;
  readonly typmod: number;
}

/** What makes a column's new value of the row as it was. */
export function conversionOf(
  target: AlterTarget,
  column: ColumnDescriptor,
  wanted: Wanted,
  using: Expr | undefined,
  cx: UtilityContext,
): CompiledExpression {
  const shown = typeText(wanted.type, cx).slice('type '.length);
  const planner = { ...cx.planner, catalog: catalogOf(cx) };
  const written: Expr = using ?? { type: 'ref', name: column.name };
  try {
    const bound = bindScalar(written, planner, { clause: 'ALTER TYPE', row: target.before, target: wanted });
    return compileExpression(bound.expr, layoutOf(bound.columns, target.before), cx.library);
  } catch (error) {
    if (!(error instanceof SqlError) || error.code !== SqlState.datatypeMismatch || !error.message.startsWith('column ')) throw error;
    throw using === undefined
      ? new SqlError(SqlState.datatypeMismatch, `column "${column.name}" cannot be cast automatically to type ${shown}`, {
          hint: `You might need to specify "USING ${column.name}::${shown}".`,
        })
      : new SqlError(
          SqlState.datatypeMismatch,
          `result of USING clause for column "${column.name}" cannot be cast automatically to type ${shown}`,
          { hint: 'You might need to add an explicit cast.' },
        );
  }
}

/** Ids by column number - 1. */
function layoutOf(columns: readonly { readonly id: ColumnId }[], table: TableDescriptor): readonly ColumnId[] {
  const layout: ColumnId[] = table.columns.map((_, i) => (-1 - i) as ColumnId);
  for (const column of columns) if ('number' in column && typeof column.number === 'number') layout[column.number - 1] = column.id;
  return layout;
}

function checkDefault(before: TableDescriptor, column: ColumnDescriptor, cx: UtilityContext): void {
  const { defaultText } = column;
  if (defaultText === undefined) return;
  try {
    // A plain literal is of the old type, whatever it could be read as.
    const isLiteral = defaultText.startsWith("'");
    const expr: Expr = isLiteral ? { type: 'ref', name: column.name } : parseExpression(cx.planner.parser, defaultText);
    const use = isLiteral ? ({ clause: 'GENERATED', target: column } as const) : ({ clause: 'DEFAULT', target: column } as const);
    withoutPosition(() => bindOverTable(expr, isLiteral ? before : undefined, use, cx));
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    const shown = typeText(column.type, cx).slice('type '.length);
    throw new SqlError(SqlState.datatypeMismatch, `default for column "${column.name}" cannot be cast automatically to type ${shown}`);
  }
}

/** Checks over the column must make sense with its new type too. @throws SqlError 42883 … */
function checkConstraints(table: TableDescriptor, column: ColumnDescriptor, cx: UtilityContext): void {
  for (const constraint of table.constraints) {
    if (constraint.kind !== 'check' || !constraint.columns.includes(column.number)) continue;
    const expr = parseExpression(cx.planner.parser, constraint.exprText);
    withoutPosition(() => bindOverTable(expr, table, { clause: 'CHECK' }, cx));
  }
}

/** Both sides of a foreign key are compared as keys: they must be alike. @throws SqlError 42804 */
function checkReferences(table: TableDescriptor, column: ColumnDescriptor, cx: UtilityContext): void {
  const catalog = catalogOf(cx);
  for (const child of [table, ...catalog.referencingTables(table.oid).filter(({ oid }) => oid !== table.oid)]) {
    for (const constraint of child.constraints) {
      if (constraint.kind !== 'foreign key') continue;
      const found = constraint.referencedTable === table.oid ? table : catalog.relationByOid(constraint.referencedTable);
      if (found?.kind !== 'table' || (child.oid !== table.oid && found.oid !== table.oid)) continue;
      constraint.columns.forEach((number, i) => {
        const own = child.columns[number - 1];
        const other = found.columns[(constraint.referencedColumns[i] ?? 0) - 1];
        if (own === undefined || other === undefined || alike(own.type, other.type)) return;
        if (own.number !== column.number && other.number !== column.number) return;
        const name = (type: Oid) => typeText(type, cx).slice('type '.length);
        throw new SqlError(SqlState.datatypeMismatch, `foreign key constraint "${constraint.name}" cannot be implemented`, {
          detail: `Key columns "${own.name}" and "${other.name}" are of incompatible types: ${name(own.type)} and ${name(other.type)}.`,
        });
      });
    }
  }
}

const INTEGERS: ReadonlySet<Oid> = new Set([TypeOid.int2, TypeOid.int4, TypeOid.int8]);
const TEXTS: ReadonlySet<Oid> = new Set([TypeOid.text, TypeOid.varchar]);

function alike(a: Oid, b: Oid): boolean {
  return a === b || (INTEGERS.has(a) && INTEGERS.has(b)) || (TEXTS.has(a) && TEXTS.has(b));
}

function retypedIndex(index: IndexDescriptor, column: ColumnDescriptor, table: TableDescriptor, cx: UtilityContext): IndexDescriptor {
  let changed = false;
  const columns = index.columns.map((part) => {
    const order = {
      order: part.descending ? ('DESC' as const) : ('ASC' as const),
      nulls: part.nullsFirst ? ('FIRST' as const) : ('LAST' as const),
      ...(part.exprText === undefined ? {} : { exprText: part.exprText }),
    };
    if (part.exprText !== undefined) {
      const expr = parseExpression(cx.planner.parser, part.exprText);
      const bound: { readonly expr: BoundExpr } = withoutPosition(() => bindOverTable(expr, table, { clause: 'index expression' }, cx));
      if (bound.expr.type === part.type) return part;
      changed = true;
      return indexColumn(0, bound.expr.type, order, cx);
    }
    if (part.column !== column.number) return part;
    changed = true;
    return indexColumn(part.column, column.type, order, cx);
  });
  return changed ? { ...index, columns } : index;
}

function refuseDependents(target: AlterTarget, column: ColumnDescriptor, cx: UtilityContext): void {
  const catalog = catalogOf(cx);
  const { before } = target;
  for (const oid of catalog.dependentViews(before.oid)) {
    const view = catalog.relationByOid(oid);
    if (view?.kind !== 'view' || !viewUsesColumn(view, before, column, cx)) continue;
    throw new SqlError(SqlState.featureNotSupported, 'cannot alter type of a column used by a view or rule', {
      detail: `rule _RETURN on view ${view.name} depends on column "${column.name}"`,
    });
  }
  for (const other of before.columns) {
    if (other.generatedText === undefined || other.dropped === true) continue;
    const expr = parseExpression(cx.planner.parser, other.generatedText);
    if (!bindOverTable(expr, before, { clause: 'GENERATED' }, cx).columns.includes(column.number)) continue;
    throw new SqlError(SqlState.syntaxError, 'cannot alter type of a column used by a generated column', {
      detail: `Column "${column.name}" is used by generated column "${other.name}".`,
    });
  }
  const use = usesOfType(before.rowType, cx).find(({ relation }) => relation?.kind === 'table');
  if (use?.relation !== undefined) {
    throw new SqlError(
      SqlState.featureNotSupported,
      `cannot alter table "${before.name}" because column "${use.relation.name}.${use.column}" uses its row type`,
    );
  }
}
