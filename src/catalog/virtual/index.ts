/**
 * Life of a look into the catalog: a scan of a virtual relation asks VirtualRelations for rows, with the column = value conditions it knows →
 * the relation's provider (pg-catalog/, information-schema/, system/) makes full rows from the snapshot's descriptors, going straight to the
 * objects asked for where the conditions name them → the executor filters and projects. Rows of built-in objects never change: they are made
 * once, when first asked for, and indexed (builtin-rows.ts); those of users' objects are kept while the catalog stays as it is, once a relation
 * is read whole again (kept-rows.ts). A relation that PostgreSQL has and nothing here can fill (pg_trigger, pg_enum …)
 * has no provider and is empty.
 */
import { BuiltinRows } from './builtin-rows.js';
import type { VirtualRelations } from './context.js';
import { KeptRows } from './kept-rows.js';
import { PROVIDERS } from './providers.js';
import { VirtualScan } from './scan.js';

export type { VirtualContext, VirtualRelations } from './context.js';

export function createVirtualRelations(): VirtualRelations {
  const builtinRows = new BuiltinRows();
  const keptRows = new KeptRows();
  return {
    rows(table, cx, equal) {
      const provider = PROVIDERS[table.provider];
      if (provider === undefined) return [];
      return keptRows.rows(table, cx, equal, (given, wanted) => provider(new VirtualScan(table, given, builtinRows, wanted)));
    },
  };
}
