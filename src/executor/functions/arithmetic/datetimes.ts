import {
  dateAddDays,
  dateAddTime,
  dateAddTimeTz,
  dateSubtract,
  dateToTimestamp,
  timeAdd,
  timeSubtract,
  timeSubtractInterval,
  timestampAdd,
  timestampSubtract,
  timestampSubtractInterval,
  timestampTzAdd,
  timestampTzSubtractInterval,
  timeTzAdd,
  timeTzSubtractInterval,
} from '../../../types/datetime/arithmetic.js';
import {
  intervalAdd,
  intervalDivide,
  intervalMultiply,
  intervalNegate,
  intervalSubtract,
} from '../../../types/datetime/interval-arithmetic.js';
import type { Timestamp } from '../../../types/datetime/timestamp.js';
import type { Interval, TimeTz } from '../../../types/value.js';
import type { FunctionContext } from '../../context.js';
import type { FunctionTable } from '../table.js';

export const datetimeArithmetic: FunctionTable = {
  scalar: {
    date_pli: dateAddDays,
    date_mii: (date: number, days: number) => dateAddDays(date, -days),
    'integer_pl_date(int4,date)': (days: number, date: number) => dateAddDays(date, days),
    date_mi: dateSubtract,
    date_pl_interval: (date: number, interval: Interval) => timestampAdd(dateToTimestamp(date), interval),
    date_mi_interval: (date: number, interval: Interval) => timestampSubtractInterval(dateToTimestamp(date), interval),
    'interval_pl_date(interval,date)': (interval: Interval, date: number) => timestampAdd(dateToTimestamp(date), interval),
    datetime_timestamp: dateAddTime,
    'timedate_pl(time,date)': (time: number, date: number) => dateAddTime(date, time),
    datetimetz_timestamptz: dateAddTimeTz,
    'timetzdate_pl(timetz,date)': (time: TimeTz, date: number) => dateAddTimeTz(date, time),

    timestamp_pl_interval: timestampAdd,
    timestamp_mi_interval: timestampSubtractInterval,
    'interval_pl_timestamp(interval,timestamp)': (interval: Interval, value: Timestamp) => timestampAdd(value, interval),
    timestamp_mi: timestampSubtract,
    timestamptz_pl_interval: (value: Timestamp, interval: Interval, cx: FunctionContext) => timestampTzAdd(value, interval, cx.format),
    timestamptz_mi_interval: (value: Timestamp, interval: Interval, cx: FunctionContext) =>
      timestampTzSubtractInterval(value, interval, cx.format),
    'interval_pl_timestamptz(interval,timestamptz)': (interval: Interval, value: Timestamp, cx: FunctionContext) =>
      timestampTzAdd(value, interval, cx.format),

    time_mi_time: timeSubtract,
    time_pl_interval: timeAdd,
    time_mi_interval: timeSubtractInterval,
    'interval_pl_time(interval,time)': (interval: Interval, time: number) => timeAdd(time, interval),
    timetz_pl_interval: timeTzAdd,
    timetz_mi_interval: timeTzSubtractInterval,
    'interval_pl_timetz(interval,timetz)': (interval: Interval, time: TimeTz) => timeTzAdd(time, interval),

    interval_um: intervalNegate,
    interval_pl: intervalAdd,
    interval_mi: intervalSubtract,
    interval_mul: intervalMultiply,
    mul_d_interval: (factor: number, interval: Interval) => intervalMultiply(interval, factor),
    interval_div: intervalDivide,
  },
};
