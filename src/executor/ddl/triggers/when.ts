import type { ColumnDescriptor, TableDescriptor, ViewDescriptor } from '../../../catalog/descriptors.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { bindScalar } from '../../../planner/bind/bind.js';
import { walkExpression } from '../../../planner/bind/tree/walk.js';
import type { CreateTriggerStatement, Expr } from '../../../planner/parse/ast.js';
import { deparseExpression } from '../../../planner/parse/deparse.js';
import type { UtilityContext } from '../context.js';
import { catalogOf } from '../names.js';

/** A trigger's WHEN, which may speak of rows that are there. @returns it as the catalog keeps it @throws SqlError 42P17 */
export function checkedWhen(
  { level, timing, events }: CreateTriggerStatement,
  when: Expr,
  { columns }: TableDescriptor | ViewDescriptor,
  cx: UtilityContext,
): string {
  const bound = bindScalar(
    when,
    { ...cx.planner, catalog: catalogOf(cx) },
    {
      clause: 'trigger WHEN',
      row: { name: 'old', columns },
      otherRow: { name: 'new', columns },
    },
  );
  const half = bound.columns.length / 2;
  const old = new Set(bound.columns.slice(0, half).map((column) => column.id));
  const refuse = (message: string, position: number | undefined, detail?: string): SqlError =>
    new SqlError(SqlState.invalidObjectDefinition, message, {
      ...(position === undefined ? {} : { position }),
      ...(detail === undefined ? {} : { detail }),
    });
  walkExpression(bound.expr, (node) => {
    const ids = node.kind === 'column' ? [node.id] : node.kind === 'whole row' ? node.columns.map((column) => column.id) : [];
    const [first] = ids;
    if (first === undefined) return;
    const { location } = node;
    if (level === 'statement') throw refuse("statement trigger's WHEN condition cannot reference column values", location);
    if (old.has(first)) {
      if (events.includes('insert')) throw refuse("INSERT trigger's WHEN condition cannot reference OLD values", location);
      return;
    }
    if (events.includes('delete')) throw refuse("DELETE trigger's WHEN condition cannot reference NEW values", location);
    if (timing !== 'before') return;
    const numbers = bound.columns.slice(half).flatMap((column) => ('number' in column && ids.includes(column.id) ? [column.number] : []));
    const generated = numbers
      .map((number) => columns[number - 1])
      .find((column): column is ColumnDescriptor => column?.generatedText !== undefined);
    if (generated === undefined) return;
    throw refuse(
      "BEFORE trigger's WHEN condition cannot reference NEW generated columns",
      location,
      node.kind === 'column'
        ? `Column "${generated.name}" is a generated column.`
        : 'A whole-row reference is used and the table contains generated columns.',
    );
  });
  return deparseExpression(when);
}
