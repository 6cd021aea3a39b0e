import { age, ageTz, dateAddTime, dateToTimestamp } from '../../../types/datetime/arithmetic.js';
import type { Timestamp } from '../../../types/datetime/timestamp.js';
import { dateToTimestampTz, timestampToTimestampTz, timestampTzToDate } from '../../../types/datetime/zone-conversion.js';
import type { FunctionContext } from '../../context.js';
import { formatTime } from '../formatting/datetime-output.js';
import { DATETIME_SYNTAX } from '../formatting/datetime-template.js';
import { partsOfTimestampTz } from '../formatting/printed-time.js';
import { parseTemplate } from '../formatting/template.js';
import type { FunctionTable } from '../table.js';

const TIME_OF_DAY = parseTemplate('Dy Mon DD HH24:MI:SS.US YYYY TZ', DATETIME_SYNTAX);

/** The day of the transaction's start in the session's zone. */
function today(cx: FunctionContext): number {
  return timestampTzToDate(cx.format.transactionStartMicros, cx.format);
}

export const clockFunctions: FunctionTable = {
  scalar: {
    now: (cx: FunctionContext) => cx.format.transactionStartMicros,
    statement_timestamp: (cx: FunctionContext) => cx.session.statementStartMicros,
    clock_timestamp: (cx: FunctionContext) => cx.session.clock.nowMicros(),
    timeofday: (cx: FunctionContext) => formatTime(TIME_OF_DAY, partsOfTimestampTz(cx.session.clock.nowMicros(), cx.format.timeZone)),
    timestamp_age: age,
    timestamptz_age: (a: Timestamp, b: Timestamp, cx: FunctionContext) => ageTz(a, b, cx.format),
    'age(timestamp)': (value: Timestamp, cx: FunctionContext) => age(dateToTimestamp(today(cx)), value),
    'age(timestamptz)': (value: Timestamp, cx: FunctionContext) => ageTz(dateToTimestampTz(today(cx), cx.format), value, cx.format),
    'timestamptz(date,time)': (date: number, time: number, cx: FunctionContext) =>
      timestampToTimestampTz(dateAddTime(date, time), cx.format),
  },
};
