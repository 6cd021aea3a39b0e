import type { CatalogSnapshot } from '../../catalog/catalog.js';
import type { ObjectNames, RegKind } from '../../types/format-context.js';

/** `"My schema".t` in its two parts. */
const QUALIFIED = /^("(?:[^"]|"")+"|[^".]+)\.("(?:[^"]|"")+"|[^".]+)$/;

/** Names in kept texts: a relation with its schema is looked up in the catalog that the text belongs to. */
export class KeptNames implements ObjectNames {
  readonly #catalog: CatalogSnapshot;
  readonly #others: ObjectNames;

  constructor(catalog: CatalogSnapshot, others: ObjectNames) {
    this.#catalog = catalog;
    this.#others = others;
  }

  nameOf(kind: RegKind, oid: number): string | undefined {
    return this.#others.nameOf(kind, oid);
  }

  oidOf(kind: RegKind, name: string): number {
    const [, schema, relation] = (kind === 'regclass' ? QUALIFIED.exec(name) : null) ?? [];
    if (schema !== undefined && relation !== undefined) {
      const inSchema = this.#catalog.schema(unquoted(schema));
      const found = inSchema === undefined ? undefined : this.#catalog.relation(inSchema.oid, unquoted(relation));
      if (found !== undefined) return found.oid;
    }
    return this.#others.oidOf(kind, name);
  }
}

function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
}
