import {
  booleanIn,
  codeIn,
  type DataRow,
  numberIn,
  numbersIn,
  optionalNumbersIn,
  optionalTextIn,
  optionalTextsIn,
  readDataFile,
  textIn,
} from '../data-file.js';
import { KALAMDB_PROCS } from '../kalamdb-procs.js';
import type { ArgumentMode, BuiltinProc } from '../types.js';
import { groupBy, indexBy, NONE } from './group.js';

export const PROC_COLUMNS =
  'oid proname pronamespace prolang source prokind proretset provolatile proisstrict prorettype proargtypes provariadic ' +
  'pronargdefaults procost prorows prosupport prosecdef proleakproof proparallel proallargtypes proargmodes proargnames default_texts acl';

export function procRow(row: DataRow): BuiltinProc {
  return {
    oid: numberIn(row[0]),
    name: textIn(row[1]),
    namespace: numberIn(row[2]),
    language: numberIn(row[3]),
    source: textIn(row[4]),
    kind: codeIn(row[5]),
    returnsSet: booleanIn(row[6]),
    volatility: codeIn(row[7]),
    strict: booleanIn(row[8]),
    returnType: numberIn(row[9]),
    argTypes: numbersIn(row[10]),
    variadic: numberIn(row[11]),
    defaults: numberIn(row[12]),
    cost: numberIn(row[13]),
    rows: numberIn(row[14]),
    support: numberIn(row[15]),
    securityDefiner: booleanIn(row[16]),
    leakproof: booleanIn(row[17]),
    parallel: codeIn(row[18]),
    allArgTypes: optionalNumbersIn(row[19]),
    argModes: optionalTextsIn<ArgumentMode>(row[20]),
    argNames: optionalTextsIn(row[21]),
    defaultTexts: optionalTextsIn(row[22]) ?? NONE,
    acl: optionalTextIn(row[23]),
  };
}

/** pg_proc, with KalamDB's own functions. */
export class ProcTable {
  readonly rows: readonly BuiltinProc[] = Object.freeze([...readDataFile('procs', PROC_COLUMNS).map(procRow), ...KALAMDB_PROCS]);
  readonly byOid: ReadonlyMap<number, BuiltinProc> = indexBy(this.rows, (row) => row.oid);
  /** namespace → name → functions. */
  readonly byName: ReadonlyMap<number, ReadonlyMap<string, readonly BuiltinProc[]>> = new Map(
    [...groupBy(this.rows, (row) => row.namespace)].map(([namespace, rows]) => [namespace, groupBy(rows, (row) => row.name)]),
  );
}
