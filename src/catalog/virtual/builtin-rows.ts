import type { Row } from '../../types/value.js';
import type { BuiltinCatalog } from '../builtin/index.js';
import { IndexedRows } from './indexed-rows.js';
import type { VirtualScan } from './scan.js';

/**
 * The rows that come from the built-in catalog: the same for every snapshot, so they are made once, when first asked for, and indexed by the
 * columns that clients look them up by.
 */
export class BuiltinRows {
  /** By what the rows are made of: extensions make another catalog. */
  readonly #catalogs = new WeakMap<BuiltinCatalog, Map<string, IndexedRows>>();

  /**
   * @param make all rows of the relation that never change
   * @param keys columns that may be looked up by
   */
  matching(scan: VirtualScan, make: (builtin: BuiltinCatalog) => Row[], keys: readonly string[]): readonly Row[] {
    const { builtin } = scan.catalog;
    let relations = this.#catalogs.get(builtin);
    if (relations === undefined) {
      relations = new Map();
      this.#catalogs.set(builtin, relations);
    }
    let rows = relations.get(scan.table.provider);
    if (rows === undefined) {
      rows = new IndexedRows(make(builtin));
      relations.set(scan.table.provider, rows);
    }
    for (const [number, value] of scan.equal) {
      const name = scan.table.columns[number - 1]?.name;
      // Only what compares as itself: an oid or a name.
      const isKey = typeof value === 'number' || typeof value === 'string';
      if (isKey && name !== undefined && keys.includes(name)) return rows.by(number, value);
    }
    return rows.all;
  }
}
