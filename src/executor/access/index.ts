/**
 * How rows and index entries lie in the store.
 *
 * 1. A table's descriptor names its spaces (create-table-access.ts): one for a shared table, one a shard for user and stream tables, whose
 *    keys are led by the user; a user's slot is a hash of the id (slots.ts).
 * 2. A row's key is its primary key or a hidden row id (row-keys.ts); its value a header and the columns (row-reader.ts reads them).
 * 3. An index entry's key is the user, the indexed columns and, unless unique without NULLs, the row's key; its value is the row's key
 *    (index-entries.ts).
 */
export { type BatchReader, compileBatchReader } from './batch-reader.js';
export { createTableAccess, isPartitioned, partitionOf } from './create-table-access.js';
export { compileIndexEntries, type IndexEntries } from './index-entries.js';
export { compileIndexRange, compileRowKeys, indexKeyColumns, type RowKeys } from './row-keys.js';
export {
  compileFilteredReader,
  compileFullDecoder,
  compileRowReader,
  compileVisibility,
  type FilteredReader,
  type RowReader,
} from './row-reader.js';
export { evenSlotMap, slotOfUser } from './slots.js';
