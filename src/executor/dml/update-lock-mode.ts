import type { CatalogSnapshot } from '../../catalog/catalog.js';
import type { TableDescriptor } from '../../catalog/descriptors.js';
import type { RowLockMode } from '../../transaction/transaction.js';

/** A change of columns that a foreign key could refer to needs the stronger lock. Found anew when the catalog has changed. */
export function compileLockMode(table: TableDescriptor, numbers: readonly number[]): (catalog: CatalogSnapshot) => RowLockMode {
  let knownFor: string | undefined;
  let mode: RowLockMode = 'UPDATE';
  return (catalog) => {
    if (catalog.key !== knownFor) {
      const indexes = catalog.indexesOf(table.oid).filter((index) => index.unique);
      const touchesKey = indexes.some((index) => index.columns.some((column) => column.column === 0 || numbers.includes(column.column)));
      mode = touchesKey ? 'UPDATE' : 'NO KEY UPDATE';
      knownFor = catalog.key;
    }
    return mode;
  };
}
