import type { ColumnDescriptor, ForeignKeyConstraint, TableDescriptor } from '../../catalog/descriptors.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { SqlValue } from '../../types/value.js';
import type { ExecutionContext } from '../context.js';
import type { UtilityContext } from '../ddl/context.js';
import { ForeignKeys } from '../dml/foreign-keys.js';
import type { Frame } from '../frame.js';
import { type BulkTarget, bulkTarget } from './bound-target.js';
import { tableRows } from './table-rows.js';

/**
 * Existing rows against what the table's new definition asks for beyond its old one: NOT NULL, CHECK and foreign keys.
 * @throws SqlError 23502, 23514, 23503
 */
export async function checkRows(before: TableDescriptor, after: TableDescriptor, cx: UtilityContext): Promise<void> {
  const bulk = bulkTarget(after, cx);
  const isOld = (oid: number) =>
    before.constraints.some((constraint) => constraint.oid === oid && (!('validated' in constraint) || constraint.validated));
  const added = after.constraints.filter(
    (constraint) =>
      !isOld(constraint.oid) && constraint.kind !== 'primary key' && constraint.kind !== 'unique' && constraint.kind !== 'exclusion',
  );
  const notNull = after.columns.filter(
    (column) => column.notNull && column.dropped !== true && before.columns[column.number - 1]?.notNull !== true,
  );
  const checks = bulk.target.checks.filter(({ name }) =>
    added.some((constraint) => constraint.kind === 'check' && constraint.name === name && constraint.validated),
  );
  const foreign = added.flatMap((constraint) => (constraint.kind === 'foreign key' && constraint.validated ? [immediate(constraint)] : []));
  if (notNull.length === 0 && checks.length === 0 && foreign.length === 0) return;
  // Only the new foreign keys, so that the old ones aren't looked up again; and at once, whenever they will be checked later.
  const references = new ForeignKeys({ ...after, constraints: foreign }, NO_CHILDREN, true);
  for await (const piece of tableRows(after, cx)) {
    for (const row of piece) {
      checkRow(after, row.values, notNull, checks, bulk.frame);
      references.inserted(row.values, row.user, bulk.frame);
    }
    await bulk.frame.runAtEnd();
    bulk.frame.atEnd = undefined;
  }
}

function immediate({ deferrable: _deferrable, initiallyDeferred: _deferred, ...constraint }: ForeignKeyConstraint): ForeignKeyConstraint {
  return constraint;
}

const NO_CHILDREN = {
  writer(): never {
    throw new Error('checking rows changes none');
  },
  defaultOf(): SqlValue {
    return null;
  },
};

function checkRow(
  table: TableDescriptor,
  values: SqlValue[],
  notNull: readonly ColumnDescriptor[],
  checks: BulkTarget['target']['checks'],
  frame: Frame,
): void {
  for (const column of notNull) if ((values[column.number - 1] ?? null) === null) throw containsNull(table, column.name, frame.cx);
  for (const { name, condition } of checks)
    if (condition(values, frame) === false)
      throw new SqlError(SqlState.checkViolation, `check constraint "${name}" of relation "${table.name}" is violated by some row`, {
        ...schemaOf(table, frame.cx),
        table: table.name,
        constraint: name,
      });
}

function schemaOf(table: TableDescriptor, cx: ExecutionContext): { readonly schema?: string } {
  const schema = cx.catalog.schemaByOid(table.schema)?.name;
  return schema === undefined ? {} : { schema };
}

export function containsNull(table: TableDescriptor, column: string, cx: ExecutionContext): SqlError {
  return new SqlError(SqlState.notNullViolation, `column "${column}" of relation "${table.name}" contains null values`, {
    ...schemaOf(table, cx),
    table: table.name,
    column,
  });
}
