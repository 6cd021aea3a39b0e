import { Decimal } from 'decimal.js';
import type { Int8 } from '../../../types/integer.js';
import { numericDivide, numericMultiply } from '../../../types/numeric/arithmetic.js';
import { ExactDecimal, formatNumeric, numericOfInteger, parseNumeric } from '../../../types/numeric/numeric.js';
import { fitNumeric, numericRound } from '../../../types/numeric/rounding.js';
import { Numeric } from '../../../types/value.js';
import type { ScalarFunction } from '../implementation.js';
import { PatternCache } from '../pattern-cache.js';
import type { FunctionTable } from '../table.js';
import { readNumber } from './number-input.js';
import { placeDigits, printNumber, printRoman } from './number-output.js';
import { type NumberTemplate, parseNumberTemplate } from './number-template.js';

/** EEEE: one digit, the template's fraction, and an exponent of two digits; a blank where there is no minus. */
function scientific(text: string): string {
  return text.startsWith('-') ? text : ` ${text}`;
}

function exponentForm(digits: string): string {
  const [mantissa = '', exponent = '0'] = digits.split('e');
  const size = Math.abs(Number(exponent));
  return `${mantissa}e${exponent.startsWith('-') ? '-' : '+'}${size < 10 ? '0' : ''}${size}`;
}

/** Not a number or infinite by EEEE: all places marked. */
function marked({ pre, post }: NumberTemplate): string {
  const places = `${' '}${'#'.repeat(pre + post + 5)}`;
  return `${places.slice(0, pre + 1)}.${places.slice(pre + 2)}`;
}

function powerOfTen(exponent: number): Numeric {
  return new Numeric(new ExactDecimal(`1e${exponent}`), 0);
}

function formatNumericBy(value: Numeric, template: NumberTemplate): string {
  const { post, multiplier, hasMultiplier } = template;
  if (template.roman) {
    return printRoman(template, value.decimal.isFinite() ? value.decimal.toDecimalPlaces(0, Decimal.ROUND_HALF_UP).toNumber() : Number.NaN);
  }
  if (template.scientific) {
    if (!value.decimal.isFinite()) return marked(template);
    return scientific(exponentForm(value.decimal.toExponential(post, Decimal.ROUND_HALF_UP)));
  }
  const scaled = hasMultiplier ? numericMultiply(value, powerOfTen(multiplier)) : value;
  const pre = template.pre + multiplier;
  const text = formatNumeric(numericRound(scaled, post));
  const negative = text.startsWith('-');
  return printNumber(template, placeDigits(negative ? text.slice(1) : text, negative, pre, post), pre, post);
}

function formatIntegerBy(value: Int8, template: NumberTemplate): string {
  const { post, multiplier } = template;
  if (template.roman) return printRoman(template, Number(value));
  if (template.scientific) return formatNumericBy(numericOfInteger(value), template);
  const pre = template.pre + multiplier;
  const text = `${template.hasMultiplier ? BigInt(value) * 10n ** BigInt(multiplier) : value}`;
  const negative = text.startsWith('-');
  const digits = negative ? text.slice(1) : text;
  return printNumber(template, placeDigits(post > 0 ? `${digits}.${'0'.repeat(post)}` : digits, negative, pre, post), pre, post);
}

/** C's "%.*f" of a double, exactly: toFixed gives up above 1e21. */
function fixedPoint(value: number, digits: number): string {
  return Number.isFinite(value) ? new ExactDecimal(value).toFixed(digits, Decimal.ROUND_HALF_EVEN) : `${value}`;
}

/** @param precision significant digits of the type: 15 or 6 */
function formatFloatBy(value: number, template: NumberTemplate, precision: number): string {
  if (template.roman) return printRoman(template, Math.round(value));
  if (template.scientific) {
    if (!Number.isFinite(value)) return marked(template);
    return scientific(exponentForm(value.toExponential(template.post)));
  }
  const { multiplier } = template;
  const pre = template.pre + multiplier;
  const scaled = template.hasMultiplier ? value * 10 ** multiplier : value;
  const whole = fixedPoint(Math.abs(scaled), 0).length;
  // No more digits than the type has.
  const post = whole >= precision ? 0 : Math.min(template.post, precision - whole);
  const text = fixedPoint(Math.abs(scaled), post);
  const negative = scaled < 0 || Object.is(scaled, -0);
  return printNumber(template, placeDigits(text, negative, pre, post), pre, post);
}

/** @throws SqlError 22P02, 0A000 */
function toNumber(input: string, template: NumberTemplate): Numeric {
  const { text, post } = readNumber(template, input);
  const value = fitNumeric(parseNumeric(text), Math.max(1, template.pre + template.multiplier + post), post);
  return template.hasMultiplier ? numericDivide(value, powerOfTen(template.multiplier)) : value;
}

function formatter<T>(format: (value: T, template: NumberTemplate) => string): () => ScalarFunction {
  return () => {
    const cache = new PatternCache(parseNumberTemplate);
    return (value: T, template: string) => format(value, cache.get(template));
  };
}

const FLOAT8_DIGITS = 15;
const FLOAT4_DIGITS = 6;
const ofInteger = formatter(formatIntegerBy);

export const numberFormatting: FunctionTable = {
  typed: {
    numeric_to_char: formatter(formatNumericBy),
    int4_to_char: ofInteger,
    int8_to_char: ofInteger,
    float8_to_char: formatter((value: number, template) => formatFloatBy(value, template, FLOAT8_DIGITS)),
    float4_to_char: formatter((value: number, template) => formatFloatBy(value, template, FLOAT4_DIGITS)),
    numeric_to_number: () => {
      const cache = new PatternCache(parseNumberTemplate);
      return (text: string, template: string) => (template === '' ? null : toNumber(text, cache.get(template)));
    },
  },
};
