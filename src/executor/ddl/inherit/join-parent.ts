import type { CheckConstraint, ColumnDescriptor, Constraint, TableDescriptor } from '../../../catalog/descriptors.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { inheritors } from '../../../planner/partitions/descendants.js';
import type { UtilityContext } from '../context.js';
import { catalogOf } from '../names.js';
import { liveColumns } from '../table-draft.js';
import { checkWith, columnWith } from './alter-child.js';

/**
 * An existing table becomes a child: it must have the parent's columns and checks already (MergeAttributesIntoExisting and
 * MergeConstraintsIntoExisting of PostgreSQL).
 * @param isPartition then they are not its own any more
 * @throws SqlError 42804, 42P21, 42P17
 */
export function joinParent(child: TableDescriptor, parent: TableDescriptor, isPartition: boolean): TableDescriptor {
  const columns = new Map<string, ColumnDescriptor>();
  for (const column of liveColumns(parent)) columns.set(column.name, joinedColumn(child, column, isPartition));
  const checks = new Map<string, CheckConstraint>();
  for (const constraint of parent.constraints) {
    if (constraint.kind === 'check' && constraint.noInherit !== true)
      checks.set(constraint.name, joinedCheck(child, constraint, isPartition));
  }
  return {
    ...child,
    columns: child.columns.map((column) => (column.dropped === true ? column : (columns.get(column.name) ?? column))),
    constraints: child.constraints.map((one): Constraint => (one.kind === 'check' ? (checks.get(one.name) ?? one) : one)),
    parents: [...(child.parents ?? []), parent.oid],
  };
}

function mismatch(message: string): SqlError {
  return new SqlError(SqlState.datatypeMismatch, message);
}

function joinedColumn(child: TableDescriptor, column: ColumnDescriptor, isPartition: boolean): ColumnDescriptor {
  const { name } = column;
  const own = liveColumns(child).find((candidate) => candidate.name === name);
  if (own === undefined) throw mismatch(`child table is missing column "${name}"`);
  if (own.type !== column.type || own.typmod !== column.typmod)
    throw mismatch(`child table "${child.name}" has different type for column "${name}"`);
  if ((own.collation ?? 0) !== (column.collation ?? 0))
    throw new SqlError(SqlState.collationMismatch, `child table "${child.name}" has different collation for column "${name}"`);
  if (column.notNull && !own.notNull) throw mismatch(`column "${name}" in child table must be marked NOT NULL`);
  if (column.generatedText !== undefined && own.generatedText === undefined)
    throw mismatch(`column "${name}" in child table must be a generated column`);
  if (column.generatedText === undefined && own.generatedText !== undefined)
    throw mismatch(`column "${name}" in child table must not be a generated column`);
  const joined = columnWith(own, (own.inherited ?? 0) + 1, false);
  return isPartition ? { ...joined, notLocal: true } : joined;
}

function joinedCheck(child: TableDescriptor, check: CheckConstraint, isPartition: boolean): CheckConstraint {
  const { name } = check;
  const own = child.constraints.find((candidate) => candidate.kind === 'check' && candidate.name === name);
  if (own?.kind !== 'check') throw mismatch(`child table is missing constraint "${name}"`);
  if (own.exprText !== check.exprText)
    throw mismatch(`child table "${child.name}" has different definition for check constraint "${name}"`);
  const conflicts = (what: string) =>
    new SqlError(SqlState.invalidObjectDefinition, `constraint "${name}" conflicts with ${what} constraint on child table "${child.name}"`);
  if (own.noInherit === true) throw conflicts('non-inherited');
  if (check.validated && !own.validated) throw conflicts('NOT VALID');
  const joined = checkWith(own, (own.inherited ?? 0) + 1, false);
  return isPartition ? { ...joined, notLocal: true } : joined;
}

/** The table keeps what it had from the parent as its own, unless another parent has it too. */
export function leaveParent(child: TableDescriptor, parent: TableDescriptor): TableDescriptor {
  const names = new Set(liveColumns(parent).map(({ name }) => name));
  const checks = new Set(parent.constraints.flatMap((one) => (one.kind === 'check' && one.noInherit !== true ? [one.name] : [])));
  const { parents, ...rest } = child;
  const left = (parents ?? []).filter((oid) => oid !== parent.oid);
  return {
    ...rest,
    ...(left.length === 0 ? {} : { parents: left }),
    columns: child.columns.map((column) => {
      if (column.dropped === true || !names.has(column.name) || (column.inherited ?? 0) === 0) return column;
      const inherited = (column.inherited ?? 0) - 1;
      return columnWith(column, inherited, inherited === 0);
    }),
    constraints: child.constraints.map((one): Constraint => {
      if (one.kind !== 'check' || !checks.has(one.name) || (one.inherited ?? 0) === 0) return one;
      const inherited = (one.inherited ?? 0) - 1;
      return checkWith(one, inherited, inherited === 0);
    }),
  };
}

/** @throws SqlError 42P07 */
export function refuseCircle(parent: TableDescriptor, child: TableDescriptor, cx: UtilityContext): void {
  if (!inheritors(child, catalogOf(cx)).some(({ oid }) => oid === parent.oid)) return;
  throw new SqlError(SqlState.duplicateTable, 'circular inheritance not allowed', {
    detail: `"${parent.name}" is already a child of "${child.name}".`,
  });
}
