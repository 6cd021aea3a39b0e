import { canonicalInt8, type Int8 } from '../integer.js';
import { intervalPrecisionOf, intervalRangeOf, IntervalMask as M } from '../typmod.js';
import { Interval, TimeTz } from '../value.js';
import { isInfinite, MICROS_PER_HOUR, MICROS_PER_MINUTE, type Timestamp } from './timestamp.js';

const MAX_PRECISION = 6;

/** Rounds microseconds to a unit, halves away from zero. */
function roundTo(micros: Int8, unit: number): Int8 {
  if (typeof micros === 'bigint') {
    const scale = BigInt(unit);
    const half = scale / 2n;
    const rounded = micros < 0n ? -(((-micros + half) / scale) * scale) : ((micros + half) / scale) * scale;
    return canonicalInt8(rounded);
  }
  const size = Math.abs(micros);
  const rounded = size - (size % unit) + (size % unit >= unit / 2 ? unit : 0);
  return micros < 0 ? -rounded || 0 : rounded;
}

function unitOf(precision: number): number {
  return 10 ** (MAX_PRECISION - precision);
}

/** timestamp(p) */
export function roundTimestamp(value: Timestamp, precision: number): Timestamp {
  return isInfinite(value) || precision >= MAX_PRECISION ? value : roundTo(value, unitOf(precision));
}

/** time(p) */
export function roundTime(micros: number, precision: number): number {
  return precision >= MAX_PRECISION ? micros : (roundTo(micros, unitOf(precision)) as number);
}

export function roundTimeTz(value: TimeTz, precision: number): TimeTz {
  return precision >= MAX_PRECISION ? value : new TimeTz(roundTime(value.micros, precision), value.zone);
}

function truncateTo(micros: Int8, unit: number): Int8 {
  return typeof micros === 'number' ? micros - (micros % unit) || 0 : canonicalInt8(micros - (micros % BigInt(unit)));
}

/** interval fields (p): fields below the last are cut, seconds rounded. */
export function fitInterval(value: Interval, typmod: number): Interval {
  let { months, days, micros } = value;
  switch (intervalRangeOf(typmod)) {
    case M.year:
      months = Math.trunc(months / 12) * 12 || 0;
      days = 0;
      micros = 0;
      break;
    case M.month:
    case M.year | M.month:
      days = 0;
      micros = 0;
      break;
    case M.day:
      micros = 0;
      break;
    case M.hour:
    case M.day | M.hour:
      micros = truncateTo(micros, MICROS_PER_HOUR);
      break;
    case M.minute:
    case M.hour | M.minute:
    case M.day | M.hour | M.minute:
      micros = truncateTo(micros, MICROS_PER_MINUTE);
      break;
    default:
      break;
  }
  const precision = intervalPrecisionOf(typmod);
  if (precision !== undefined && precision < MAX_PRECISION) micros = roundTo(micros, unitOf(precision));
  return new Interval(months, days, micros);
}
