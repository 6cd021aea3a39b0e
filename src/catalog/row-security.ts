import type { CatalogSnapshot } from './catalog.js';

const known = new WeakMap<CatalogSnapshot, boolean>();

/** Whether any table's rows are hidden by policies. Asked for each change of the catalog once. */
export function hasRowSecurity(catalog: CatalogSnapshot): boolean {
  let found = known.get(catalog);
  if (found === undefined) {
    found = false;
    for (const relation of catalog.relations()) {
      if (relation.kind !== 'table' || relation.rowSecurity?.enabled !== true) continue;
      found = true;
      break;
    }
    known.set(catalog, found);
  }
  return found;
}
