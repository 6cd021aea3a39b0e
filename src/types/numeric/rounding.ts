import { Decimal } from 'decimal.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { Numeric } from '../value.js';
import { ExactDecimal, finishNumeric, MAX_DISPLAY_SCALE, MAX_INTEGER_DIGITS } from './numeric.js';

function roundDecimal(decimal: Decimal, scale: number, mode: Decimal.Rounding): Decimal {
  if (scale >= 0) return decimal.toDecimalPlaces(scale, mode);
  const shift = new ExactDecimal(`1e${-scale}`);
  const shrunk = decimal.times(new ExactDecimal(`1e${scale}`)).toDecimalPlaces(0, mode);
  return shrunk.times(shift);
}

function roundTo(value: Numeric, scale: number, mode: Decimal.Rounding): Numeric {
  if (!value.decimal.isFinite()) return value;
  const clamped = Math.max(-MAX_INTEGER_DIGITS - 1, Math.min(MAX_DISPLAY_SCALE, scale));
  return finishNumeric(roundDecimal(value.decimal, clamped, mode), Math.max(0, clamped));
}

/** round(numeric, int): halves away from zero. */
export function numericRound(value: Numeric, scale: number): Numeric {
  return roundTo(value, scale, Decimal.ROUND_HALF_UP);
}

/** trunc(numeric, int): toward zero. */
export function numericTruncate(value: Numeric, scale: number): Numeric {
  return roundTo(value, scale, Decimal.ROUND_DOWN);
}

export function numericCeil(value: Numeric): Numeric {
  return value.decimal.isFinite() ? finishNumeric(value.decimal.toDecimalPlaces(0, Decimal.ROUND_CEIL), 0) : value;
}

export function numericFloor(value: Numeric): Numeric {
  return value.decimal.isFinite() ? finishNumeric(value.decimal.toDecimalPlaces(0, Decimal.ROUND_FLOOR), 0) : value;
}

/** A result at its scale; scales beyond the format's are cut to it. */
export function atScale(decimal: Decimal, scale: number): Numeric {
  const shown = Math.min(scale, MAX_DISPLAY_SCALE);
  if (!decimal.isFinite()) return finishNumeric(decimal, 0);
  return finishNumeric(decimal.decimalPlaces() > shown ? decimal.toDecimalPlaces(shown, Decimal.ROUND_HALF_UP) : decimal, shown);
}

/** Rounds to numeric(precision, scale). @throws SqlError 22003 'numeric field overflow' */
export function fitNumeric(value: Numeric, precision: number, scale: number): Numeric {
  const { decimal } = value;
  if (!decimal.isFinite()) {
    if (decimal.isNaN()) return value;
    throw fieldOverflow(`A field with precision ${precision}, scale ${scale} cannot hold an infinite value.`);
  }
  const shown = Math.max(0, scale);
  if (value.scale === shown && scale >= 0 && decimal.e < precision - scale) return value;
  const rounded = scale >= 0 && value.scale <= scale ? decimal : roundDecimal(decimal, scale, Decimal.ROUND_HALF_UP);
  const digits = precision - scale;
  if (!rounded.isZero() && rounded.e >= digits) {
    const limit = digits === 0 ? '1' : `10^${digits}`;
    throw fieldOverflow(`A field with precision ${precision}, scale ${scale} must round to an absolute value less than ${limit}.`);
  }
  return new Numeric(rounded, shown);
}

function fieldOverflow(detail: string): SqlError {
  return new SqlError(SqlState.numericValueOutOfRange, 'numeric field overflow', { detail });
}

/** min_scale(): digits after the point that the value needs; null for NaN and infinities. */
export function numericMinScale(value: Numeric): number | null {
  return value.decimal.isFinite() ? value.decimal.decimalPlaces() : null;
}

/** trim_scale(): without trailing zeros. */
export function numericTrimScale(value: Numeric): Numeric {
  const scale = numericMinScale(value);
  return scale === null || scale === value.scale ? value : new Numeric(value.decimal, scale);
}
