import { SqlError } from '../../commons/sql-error.js';
import type { LiftedLiteral as LiftedUse } from '../../planner/bind/logical.js';
import type { LiftedLiteral } from '../../planner/parse/literals.js';
import type { FormatContext } from '../../types/format-context.js';
import { TypeOid } from '../../types/oids.js';
import { codecFor } from '../../types/type-codec.js';

import type { SqlValue } from '../../types/value.js';

const NONE: readonly SqlValue[] = Object.freeze([]);

/** Values of a text's literals as its plan wants them. @throws SqlError as the types' input functions, pointing at the literal */
export function liftedValues(uses: readonly LiftedUse[], literals: readonly LiftedLiteral[], cx: FormatContext): readonly SqlValue[] {
  if (uses.length === 0) return NONE;
  const values: SqlValue[] = [];
  for (const use of uses) {
    const literal = literals[use.literal];
    values.push(literal === undefined ? null : readLiteral(literal, use, cx));
  }
  return values;
}

/** The same for each of many rows. @throws SqlError as the types' input functions, pointing at the literal */
export function liftedRows(
  uses: readonly LiftedUse[],
  literals: readonly LiftedLiteral[],
  literalsPerRow: number,
  cx: FormatContext,
): readonly (readonly SqlValue[])[] {
  const rows: SqlValue[][] = [];
  for (let first = 0; first < literals.length; first += literalsPerRow) {
    const values: SqlValue[] = [];
    for (const use of uses) {
      const literal = literals[first + use.literal];
      values.push(literal === undefined ? null : readLiteral(literal, use, cx));
    }
    rows.push(values);
  }
  return rows;
}

function readLiteral(literal: LiftedLiteral, use: LiftedUse, cx: FormatContext): SqlValue {
  const { value } = literal;
  if (typeof value !== 'string') return value;
  if (literal.kind === 'string' && (use.type === TypeOid.text || use.type === TypeOid.varchar || use.type === TypeOid.unknown))
    return value;
  const type = literal.kind === 'numeric' ? TypeOid.numeric : use.type;
  const codec = codecFor(type);
  if (codec === undefined) return value;
  try {
    return codec.input(value, cx, use.typmod);
  } catch (error) {
    throw error instanceof SqlError ? error.withDefaults({ position: literal.start, isPlaced: true }) : error;
  }
}
