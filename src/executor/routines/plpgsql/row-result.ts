import type { Oid } from '../../../commons/ids.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { typeNameIn } from '../../../planner/bind/bind.js';
import { TypeOid } from '../../../types/oids.js';
import type { Row, SqlRecord, SqlValue } from '../../../types/value.js';
import type { Activation } from './activation.js';
import { type Shape, shapeOfRecord, shapeOfType } from './shape.js';

/** The columns of a row that a routine gives. */
export function shapeOfValue(a: Activation, value: SqlRecord, type: Oid): Shape {
  return (type === TypeOid.record ? undefined : shapeOfType(a.compile.catalog, type)) ?? shapeOfRecord(value);
}

/**
 * A row of one shape as one of another, column by column: types have to be the same. @throws SqlError 42804
 * @param message what is wrong then
 */
export function conform(a: Activation, row: readonly SqlValue[], from: Shape, to: Shape, message: string): Row {
  checkColumns(a, from, to, message);
  return to.types.map((_, i) => row[i] ?? null);
}

/** @throws SqlError 42804 */
export function checkColumns(a: Activation, from: Shape, to: Shape, message: string): void {
  if (from === to) return;
  for (const [i, wanted] of to.types.entries()) {
    const given = from.types[i];
    if (given === undefined) break;
    const wantedTypmod = to.typmods[i] ?? -1;
    if (given === wanted && (wantedTypmod < 0 || wantedTypmod === (from.typmods[i] ?? -1))) continue;
    if (given === wanted && from.type === TypeOid.record) continue;
    const { planner } = a.compile;
    throw new SqlError(SqlState.datatypeMismatch, message, {
      detail: `Returned type ${typeNameIn(given, planner)} does not match expected type ${typeNameIn(wanted, planner)} in column ${i + 1}.`,
    });
  }
  if (from.types.length === to.types.length) return;
  throw new SqlError(SqlState.datatypeMismatch, message, {
    detail: `Number of returned columns (${from.types.length}) does not match expected column count (${to.types.length}).`,
  });
}
