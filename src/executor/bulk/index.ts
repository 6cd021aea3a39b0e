/**
 * Work over all rows of a table, for DDL and COPY: it runs in the statement's transaction, in pieces that let other sessions have their turn.
 * The table is locked against other writers by who calls.
 */
export { analyzeTable } from './analyze-table.js';
export { buildIndex } from './build-index.js';
export { checkRows } from './check-rows.js';
export { type RowOwners, rewriteTable } from './rewrite-table.js';
export { isTimeOrdered, type SweepLimits, type SweepPosition, sweepTable } from './sweep-table.js';
export { TableWriter } from './table-writer.js';
export { TombstoneTally } from './tombstone-tally.js';
