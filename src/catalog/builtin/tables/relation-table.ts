import { booleanIn, codeIn, type DataRow, numberIn, optionalTextIn, optionalTextsIn, readDataFile, textIn } from '../data-file.js';
import type { BuiltinColumn, BuiltinRelation } from '../types.js';
import { groupBy, NONE } from './group.js';

function column(row: DataRow): BuiltinColumn {
  return {
    number: numberIn(row[1]),
    name: textIn(row[2]),
    type: numberIn(row[3]),
    typeModifier: numberIn(row[4]),
    dimensions: numberIn(row[5]),
    notNull: booleanIn(row[6]),
    collation: numberIn(row[7]),
    acl: optionalTextIn(row[8]),
  };
}

function relation(row: DataRow, columns: readonly BuiltinColumn[]): BuiltinRelation {
  return {
    oid: numberIn(row[0]),
    name: textIn(row[1]),
    namespace: numberIn(row[2]),
    rowType: numberIn(row[3]),
    kind: codeIn(row[4]),
    hasIndex: booleanIn(row[5]),
    isShared: booleanIn(row[6]),
    hasRules: booleanIn(row[7]),
    acl: optionalTextIn(row[8]),
    replicaIdentity: optionalTextIn(row[9]) === 'd' ? 'd' : 'n',
    options: optionalTextsIn(row[10]),
    columns,
  };
}

function decodeAll(): readonly BuiltinRelation[] {
  const attributes = groupBy(
    readDataFile('attributes', 'attrelid attnum attname atttypid atttypmod attndims attnotnull attcollation attacl'),
    (row) => row[0],
  );
  return readDataFile(
    'relations',
    'oid relname relnamespace reltype relkind relhasindex relisshared relhasrules relacl relreplident reloptions',
  ).map((row) => relation(row, Object.freeze((attributes.get(row[0]) ?? NONE).map(column))));
}

/** pg_class and pg_attribute of the system's own tables and views. */
export class RelationTable {
  readonly rows: readonly BuiltinRelation[] = Object.freeze(decodeAll());
}
