import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { SqlValue } from '../value.js';
import { Box, Line, Lseg, Point } from './shapes.js';

/** Types of a fixed number of parts, counted from 0, that subscripts reach: point, lseg, box, line, and the letters of a name. */

/** NULL outside. */
export function fixedPart(value: SqlValue, index: number): SqlValue {
  return partsOf(value)[index] ?? null;
}

/** NULL changes nothing, and of NULL there is no part. @throws SqlError 2202E */
export function withFixedPart(value: SqlValue, index: number, part: SqlValue): SqlValue {
  if (value === null || part === null) return value;
  if (typeof value === 'string') return withLetter(value, index, part);
  const parts = [...partsOf(value)];
  if (index < 0 || index >= parts.length) throw new SqlError(SqlState.arraySubscriptError, 'array subscript out of range');
  parts[index] = part;
  const [first, second, third] = parts;
  if (value instanceof Point && typeof first === 'number' && typeof second === 'number') return new Point(first, second);
  if (value instanceof Line && typeof first === 'number' && typeof second === 'number' && typeof third === 'number')
    return new Line(first, second, third);
  if (!(first instanceof Point) || !(second instanceof Point)) return value;
  return value instanceof Lseg ? new Lseg(first, second) : new Box(first, second);
}

function partsOf(value: SqlValue): readonly SqlValue[] {
  if (value instanceof Point) return [value.x, value.y];
  if (value instanceof Lseg) return [value.start, value.end];
  if (value instanceof Box) return [value.high, value.low];
  if (value instanceof Line) return [value.a, value.b, value.c];
  return [];
}

/** A name's length. */
const MAX_NAME_LETTERS = 64;

function withLetter(name: string, index: number, letter: SqlValue): string {
  if (index < 0 || index >= MAX_NAME_LETTERS) throw new SqlError(SqlState.arraySubscriptError, 'array subscript out of range');
  if (index > name.length) return name;
  return name.slice(0, index) + String(letter) + name.slice(index + 1);
}
