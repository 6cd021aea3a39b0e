import type { CatalogSnapshot } from '../catalog/catalog.js';
import type { StorageId } from '../commons/ids.js';
import { SpaceName } from '../commons/space-name.js';
import type { Transaction } from '../transaction/transaction.js';

const STREAM = /^stream\./;
/** The storages of streams that are not durable, and of their indexes; found once a state of the catalog. */
const RELAXED = new WeakMap<CatalogSnapshot, ReadonlySet<StorageId>>();

/**
 * Rows of a stream live for seconds: a transaction that writes nothing else is acknowledged before it is on the disk, as with
 * synchronous_commit = off, unless the table is WITH (durable = true). Costs others a look at the first space that they wrote in.
 */
export function writesRelaxedStreamsOnly(transaction: Transaction, catalog: CatalogSnapshot): boolean {
  let isAny = false;
  for (const { name } of transaction.writtenSpaces()) {
    if (!isAny && !STREAM.test(name)) return false;
    isAny = true;
    const parsed = SpaceName.parse(name);
    if ((parsed?.kind !== 'stream' && parsed?.kind !== 'index') || !relaxed(catalog).has(parsed.storage)) return false;
  }
  return isAny;
}

function relaxed(catalog: CatalogSnapshot): ReadonlySet<StorageId> {
  const known = RELAXED.get(catalog);
  if (known !== undefined) return known;
  const storages = new Set<StorageId>();
  for (const relation of catalog.relations()) {
    if (relation.kind !== 'table' || relation.tableType !== 'stream' || isTrue(relation.options.durable)) continue;
    storages.add(relation.storage);
    for (const index of catalog.indexesOf(relation.oid)) storages.add(index.storage);
  }
  RELAXED.set(catalog, storages);
  return storages;
}

const isTrue = (text: string | undefined): boolean => text !== undefined && /^(t|tr|tru|true|y|ye|yes|on|1)$/i.test(text);
