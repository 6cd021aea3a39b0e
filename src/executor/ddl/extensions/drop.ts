import type { ExtensionDescriptor, TableDescriptor } from '../../../catalog/descriptors.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { UtilityContext, UtilityResult, UtilityStatement } from '../context.js';
import { dropColumn } from '../drop-parts.js';
import { catalogOf, lockRelation } from '../names.js';
import { notice } from '../notices.js';
import { forgetExtensionObjects } from '../privileges/extension-objects.js';
import { removeRelation } from '../remove-relation.js';
import { putDraft, type TableDraft } from '../table-draft.js';
import { putTriggers } from '../triggers/create.js';
import { findExtension, memberViews } from './alter.js';
import { type ExtensionUse, usesOfExtension } from './uses.js';

/** DROP EXTENSION: what uses its types, functions and operators goes too with CASCADE, and is listed in the refusal without. */
export async function dropExtensions(statement: UtilityStatement<'drop'>, cx: UtilityContext): Promise<UtilityResult> {
  const targets: ExtensionDescriptor[] = [];
  for (const { name } of statement.names) {
    if (catalogOf(cx).extension(name) === undefined && statement.ifExists === true) {
      notice(cx, `extension "${name}" does not exist, skipping`);
      continue;
    }
    const extension = await findExtension(name, cx);
    if (catalogOf(cx).builtin.extensionObjects(name, extension.schema) === undefined)
      throw new SqlError(
        SqlState.dependentObjectsStillExist,
        `cannot drop extension ${name} because it is required by the database system`,
      );
    targets.push(extension);
  }
  await dropInstalled(targets, statement.cascade === true, cx);
  return { tag: 'DROP EXTENSION' };
}

async function dropInstalled(targets: readonly ExtensionDescriptor[], cascade: boolean, cx: UtilityContext): Promise<void> {
  const uses = targets.flatMap((extension) => usesOfExtension(extension, cx));
  if (uses.length > 0 && !cascade) throw refused(targets, uses);
  announce(uses, cx);
  // Views first: they would go with the columns that they read.
  const ordered = [...uses].sort((a, b) => Number(b.kind === 'relation') - Number(a.kind === 'relation'));
  for (const use of ordered) await dropUse(use, cx);
  for (const extension of targets) {
    for (const view of memberViews(extension, cx)) removeRelation(view, cx);
    cx.session.catalog.remove(cx.transaction, 'extension', extension.oid);
  }
  forgetExtensionObjects(cx);
}

function refused(targets: readonly ExtensionDescriptor[], uses: readonly ExtensionUse[]): SqlError {
  const [only] = targets;
  const what = targets.length === 1 && only !== undefined ? `extension ${only.name}` : 'desired object(s)';
  return new SqlError(SqlState.dependentObjectsStillExist, `cannot drop ${what} because other objects depend on it`, {
    detail: uses
      .slice(0, 100)
      .map(({ text, on }) => `${text} depends on ${on}`)
      .join('\n'),
    hint: 'Use DROP ... CASCADE to drop the dependent objects too.',
  });
}

function announce(uses: readonly ExtensionUse[], cx: UtilityContext): void {
  const [first] = uses;
  if (first === undefined) return;
  if (uses.length === 1) notice(cx, `drop cascades to ${first.text}`);
  else notice(cx, `drop cascades to ${uses.length} other objects`, uses.map(({ text }) => `drop cascades to ${text}`).join('\n'));
}

/** Takes away what uses something that goes. */
export async function dropUse(use: ExtensionUse, cx: UtilityContext): Promise<void> {
  if (!('table' in use)) {
    cx.session.catalog.remove(cx.transaction, use.kind, use.oid);
    return;
  }
  await lockRelation(use.table, cx);
  const catalog = catalogOf(cx);
  if (use.kind === 'relation') {
    const now = catalog.relationByOid(use.oid);
    if (now !== undefined && now.kind !== 'virtual') removeRelation(now, cx);
    return;
  }
  const table = catalog.relationByOid(use.table);
  if (table?.kind === 'composite' && use.kind === 'column') {
    const columns = table.columns.map((column) => (column.number === use.column ? { ...column, dropped: true as const } : column));
    cx.session.catalog.put(cx.transaction, { ...table, columns });
  }
  if (use.kind === 'trigger' && (table?.kind === 'table' || table?.kind === 'view'))
    putTriggers(
      table,
      (table.triggers ?? []).filter(({ oid }) => oid !== use.oid),
      cx,
    );
  if (table?.kind !== 'table') return;
  if (use.kind === 'column') dropColumnOf(table, use.column, cx);
  if (use.kind === 'constraint')
    cx.session.catalog.put(cx.transaction, { ...table, constraints: table.constraints.filter(({ oid }) => oid !== use.oid) });
  if (use.kind === 'default') {
    const columns = table.columns.map((column) => {
      if (column.number !== use.column) return column;
      const { defaultText: _default, ...rest } = column;
      return rest;
    });
    cx.session.catalog.put(cx.transaction, { ...table, columns });
  }
}

function dropColumnOf(table: TableDescriptor, number: number, cx: UtilityContext): void {
  const column = table.columns[number - 1];
  const schema = catalogOf(cx).schemaByOid(table.schema);
  if (column === undefined || column.dropped === true || schema === undefined) return;
  const draft: TableDraft = { table, schema, indexes: [], sequences: [] };
  dropColumn(draft, { type: 'drop column', column: column.name, cascade: true }, cx);
  putDraft(draft, cx);
}
