import type { Row } from '../../../types/value.js';
import type { ColumnDescriptor } from '../../descriptors.js';
import { relationsFor } from '../relation-lookup.js';
import type { Providers, VirtualScan } from '../scan.js';

export const ATTRDEF_PROVIDERS: Providers = { 'pg_catalog.pg_attrdef': defaults };

/** Defaults and generated columns. adbin holds the kept SQL text, which pg_get_expr shows with the names of now. */
function* defaults(scan: VirtualScan): Iterable<Row> {
  const number = scan.number('adnum');
  for (const table of relationsFor(scan.catalog, { oid: scan.number('adrelid') })) {
    if (table.kind !== 'table' && table.kind !== 'view') continue;
    for (const column of table.columns) {
      if (number !== undefined && column.number !== number) continue;
      const text = column.dropped === true ? undefined : (column.generatedText ?? column.defaultText);
      if (text !== undefined) yield [defaultOid(table.oid, column.number), table.oid, column.number, text];
    }
  }
}

export function defaultOf(column: ColumnDescriptor): string | undefined {
  return column.dropped === true ? undefined : (column.generatedText ?? column.defaultText);
}

const BASE = 2 ** 31;
const COLUMNS = 2 ** 11;

/**
 * pg_attrdef.oid: descriptors have none, so it is made of the table's and the column's number. PostgreSQL never has more than 1,600 columns;
 * two tables could share a number only when their own are a million apart.
 */
export function defaultOid(table: number, column: number): number {
  return BASE + ((table * COLUMNS + column) % BASE);
}
