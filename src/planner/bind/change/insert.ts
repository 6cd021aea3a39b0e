import { type ColumnDescriptor, Privilege } from '../../../catalog/descriptors.js';
import { notSupported, SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { InsertStatement } from '../../parse/ast.js';
import { errorAt, locationOf } from '../errors.js';
import type { BoundExpr } from '../expression.js';
import type { LogicalInsert, LogicalInstead } from '../logical.js';
import { constNode } from '../nodes.js';
import { finishQuery } from '../query/pending.js';
import { bindWith } from '../query/with.js';
import { entryOf, Scope } from '../scope/scope.js';
import type { BoundQuery } from '../state.js';
import { bindTarget, type ChangedRelation } from './changed-relation.js';
import { bindConflict } from './conflict.js';
import { columnDefault } from './default.js';
import { bindSource, type InsertColumns, type InsertSource } from './insert-source.js';
import { type AssignedColumn, assignedColumn, withPart } from './part.js';
import { bindReturning } from './returning.js';

export function bindInsert(parent: Scope, statement: InsertStatement): BoundQuery {
  const { state } = parent;
  const scope = new Scope(state, parent);
  const withClause = bindWith(scope, statement);
  const changed = bindTarget(scope, statement.into, statement.alias, 'insert');
  const { row } = changed;
  const columns = insertColumns(scope, changed, statement);
  scope.items.push(row.item);
  scope.ruleRows = parent.takeRuleRows();
  const source = bindSource(scope, statement, columns);
  changed.requireChange(Privilege.insert, columns.indexes.slice(0, source.given.length));
  const onConflict = statement.onConflict === undefined ? undefined : bindConflict(scope, statement.onConflict, changed);
  scope.namespace = [entryOf(row.item)];
  const returning = bindReturning(scope, statement.returning);
  const secured = changed.written(row, 'insert', row.base.isRead || statement.onConflict?.target !== undefined);
  const target = changed.tableTarget(onConflict?.update === undefined ? secured : changed.written(secured, 'update', true));
  const values = changed.stored.map((column) => ({ number: column.number, expr: insertedValue(scope, column, columns.list, source) }));
  if (changed.instead !== undefined) {
    if (onConflict !== undefined) throw notSupported('ON CONFLICT with a view that has INSTEAD OF triggers');
    const plan: LogicalInstead = {
      kind: 'instead',
      event: 'insert',
      target,
      input: source.plan,
      existing: [],
      values,
      ...(returning === undefined ? {} : { returning }),
    };
    return finishQuery(scope, withClause === undefined ? plan : withClause.wrap(plan), returning ?? []);
  }
  const plan: LogicalInsert = {
    kind: 'insert',
    target,
    input: source.plan,
    values,
    ...(onConflict === undefined ? {} : { onConflict }),
    ...(returning === undefined ? {} : { returning }),
  };
  return finishQuery(scope, withClause === undefined ? plan : withClause.wrap(plan), returning ?? []);
}

/** The columns that values are given for: as listed, or all. @throws SqlError 42703, 42701, 0A000 */
export function insertColumns(scope: Scope, changed: ChangedRelation, statement: InsertStatement): InsertColumns {
  const written = statement.columns;
  if (written === undefined) return allColumns(changed, statement);
  const list: AssignedColumn[] = [];
  const indexes: number[] = [];
  for (const column of written) {
    const index = changed.find(column.name, locationOf(column));
    const target = assignedColumn(scope, changed.assignable(index, 'insert into'), column.indirection, locationOf(column));
    const before = list.findIndex((other) => other.number === target.number && (other.part === undefined || target.part === undefined));
    if (before >= 0) {
      if (indexes[before] !== index) throw assignedTwice(changed, target);
      throw errorAt(SqlState.duplicateColumn, `column "${column.name}" specified more than once`, locationOf(column));
    }
    list.push(target);
    indexes.push(index);
  }
  return { list, indexes, locations: written.map(locationOf), isWritten: true };
}

/** Without a list, only so many columns count as there are values. */
function allColumns(changed: ChangedRelation, { insert }: InsertStatement): InsertColumns {
  const given = insert?.type === 'values' && insert.with === undefined ? (insert.values[0]?.length ?? 0) : Number.POSITIVE_INFINITY;
  const list: ColumnDescriptor[] = [];
  for (const [index, { column }] of changed.columns.entries()) {
    if (column === undefined && index >= given) break;
    if (index < given && list.some((other) => other.number === column?.number)) throw assignedTwice(changed, column);
    list.push(column ?? changed.assignable(index, 'insert into'));
  }
  return { list, indexes: list.map((_, i) => i), locations: [], isWritten: false };
}

/** Two columns of a view that are the same one. */
function assignedTwice({ table }: ChangedRelation, column: ColumnDescriptor | undefined): SqlError {
  const name = table.columns[(column?.number ?? 0) - 1]?.name ?? '';
  return new SqlError(SqlState.syntaxError, `multiple assignments to same column "${name}"`);
}

/** What the row gets in a column: the value given, or the default. */
export function insertedValue(scope: Scope, column: ColumnDescriptor, list: readonly AssignedColumn[], source: InsertSource) {
  // What is generated is computed from the new row, when it is there.
  if (column.generatedText !== undefined) return constNode(column.type, column.typmod, null);
  const at = list.findIndex((target) => target.number === column.number);
  const given = source.given[at];
  if (list[at]?.part !== undefined) return insertedParts(scope, column, list, source);
  return given === undefined || given === 'default' ? columnDefault(scope, column) : given;
}

/** INSERT INTO t (a[1], a[2]): the parts put one after the other into a NULL. */
function insertedParts(scope: Scope, column: ColumnDescriptor, list: readonly AssignedColumn[], source: InsertSource): BoundExpr {
  let value: BoundExpr = constNode(column.type, column.typmod, null);
  for (const [i, { number, part }] of list.entries()) {
    const given = source.given[i];
    if (number !== column.number || part === undefined || given === undefined || given === 'default') continue;
    value = withPart(scope, column, part, value, given);
  }
  return value;
}
