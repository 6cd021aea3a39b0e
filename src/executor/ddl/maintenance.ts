import type { TableDescriptor } from '../../catalog/descriptors.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { QName } from '../../planner/parse/ast.js';
import { inheritors } from '../../planner/partitions/descendants.js';
import { analyzeTable } from '../bulk/index.js';
import type { UtilityContext, UtilityResult, UtilityStatement } from './context.js';
import { catalogOf, findRelation, lockRelation, ownedBy, requireTable } from './names.js';
import { warning } from './notices.js';
import { booleanOption } from './options.js';

/** VACUUM has nothing to do: versions do not pile up in the store. It is accepted so that tools run, and analyses where asked to. */
export async function vacuum(statement: UtilityStatement<'vacuum' | 'analyze'>, cx: UtilityContext): Promise<UtilityResult> {
  const isVacuum = statement.type === 'vacuum';
  const analyze = !isVacuum || statement.options.some((option) => option.name === 'analyze' && booleanOption(option));
  for (const option of statement.options)
    if (!OPTIONS.has(option.name))
      throw new SqlError(SqlState.syntaxError, `unrecognized ${statement.type.toUpperCase()} option "${option.name}"`, {
        position: option._location?.start,
      });
  for (const { name, columns } of statement.tables) {
    if (columns === undefined) continue;
    if (!analyze) throw new SqlError(SqlState.featureNotSupported, 'ANALYZE option must be specified when a column list is provided');
    requireColumns(named(findRelation(name, cx)), columns);
  }
  const tables = statement.tables.length > 0 ? statement.tables.flatMap(({ name }) => tablesNamed(name, cx)) : ownTables(cx);
  for (const table of tables) {
    if (!ownedBy(table.owner, cx)) {
      warning(cx, `skipping "${table.name}" --- only table or database owner can ${isVacuum ? 'vacuum' : 'analyze'} it`);
      continue;
    }
    await lockRelation(table.oid, cx, 'SHARE UPDATE EXCLUSIVE');
    const counters = cx.session.counters.table(table.oid);
    if (isVacuum) counters.vacuumed(cx.session.clock.nowMicros());
    if (!analyze) continue;
    cx.session.catalog.put(cx.transaction, await analyzeTable(table, cx));
    counters.analyzed(cx.session.clock.nowMicros());
  }
  return { tag: statement.type.toUpperCase() };
}

const OPTIONS: ReadonlySet<string> = new Set([
  'full',
  'freeze',
  'verbose',
  'analyze',
  'disable_page_skipping',
  'skip_locked',
  'index_cleanup',
  'process_toast',
  'truncate',
  'parallel',
]);

/** @throws SqlError 42703, 42701 */
function requireColumns(table: TableDescriptor, columns: readonly string[]): void {
  columns.forEach((name, i) => {
    if (!table.columns.some((column) => column.name === name && column.dropped !== true))
      throw new SqlError(SqlState.undefinedColumn, `column "${name}" of relation "${table.name}" does not exist`);
    if (columns.indexOf(name) !== i)
      throw new SqlError(SqlState.duplicateColumn, `column "${name}" of relation "${table.name}" appears more than once`);
  });
}

function named(relation: ReturnType<typeof findRelation>): TableDescriptor {
  requireTable(relation);
  return relation;
}

/** The server's own tables have nothing to be vacuumed, and their rows are known. */
function tablesNamed(name: QName, cx: UtilityContext): readonly TableDescriptor[] {
  const relation = findRelation(name, cx);
  if (relation.kind === 'virtual' && relation.relkind === 'r') {
    if (!ownedBy(relation.owner, cx)) warning(cx, `skipping "${relation.name}" --- only superuser can vacuum it`);
    return [];
  }
  return withParts(named(relation), cx);
}

/** A partitioned table stands for its partitions. */
function withParts(table: TableDescriptor, cx: UtilityContext): readonly TableDescriptor[] {
  return table.partitionKey === undefined ? [table] : inheritors(table, catalogOf(cx));
}

function ownTables(cx: UtilityContext): TableDescriptor[] {
  const tables: TableDescriptor[] = [];
  for (const relation of catalogOf(cx).relations()) if (relation.kind === 'table' && ownedBy(relation.owner, cx)) tables.push(relation);
  return tables;
}

/** Every commit is durable already. */
export async function checkpoint(cx: UtilityContext): Promise<UtilityResult> {
  await cx.session.transactions.store.sync();
  return { tag: 'CHECKPOINT' };
}
