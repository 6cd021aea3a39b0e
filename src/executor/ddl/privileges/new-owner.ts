import { type Acl, withOwner } from '../../../catalog/acl.js';
import type { RelationDescriptor } from '../../../catalog/descriptors.js';
import type { Oid } from '../../../commons/ids.js';

/** An object that belongs to another role from now on, which also has given and got what its owner before had. */
export function withNewOwner<T extends { readonly owner: Oid; readonly acl?: Acl }>(object: T, owner: Oid): T {
  return { ...object, owner, ...(object.acl === undefined ? {} : { acl: withOwner(object.acl, object.owner, owner) }) };
}

/** The privileges on its columns too. */
export function relationWithNewOwner<R extends RelationDescriptor>(relation: R, owner: Oid): R {
  const changed = withNewOwner(relation, owner);
  if (changed.kind === 'sequence' && changed.columnAcls !== undefined)
    return { ...changed, columnAcls: recordWithOwner(changed.columnAcls, relation.owner, owner) };
  if (changed.kind !== 'table' && changed.kind !== 'view') return changed;
  const columns = changed.columns.map((column) =>
    column.acl === undefined ? column : { ...column, acl: withOwner(column.acl, relation.owner, owner) },
  );
  if (changed.kind !== 'table' || changed.systemColumnAcls === undefined) return { ...changed, columns };
  return { ...changed, columns, systemColumnAcls: recordWithOwner(changed.systemColumnAcls, relation.owner, owner) };
}

function recordWithOwner(acls: Readonly<Record<number, Acl>>, before: Oid, after: Oid): Readonly<Record<number, Acl>> {
  return Object.fromEntries(Object.entries(acls).map(([number, acl]) => [number, withOwner(acl, before, after)]));
}
