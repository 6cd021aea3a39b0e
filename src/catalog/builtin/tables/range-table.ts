import { type DataRow, numberIn, readDataFile } from '../data-file.js';
import type { BuiltinRange } from '../types.js';
import { indexBy } from './group.js';

function decode(row: DataRow): BuiltinRange {
  return {
    range: numberIn(row[0]),
    subtype: numberIn(row[1]),
    multirange: numberIn(row[2]),
    collation: numberIn(row[3]),
    opclass: numberIn(row[4]),
    canonical: numberIn(row[5]),
    subdiff: numberIn(row[6]),
  };
}

/** pg_range. */
export class RangeTable {
  readonly rows: readonly BuiltinRange[] = Object.freeze(
    readDataFile('ranges', 'rngtypid rngsubtype rngmultitypid rngcollation rngsubopc rngcanonical rngsubdiff').map(decode),
  );
  readonly byType: ReadonlyMap<number, BuiltinRange> = indexBy(this.rows, (row) => row.range);
  readonly byMultirange: ReadonlyMap<number, BuiltinRange> = indexBy(this.rows, (row) => row.multirange);
}
