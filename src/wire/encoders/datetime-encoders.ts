import { civilFromDays, dayOf, monthOf, yearOf } from '../../types/datetime/calendar.js';
import type { FormatContext } from '../../types/format-context.js';
import type { ValueBuffer, ValueEncoder } from '../port.js';

const MICROS_PER_DAY = 86_400_000_000;
const MICROS_PER_HOUR = 3_600_000_000;
const MICROS_PER_MINUTE = 60_000_000;
const MICROS_PER_SECOND = 1_000_000;
const DASH = '-'.charCodeAt(0);
const COLON = ':'.charCodeAt(0);
const SPACE = ' '.charCodeAt(0);
const POINT = '.'.charCodeAt(0);
/** 0001-01-01 and 9999-12-31: four digits and no BC. */
const FIRST_PLAIN_DAY = -730_119;
const LAST_PLAIN_DAY = 2_921_939;

/** DateStyle ISO in the years 1 to 9999 is written straight; all else goes to `general`. */
export function encodeDateText(cx: FormatContext, general: ValueEncoder): ValueEncoder {
  return (value, buffer) => {
    if (typeof value === 'number' && cx.dateStyle === 'ISO' && value >= FIRST_PLAIN_DAY && value <= LAST_PLAIN_DAY)
      writeDate(value, buffer);
    else general(value, buffer);
  };
}

export function encodeTimestampText(cx: FormatContext, general: ValueEncoder): ValueEncoder {
  return (value, buffer) => {
    const days = typeof value === 'number' ? Math.floor(value / MICROS_PER_DAY) : Number.NaN;
    if (typeof value === 'number' && cx.dateStyle === 'ISO' && days >= FIRST_PLAIN_DAY && days <= LAST_PLAIN_DAY) {
      writeDate(days, buffer);
      buffer.writeByte(SPACE);
      writeTime(value - days * MICROS_PER_DAY, buffer);
    } else {
      general(value, buffer);
    }
  };
}

function writeDate(days: number, buffer: ValueBuffer): void {
  const civil = civilFromDays(days);
  buffer.writeDigits(yearOf(civil), 4);
  buffer.writeByte(DASH);
  buffer.writeDigits(monthOf(civil), 2);
  buffer.writeByte(DASH);
  buffer.writeDigits(dayOf(civil), 2);
}

function writeTime(micros: number, buffer: ValueBuffer): void {
  let rest = micros;
  const hours = Math.floor(rest / MICROS_PER_HOUR);
  rest -= hours * MICROS_PER_HOUR;
  const minutes = Math.floor(rest / MICROS_PER_MINUTE);
  rest -= minutes * MICROS_PER_MINUTE;
  const seconds = Math.floor(rest / MICROS_PER_SECOND);
  rest -= seconds * MICROS_PER_SECOND;
  buffer.writeDigits(hours, 2);
  buffer.writeByte(COLON);
  buffer.writeDigits(minutes, 2);
  buffer.writeByte(COLON);
  buffer.writeDigits(seconds, 2);
  if (rest === 0) return;
  buffer.writeByte(POINT);
  let digits = 6;
  while (rest % 10 === 0) {
    rest /= 10;
    digits--;
  }
  buffer.writeDigits(rest, digits);
}
