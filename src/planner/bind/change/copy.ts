import { type ColumnDescriptor, Privilege } from '../../../catalog/descriptors.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { QName } from '../../parse/ast.js';
import type { LogicalInsert } from '../logical.js';
import { constNode, outputColumn, referenceTo } from '../nodes.js';
import { finishQuery } from '../query/pending.js';
import { isSecured } from '../row-security.js';
import type { Scope } from '../scope/scope.js';
import type { BoundQuery } from '../state.js';
import { bindTarget, type ChangedRelation } from './changed-relation.js';
import { columnDefault } from './default.js';
import { hasInsteadTrigger } from './instead.js';
import { requireChangeable, tableTarget } from './target.js';

/** COPY FROM: the input is what the caller reads, the rest is INSERT's. */
export function bindCopy(scope: Scope, name: QName, names: readonly string[] | undefined): BoundQuery {
  const { state } = scope;
  const relation = requireChangeable(scope, name);
  if (relation.kind === 'view' && !hasInsteadTrigger(relation, 'insert')) {
    throw new SqlError(SqlState.wrongObjectType, `cannot copy to view "${relation.name}"`, {
      hint: 'To enable copying to a view, provide an INSTEAD OF INSERT trigger.',
    });
  }
  const changed = bindTarget(scope, name, undefined, 'insert');
  const row = changed.row.base;
  if (isSecured(scope, changed.table))
    throw new SqlError(SqlState.featureNotSupported, 'COPY FROM not supported with row-level security', {
      hint: 'Use INSERT statements instead.',
    });
  const columns = copyColumns(changed, names);
  changed.requireChange(
    Privilege.insert,
    columns.map((column) => row.shape.live.indexOf(column)),
  );
  const inputs = columns.map((column) => outputColumn(state.newColumn(), column.name, column));
  const plan: LogicalInsert = {
    kind: 'insert',
    target: { ...tableTarget(scope, row), assigned: columns.map((column) => column.number) },
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
function copyColumns(changed: ChangedRelation, names: readonly string[] | undefined): readonly ColumnDescriptor[] {
  if (names === undefined) return changed.stored.filter((column) => column.generatedText === undefined);
  const columns: ColumnDescriptor[] = [];
  for (const name of names) {
    const column = changed.assignable(changed.find(name, undefined), 'insert into');
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
