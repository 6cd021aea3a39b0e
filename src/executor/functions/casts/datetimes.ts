import { dateToTimestamp } from '../../../types/datetime/arithmetic.js';
import type { Timestamp } from '../../../types/datetime/timestamp.js';
import {
  dateToTimestampTz,
  intervalToTime,
  timestampToDate,
  timestampToTime,
  timestampToTimestampTz,
  timestampTzToDate,
  timestampTzToTime,
  timestampTzToTimestamp,
  timestampTzToTimeTz,
  timeToInterval,
  timeToTimeTz,
} from '../../../types/datetime/zone-conversion.js';
import type { TimeTz } from '../../../types/value.js';
import type { FunctionContext } from '../../context.js';
import type { FunctionTable } from '../table.js';

export const datetimeCasts: FunctionTable = {
  scalar: {
    date_timestamp: dateToTimestamp,
    date_timestamptz: (date: number, cx: FunctionContext) => dateToTimestampTz(date, cx.format),
    time_interval: timeToInterval,
    time_timetz: (time: number, cx: FunctionContext) => timeToTimeTz(time, cx.format),
    timestamp_date: timestampToDate,
    timestamp_time: timestampToTime,
    timestamp_timestamptz: (value: Timestamp, cx: FunctionContext) => timestampToTimestampTz(value, cx.format),
    timestamptz_date: (value: Timestamp, cx: FunctionContext) => timestampTzToDate(value, cx.format),
    timestamptz_time: (value: Timestamp, cx: FunctionContext) => timestampTzToTime(value, cx.format),
    timestamptz_timestamp: (value: Timestamp, cx: FunctionContext) => timestampTzToTimestamp(value, cx.format),
    timestamptz_timetz: (value: Timestamp, cx: FunctionContext) => timestampTzToTimeTz(value, cx.format),
    interval_time: intervalToTime,
    timetz_time: (value: TimeTz) => value.micros,
  },
};
