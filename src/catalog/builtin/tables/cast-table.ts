import { codeIn, type DataRow, numberIn, readDataFile } from '../data-file.js';
import type { BuiltinCast } from '../types.js';
import { groupBy, indexBy } from './group.js';

export const CAST_COLUMNS = 'oid castsource casttarget castfunc castcontext castmethod';

export function castRow(row: DataRow): BuiltinCast {
  return {
    oid: numberIn(row[0]),
    source: numberIn(row[1]),
    target: numberIn(row[2]),
    func: numberIn(row[3]),
    context: codeIn(row[4]),
    method: codeIn(row[5]),
  };
}

/** pg_cast. */
export class CastTable {
  readonly rows: readonly BuiltinCast[] = Object.freeze(readDataFile('casts', CAST_COLUMNS).map(castRow));
  readonly bySource: ReadonlyMap<number, readonly BuiltinCast[]> = groupBy(this.rows, (row) => row.source);
  /** source → target → cast. */
  readonly byPair: ReadonlyMap<number, ReadonlyMap<number, BuiltinCast>> = new Map(
    [...this.bySource].map(([source, rows]) => [source, indexBy(rows, (row) => row.target)]),
  );
}
