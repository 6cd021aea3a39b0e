import type { IndexDescriptor, TableDescriptor } from '../../catalog/descriptors.js';
import type { UserId } from '../../commons/ids.js';
import { KeyWriter, userPrefix } from '../../store/key-codec.js';
import type { SqlValue } from '../../types/value.js';
import { indexKeyColumns } from './row-keys.js';

/** Keys of one index's entries. */
export interface IndexEntries {
  /** The entry of a row: led by the user, ended by the row's key unless the columns alone are unique. */
  key(values: readonly SqlValue[], rowKey: Uint8Array, user: UserId | undefined): Uint8Array;
  /** Whether these values must not occur twice: a unique index, and no NULL among them (or NULLS NOT DISTINCT). */
  isUnique(values: readonly SqlValue[]): boolean;
  /** As `isUnique`, of a deferrable key: they must not occur twice, but only once the check comes. */
  isUniqueInTheEnd(values: readonly SqlValue[]): boolean;
  /** What the entries of all rows with these values begin with. */
  prefix(values: readonly SqlValue[], user: UserId | undefined): Uint8Array;
}

/** Whether an entry is too long for the store is for its writer to check. */
export function compileIndexEntries(table: TableDescriptor, index: IndexDescriptor): IndexEntries {
  const columns = indexKeyColumns(table, index);
  const writer = new KeyWriter();
  const deferrable = index.deferrable === true;
  const unique = index.unique && !deferrable;
  const nullsDiffer = index.nullsNotDistinct !== true;
  const isUnique = (values: readonly SqlValue[]): boolean => unique && !(nullsDiffer && values.includes(null));
  const writeValues = (values: readonly SqlValue[], user: UserId | undefined): void => {
    writer.reset();
    if (user !== undefined) writer.writeUser(user);
    for (let i = 0; i < columns.length; i++) {
      const column = columns[i];
      if (column !== undefined) writer.write(column.type, values[i] ?? null, column.desc, column.nullsFirst, column.notNull);
    }
  };
  return {
    isUnique,
    isUniqueInTheEnd: (values) => deferrable && !(nullsDiffer && values.includes(null)),
    prefix(values, user) {
      writeValues(values, user);
      return writer.finish();
    },
    key(values, rowKey, user) {
      writeValues(values, user);
      // The user leads the entry already.
      if (!isUnique(values)) writer.raw(user === undefined ? rowKey : rowKey.subarray(userPrefix(user).length));
      return writer.finish();
    },
  };
}
