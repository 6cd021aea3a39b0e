import { dateToTimestamp } from '../../../types/datetime/arithmetic.js';
import {
  asDatePart,
  extractFromDate,
  extractFromInterval,
  extractFromTime,
  extractFromTimestamp,
  extractFromTimestampTz,
  extractFromTimeTz,
} from '../../../types/datetime/extract.js';
import { timeZoneOf } from '../../../types/datetime/time-zone.js';
import { isInfinite, type Timestamp } from '../../../types/datetime/timestamp.js';
import { intervalTruncate, timestampBin, timestampTruncate, timestampTzTruncate } from '../../../types/datetime/truncate.js';
import { zoneOfText } from '../../../types/datetime/zone-conversion.js';
import type { Interval, TimeTz } from '../../../types/value.js';
import type { FunctionContext } from '../../context.js';
import type { FunctionTable } from '../table.js';

export const fieldFunctions: FunctionTable = {
  scalar: {
    extract_date: extractFromDate,
    extract_time: extractFromTime,
    extract_timetz: extractFromTimeTz,
    extract_timestamp: extractFromTimestamp,
    extract_timestamptz: (unit: string, value: Timestamp, cx: FunctionContext) => extractFromTimestampTz(unit, value, cx.format),
    extract_interval: extractFromInterval,
    'date_part(text,date)': (unit: string, date: number) => asDatePart(extractFromTimestamp(unit, dateToTimestamp(date))),
    time_part: (unit: string, time: number) => asDatePart(extractFromTime(unit, time)),
    timetz_part: (unit: string, time: TimeTz) => asDatePart(extractFromTimeTz(unit, time)),
    timestamp_part: (unit: string, value: Timestamp) => asDatePart(extractFromTimestamp(unit, value)),
    timestamptz_part: (unit: string, value: Timestamp, cx: FunctionContext) => asDatePart(extractFromTimestampTz(unit, value, cx.format)),
    interval_part: (unit: string, value: Interval) => asDatePart(extractFromInterval(unit, value)),

    timestamp_trunc: timestampTruncate,
    timestamptz_trunc: (unit: string, value: Timestamp, cx: FunctionContext) =>
      timestampTzTruncate(unit, value, timeZoneOf(cx.format.timeZone)),
    timestamptz_trunc_zone: (unit: string, value: Timestamp, zone: string) =>
      isInfinite(value) ? value : timestampTzTruncate(unit, value, zoneOfText(zone)),
    interval_trunc: intervalTruncate,
    timestamp_bin: timestampBin,
    timestamptz_bin: timestampBin,

    date_finite: (date: number) => !isInfinite(date),
    timestamp_finite: (value: Timestamp) => !isInfinite(value),
    interval_finite: () => true,
  },
};
