import { canonicalInt8 } from '../integer.js';
import type { Interval, TimeTz } from '../value.js';
import { MICROS_PER_DAY, MICROS_PER_SECOND } from './timestamp.js';

const DAYS_PER_MONTH = 30;

/** The length that intervals are compared by: months of 30 days, days of 24 hours. */
export function intervalLength(value: Interval): number | bigint {
  const days = value.months * DAYS_PER_MONTH + value.days;
  if (typeof value.micros === 'number') {
    const length = days * MICROS_PER_DAY + value.micros;
    if (Number.isSafeInteger(length)) return length;
  }
  return canonicalInt8(BigInt(days) * 86_400_000_000n + BigInt(value.micros));
}

export function compareIntervals(a: Interval, b: Interval): number {
  const x = intervalLength(a);
  const y = intervalLength(b);
  return x < y ? -1 : x > y ? 1 : 0;
}

/** By the instant, then by the zone, so that equal instants in different zones are ordered too. */
export function compareTimeTz(a: TimeTz, b: TimeTz): number {
  const x = a.micros + a.zone * MICROS_PER_SECOND;
  const y = b.micros + b.zone * MICROS_PER_SECOND;
  return x !== y ? x - y : a.zone - b.zone;
}
