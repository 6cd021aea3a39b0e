import type { TableDescriptor } from '../../catalog/descriptors.js';
import type { UtilityContext } from './context.js';
import { dropAll } from './drop.js';
import { catalogOf } from './names.js';
import { emptyTableStorage } from './truncate.js';

/** What temporary tables were made with ON COMMIT DROP or DELETE ROWS for: part of the transaction that commits. */
export function applyOnCommit(cx: UtilityContext): void {
  const dropped: TableDescriptor[] = [];
  for (const relation of catalogOf(cx).relations()) {
    if (relation.kind !== 'table' || relation.persistence !== 'temporary') continue;
    if (relation.onCommit === 'drop') dropped.push(relation);
    // Without a write there are no rows either: every commit before left the table empty.
    else if (relation.onCommit === 'delete rows' && cx.transaction.hasWrites) emptyTableStorage(relation.oid, false, cx);
  }
  if (dropped.length > 0) dropAll(dropped, [], true, cx);
}
