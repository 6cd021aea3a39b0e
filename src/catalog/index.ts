/**
 * Life of a catalog object: DDL puts a descriptor through the session's catalog → it is a row of system table `catalog` in the transaction's
 * write set, and lies over the session's snapshots at once → at commit it becomes part of the committed snapshot, whose key changes, so that
 * cached plans are made anew → binder and executor work from descriptors; pg_catalog's relations are computed from them.
 */
import type { Catalogs } from './catalog.js';
import { type CatalogOptions, DatabaseCatalogs } from './database-catalogs.js';

export type { ObjectNumbers, SpacesOf } from './committed-catalog.js';
export { initialDescriptors } from './initial.js';

export function createCatalogs(options: CatalogOptions): Promise<Catalogs> {
  return DatabaseCatalogs.open(options);
}
