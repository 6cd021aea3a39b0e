import { divisionByZero, outOfRange } from '../../../types/input-errors.js';
import { canonicalInt8, type Int8, int8Divide, int8Multiply } from '../../../types/integer.js';
import { numericToInt8 } from '../../../types/numeric/conversions.js';
import { ExactDecimal, numericOfScaled } from '../../../types/numeric/numeric.js';
import { Numeric } from '../../../types/value.js';
import type { AggregateFunction } from '../implementation.js';
import type { FunctionTable } from '../table.js';

type Cash = Int8;
const CENTS = 100;

function checked(value: bigint): Cash {
  if (BigInt.asIntN(64, value) !== value) throw outOfRange('money');
  return canonicalInt8(value);
}

/** Halves go to the even side, as C's rint does. */
function rint(value: number): Cash {
  if (!Number.isFinite(value) || Math.abs(value) >= 2 ** 63) throw outOfRange('money');
  const floor = Math.floor(value);
  const rest = value - floor;
  return canonicalInt8(BigInt(rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor));
}

const times = (cash: Cash, factor: number): Cash => rint(Number(cash) * factor);

function over(cash: Cash, divisor: number): Cash {
  if (divisor === 0) throw divisionByZero();
  return rint(Number(cash) / divisor);
}

const add = (a: Cash, b: Cash): Cash => checked(BigInt(a) + BigInt(b));
const multiply = (a: Cash, b: Int8): Cash => checked(BigInt(a) * BigInt(b));

const ONES = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'].concat([
  'thirteen',
  'fourteen',
  'fifteen',
  'sixteen',
  'seventeen',
  'eighteen',
  'nineteen',
]);
const TENS = ['', '', 'twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];

/** A number below 1000 in words. */
function hundreds(value: number): string {
  const rest = value % 100;
  const tens = rest < 20 ? (ONES[rest] ?? '') : `${TENS[Math.floor(rest / 10)]}${rest % 10 === 0 ? '' : ` ${ONES[rest % 10]}`}`;
  if (value < 100) return tens;
  const lead = `${ONES[Math.floor(value / 100)]} hundred`;
  return rest === 0 ? lead : value % 100 < 10 || rest < 20 ? `${lead} ${rest < 10 ? 'and ' : 'and '}${tens}` : `${lead} ${tens}`;
}

function words(value: Cash): string {
  const size = BigInt(value) < 0n ? -BigInt(value) : BigInt(value);
  const cents = Number(size % 100n);
  const dollars = size / 100n;
  let text = value < 0 ? 'minus ' : '';
  const scales: readonly (readonly [bigint, string])[] = [
    [10n ** 15n, 'quadrillion'],
    [10n ** 12n, 'trillion'],
    [10n ** 9n, 'billion'],
    [10n ** 6n, 'million'],
    [10n ** 3n, 'thousand'],
  ];
  for (const [scale, name] of scales) {
    const part = Number((dollars / scale) % 1000n);
    if (part > 0) text += `${hundreds(part)} ${name} `;
  }
  const units = Number(dollars % 1000n);
  if (units > 0) text += hundreds(units);
  if (dollars === 0n) text += 'zero';
  text = `${text.trimEnd()}${dollars === 1n ? ' dollar and ' : ' dollars and '}${hundreds(cents)}${cents === 1 ? ' cent' : ' cents'}`;
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const sum: AggregateFunction<Cash | null> = {
  strict: true,
  init: () => null,
  step: (state, [value]) => (typeof value !== 'number' && typeof value !== 'bigint' ? state : state === null ? value : add(state, value)),
  final: (state) => state,
};

/** money: hundredths in an int8. */
export const moneyFunctions: FunctionTable = {
  scalar: {
    cash_eq: (a: Cash, b: Cash) => a === b,
    cash_ne: (a: Cash, b: Cash) => a !== b,
    cash_lt: (a: Cash, b: Cash) => a < b,
    cash_le: (a: Cash, b: Cash) => a <= b,
    cash_gt: (a: Cash, b: Cash) => a > b,
    cash_ge: (a: Cash, b: Cash) => a >= b,
    cash_cmp: (a: Cash, b: Cash) => (a < b ? -1 : a > b ? 1 : 0),
    cashlarger: (a: Cash, b: Cash) => (a > b ? a : b),
    cashsmaller: (a: Cash, b: Cash) => (a < b ? a : b),
    cash_pl: add,
    cash_mi: (a: Cash, b: Cash) => checked(BigInt(a) - BigInt(b)),
    cash_div_cash: (a: Cash, b: Cash) => {
      if (b === 0) throw divisionByZero();
      return Number(a) / Number(b);
    },
    cash_mul_flt8: times,
    cash_mul_flt4: times,
    flt8_mul_cash: (factor: number, cash: Cash) => times(cash, factor),
    flt4_mul_cash: (factor: number, cash: Cash) => times(cash, factor),
    cash_div_flt8: over,
    cash_div_flt4: over,
    cash_mul_int8: multiply,
    cash_mul_int4: multiply,
    cash_mul_int2: multiply,
    int8_mul_cash: multiply,
    int4_mul_cash: multiply,
    int2_mul_cash: multiply,
    cash_div_int8: int8Divide,
    cash_div_int4: int8Divide,
    cash_div_int2: int8Divide,
    cash_words: words,
    cash_numeric: (cash: Cash) => numericOfScaled(cash, 2),
    numeric_cash: (value: Numeric) => numericToInt8(new Numeric(value.decimal.times(new ExactDecimal(CENTS)), value.scale)),
    int4_cash: (value: number) => checked(BigInt(value) * 100n),
    int8_cash: (value: Int8) => int8Multiply(value, 100),
  },
  aggregate: { 'sum(790)': sum },
};
