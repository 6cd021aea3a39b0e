import type { CatalogSnapshot } from '../catalog/catalog.js';
import type { Oid } from '../commons/ids.js';

/** What happened to a relation between two catalogs, as far as it matters to who listens to it. */
export function changeOf(before: CatalogSnapshot, now: CatalogSnapshot, oid: Oid): string | undefined {
  const old = before.relationByOid(oid);
  const relation = now.relationByOid(oid);
  // A temporary view is in its session's catalog only.
  if (old === undefined) return undefined;
  if (relation === undefined) return 'dropped';
  const isSameTree = sameMembers(before.childrenOf(oid), now.childrenOf(oid));
  if (relation === old) return isSameTree ? undefined : 'altered';
  if (relation.kind === 'table' && old.kind === 'table' && relation.columns === old.columns && relation.rowKey === old.rowKey && isSameTree)
    return relation.storage === old.storage ? undefined : 'truncated';
  if (relation.kind === 'view' && old.kind === 'view' && relation.queryText === old.queryText) return undefined;
  return 'altered';
}

function sameMembers(before: readonly { readonly oid: Oid }[], now: readonly { readonly oid: Oid }[]): boolean {
  const oids = new Set(before.map(({ oid }) => oid));
  return before.length === now.length && now.every(({ oid }) => oids.has(oid));
}
