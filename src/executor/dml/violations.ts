import { mayUseColumns } from '../../catalog/column-privileges.js';
import {
  type ColumnDescriptor,
  type ForeignKeyConstraint,
  type IndexDescriptor,
  Privilege,
  type TableDescriptor,
} from '../../catalog/descriptors.js';
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

/** A table whose row fails, and which of its columns the statement itself gave. */
export interface FailingTarget {
  readonly table: TableDescriptor;
  readonly assigned: readonly number[];
}

/** The row's values, as far as the current role may read them or gave them itself; undefined where that is nothing. */
export function failingRow({ table, assigned }: FailingTarget, values: readonly SqlValue[], cx: ExecutionContext): string | undefined {
  const { catalog, session } = cx;
  if (hidesRows(catalog, table, session.currentRole)) return undefined;
  const live = table.columns.filter((column) => column.dropped !== true);
  const mayRead = (numbers: readonly number[]) => mayUseColumns(catalog, session.currentRole, table, Privilege.select, numbers);
  const isWhole = mayRead([]);
  const shown = isWhole ? live : live.filter(({ number }) => assigned.includes(number) || mayRead([number]));
  if (shown.length === 0) return undefined;
  const fields = shown.map((column) => {
    const text = textOf(values[column.number - 1] ?? null, column.type, cx);
    return text.length > MAX_FIELD_LENGTH ? `${text.slice(0, MAX_FIELD_LENGTH)}...` : text;
  });
  const names = isWhole ? '' : `(${shown.map(({ name }) => name).join(', ')}) = `;
  return `Failing row contains ${names}(${fields.join(', ')}).`;
}

/** Whether errors may tell the current role the values of these columns. */
function mayShow(table: TableDescriptor, numbers: readonly number[], cx: ExecutionContext): boolean {
  const { catalog, session } = cx;
  if (hidesRows(catalog, table, session.currentRole)) return false;
  return mayUseColumns(catalog, session.currentRole, table, Privilege.select, numbers);
}

export function notNullViolation(
  target: FailingTarget,
  column: ColumnDescriptor,
  values: readonly SqlValue[],
  cx: ExecutionContext,
): SqlError {
  const { table } = target;
  return new SqlError(
    SqlState.notNullViolation,
    `null value in column "${column.name}" of relation "${table.name}" violates not-null constraint`,
    { ...place(table, cx), column: column.name, detail: failingRow(target, values, cx) },
  );
}

export function checkViolation(target: FailingTarget, constraint: string, values: readonly SqlValue[], cx: ExecutionContext): SqlError {
  const { table } = target;
  return new SqlError(SqlState.checkViolation, `new row for relation "${table.name}" violates check constraint "${constraint}"`, {
    ...place(table, cx),
    constraint,
    detail: failingRow(target, values, cx),
  });
}

export function viewViolation(target: FailingTarget, view: string, values: readonly SqlValue[], cx: ExecutionContext): SqlError {
  return new SqlError(SqlState.withCheckOptionViolation, `new row violates check option for view "${view}"`, {
    detail: failingRow(target, values, cx),
  });
}

/** @param policy a restrictive one's name; undefined: none of the permissive ones holds */
export function policyViolation(table: string, policy: string | undefined, ofExisting = false): SqlError {
  const name = policy === undefined ? '' : ` "${policy}"`;
  const part = ofExisting ? ' (USING expression)' : '';
  return new SqlError(SqlState.insufficientPrivilege, `new row violates row-level security policy${name}${part} for table "${table}"`);
}

export function partitionViolation(target: FailingTarget, values: readonly SqlValue[], cx: ExecutionContext): SqlError {
  const { table } = target;
  return new SqlError(SqlState.checkViolation, `new row for relation "${table.name}" violates partition constraint`, {
    ...place(table, cx),
    detail: failingRow(target, values, cx),
  });
}

/** No partition takes a row with this key. */
export function noPartition(table: TableDescriptor, key: readonly SqlValue[], cx: ExecutionContext): SqlError {
  const columns = table.partitionKey?.columns ?? [];
  const names = columns.map((column) => column.exprText ?? table.columns[column.column - 1]?.name ?? '');
  const texts = columns.map((column, i) => textOf(key[i] ?? null, column.type, cx));
  const isShown = mayShow(
    table,
    columns.map(({ column }) => column),
    cx,
  );
  return new SqlError(SqlState.checkViolation, `no partition of relation "${table.name}" found for row`, {
    ...place(table, cx),
    detail: isShown ? `Partition key of the failing row contains (${names.join(', ')}) = (${texts.join(', ')}).` : undefined,
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
    // The row that has the key may be one that policies hide, the key one of columns that may not be read.
    ...(mayShow(
      table,
      index.columns.map(({ column }) => column),
      cx,
    )
      ? { detail: `Key ${keyText(table, index, keys, cx)} already exists.` }
      : {}),
  });
}

/** @param others the keys of the row that is there */
export function exclusionViolation(
  table: TableDescriptor,
  index: IndexDescriptor,
  keys: readonly SqlValue[],
  others: readonly SqlValue[],
  cx: ExecutionContext,
  isNew = false,
): SqlError {
  const numbers = index.columns.map(({ column }) => column);
  const existing = isNew ? '' : 'existing ';
  const detail = `Key ${keyText(table, index, keys, cx)} conflicts with ${existing}key ${keyText(table, index, others, cx)}.`;
  return new SqlError(
    SqlState.exclusionViolation,
    isNew ? `could not create exclusion constraint "${index.name}"` : `conflicting key value violates exclusion constraint "${index.name}"`,
    { ...place(table, cx), constraint: index.name, ...(mayShow(table, numbers, cx) ? { detail } : {}) },
  );
}

export function columnsText(table: TableDescriptor, numbers: readonly number[], values: readonly SqlValue[], cx: ExecutionContext): string {
  const columns = numbers.map((number) => table.columns[number - 1]);
  const texts = columns.map((column, i) => textOf(values[i] ?? null, column?.type ?? TypeOid.text, cx));
  return `(${columns.map((column) => column?.name ?? '').join(', ')})=(${texts.join(', ')})`;
}

/** With a blank behind it; empty where the current role may not read it. */
function shownKey(table: TableDescriptor, numbers: readonly number[], values: readonly SqlValue[], cx: ExecutionContext): string {
  return mayShow(table, numbers, cx) ? `${columnsText(table, numbers, values, cx)} ` : '';
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
      detail: `Key ${shownKey(child, constraint.columns, values, cx)}is not present in table "${parent.name}".`,
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
      detail: `Key ${shownKey(parent, constraint.referencedColumns, values, cx)}is still referenced from table "${child.name}".`,
    },
  );
}
