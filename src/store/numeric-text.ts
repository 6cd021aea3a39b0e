import { ExactDecimal } from '../types/numeric/numeric.js';
import { Numeric } from '../types/value.js';

/** A numeric as text that keeps its display scale: digits, or NaN, Infinity, -Infinity. */
export function numericToText(value: Numeric): string {
  return value.decimal.isFinite() ? value.decimal.toFixed(value.scale) : value.decimal.toString();
}

export function numericFromText(text: string): Numeric {
  const decimal = new ExactDecimal(text);
  const point = text.indexOf('.');
  return new Numeric(decimal, point < 0 ? 0 : text.length - point - 1);
}
