import type { ExtensionDescriptor, RelationDescriptor, TableDescriptor, ViewDescriptor } from '../../../catalog/descriptors.js';
import type { Oid } from '../../../commons/ids.js';
import type { UtilityContext } from '../context.js';
import { indexReads } from '../drop-parts.js';
import { catalogOf, describeRelation } from '../names.js';
import { typeText } from '../types/type-text.js';
import { viewUsesColumn } from '../view-columns.js';
import { memberViews } from './alter.js';
import { callsOf } from './calls.js';

/** What would go with an extension, and which of its objects it uses. */
export type ExtensionUse =
  | (Words & { readonly kind: 'column' | 'default'; readonly table: Oid; readonly column: number })
  | (Words & { readonly kind: 'constraint'; readonly table: Oid; readonly oid: Oid })
  /** A view or an index; `table` is what to lock. */
  | (Words & { readonly kind: 'relation'; readonly table: Oid; readonly oid: Oid })
  /** A trigger of a table or view. */
  | (Words & { readonly kind: 'trigger'; readonly table: Oid; readonly oid: Oid })
  | (Words & { readonly kind: 'type'; readonly oid: Oid })
  | (Words & { readonly kind: 'routine' | 'operator' | 'cast'; readonly oid: Oid });
interface Words {
  readonly text: string;
  readonly on: string;
}

/**
 * Columns and types made of its types first, then what calls its functions. Which functions views, defaults, constraints and indexes call
 * is found by binding them, so that nothing need be kept of it.
 */
export function usesOfExtension(extension: ExtensionDescriptor, cx: UtilityContext): readonly ExtensionUse[] {
  const catalog = catalogOf(cx);
  const objects = catalog.builtin.extensionObjects(extension.name, extension.schema);
  if (objects === undefined) return [];
  const types = new Map(objects.types.map((type) => [type.oid, type.isArray ? type.element : type.oid]));
  const wanted = { objects, procs: new Set(objects.procs.map((proc) => proc.oid)), types };
  const uses: ExtensionUse[] = [];
  const seen = new Set<string>();
  const add = (key: string, use: ExtensionUse) => {
    if (seen.has(key)) return;
    seen.add(key);
    uses.push(use);
  };
  for (const type of catalog.types()) {
    const over = type.form === 'domain' ? type.baseType : type.form === 'range' ? type.subtype : 0;
    if (types.has(over)) add(`type ${type.oid}`, { kind: 'type', oid: type.oid, text: typeText(type.oid, cx), on: typeText(over, cx) });
  }
  const relations = [...catalog.relations()];
  for (const use of viewsOverMembers(extension, cx)) add(`relation ${use.oid}`, use);
  for (const relation of relations) {
    if (relation.kind !== 'table' && relation.kind !== 'composite') continue;
    for (const column of relation.columns.toReversed()) {
      if (column.dropped === true || !types.has(column.type)) continue;
      const text = `column ${column.name} of ${describeColumnsRelation(relation, cx)}`;
      add(`column ${relation.oid} ${column.number}`, {
        kind: 'column',
        table: relation.oid,
        column: column.number,
        text,
        on: typeText(column.type, cx),
      });
    }
  }
  for (const routine of catalog.routines()) {
    const type = [routine.returnType, ...routine.parameters.map((parameter) => parameter.type)].find((oid) => types.has(oid));
    if (type === undefined) continue;
    const inputs = routine.parameters.filter(({ mode }) => mode !== 'out' && mode !== 'table');
    const signature = `${routine.name}(${inputs.map((parameter) => typeText(parameter.type, cx).slice('type '.length)).join(',')})`;
    add(`routine ${routine.oid}`, { kind: 'routine', oid: routine.oid, text: `function ${signature}`, on: typeText(type, cx) });
  }
  for (const relation of relations) {
    if (relation.kind === 'view' && relation.extension === extension.oid) continue;
    if (relation.kind === 'view') {
      const column = relation.columns.find(({ type }) => types.has(type));
      const on = column === undefined ? undefined : typeText(column.type, cx);
      if (on !== undefined)
        add(`relation ${relation.oid}`, {
          kind: 'relation',
          table: relation.oid,
          oid: relation.oid,
          text: describeRelation(relation, cx),
          on,
        });
    }
    for (const trigger of 'triggers' in relation ? (relation.triggers ?? []) : []) {
      const proc = objects.procs.find(({ oid }) => oid === trigger.routine);
      if (proc === undefined) continue;
      const text = `trigger ${trigger.name} on ${describeRelation(relation, cx)}`;
      const on = `function ${proc.name}()`;
      add(`trigger ${trigger.oid}`, { kind: 'trigger', table: relation.oid, oid: trigger.oid, text, on });
    }
    for (const call of callsOf(relation, wanted, cx)) {
      if (!goesAlong(call.use, (table, column) => seen.has(`column ${table} ${column}`), cx)) add(call.key, call.use);
    }
  }
  return [...uses, ...viewsOver(uses, cx)];
}

