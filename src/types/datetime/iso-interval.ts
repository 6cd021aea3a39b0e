import type { Interval } from '../value.js';
import { IntervalParts } from './interval-parts.js';
import type { ParseErrors } from './parse-errors.js';
import type { Unit } from './tokens.js';

const NUMBER = /^-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/;
const MAX_NUMBER = 1e15;

const DATE_UNITS: ReadonlyMap<string, Unit> = new Map<string, Unit>([
  ['Y', 'year'],
  ['M', 'month'],
  ['W', 'week'],
  ['D', 'day'],
]);
const TIME_UNITS: ReadonlyMap<string, Unit> = new Map<string, Unit>([
  ['H', 'hour'],
  ['M', 'minute'],
  ['S', 'second'],
]);

/** ISO 8601: 'P1Y2M3DT4H5M6.7S', and the alternative forms 'P0001-02-03T04:05:06' and 'P00010203T040506'. */
class IsoIntervalReader {
  readonly parts: IntervalParts;
  readonly #errors: ParseErrors;
  readonly #text: string;
  #at = 1;
  /** Digits of the number read last, when it had nothing but digits (and a sign). */
  #width = 0;
  #whole = 0n;
  #fraction = 0;

  constructor(errors: ParseErrors) {
    this.#errors = errors;
    this.#text = errors.text;
    this.parts = new IntervalParts(errors);
  }

  read(): void {
    if (this.#text.length < 2) throw this.#errors.badFormat();
    let inDate = true;
    let hasField = false;
    while (this.#at < this.#text.length) {
      if (this.#text[this.#at] === 'T') {
        this.#at++;
        inDate = false;
        hasField = false;
        continue;
      }
      this.#number();
      const next = this.#text[this.#at];
      const unit = next === undefined ? undefined : (inDate ? DATE_UNITS : TIME_UNITS).get(next);
      if (unit !== undefined) {
        this.#at++;
        this.#add(unit);
        hasField = true;
        continue;
      }
      if (hasField) throw this.#errors.badFormat();
      if (inDate) {
        this.#alternativeDate();
        inDate = false;
      } else {
        this.#alternativeTime();
        return;
      }
    }
  }

  /** After the first number of an alternative date: 'yyyymmdd', or 'yyyy-mm-dd' with its end left out at will. */
  #alternativeDate(): void {
    const next = this.#text[this.#at];
    if (this.#width === 8 && (next === undefined || next === 'T')) {
      const digits = this.#whole;
      this.parts.add('year', digits / 10000n, 0);
      this.parts.add('month', (digits / 100n) % 100n, 0);
      this.parts.add('day', digits % 100n, this.#fraction);
    } else {
      if (next !== '-' && next !== 'T' && next !== undefined) throw this.#errors.badFormat();
      this.#add('year');
      for (const unit of ['month', 'day'] as const) {
        if (this.#text[this.#at] !== '-') break;
        this.#at++;
        this.#number();
        this.#add(unit);
      }
    }
    const end = this.#text[this.#at];
    if (end !== undefined && end !== 'T') throw this.#errors.badFormat();
    if (end === 'T') this.#at++;
  }

  #alternativeTime(): void {
    const next = this.#text[this.#at];
    if (this.#width === 6 && next === undefined) {
      const digits = this.#whole;
      this.parts.add('hour', digits / 10000n, 0);
      this.parts.add('minute', (digits / 100n) % 100n, 0);
      this.parts.add('second', digits % 100n, this.#fraction);
      return;
    }
    if (next !== ':' && next !== undefined) throw this.#errors.badFormat();
    this.#add('hour');
    for (const unit of ['minute', 'second'] as const) {
      if (this.#text[this.#at] !== ':') break;
      this.#at++;
      this.#number();
      this.#add(unit);
    }
    if (this.#at < this.#text.length) throw this.#errors.badFormat();
  }

  #number(): void {
    const match = NUMBER.exec(this.#text.slice(this.#at));
    if (match === null) throw this.#errors.badFormat();
    const [text] = match;
    const value = Number(text);
    if (Math.abs(value) > MAX_NUMBER) throw this.#errors.intervalOverflow();
    this.#at += text.length;
    this.#width = /^-?(\d+)/.exec(text)?.[1]?.length ?? 0;
    const whole = Math.trunc(value);
    this.#whole = BigInt(whole);
    this.#fraction = value - whole;
  }

  #add(unit: Unit): void {
    this.parts.add(unit, this.#whole, this.#fraction);
  }
}

/** @throws SqlError 22007, 22015, 22008 */
export function parseIsoInterval(errors: ParseErrors): Interval {
  const reader = new IsoIntervalReader(errors);
  reader.read();
  return reader.parts.toInterval();
}
