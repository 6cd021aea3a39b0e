import type { ForeignKeyConstraint, TableDescriptor } from '../../../catalog/descriptors.js';
import { numbersOf } from '../../../planner/partitions/column-numbers.js';
import type { UtilityContext } from '../context.js';
import { addConstraint, freeConstraintName, newOid, type TableDraft } from '../table-draft.js';

/** A partition's part of a foreign key of its partitioned table: the one that its rows are checked by. */
export function addPartitionForeignKey(draft: TableDraft, parent: TableDescriptor, key: ForeignKeyConstraint, cx: UtilityContext): void {
  const numbers = numbersOf(parent, draft.table);
  const columns = key.columns.map((number) => numbers[number - 1] ?? 0);
  if (draft.table.constraints.some((one) => one.kind === 'foreign key' && one.parent === key.oid)) return;
  const same = draft.table.constraints.find(
    (one): one is ForeignKeyConstraint => one.kind === 'foreign key' && one.parent === undefined && isSameForeignKey(one, key, columns),
  );
  if (same !== undefined) {
    const linked = { ...same, parent: key.oid, notLocal: true as const };
    draft.table = { ...draft.table, constraints: draft.table.constraints.map((one) => (one === same ? linked : one)) };
    return;
  }
  const { comment: _comment, ...rest } = key;
  const isTaken = draft.table.constraints.some((one) => one.name === key.name);
  const names = columns.map((number) => draft.table.columns[number - 1]?.name ?? '');
  addConstraint(draft, {
    ...rest,
    oid: newOid(cx),
    name: isTaken ? freeConstraintName(draft, names, 'fkey', cx) : key.name,
    columns,
    parent: key.oid,
    notLocal: true,
  });
}

function isSameForeignKey(one: ForeignKeyConstraint, key: ForeignKeyConstraint, columns: readonly number[]): boolean {
  return (
    one.referencedTable === key.referencedTable &&
    one.columns.join() === columns.join() &&
    one.referencedColumns.join() === key.referencedColumns.join() &&
    one.match === key.match &&
    one.onDelete === key.onDelete &&
    one.onUpdate === key.onUpdate &&
    one.validated === key.validated &&
    (one.deferrable ?? false) === (key.deferrable ?? false) &&
    (one.initiallyDeferred ?? false) === (key.initiallyDeferred ?? false)
  );
}
