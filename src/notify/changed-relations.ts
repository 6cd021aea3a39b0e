import type { CatalogSnapshot } from '../catalog/catalog.js';
import type { RoutineDescriptor } from '../catalog/descriptors.js';
import type { Oid } from '../commons/ids.js';
import type { RequiredPrivilege } from '../planner/bind/logical.js';

/** What happened to a relation between two catalogs, as far as it matters to who listens to it. */
export function changeOf(before: CatalogSnapshot, now: CatalogSnapshot, oid: Oid): string | undefined {
  const old = before.relationByOid(oid);
  const relation = now.relationByOid(oid);
  // A temporary view is in its session's catalog only.
  if (old === undefined) return undefined;
  if (relation === undefined) return 'dropped';
  const isSameTree = sameMembers(before.childrenOf(oid), now.childrenOf(oid));
  if (relation === old) return isSameTree ? undefined : 'altered';
  if (
    relation.kind === 'table' &&
    old.kind === 'table' &&
    relation.tableType === old.tableType &&
    relation.columns === old.columns &&
    relation.rowKey === old.rowKey &&
    isSameTree
  )
    return relation.storage === old.storage ? undefined : 'truncated';
  if (relation.kind === 'view' && old.kind === 'view' && relation.queryText === old.queryText) return undefined;
  return 'altered';
}

/** Of functions in SQL, which are put in the place of their calls: one that is another now, or gone. @returns its name */
export function changedFunction(required: readonly RequiredPrivilege[], before: CatalogSnapshot, now: CatalogSnapshot): string | undefined {
  for (const { objectKind, oid } of required) {
    if (objectKind !== 'function') continue;
    const old = before.routine(oid);
    const routine = now.routine(oid);
    if (old === undefined || routine === old) continue;
    if (routine === undefined || routine.source !== old.source || routine.body !== old.body || !isSameCall(routine, old)) return old.name;
  }
  return undefined;
}

/** What decides how a call of it is put in place, besides its body. */
function isSameCall(routine: RoutineDescriptor, old: RoutineDescriptor): boolean {
  return (
    routine.volatility === old.volatility &&
    routine.strict === old.strict &&
    routine.securityDefiner === old.securityDefiner &&
    JSON.stringify(routine.settings) === JSON.stringify(old.settings)
  );
}

function sameMembers(before: readonly { readonly oid: Oid }[], now: readonly { readonly oid: Oid }[]): boolean {
  const oids = new Set(before.map(({ oid }) => oid));
  return before.length === now.length && now.every(({ oid }) => oids.has(oid));
}
