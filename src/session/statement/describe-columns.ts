import type { BuiltinCatalog } from '../../catalog/builtin/index.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { ResultColumn } from '../../planner/bind/logical.js';
import type { FieldDescription } from '../../wire/port.js';

/** Length of types that the built-in catalog does not have: row types, arrays. */
const VARIABLE_LENGTH = -1;

/**
 * The columns of a RowDescription.
 * @param formats none: all text; one: for all; else one a column
 * @throws SqlError 08P01, 22023
 */
export function describeColumns(
  columns: readonly ResultColumn[],
  formats: readonly number[],
  builtin: BuiltinCatalog,
): readonly FieldDescription[] {
  if (formats.length > 1 && formats.length !== columns.length) {
    throw new SqlError(
      SqlState.protocolViolation,
      `bind message has ${formats.length} result formats but query has ${columns.length} columns`,
    );
  }
  return Object.freeze(
    columns.map((column, i) => ({
      name: column.name,
      tableOid: column.tableOid,
      columnNumber: column.columnNumber,
      typeOid: column.type,
      typeLength: builtin.typeByOid(column.type)?.length ?? VARIABLE_LENGTH,
      typmod: column.typmod,
      format: checkedFormat(formats.length > 1 ? (formats[i] ?? 0) : (formats[0] ?? 0)),
    })),
  );
}

export function checkedFormat(format: number): number {
  if (format === 0 || format === 1) return format;
  throw new SqlError(SqlState.invalidParameterValue, `unsupported format code: ${format}`);
}
