import { booleanIn, codeIn, type DataRow, numberIn, readDataFile, textIn } from '../data-file.js';
import type { BuiltinOperator } from '../types.js';
import { groupBy, indexBy } from './group.js';

export const OPERATOR_COLUMNS =
  'oid oprname oprnamespace oprkind oprleft oprright oprresult oprcom oprnegate oprcode oprrest oprjoin oprcanhash oprcanmerge';

export function operatorRow(row: DataRow): BuiltinOperator {
  return {
    oid: numberIn(row[0]),
    name: textIn(row[1]),
    namespace: numberIn(row[2]),
    kind: codeIn(row[3]),
    left: numberIn(row[4]),
    right: numberIn(row[5]),
    result: numberIn(row[6]),
    commutator: numberIn(row[7]),
    negator: numberIn(row[8]),
    proc: numberIn(row[9]),
    restrict: numberIn(row[10]),
    join: numberIn(row[11]),
    canHash: booleanIn(row[12]),
    canMerge: booleanIn(row[13]),
  };
}

/** pg_operator. */
export class OperatorTable {
  readonly rows: readonly BuiltinOperator[] = Object.freeze(readDataFile('operators', OPERATOR_COLUMNS).map(operatorRow));
  readonly byOid: ReadonlyMap<number, BuiltinOperator> = indexBy(this.rows, (row) => row.oid);
  readonly byName: ReadonlyMap<string, readonly BuiltinOperator[]> = groupBy(this.rows, (row) => row.name);
}
