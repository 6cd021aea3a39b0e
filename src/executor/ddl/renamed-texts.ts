import type { CatalogSnapshot } from '../../catalog/catalog.js';
import { storedQueryOf } from '../../catalog/definitions/index.js';
import type { IndexDescriptor, TableDescriptor, TypeDescriptor, ViewDescriptor } from '../../catalog/descriptors.js';
import { SqlError } from '../../commons/sql-error.js';
import type { RowSource } from '../../planner/bind/bind-scalar.js';
import { renamedExpression, renamedTriggerCondition, renamedView } from '../../planner/print/definitions.js';
import { domainValueRow } from '../user-types/domain-checks.js';
import type { UtilityContext } from './context.js';
import { catalogOf } from './names.js';

/**
 * Kept texts speak of objects by their names: what they mean by them is printed anew after names have changed, so that views, defaults,
 * checks and indexes go on as if they had never known a name.
 */
class Retexting {
  readonly #before: CatalogSnapshot;
  readonly #after: CatalogSnapshot;
  readonly #cx: UtilityContext;

  constructor(before: CatalogSnapshot, cx: UtilityContext) {
    this.#before = before;
    this.#after = catalogOf(cx);
    this.#cx = cx;
  }

  view(view: ViewDescriptor): void {
    const text = readable(view.queryText, () => renamedView(view, this.#cx.planner, this.#before, this.#after) ?? view.queryText);
    const columns = view.columns.map((column) =>
      column.defaultText === undefined ? column : { ...column, defaultText: this.#text(column.defaultText, undefined, undefined) },
    );
    const isSame = text === view.queryText && columns.every((column, i) => column.defaultText === view.columns[i]?.defaultText);
    if (!isSame) this.#cx.session.catalog.put(this.#cx.transaction, { ...view, queryText: text, columns });
  }

  materialized(table: TableDescriptor): void {
    const { materialized } = table;
    const query = storedQueryOf(table);
    if (materialized === undefined || query === undefined) return;
    const text = readable(query.queryText, () => renamedView(query, this.#cx.planner, this.#before, this.#after) ?? query.queryText);
    if (text === query.queryText) return;
    const now = catalogOf(this.#cx).relationByOid(table.oid);
    if (now?.kind === 'table')
      this.#cx.session.catalog.put(this.#cx.transaction, { ...now, materialized: { ...materialized, queryText: text } });
  }

  table(table: TableDescriptor): void {
    const before = this.#before.relationByOid(table.oid);
    const row = before?.kind === 'table' ? before : undefined;
    let isSame = true;
    const again = (text: string, print?: () => string): string => {
      const changed = print === undefined ? this.#text(text, row, table) : readable(text, print);
      if (changed !== text) isSame = false;
      return changed;
    };
    const columns = table.columns.map((column) => ({
      ...column,
      ...(column.defaultText === undefined ? {} : { defaultText: again(column.defaultText) }),
      ...(column.generatedText === undefined ? {} : { generatedText: again(column.generatedText) }),
    }));
    const constraints = table.constraints.map((constraint) =>
      constraint.kind === 'check' ? { ...constraint, exprText: again(constraint.exprText) } : constraint,
    );
    const triggers = this.#triggers(table, row, again);
    const { partitionKey } = table;
    const key = partitionKey?.columns.map((part) => (part.exprText === undefined ? part : { ...part, exprText: again(part.exprText) }));
    if (isSame) return;
    const partitioned = partitionKey === undefined || key === undefined ? {} : { partitionKey: { ...partitionKey, columns: key } };
    this.#cx.session.catalog.put(this.#cx.transaction, {
      ...table,
      columns,
      constraints,
      ...partitioned,
      ...(triggers === undefined ? {} : { triggers }),
    });
  }

  #triggers(
    table: TableDescriptor,
    before: TableDescriptor | undefined,
    again: (text: string, print: () => string) => string,
  ): TableDescriptor['triggers'] {
    return table.triggers?.map((trigger) => {
      const { whenText } = trigger;
      if (whenText === undefined || before === undefined) return trigger;
      const planner = { ...this.#cx.planner, catalog: this.#before };
      return {
        ...trigger,
        whenText: again(whenText, () => renamedTriggerCondition(whenText, planner, before, { catalog: this.#after, row: table })),
      };
    });
  }

  index(index: IndexDescriptor): void {
    const { predicateText } = index;
    if (predicateText === undefined && index.columns.every((part) => part.exprText === undefined)) return;
    const [before, after] = [this.#before, this.#after].map((catalog) => catalog.relationByOid(index.table));
    if (before?.kind !== 'table' || after?.kind !== 'table') return;
    const again = (text: string) => this.#text(text, before, after);
    this.#cx.session.catalog.put(this.#cx.transaction, {
      ...index,
      ...(predicateText === undefined ? {} : { predicateText: again(predicateText) }),
      columns: index.columns.map((part) => (part.exprText === undefined ? part : { ...part, exprText: again(part.exprText) })),
    });
  }

  type(type: TypeDescriptor): void {
    if (type.form !== 'domain') return;
    const row = domainValueRow(type);
    const checks = type.checks.map((check) => ({ ...check, exprText: this.#text(check.exprText, row, row) }));
    const { defaultText } = type;
    const changed = {
      ...type,
      checks,
      ...(defaultText === undefined ? {} : { defaultText: this.#text(defaultText, undefined, undefined) }),
    };
    this.#cx.session.catalog.put(this.#cx.transaction, changed);
  }

  #text(text: string, before: RowSource | undefined, after: RowSource | undefined): string {
    return readable(text, () =>
      renamedExpression(text, { ...this.#cx.planner, catalog: this.#before }, before, { catalog: this.#after, row: after }),
    );
  }
}

/** A text that can't be read any more stays as it is: what is wrong with it is told where it is used. */
function readable(text: string, print: () => string): string {
  try {
    return print();
  } catch (error) {
    if (error instanceof SqlError) return text;
    throw error;
  }
}

/** After columns of some relations were renamed or added. @param before the catalog in which the texts are still right */
export function retextAfterColumns(before: CatalogSnapshot, cx: UtilityContext): void {
  const after = catalogOf(cx);
  const retexting = new Retexting(before, cx);
  const views = new Set<number>();
  for (const relation of after.relations()) {
    if (relation.kind !== 'table' && relation.kind !== 'view') continue;
    const old = before.relationByOid(relation.oid);
    if (old === undefined || old === relation) continue;
    for (const view of after.dependentViews(relation.oid)) views.add(view);
    if (relation.kind !== 'table') continue;
    retexting.table(relation);
    for (const index of after.indexesOf(relation.oid)) retexting.index(index);
  }
  for (const oid of views) {
    const view = after.relationByOid(oid);
    if (view?.kind === 'view') retexting.view(view);
    if (view?.kind === 'table') retexting.materialized(view);
  }
}

/** After an object of that name got another name or schema: all texts that say the name are looked at. */
export function retextAfterName(name: string, before: CatalogSnapshot, cx: UtilityContext): void {
  const after = catalogOf(cx);
  const retexting = new Retexting(before, cx);
  const says = (text: string | undefined) => text?.includes(name) === true;
  for (const relation of [...after.relations()]) {
    switch (relation.kind) {
      case 'view':
        if (says(relation.queryText) || relation.columns.some((column) => says(column.defaultText))) retexting.view(relation);
        break;
      case 'table': {
        if (says(relation.materialized?.queryText)) retexting.materialized(relation);
        const isSaid = relation.columns.some((column) => says(column.defaultText) || says(column.generatedText));
        if (isSaid || relation.constraints.some((constraint) => constraint.kind === 'check' && says(constraint.exprText)))
          retexting.table(relation);
        break;
      }
      case 'index':
        if (says(relation.predicateText) || relation.columns.some((part) => says(part.exprText))) retexting.index(relation);
        break;
      default:
        break;
    }
  }
  for (const type of [...after.types()])
    if (type.form === 'domain' && (says(type.defaultText) || type.checks.some((check) => says(check.exprText)))) retexting.type(type);
}
