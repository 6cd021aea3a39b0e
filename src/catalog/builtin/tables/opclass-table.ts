import { booleanIn, codeIn, type DataRow, numberIn, readDataFile, textIn } from '../data-file.js';
import type { BuiltinAccessMethod, BuiltinAmop, BuiltinAmproc, BuiltinOpclass, BuiltinOpfamily } from '../types.js';
import { groupBy, indexBy } from './group.js';

export const ACCESS_METHOD_COLUMNS = 'oid amname amhandler amtype';
export const OPFAMILY_COLUMNS = 'oid opfmethod opfname opfnamespace';
export const OPCLASS_COLUMNS = 'oid opcmethod opcname opcnamespace opcfamily opcintype opcdefault opckeytype';
export const AMOP_COLUMNS = 'oid amopfamily amoplefttype amoprighttype amopstrategy amoppurpose amopopr amopmethod amopsortfamily';
export const AMPROC_COLUMNS = 'oid amprocfamily amproclefttype amprocrighttype amprocnum amproc';

export function accessMethod(row: DataRow): BuiltinAccessMethod {
  return { oid: numberIn(row[0]), name: textIn(row[1]), handler: numberIn(row[2]), kind: codeIn(row[3]) };
}

export function opfamily(row: DataRow): BuiltinOpfamily {
  return { oid: numberIn(row[0]), method: numberIn(row[1]), name: textIn(row[2]), namespace: numberIn(row[3]) };
}

export function opclass(row: DataRow): BuiltinOpclass {
  return {
    oid: numberIn(row[0]),
    method: numberIn(row[1]),
    name: textIn(row[2]),
    namespace: numberIn(row[3]),
    family: numberIn(row[4]),
    inputType: numberIn(row[5]),
    isDefault: booleanIn(row[6]),
    keyType: numberIn(row[7]),
  };
}

export function amop(row: DataRow): BuiltinAmop {
  return {
    oid: numberIn(row[0]),
    family: numberIn(row[1]),
    left: numberIn(row[2]),
    right: numberIn(row[3]),
    strategy: numberIn(row[4]),
    purpose: codeIn(row[5]),
    operator: numberIn(row[6]),
    method: numberIn(row[7]),
    sortFamily: numberIn(row[8]),
  };
}

export function amproc(row: DataRow): BuiltinAmproc {
  return {
    oid: numberIn(row[0]),
    family: numberIn(row[1]),
    left: numberIn(row[2]),
    right: numberIn(row[3]),
    number: numberIn(row[4]),
    proc: numberIn(row[5]),
  };
}

/** pg_am, pg_opfamily, pg_opclass, pg_amop, pg_amproc. */
export class OpclassTable {
  readonly methods: readonly BuiltinAccessMethod[] = Object.freeze(readDataFile('access-methods', ACCESS_METHOD_COLUMNS).map(accessMethod));
  readonly families: readonly BuiltinOpfamily[] = Object.freeze(readDataFile('opfamilies', OPFAMILY_COLUMNS).map(opfamily));
  readonly rows: readonly BuiltinOpclass[] = Object.freeze(readDataFile('opclasses', OPCLASS_COLUMNS).map(opclass));
  readonly amops: readonly BuiltinAmop[] = Object.freeze(readDataFile('amops', AMOP_COLUMNS).map(amop));
  readonly amprocs: readonly BuiltinAmproc[] = Object.freeze(readDataFile('amprocs', AMPROC_COLUMNS).map(amproc));
  readonly byOid: ReadonlyMap<number, BuiltinOpclass> = indexBy(this.rows, (row) => row.oid);
  readonly defaultsByMethod: ReadonlyMap<number, readonly BuiltinOpclass[]> = groupBy(
    this.rows.filter((row) => row.isDefault),
    (row) => row.method,
  );
  readonly amopsByFamily: ReadonlyMap<number, readonly BuiltinAmop[]> = groupBy(this.amops, (row) => row.family);
  readonly amopsByOperator: ReadonlyMap<number, readonly BuiltinAmop[]> = groupBy(this.amops, (row) => row.operator);
}
