import type { IndexDescriptor } from '../../catalog/descriptors.js';
import { notSupported, SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { DefElement, TableAlteration } from '../../planner/parse/ast.js';
import type { UtilityContext } from './context.js';
import { catalogOf } from './names.js';
import { textOption } from './options.js';
import { statisticsTarget } from './table-settings.js';

const PARAMETERS: ReadonlySet<string> = new Set([
  'fillfactor',
  'deduplicate_items',
  'fastupdate',
  'gin_pending_list_limit',
  'buffering',
  'pages_per_range',
  'autosummarize',
  // Of hnsw and ivfflat (extension vector).
  'm',
  'ef_construction',
  'lists',
]);

/** WITH (fillfactor = 70 …): kept and shown. @throws SqlError 22023 */
export function indexOptions(given: readonly DefElement[]): Record<string, string> {
  const options: Record<string, string> = {};
  for (const option of given) {
    if (!PARAMETERS.has(option.name)) throw new SqlError(SqlState.invalidParameterValue, `unrecognized parameter "${option.name}"`);
    options[option.name] = textOption(option);
  }
  return options;
}

/** What ALTER INDEX (or ALTER TABLE of an index) can say besides its name, schema and owner. */
export function alteredIndex(index: IndexDescriptor, change: TableAlteration, cx: UtilityContext): IndexDescriptor {
  switch (change.type) {
    case 'set options':
      return { ...index, options: { ...index.options, ...indexOptions(change.options) } };
    case 'reset options': {
      const dropped = new Set(change.options.map(({ name }) => name));
      return { ...index, options: Object.fromEntries(Object.entries(index.options ?? {}).filter(([name]) => !dropped.has(name))) };
    }
    case 'set statistics':
      return withStatistics(index, change.number ?? 0, change.value, cx);
    case 'tablespace':
      if (change.name !== 'pg_default') throw new SqlError(SqlState.undefinedObject, `tablespace "${change.name}" does not exist`);
      return index;
    case 'unsupported':
      throw notSupported(change.what);
    default:
      throw new SqlError(
        SqlState.wrongObjectType,
        `ALTER action ${change.type.toUpperCase()} cannot be performed on relation "${index.name}"`,
        {
          detail: 'This operation is not supported for indexes.',
        },
      );
  }
}

/** Only expressions have statistics of their own. @throws SqlError 42703, 0A000 */
function withStatistics(index: IndexDescriptor, number: number, value: number, cx: UtilityContext): IndexDescriptor {
  const key = index.columns[number - 1];
  const included = index.including?.[number - 1 - index.columns.length];
  const table = catalogOf(cx).relationByOid(index.table);
  const nameOf = (column: number) => (table?.kind === 'table' ? (table.columns[column - 1]?.name ?? '') : '');
  if (key === undefined && included === undefined)
    throw new SqlError(SqlState.undefinedColumn, `column number ${number} of relation "${index.name}" does not exist`);
  if (key === undefined)
    throw new SqlError(
      SqlState.featureNotSupported,
      `cannot alter statistics on included column "${nameOf(included ?? 0)}" of index "${index.name}"`,
    );
  if (key.column !== 0)
    throw new SqlError(
      SqlState.featureNotSupported,
      `cannot alter statistics on non-expression column "${nameOf(key.column)}" of index "${index.name}"`,
      { hint: 'Alter statistics on table column instead.' },
    );
  const { statistics: _before, ...rest } = key;
  const target = statisticsTarget(value, cx);
  const changed = target === -1 ? rest : { ...rest, statistics: target };
  return { ...index, columns: index.columns.map((other) => (other === key ? changed : other)) };
}
