import type { FormatContext } from '../format-context.js';
import { roundHalfEven } from '../rounding.js';
import { intervalRangeOf, IntervalMask as M } from '../typmod.js';
import type { Interval } from '../value.js';
import { TIME_MASK } from './fields.js';
import { IntervalParts } from './interval-parts.js';
import { parseIsoInterval } from './iso-interval.js';
import { splitFields } from './lexer.js';
import { ParseErrors } from './parse-errors.js';
import { dateTokenOf, durationUnitOf, type Unit } from './tokens.js';

/** The unit of the rightmost number that has none, by the type's fields (interval minute: '5' is five minutes). */
const UNIT_OF_RANGE: ReadonlyMap<number, Unit> = new Map<number, Unit>([
  [M.year, 'year'],
  [M.month, 'month'],
  [M.year | M.month, 'month'],
  [M.day, 'day'],
  [M.hour, 'hour'],
  [M.day | M.hour, 'hour'],
  [M.minute, 'minute'],
  [M.hour | M.minute, 'minute'],
  [M.day | M.hour | M.minute, 'minute'],
]);

const INT8_MAX = 9223372036854775807n;
const NUMBER = /^([+-]?)(\d*)(?:-(\d+)|\.(\d*))?$/;
const CLOCK = /^(\d+):(\d+)(?::(\d+))?(\.\d*)?$/;

/** Reads the fields from right to left, so that a unit is known before its number. */
class IntervalDecoder {
  readonly parts: IntervalParts;
  readonly #errors: ParseErrors;
  readonly #range: number;
  #forceNegative = false;

  constructor(errors: ParseErrors, range: number) {
    this.#errors = errors;
    this.#range = range;
    this.parts = new IntervalParts(errors);
  }

  decode(cx: FormatContext): void {
    const fields = splitFields(this.#errors.text);
    if (fields === undefined) throw this.#errors.badFormat();
    // The SQL standard's '-1 1:00:00' negates both; PostgreSQL's own reading only the day.
    this.#forceNegative =
      cx.intervalStyle === 'sql_standard' &&
      fields[0]?.text.startsWith('-') === true &&
      !fields.slice(1).some((field) => field.text.startsWith('-') || field.text.startsWith('+'));
    let seen = 0;
    let isAgo = false;
    let unit: Unit | 'ago' | undefined;
    for (let i = fields.length - 1; i >= 0; i--) {
      const field = fields[i];
      if (field === undefined) break;
      const { text } = field;
      let mask = 0;
      if (field.kind === 'word' || field.kind === 'signed word') {
        const found: Unit | 'ago' | 'ignored' | undefined = text === 'ago' ? 'ago' : unitOf(text);
        if (found === undefined) throw this.#errors.badFormat();
        if (found === 'ignored') continue;
        if (found === 'ago') isAgo = true;
        unit = found;
      } else if (field.kind === 'time') {
        if (!this.#addClock(text, false, 1n)) throw this.#errors.badFormat();
        mask = TIME_MASK;
        unit = 'day';
      } else if (
        field.kind === 'signed number' &&
        text.includes(':') &&
        this.#addClock(text.slice(1), true, text.startsWith('-') ? -1n : 1n)
      ) {
        mask = TIME_MASK;
        unit = 'day';
      } else {
        if (unit === 'ago') throw this.#errors.badFormat();
        const actual: Unit = unit ?? UNIT_OF_RANGE.get(this.#range) ?? 'second';
        mask = this.#addNumber(text, actual);
        unit = text.slice(1).includes('-') ? 'month' : actual === 'hour' ? 'day' : actual;
      }
      if (mask & seen) throw this.#errors.badFormat();
      seen |= mask;
    }
    if (seen === 0) throw this.#errors.badFormat();
    if (isAgo) this.parts.negate();
  }

  /** '12', '1.5', '1-2' (years and months). */
  #addNumber(text: string, unit: Unit): number {
    const match = NUMBER.exec(text);
    if (match === null) throw this.#errors.badFormat();
    const [, sign = '', digits = '', monthDigits, fractionDigits] = match;
    if (digits === '' && (fractionDigits ?? '') === '') throw this.#errors.badFormat();
    const negative = sign === '-' || this.#forceNegative;
    const magnitude = BigInt(digits === '' ? '0' : digits);
    if (magnitude > (sign === '-' ? INT8_MAX + 1n : INT8_MAX)) throw this.#errors.intervalOverflow();
    if (monthDigits !== undefined) {
      const months = Number(monthDigits);
      if (months >= 12) throw this.#errors.intervalOverflow();
      const total = magnitude * 12n + BigInt(months);
      return this.parts.add('month', negative ? -total : total, 0);
    }
    const fraction = fractionDigits === undefined || fractionDigits === '' ? 0 : Number(`0.${fractionDigits}`);
    return this.parts.add(unit, negative ? -magnitude : magnitude, negative ? -fraction : fraction);
  }

  /** hh:mm[:ss[.f]] or mm:ss.f, added with a sign; false when it is none. */
  #addClock(text: string, isSigned: boolean, sign: bigint): boolean {
    const match = CLOCK.exec(text);
    if (match === null) return false;
    let hours = BigInt(match[1] ?? 0);
    let minutes = Number(match[2]);
    let seconds = Number(match[3] ?? 0);
    const isMinutesAndSeconds = match[3] === undefined && (match[4] !== undefined || this.#range === (M.minute | M.second));
    if (isMinutesAndSeconds) {
      seconds = minutes;
      minutes = Number(hours);
      hours = 0n;
    }
    if (minutes > 59 || seconds > 60) {
      if (isSigned) return false;
      throw this.#errors.intervalOverflow();
    }
    const fraction = match[4] === undefined || match[4] === '.' ? 0 : roundHalfEven(Number(`0${match[4]}`) * 1_000_000);
    const micros = hours * 3_600_000_000n + BigInt((minutes * 60 + seconds) * 1_000_000 + fraction);
    this.parts.addMicros(this.#forceNegative ? -micros : sign * micros);
    return true;
  }
}

function unitOf(word: string): Unit | 'ignored' | undefined {
  if (word === '@') return 'ignored';
  const unit = durationUnitOf(word);
  if (unit !== undefined) return unit;
  const token = dateTokenOf(word);
  if (token?.kind === 'ignored') return 'ignored';
  return token?.kind === 'unit' ? token.value : undefined;
}

/** interval_in, the typmod's fields included (they tell what a bare number means), not yet cut to them. @throws SqlError 22007, 22015, 22008 */
export function parseInterval(text: string, cx: FormatContext, typmod = -1): Interval {
  const errors = new ParseErrors(text, 'interval');
  if (text.startsWith('P')) return parseIsoInterval(errors);
  const decoder = new IntervalDecoder(errors, intervalRangeOf(typmod));
  decoder.decode(cx);
  return decoder.parts.toInterval();
}
