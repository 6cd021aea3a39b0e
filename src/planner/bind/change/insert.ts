import { type ColumnDescriptor, Privilege } from '../../../catalog/descriptors.js';
import { assert } from '../../../commons/assert.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { InsertStatement } from '../../parse/ast.js';
import { errorAt, locationOf } from '../errors.js';
import type { BoundExpr } from '../expression.js';
import type { LogicalInsert } from '../logical.js';
import { constNode } from '../nodes.js';
import { finishQuery } from '../query/pending.js';
import { bindWith } from '../query/with.js';
import { TableItem } from '../scope/relation-item.js';
import { entryOf, Scope } from '../scope/scope.js';
import type { BoundQuery } from '../state.js';
import { bindConflict } from './conflict.js';
import { columnDefault } from './default.js';
import { bindSource, type InsertColumns, type InsertSource } from './insert-source.js';
import { type AssignedColumn, assignedColumn, withPart } from './part.js';
import { bindReturning } from './returning.js';
import { readsOf, requireChange, requireTarget, tableTarget, targetColumn } from './target.js';

export function bindInsert(parent: Scope, statement: InsertStatement): BoundQuery {
  const { state } = parent;
  const scope = new Scope(state, parent);
  const withClause = bindWith(scope, statement);
  const table = requireTarget(scope, statement.into);
  const reads = readsOf(scope, table);
  const row = new TableItem(state, table, statement.alias, undefined, reads);
  const columns = insertColumns(scope, row, statement);
  scope.items.push(row);
  const source = bindSource(scope, statement, columns);
  requireChange(
    scope,
    table.oid,
    Privilege.insert,
    columns.list.slice(0, source.given.length).map((column) => column.number),
  );
  const target = tableTarget(scope, row);
  const onConflict = statement.onConflict === undefined ? undefined : bindConflict(scope, statement.onConflict, row, reads);
  scope.namespace = [entryOf(row)];
  const returning = bindReturning(scope, statement.returning);
  const plan: LogicalInsert = {
    kind: 'insert',
    target,
    input: source.plan,
    values: row.shape.live.map((column) => ({ number: column.number, expr: insertedValue(scope, column, columns.list, source) })),
    ...(onConflict === undefined ? {} : { onConflict }),
    ...(returning === undefined ? {} : { returning }),
  };
  return finishQuery(scope, withClause === undefined ? plan : withClause.wrap(plan), returning ?? []);
}

/** The columns that values are given for: as listed, or all. @throws SqlError 42703, 42701 */
export function insertColumns(scope: Scope, row: TableItem, statement: InsertStatement): InsertColumns {
  const written = statement.columns;
  if (written === undefined) return { list: row.shape.live, locations: [], isWritten: false };
  const list: AssignedColumn[] = [];
  for (const column of written) {
    const descriptor = row.shape.live[targetColumn(row, column.name, locationOf(column))];
    assert(descriptor !== undefined, 'a live column');
    const target = assignedColumn(scope, descriptor, column.indirection, locationOf(column));
    if (list.some((other) => other.number === target.number && (other.part === undefined || target.part === undefined))) {
      throw errorAt(SqlState.duplicateColumn, `column "${column.name}" specified more than once`, locationOf(column));
    }
    list.push(target);
  }
  return { list, locations: written.map(locationOf), isWritten: true };
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
