import { booleanIn, codeIn, type DataRow, numberIn, optionalTextIn, readDataFile } from '../data-file.js';
import type { BuiltinAggregate } from '../types.js';
import { indexBy } from './group.js';

export const AGGREGATE_COLUMNS =
  'aggfnoid aggkind aggnumdirectargs aggtransfn aggfinalfn aggcombinefn aggserialfn aggdeserialfn aggmtransfn aggminvtransfn aggmfinalfn ' +
  'aggfinalextra aggmfinalextra aggfinalmodify aggmfinalmodify aggsortop aggtranstype aggtransspace aggmtranstype aggmtransspace ' +
  'agginitval aggminitval';

export function aggregateRow(row: DataRow): BuiltinAggregate {
  return {
    proc: numberIn(row[0]),
    kind: codeIn(row[1]),
    numDirectArgs: numberIn(row[2]),
    transitionFunction: numberIn(row[3]),
    finalFunction: numberIn(row[4]),
    combineFunction: numberIn(row[5]),
    serialFunction: numberIn(row[6]),
    deserialFunction: numberIn(row[7]),
    movingTransitionFunction: numberIn(row[8]),
    movingInverseFunction: numberIn(row[9]),
    movingFinalFunction: numberIn(row[10]),
    finalExtra: booleanIn(row[11]),
    movingFinalExtra: booleanIn(row[12]),
    finalModify: codeIn(row[13]),
    movingFinalModify: codeIn(row[14]),
    sortOperator: numberIn(row[15]),
    transitionType: numberIn(row[16]),
    transitionSpace: numberIn(row[17]),
    movingTransitionType: numberIn(row[18]),
    movingTransitionSpace: numberIn(row[19]),
    initialValue: optionalTextIn(row[20]),
    movingInitialValue: optionalTextIn(row[21]),
  };
}

/** pg_aggregate. */
export class AggregateTable {
  readonly rows: readonly BuiltinAggregate[] = Object.freeze(readDataFile('aggregates', AGGREGATE_COLUMNS).map(aggregateRow));
  readonly byProc: ReadonlyMap<number, BuiltinAggregate> = indexBy(this.rows, (row) => row.proc);
}
