import { booleanIn, codeIn, type DataRow, numberIn, optionalTextIn, readDataFile, textIn } from '../data-file.js';
import { KALAMDB_NAMESPACE } from '../kalamdb-procs.js';
import type { BuiltinCollation, BuiltinLanguage, BuiltinNamespace } from '../types.js';

function collation(row: DataRow): BuiltinCollation {
  return {
    oid: numberIn(row[0]),
    name: textIn(row[1]),
    namespace: numberIn(row[2]),
    provider: codeIn(row[3]),
    deterministic: booleanIn(row[4]),
    encoding: numberIn(row[5]),
    collate: optionalTextIn(row[6]),
    ctype: optionalTextIn(row[7]),
    icuLocale: optionalTextIn(row[8]),
  };
}

function namespace(row: DataRow): BuiltinNamespace {
  return { oid: numberIn(row[0]), name: textIn(row[1]) };
}

function language(row: DataRow): BuiltinLanguage {
  return { oid: numberIn(row[0]), name: textIn(row[1]), isProcedural: booleanIn(row[2]), trusted: booleanIn(row[3]) };
}

/** The short lists: pg_collation, pg_namespace (with KalamDB's), pg_language. */
export class NamingTable {
  readonly collations: readonly BuiltinCollation[] = Object.freeze(
    readDataFile(
      'collations',
      'oid collname collnamespace collprovider collisdeterministic collencoding collcollate collctype colliculocale',
    ).map(collation),
  );
  readonly namespaces: readonly BuiltinNamespace[] = Object.freeze([
    ...readDataFile('namespaces', 'oid nspname').map(namespace),
    KALAMDB_NAMESPACE,
  ]);
  readonly languages: readonly BuiltinLanguage[] = Object.freeze(
    readDataFile('languages', 'oid lanname lanispl lanpltrusted').map(language),
  );
}
