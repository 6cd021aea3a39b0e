import type { IndexDescriptor, TableDescriptor } from '../../catalog/descriptors.js';
import { assert } from '../../commons/assert.js';
import type { UserId } from '../../commons/ids.js';
import { notSupported } from '../../commons/sql-error.js';
import {
  compileKeyEncoder,
  compileKeyRange,
  type KeyColumn,
  type KeyEncoder,
  type KeyRangeEncoder,
  keyTypeOf,
} from '../../store/key-codec.js';
import { formatType } from '../../types/type-codec.js';
import type { SqlValue } from '../../types/value.js';

/** Numbers of the table columns that a table's row key is made of; empty where rows have a hidden row id. */
export function rowKeyNumbers(table: TableDescriptor): readonly number[] {
  return table.rowKey ?? [];
}

/** The layout of a table's row keys, behind the user in user and stream tables. */
export function rowKeyColumns(table: TableDescriptor): readonly KeyColumn[] {
  if (table.rowKey === undefined) return [{ type: 'int8', notNull: true }];
  return table.rowKey.map((number) => {
    const column = table.columns[number - 1];
    assert(column !== undefined, 'a row key over a column that is not there');
    return keyColumn(column.storedAs ?? column.type, { notNull: true });
  });
}

/** The layout of an index's entries, behind the user. The clustered one's is the row key's. */
export function indexKeyColumns(table: TableDescriptor, index: IndexDescriptor): readonly KeyColumn[] {
  if (index.clustered) return rowKeyColumns(table);
  return index.columns.map(({ type, storedAs, descending, nullsFirst }) => keyColumn(storedAs ?? type, { desc: descending, nullsFirst }));
}

/** @throws SqlError 0A000 for a type that has no order in keys */
function keyColumn(type: number, order: Omit<KeyColumn, 'type'>): KeyColumn {
  const keyType = keyTypeOf(type);
  if (keyType === undefined) throw notSupported(`an index on a column of type ${formatType(type)}`);
  return { type: keyType, ...order };
}

export interface RowKeys {
  /** From the values of a row by column number - 1. Not for tables with a hidden row id. */
  ofRow(values: readonly SqlValue[], user: UserId | undefined): Uint8Array;
  ofRowId(rowId: number, user: UserId | undefined): Uint8Array;
}

/** Whether a key is too long for the store is for its writer to check. */
export function compileRowKeys(table: TableDescriptor): RowKeys {
  const columns = rowKeyColumns(table);
  const encode: KeyEncoder = compileKeyEncoder(columns);
  const numbers = rowKeyNumbers(table);
  const picked: SqlValue[] = columns.map(() => null);
  return {
    ofRow(values, user) {
      for (let i = 0; i < numbers.length; i++) picked[i] = values[(numbers[i] ?? 0) - 1] ?? null;
      return encode(picked, user);
    },
    ofRowId(rowId, user) {
      return encode([rowId], user);
    },
  };
}

export function compileIndexRange(table: TableDescriptor, index: IndexDescriptor): KeyRangeEncoder {
  return compileKeyRange(indexKeyColumns(table, index));
}
