import type { CatalogSnapshot } from '../../catalog/catalog.js';
import { Privilege } from '../../catalog/descriptors.js';
import type { Oid } from '../../commons/ids.js';
import type { PlannedQuery } from '../../planner/optimize/physical.js';
import { lockTags } from '../../transaction/lock-tags.js';
import type { LockTag, TableLockMode, Transaction } from '../../transaction/transaction.js';

export interface TableLock {
  readonly tag: LockTag;
  readonly mode: TableLockMode;
}

/**
 * The table locks that a query takes, weakest first in meaning: ACCESS SHARE on what it reads, ROW SHARE on what it locks rows of or looks
 * foreign keys up in, ROW EXCLUSIVE on what it writes (PostgreSQL manual, "Table-Level Locks"). PostgreSQL locks the tables at the other end
 * of foreign keys when it comes to check them; here they are locked beforehand, so that the plan is still right when the lock is held.
 */
export function tableLocksOf(query: PlannedQuery, catalog: CatalogSnapshot): readonly TableLock[] {
  const modes = new Map<Oid, TableLockMode>();
  for (const oid of query.reads) if (catalog.relationByOid(oid)?.kind === 'table') modes.set(oid, 'ACCESS SHARE');
  // Only FOR UPDATE and the like need the right to update what is not written.
  for (const { oid, objectKind, privileges } of query.privileges) {
    if (objectKind === 'table' && (privileges & Privilege.update) !== 0 && modes.has(oid)) modes.set(oid, 'ROW SHARE');
  }
  for (const oid of query.writes) addForeignKeys(oid, query.command === 'INSERT', modes, catalog);
  for (const oid of query.writes) modes.set(oid, 'ROW EXCLUSIVE');
  return [...modes].map(([oid, mode]) => ({ tag: lockTags.relation(oid), mode }));
}

function addForeignKeys(oid: Oid, onlyInserts: boolean, modes: Map<Oid, TableLockMode>, catalog: CatalogSnapshot): void {
  const table = catalog.relationByOid(oid);
  if (table?.kind !== 'table') return;
  for (const constraint of table.constraints) {
    if (constraint.kind !== 'foreign key' || modes.get(constraint.referencedTable) === 'ROW EXCLUSIVE') continue;
    modes.set(constraint.referencedTable, 'ROW SHARE');
  }
  if (onlyInserts) return;
  for (const child of catalog.referencingTables(oid)) {
    if (modes.get(child.oid) === 'ROW EXCLUSIVE') continue;
    const acts = child.constraints.some(
      (constraint) =>
        constraint.kind === 'foreign key' &&
        constraint.referencedTable === oid &&
        [constraint.onDelete, constraint.onUpdate].some((action) => action !== 'no action' && action !== 'restrict'),
    );
    modes.set(child.oid, acts ? 'ROW EXCLUSIVE' : 'ROW SHARE');
    // What a cascade changes has foreign keys of its own.
    if (acts) addForeignKeys(child.oid, false, modes, catalog);
  }
}

/** A promise where somebody is in the way. @throws SqlError 55P03, 40P01, 57014 */
export function takeTableLocks(transaction: Transaction, locks: readonly TableLock[]): Promise<void> | undefined {
  for (let i = 0; i < locks.length; i++) {
    const lock = locks[i];
    if (lock === undefined) continue;
    const held = transaction.lock(lock.tag, lock.mode);
    if (held instanceof Promise) return takeRest(held, transaction, locks, i + 1);
  }
  return undefined;
}

async function takeRest(first: Promise<unknown>, transaction: Transaction, locks: readonly TableLock[], from: number): Promise<void> {
  await first;
  for (const { tag, mode } of locks.slice(from)) {
    const held = transaction.lock(tag, mode);
    if (held instanceof Promise) await held;
  }
}
