import { canonicalInt8 } from '../integer.js';
import { roundHalfEven } from '../rounding.js';
import { Interval } from '../value.js';
import { ALL_SECONDS_MASK, Mask } from './fields.js';
import type { ParseErrors } from './parse-errors.js';
import { intervalOutOfRange, MICROS_PER_DAY } from './timestamp.js';
import type { Unit } from './tokens.js';

const INT4_MAX = 0x7fffffff;
const INT4_MIN = -0x80000000;
const INT8_MAX = 9223372036854775807n;
const INT8_MIN = -9223372036854775808n;
const DAYS_PER_MONTH = 30;

const MICROS_OF: Readonly<Partial<Record<Unit, number>>> = {
  microsecond: 1,
  millisecond: 1000,
  second: 1_000_000,
  minute: 60_000_000,
  hour: 3_600_000_000,
};
const YEARS_OF: Readonly<Partial<Record<Unit, number>>> = { year: 1, decade: 10, century: 100, millennium: 1000 };

/** C's rint on the fraction's microseconds, with PostgreSQL's way of rounding. */
function roundToMicros(value: number): number {
  const whole = Math.trunc(value);
  const rest = value - whole;
  return rest > 0.5 ? whole + 1 : rest < -0.5 ? whole - 1 : whole;
}

/** Collects an interval's parts while a text is read. Years stay apart from months until the end, as their overflows do. */
export class IntervalParts {
  years = 0;
  months = 0;
  days = 0;
  micros = 0n;
  readonly #errors: ParseErrors;

  constructor(errors: ParseErrors) {
    this.#errors = errors;
  }

  #int4(value: number): number {
    if (value > INT4_MAX || value < INT4_MIN) throw this.#errors.intervalOverflow();
    return value;
  }

  addMicros(amount: bigint): void {
    const sum = this.micros + amount;
    if (sum > INT8_MAX || sum < INT8_MIN) throw this.#errors.intervalOverflow();
    this.micros = sum;
  }

  #addFractionMicros(fraction: number, scale: number): void {
    if (fraction !== 0) this.addMicros(BigInt(roundToMicros(fraction * scale)));
  }

  #addDays(days: number): void {
    this.days = this.#int4(this.days + this.#int4(days));
  }

  #addFractionDays(fraction: number, scale: number): void {
    if (fraction === 0) return;
    const days = fraction * scale;
    const whole = Math.trunc(days);
    this.#addDays(whole);
    this.#addFractionMicros(days - whole, MICROS_PER_DAY);
  }

  /** Adds so many units; the fraction spills into the smaller units. @returns the mask of what was given */
  add(unit: Unit, whole: bigint, fraction: number): number {
    const micros = MICROS_OF[unit];
    if (micros !== undefined) {
      this.addMicros(whole * BigInt(micros));
      this.#addFractionMicros(fraction, micros);
      if (unit === 'second') return fraction === 0 ? Mask.second : ALL_SECONDS_MASK;
      return unit === 'minute' ? Mask.minute : unit === 'hour' ? Mask.hour : unit === 'millisecond' ? Mask.millisecond : Mask.microsecond;
    }
    const count = Number(whole);
    const years = YEARS_OF[unit];
    if (years !== undefined) {
      this.years = this.#int4(this.years + this.#int4(count * years));
      if (fraction !== 0) this.months = this.#int4(this.months + roundHalfEven(fraction * years * 12));
      return UNIT_MASKS[unit] ?? 0;
    }
    switch (unit) {
      case 'day':
        this.#addDays(count);
        this.#addFractionMicros(fraction, MICROS_PER_DAY);
        return Mask.day;
      case 'week':
        this.#addDays(count * 7);
        this.#addFractionDays(fraction, 7);
        return WEEK_MASK;
      case 'month':
        this.months = this.#int4(this.months + this.#int4(count));
        this.#addFractionDays(fraction, DAYS_PER_MONTH);
        return Mask.month;
      default:
        throw this.#errors.badFormat();
    }
  }

  /** What 'ago' does. */
  negate(): void {
    this.years = this.#int4(-this.years);
    this.months = this.#int4(-this.months);
    this.days = this.#int4(-this.days);
    const micros = -this.micros;
    if (micros > INT8_MAX) throw this.#errors.intervalOverflow();
    this.micros = micros;
  }

  /** @throws SqlError 22008 'interval out of range' */
  toInterval(): Interval {
    const months = this.years * 12 + this.months;
    if (months > INT4_MAX || months < INT4_MIN) throw intervalOutOfRange();
    return new Interval(months || 0, this.days || 0, canonicalInt8(this.micros) || 0);
  }
}

const WEEK_MASK = 1 << 24;
const UNIT_MASKS: Readonly<Partial<Record<Unit, number>>> = {
  year: Mask.year,
  decade: 1 << 25,
  century: 1 << 26,
  millennium: 1 << 27,
};
