import type { ViewDescriptor } from '../../catalog/descriptors.js';
import { notSupported, SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { TableAlteration } from '../../planner/parse/ast.js';
import { withDefault } from './columns.js';
import type { UtilityContext } from './context.js';
import { alteredRules } from './rules/alter.js';
import { alteredTriggers } from './triggers/alter.js';
import { completeView, viewOptionTexts } from './view-options.js';

/** ALTER VIEW, and what of ALTER TABLE a view has: defaults of its columns and options. @throws SqlError 0A000, 42703, 42809, 22023 */
export function alteredView(view: ViewDescriptor, change: TableAlteration, cx: UtilityContext): ViewDescriptor {
  switch (change.type) {
    case 'set default':
      return withColumn(view, change.column, (column) => withDefault(column, change.expr, cx));
    case 'drop default':
      return withColumn(view, change.column, ({ defaultText: _, ...column }) => column);
    case 'set options':
      return completeView({ ...view, options: { ...view.options, ...viewOptionTexts(change.options) } }, cx);
    case 'reset options': {
      const dropped = new Set(change.options.map((option) => option.name));
      return completeView(
        { ...view, options: Object.fromEntries(Object.entries(view.options).filter(([name]) => !dropped.has(name))) },
        cx,
      );
    }
    case 'rule':
      return { ...view, rules: alteredRules(view, change) };
    case 'trigger':
      return { ...view, triggers: alteredTriggers(view, change) };
    case 'unsupported':
      throw notSupported(change.what);
    default:
      throw new SqlError(
        SqlState.wrongObjectType,
        `ALTER action ${actionName(change.type)} cannot be performed on relation "${view.name}"`,
        {
          detail: 'This operation is not supported for views.',
        },
      );
  }
}

/** As PostgreSQL writes it. */
function actionName(type: TableAlteration['type']): string {
  const words: Partial<Record<TableAlteration['type'], string>> = {
    'set type': 'ALTER COLUMN ... TYPE',
    'set not null': 'ALTER COLUMN ... SET NOT NULL',
    'drop not null': 'ALTER COLUMN ... DROP NOT NULL',
    'row security': 'ENABLE ROW SECURITY',
  };
  return words[type] ?? type.toUpperCase();
}

function withColumn(
  view: ViewDescriptor,
  name: string,
  change: (column: ViewDescriptor['columns'][number]) => ViewDescriptor['columns'][number],
): ViewDescriptor {
  const index = view.columns.findIndex((column) => column.name === name);
  const column = view.columns[index];
  if (column === undefined) throw new SqlError(SqlState.undefinedColumn, `column "${name}" of relation "${view.name}" does not exist`);
  return { ...view, columns: view.columns.with(index, change(column)) };
}
