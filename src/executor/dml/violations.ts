import type { ColumnDescriptor, ForeignKeyConstraint, IndexDescriptor, TableDescriptor } from '../../catalog/descriptors.js';
import { hidesRows } from '../../catalog/row-security.js';
import { SqlError, type SqlErrorFields } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { TypeOid } from '../../types/oids.js';
import type { SqlValue } from '../../types/value.js';
import type { ExecutionContext } from '../context.js';
import { codecOf } from '../expression/comparators.js';

/** Violated constraints in PostgreSQL's words. */

/** PostgreSQL cuts each value of a failing row here. */
const MAX_FIELD_LENGTH = 64;

function place(table: TableDescriptor, cx: ExecutionContext): SqlErrorFields {
  const schema = cx.catalog.schemaByOid(table.schema)?.name;
  return schema === undefined ? { table: table.name } : { schema, table: table.name };
}

export function textOf(value: SqlValue, type: number, cx: ExecutionContext): string {
  if (value === null) return 'null';
  return (codecOf(type) ?? codecOf(TypeOid.text))?.output(value, cx.format) ?? '';
}

export function failingRow(table: TableDescriptor, values: readonly SqlValue[], cx: ExecutionContext): string {
  const fields = table.columns
    .filter((column) => column.dropped !== true)
    .map((column) => {
      const text = textOf(values[column.number - 1] ?? null, column.type, cx);
      return text.length > MAX_FIELD_LENGTH ? `${text.slice(0, MAX_FIELD_LENGTH)}...` : text;
    });
  return `Failing row contains (${fields.join(', ')}).`;
}

export function notNullViolation(
  table: TableDescriptor,
  column: ColumnDescriptor,
  values: readonly SqlValue[],
  cx: ExecutionContext,
): SqlError {
  return new SqlError(
    SqlState.notNullViolation,
    `null value in column "${column.name}" of relation "${table.name}" violates not-null constraint`,
    { ...place(table, cx), column: column.name, detail: failingRow(table, values, cx) },
  );
}

export function checkViolation(table: TableDescriptor, constraint: string, values: readonly SqlValue[], cx: ExecutionContext): SqlError {
  return new SqlError(SqlState.checkViolation, `new row for relation "${table.name}" violates check constraint "${constraint}"`, {
    ...place(table, cx),
    constraint,
    detail: failingRow(table, values, cx),
  });
}

export function viewViolation(table: TableDescriptor, view: string, values: readonly SqlValue[], cx: ExecutionContext): SqlError {
  return new SqlError(SqlState.withCheckOptionViolation, `new row violates check option for view "${view}"`, {
    detail: failingRow(table, values, cx),
  });
}

/** @param policy a restrictive one's name; undefined: none of the permissive ones holds */
export function policyViolation(table: string, policy: string | undefined, ofExisting = false): SqlError {
  const name = policy === undefined ? '' : ` "${policy}"`;
  const part = ofExisting ? ' (USING expression)' : '';
  return new SqlError(SqlState.insufficientPrivilege, `new row violates row-level security policy${name}${part} for table "${table}"`);
}

export function partitionViolation(table: TableDescriptor, values: readonly SqlValue[], cx: ExecutionContext): SqlError {
  return new SqlError(SqlState.checkViolation, `new row for relation "${table.name}" violates partition constraint`, {
    ...place(table, cx),
    detail: failingRow(table, values, cx),
  });
}

/** `(a, lower(b))=(1, x)`: the columns of an index and a row's values of them. */
export function keyText(table: TableDescriptor, index: IndexDescriptor, keys: readonly SqlValue[], cx: ExecutionContext): string {
  const names = index.columns.map((column) => table.columns[column.column - 1]?.name ?? column.exprText ?? '');
  const values = index.columns.map((column, i) => textOf(keys[i] ?? null, column.type, cx));
  return `(${names.join(', ')})=(${values.join(', ')})`;
}

export function uniqueViolation(table: TableDescriptor, index: IndexDescriptor, keys: readonly SqlValue[], cx: ExecutionContext): SqlError {
  return new SqlError(SqlState.uniqueViolation, `duplicate key value violates unique constraint "${index.name}"`, {
    ...place(table, cx),
    constraint: index.name,
    // The row that has the key may be one that policies hide.
    ...(hidesRows(cx.catalog, table, cx.session.currentRole) ? {} : { detail: `Key ${keyText(table, index, keys, cx)} already exists.` }),
  });
}

export function columnsText(table: TableDescriptor, numbers: readonly number[], values: readonly SqlValue[], cx: ExecutionContext): string {
  const columns = numbers.map((number) => table.columns[number - 1]);
  const texts = columns.map((column, i) => textOf(values[i] ?? null, column?.type ?? TypeOid.text, cx));
  return `(${columns.map((column) => column?.name ?? '').join(', ')})=(${texts.join(', ')})`;
}

export function missingReference(
  child: TableDescriptor,
  parent: TableDescriptor,
  constraint: ForeignKeyConstraint,
  values: readonly SqlValue[],
  cx: ExecutionContext,
): SqlError {
  return new SqlError(
    SqlState.foreignKeyViolation,
    `insert or update on table "${child.name}" violates foreign key constraint "${constraint.name}"`,
    {
      ...place(child, cx),
      constraint: constraint.name,
      detail: `Key ${columnsText(child, constraint.columns, values, cx)} is not present in table "${parent.name}".`,
    },
  );
}

export function mixedNulls(child: TableDescriptor, constraint: ForeignKeyConstraint, cx: ExecutionContext): SqlError {
  return new SqlError(
    SqlState.foreignKeyViolation,
    `insert or update on table "${child.name}" violates foreign key constraint "${constraint.name}"`,
    {
      ...place(child, cx),
      constraint: constraint.name,
      detail: 'MATCH FULL does not allow mixing of null and nonnull key values.',
    },
  );
}

export function stillReferenced(
  parent: TableDescriptor,
  child: TableDescriptor,
  constraint: ForeignKeyConstraint,
  values: readonly SqlValue[],
  cx: ExecutionContext,
): SqlError {
  return new SqlError(
    SqlState.foreignKeyViolation,
    `update or delete on table "${parent.name}" violates foreign key constraint "${constraint.name}" on table "${child.name}"`,
    {
      ...place(child, cx),
      constraint: constraint.name,
      detail: `Key ${columnsText(parent, constraint.referencedColumns, values, cx)} is still referenced from table "${child.name}".`,
    },
  );
}
