import { type ColumnDescriptor, Privilege } from '../../../catalog/descriptors.js';
import { assert } from '../../../commons/assert.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { QName } from '../../parse/ast.js';
import type { LogicalInsert } from '../logical.js';
import { constNode, outputColumn, referenceTo } from '../nodes.js';
import { finishQuery } from '../query/pending.js';
import { TableItem } from '../scope/relation-item.js';
import type { Scope } from '../scope/scope.js';
import type { BoundQuery } from '../state.js';
import { columnDefault } from './default.js';
import { requireChange, requireTarget, tableTarget, targetColumn } from './target.js';

/** COPY FROM: the input is what the caller reads, the rest is INSERT's. */
export function bindCopy(scope: Scope, name: QName, names: readonly string[] | undefined): BoundQuery {
  const { state } = scope;
  const table = requireTarget(scope, name);
  const row = new TableItem(state, table, undefined, undefined, undefined);
  const columns = copyColumns(row, names);
  requireChange(
    scope,
    table.oid,
    Privilege.insert,
    columns.map((column) => column.number),
  );
  const inputs = columns.map((column) => outputColumn(state.newColumn(), column.name, column));
  const plan: LogicalInsert = {
    kind: 'insert',
    target: tableTarget(scope, row),
    input: { kind: 'values', columns: inputs, rows: [] },
    values: row.shape.live.map((column) => {
      const input = inputs[columns.indexOf(column)];
      if (input !== undefined) return { number: column.number, expr: referenceTo(input) };
      const isGenerated = column.generatedText !== undefined;
      return { number: column.number, expr: isGenerated ? constNode(column.type, column.typmod, null) : columnDefault(scope, column) };
    }),
  };
  return finishQuery(scope, plan, []);
}

/** All but generated ones, or as listed. @throws SqlError 42703, 42701, 42P10 */
function copyColumns(row: TableItem, names: readonly string[] | undefined): readonly ColumnDescriptor[] {
  if (names === undefined) return row.shape.live.filter((column) => column.generatedText === undefined);
  const columns: ColumnDescriptor[] = [];
  for (const name of names) {
    const column = row.shape.live[targetColumn(row, name, undefined)];
    assert(column !== undefined, 'a live column');
    if (column.generatedText !== undefined) {
      throw new SqlError(SqlState.invalidColumnReference, `column "${name}" is a generated column`, {
        detail: 'Generated columns cannot be used in COPY.',
      });
    }
    if (columns.includes(column)) throw new SqlError(SqlState.duplicateColumn, `column "${name}" specified more than once`);
    columns.push(column);
  }
  return columns;
}
