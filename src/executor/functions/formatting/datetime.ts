import { roundTimestamp } from '../../../types/datetime/precision.js';
import { timeZoneOf } from '../../../types/datetime/time-zone.js';
import {
  checkedTimestamp,
  checkTimestamp,
  isInfinite,
  SECONDS_PER_DAY,
  shiftTimestamp,
  type Timestamp,
} from '../../../types/datetime/timestamp.js';
import type { Interval } from '../../../types/value.js';
import type { FunctionContext } from '../../context.js';
import { PatternCache } from '../pattern-cache.js';
import type { FunctionTable } from '../table.js';
import { assembleDatetime, checkDate } from './datetime-assembly.js';
import { readDatetime } from './datetime-input.js';
import { formatTime } from './datetime-output.js';
import { DATETIME_SYNTAX } from './datetime-template.js';
import { partsOfInterval, partsOfTimestamp, partsOfTimestampTz } from './printed-time.js';
import { parseTemplate, type TemplateNode } from './template.js';

function templateCache(): PatternCache<readonly TemplateNode[]> {
  return new PatternCache((template: string) => parseTemplate(template, DATETIME_SYNTAX));
}

export const datetimeFormatting: FunctionTable = {
  typed: {
    timestamp_to_char: () => {
      const cache = templateCache();
      return (value: Timestamp, template: string) =>
        template === '' || isInfinite(value) ? null : formatTime(cache.get(template), partsOfTimestamp(value));
    },
    timestamptz_to_char: () => {
      const cache = templateCache();
      return (value: Timestamp, template: string, cx: FunctionContext) =>
        template === '' || isInfinite(value) ? null : formatTime(cache.get(template), partsOfTimestampTz(value, cx.format.timeZone));
    },
    interval_to_char: () => {
      const cache = templateCache();
      return (value: Interval, template: string) => (template === '' ? null : formatTime(cache.get(template), partsOfInterval(value)));
    },
    to_timestamp: () => {
      const cache = templateCache();
      return (text: string, template: string, cx: FunctionContext) => {
        const { days, micros, offset, fraction } = assembleDatetime(readDatetime(text, cache.get(template)), text);
        const local = checkedTimestamp(days, micros);
        const zone = offset ?? timeZoneOf(cx.format.timeZone).offsetOfLocal(days * SECONDS_PER_DAY + Math.floor(micros / 1e6));
        const value = checkTimestamp(shiftTimestamp(local, -zone));
        return fraction === 0 ? value : roundTimestamp(value, fraction);
      };
    },
    to_date: () => {
      const cache = templateCache();
      return (text: string, template: string) => checkDate(assembleDatetime(readDatetime(text, cache.get(template)), text).days, text);
    },
  },
};
