import { assert } from '../../../commons/assert.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { DAYS, type FieldNode, MONTHS, ordinalOf, ROMAN_MONTHS, type TemplateNode } from './template.js';

/** What to_char prints: a date and time, or an interval's parts. Years are astronomical. */
export interface PrintedTime {
  readonly isInterval: boolean;
  readonly year: number;
  /** 1 … 12; an interval's may be 0 or negative. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly micros: number;
  readonly weekday: number;
  readonly dayOfYear: number;
  readonly isoYear: number;
  readonly isoWeek: number;
  readonly isoDayOfYear: number;
  readonly julianDay: number;
  /** Seconds east of Greenwich, and the zone's abbreviation; absent without a zone. */
  readonly offset?: number | undefined;
  readonly zone?: string | undefined;
}

function notForIntervals(): SqlError {
  return new SqlError(SqlState.invalidDatetimeFormat, 'invalid format specification for an interval value', {
    hint: 'Intervals are not tied to specific calendar dates.',
  });
}

/** C's %0*d: zeros behind the sign. A sign takes a place of its own in `width`, unless `fill`. */
function padded(value: number, width: number, fill: boolean): string {
  if (fill) return `${value}`;
  return value < 0 ? `-${`${-value}`.padStart(width, '0')}` : `${value}`.padStart(width, '0');
}

/** A fixed width that counts the sign. */
function fixed(value: number, width: number, fill: boolean): string {
  if (fill) return `${value}`;
  return value < 0 ? `-${`${-value}`.padStart(width - 1, '0')}` : `${value}`.padStart(width, '0');
}

/** The year as printed: BC years count from 1. */
function shownYear(time: PrintedTime, year: number): number {
  return time.isInterval || year > 0 ? year : 1 - year;
}

function century(time: PrintedTime): number {
  if (time.isInterval) return Math.trunc(time.year / 100);
  return time.year > 0 ? Math.trunc((time.year - 1) / 100) + 1 : Math.trunc(time.year / 100) - 1;
}

/** In the case of its field: MONTH, Month, month. */
function inCase(name: string, field: string): string {
  return field === field.toUpperCase() ? name.toUpperCase() : field === field.toLowerCase() ? name.toLowerCase() : name;
}

const trunc = Math.trunc;

/** A number that an ordinal suffix may follow; undefined for fields that aren't one. */
function numberField(time: PrintedTime, field: string, fill: boolean): string | undefined {
  switch (field) {
    case 'HH':
    case 'HH12':
      return padded(time.hour % 12 === 0 ? 12 : time.hour % 12, 2, fill);
    case 'HH24':
      return padded(time.hour, 2, fill);
    case 'MI':
      return padded(time.minute, 2, fill);
    case 'SS':
      return padded(time.second, 2, fill);
    case 'MS':
      return padded(trunc(time.micros / 1000), 3, false);
    case 'US':
      return padded(time.micros, 6, false);
    case 'SSSS':
    case 'SSSSS':
      return `${time.hour * 3600 + time.minute * 60 + time.second}`;
    case 'MM':
      return padded(time.month, 2, fill);
    case 'DDD':
      return fixed(time.dayOfYear, 3, fill);
    case 'IDDD':
      return fixed(time.isoDayOfYear, 3, fill);
    case 'DD':
      return fixed(time.day, 2, fill);
    case 'D':
      return calendar(time, time.weekday + 1);
    case 'ID':
      return calendar(time, time.weekday === 0 ? 7 : time.weekday);
    case 'WW':
      return fixed(trunc((time.dayOfYear - 1) / 7) + 1, 2, fill);
    case 'IW':
      return fixed(time.isoWeek, 2, fill);
    case 'W':
      return `${trunc((time.day - 1) / 7) + 1}`;
    case 'Q':
      return time.month === 0 ? '' : `${trunc((time.month - 1) / 3) + 1}`;
    case 'CC': {
      const value = century(time);
      return value <= 99 && value >= -99 ? padded(value, 2, fill) : `${value}`;
    }
    case 'Y,YYY': {
      const year = shownYear(time, time.year);
      const thousands = trunc(year / 1000);
      return `${thousands},${`${year - thousands * 1000}`.padStart(3, '0')}`;
    }
    case 'YYYY':
      return padded(shownYear(time, time.year), 4, fill);
    case 'YYY':
      return padded(shownYear(time, time.year) % 1000, 3, fill);
    case 'YY':
      return padded(shownYear(time, time.year) % 100, 2, fill);
    case 'Y':
      return `${shownYear(time, time.year) % 10}`;
    case 'IYYY':
      return padded(shownYear(time, time.isoYear), 4, fill);
    case 'IYY':
      return padded(shownYear(time, time.isoYear) % 1000, 3, fill);
    case 'IY':
      return padded(shownYear(time, time.isoYear) % 100, 2, fill);
    case 'I':
      return `${shownYear(time, time.isoYear) % 10}`;
    case 'J':
      return `${time.julianDay}`;
    default:
      return /^FF[1-6]$/.test(field) ? `${time.micros}`.padStart(6, '0').slice(0, Number(field[2])) : undefined;
  }
}