/** A column that goes takes its default, its constraints and its indexes along. */
function goesAlong(use: ExtensionUse, isGone: (table: Oid, column: number) => boolean, cx: UtilityContext): boolean {
  if (!('table' in use)) return false;
  if ('column' in use) return isGone(use.table, use.column);
  const table = catalogOf(cx).relationByOid(use.table);
  if (table?.kind !== 'table') return false;
  const gone = table.columns.filter(({ number }) => isGone(table.oid, number));
  if (use.kind === 'constraint') {
    const constraint = table.constraints.find(({ oid }) => oid === use.oid);
    return gone.some(({ number }) => constraint?.columns.includes(number) === true);
  }
  const index = use.kind === 'relation' ? catalogOf(cx).relationByOid(use.oid) : undefined;
  return index?.kind === 'index' && gone.some((column) => indexReads(index, column));
}

function readsColumn(view: ViewDescriptor, table: TableDescriptor, number: number, cx: UtilityContext): boolean {
  const column = table.columns[number - 1];
  return column !== undefined && viewUsesColumn(view, table, column, cx);
}

function describeColumnsRelation(relation: RelationDescriptor, cx: UtilityContext): string {
  return relation.kind === 'composite'
    ? `composite type ${describeRelation(relation, cx).slice('type '.length)}`
    : describeRelation(relation, cx);
}

/** Views that read views of the extension's. */
function viewsOverMembers(extension: ExtensionDescriptor, cx: UtilityContext): readonly Extract<ExtensionUse, { kind: 'relation' }>[] {
  const catalog = catalogOf(cx);
  return memberViews(extension, cx).flatMap((member) =>
    catalog.dependentViews(member.oid).flatMap((oid) => {
      const view = catalog.relationByOid(oid);
      if (view === undefined) return [];
      return [{ kind: 'relation' as const, table: oid, oid, text: describeRelation(view, cx), on: describeRelation(member, cx) }];
    }),
  );
}

/** Views that read columns or views that would go. */
function viewsOver(uses: readonly ExtensionUse[], cx: UtilityContext): readonly ExtensionUse[] {
  const catalog = catalogOf(cx);
  const columns = uses.flatMap((use) => (use.kind === 'column' ? [{ table: use.table, column: use.column }] : []));
  const gone = new Set(uses.flatMap((use) => (use.kind === 'relation' ? [use.oid] : [])));
  const queue = [...gone, ...columns.map((use) => use.table)];
  const found: ExtensionUse[] = [];
  for (let oid = queue.shift(); oid !== undefined; oid = queue.shift()) {
    const read = catalog.relationByOid(oid);
    for (const view of catalog.dependentViews(oid)) {
      const relation = catalog.relationByOid(view);
      if (relation?.kind !== 'view' || read === undefined || gone.has(view)) continue;
      if (read.kind === 'table' && !columns.some((use) => use.table === oid && readsColumn(relation, read, use.column, cx))) continue;
      gone.add(view);
      queue.push(view);
      found.push({ kind: 'relation', table: view, oid: view, text: describeRelation(relation, cx), on: describeRelation(read, cx) });
    }
  }
  return found;
}
