import { booleanIn, numberIn, numbersIn, readDataFile, textIn } from '../data-file.js';
import type { BuiltinIndex, BuiltinToastTable } from '../types.js';

const COLUMNS = 'indexrelid relname relnamespace indrelid relisshared indisunique indisprimary constraint keys indclass indcollation';

/** pg_index of the system's own tables, and the tables that PostgreSQL puts their long values into. */
export class IndexTable {
  readonly rows: readonly BuiltinIndex[] = Object.freeze(
    readDataFile('indexes', COLUMNS).map((row) => ({
      oid: numberIn(row[0]),
      name: textIn(row[1]),
      namespace: numberIn(row[2]),
      table: numberIn(row[3]),
      isShared: booleanIn(row[4]),
      isUnique: booleanIn(row[5]),
      isPrimary: booleanIn(row[6]),
      constraint: typeof row[7] === 'number' ? row[7] : undefined,
      columns: numbersIn(row[8]),
      opclasses: numbersIn(row[9]),
      collations: numbersIn(row[10]),
    })),
  );
  readonly toastTables: readonly BuiltinToastTable[] = Object.freeze(
    readDataFile('toast-tables', 'oid relname table relisshared').map((row) => ({
      oid: numberIn(row[0]),
      name: textIn(row[1]),
      table: numberIn(row[2]),
      isShared: booleanIn(row[3]),
    })),
  );
}