function calendar(time: PrintedTime, value: number): string {
  if (time.isInterval) throw notForIntervals();
  return `${value}`;
}

function offsetField(time: PrintedTime, field: string, fill: boolean): string {
  if (time.isInterval) throw notForIntervals();
  const offset = time.offset ?? 0;
  const size = Math.abs(offset);
  const hours = trunc(size / 3600);
  const minutes = trunc((size % 3600) / 60);
  const sign = offset < 0 ? '-' : '+';
  const pad = (value: number): string => `${value}`.padStart(2, '0');
  if (field === 'TZH') return sign + pad(hours);
  if (field === 'TZM') return pad(minutes);
  return sign + (fill ? `${hours}` : pad(hours)) + (minutes === 0 ? '' : `:${pad(minutes)}`);
}

/** RM: padded to the width of VIII. An interval without months and years has none. */
function romanMonth(time: PrintedTime): string {
  if (time.month === 0 && time.year === 0) return '';
  // Months count backwards from year ends: a negative month stands for the one so many before XII.
  const index = time.month === 0 ? (time.year >= 0 ? 0 : 11) : time.month < 0 ? -1 * (time.month + 1) : 12 - time.month;
  return ROMAN_MONTHS[index] ?? '';
}

function field(time: PrintedTime, node: FieldNode): string {
  const upper = node.field.toUpperCase();
  const number = numberField(time, upper, node.fill);
  if (number !== undefined) return node.ordinal === '' ? number : number + ordinalOf(number, node.ordinal === 'TH');
  const dotted = upper.includes('.');
  switch (upper) {
    case 'AM':
    case 'PM':
    case 'A.M.':
    case 'P.M.':
      return inCase(time.hour % 24 >= 12 ? (dotted ? 'P.M.' : 'PM') : dotted ? 'A.M.' : 'AM', node.field);
    case 'AD':
    case 'BC':
    case 'A.D.':
    case 'B.C.':
      if (time.isInterval) throw notForIntervals();
      return inCase(time.year <= 0 ? (dotted ? 'B.C.' : 'BC') : dotted ? 'A.D.' : 'AD', node.field);
    case 'MONTH':
      if (time.isInterval) throw notForIntervals();
      return name(MONTHS[time.month - 1] ?? '', node);
    case 'MON':
      if (time.isInterval) throw notForIntervals();
      return inCase((MONTHS[time.month - 1] ?? '').slice(0, 3), node.field);
    case 'DAY':
      if (time.isInterval) throw notForIntervals();
      return name(DAYS[time.weekday] ?? '', node);
    case 'DY':
      if (time.isInterval) throw notForIntervals();
      return inCase((DAYS[time.weekday] ?? '').slice(0, 3), node.field);
    case 'RM': {
      const roman = romanMonth(time);
      return roman === '' ? '' : inCase(node.fill ? roman : roman.padEnd(4), node.field);
    }
    case 'TZ':
      if (time.isInterval) throw notForIntervals();
      return inCase(time.zone ?? '', node.field);
    case 'TZH':
    case 'TZM':
    case 'OF':
      return offsetField(time, upper, node.fill);
    default:
      assert(upper === 'FX', `a template field is printed: ${upper}`);
      return '';
  }
}

function name(text: string, node: FieldNode): string {
  return inCase(node.fill ? text : text.padEnd(9), node.field);
}

/** @throws SqlError 22007 for a field that an interval has not */
export function formatTime(nodes: readonly TemplateNode[], time: PrintedTime): string {
  let text = '';
  for (const node of nodes) text += node.kind === 'text' ? node.text : field(time, node);
  return text;
}
