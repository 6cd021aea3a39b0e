import type { RelationDescriptor } from '../../catalog/descriptors.js';
import type { UtilityContext } from './context.js';
import { forgetTable } from './free-standing/change.js';
import { catalogOf } from './names.js';

type Stored = Exclude<RelationDescriptor, { kind: 'virtual' }>;

/** Takes a relation and its rows away, with its statistics. Its dependents are the caller's business. */
export function removeRelation(relation: Stored, cx: UtilityContext): void {
  const { access, transaction, session } = cx;
  if (relation.kind === 'sequence') access.dropCounter(relation.storage, transaction);
  if (relation.kind === 'table') {
    forgetTable(relation.oid, cx);
    for (const space of access.tableSpaces(relation)) transaction.dropSpace(space);
    if (relation.rowKey === undefined) access.dropCounter(relation.storage, transaction);
    if (catalogOf(cx).statistics(relation.oid) !== undefined) session.catalog.remove(transaction, 'statistics', relation.oid);
  }
  if (relation.kind === 'index' && !relation.clustered) {
    const table = catalogOf(cx).relationByOid(relation.table);
    if (table?.kind === 'table') for (const space of access.indexSpaces(table, relation)) transaction.dropSpace(space);
  }
  session.catalog.remove(transaction, relation.kind, relation.oid);
}
