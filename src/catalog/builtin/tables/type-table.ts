import { booleanIn, codeIn, type DataRow, numberIn, optionalTextIn, readDataFile, textIn } from '../data-file.js';
import type { BuiltinType } from '../types.js';
import { groupBy, indexBy } from './group.js';

export const TYPE_COLUMNS =
  'oid typname typnamespace typlen typbyval typtype typcategory typispreferred typdelim typrelid typelem typarray ' +
  'typinput typoutput typreceive typsend typmodin typmodout typsubscript typanalyze ' +
  'typalign typstorage typcollation typnotnull typbasetype typtypmod typndims is_array typdefault';

export function typeRow(row: DataRow): BuiltinType {
  return {
    oid: numberIn(row[0]),
    name: textIn(row[1]),
    namespace: numberIn(row[2]),
    length: numberIn(row[3]),
    byValue: booleanIn(row[4]),
    kind: codeIn(row[5]),
    category: textIn(row[6]),
    preferred: booleanIn(row[7]),
    delimiter: textIn(row[8]),
    relation: numberIn(row[9]),
    element: numberIn(row[10]),
    array: numberIn(row[11]),
    input: numberIn(row[12]),
    output: numberIn(row[13]),
    receive: numberIn(row[14]),
    send: numberIn(row[15]),
    modifierInput: numberIn(row[16]),
    modifierOutput: numberIn(row[17]),
    subscript: numberIn(row[18]),
    analyze: numberIn(row[19]),
    align: textIn(row[20]),
    storage: textIn(row[21]),
    collation: numberIn(row[22]),
    notNull: booleanIn(row[23]),
    baseType: numberIn(row[24]),
    baseTypeModifier: numberIn(row[25]),
    dimensions: numberIn(row[26]),
    isArray: booleanIn(row[27]),
    defaultText: optionalTextIn(row[28]),
  };
}

/** pg_type. */
export class TypeTable {
  readonly rows: readonly BuiltinType[] = Object.freeze(readDataFile('types', TYPE_COLUMNS).map(typeRow));
  readonly byOid: ReadonlyMap<number, BuiltinType> = indexBy(this.rows, (row) => row.oid);
  readonly byName: ReadonlyMap<string, readonly BuiltinType[]> = groupBy(this.rows, (row) => row.name);
}
