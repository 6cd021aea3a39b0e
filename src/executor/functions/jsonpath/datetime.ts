import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { castValue } from '../../../types/casts.js';
import { timeZoneOf } from '../../../types/datetime/time-zone.js';
import { checkedTimestamp, SECONDS_PER_DAY, shiftTimestamp } from '../../../types/datetime/timestamp.js';
import type { FormatContext } from '../../../types/format-context.js';
import { nodeOfValue } from '../../../types/json/convert.js';
import { TypeOid } from '../../../types/oids.js';
import { codecFor, formatType } from '../../../types/type-codec.js';
import { type SqlValue, TimeTz } from '../../../types/value.js';
import { assembleDatetime } from '../formatting/datetime-assembly.js';
import { readDatetime } from '../formatting/datetime-input.js';
import { DATETIME_SYNTAX } from '../formatting/datetime-template.js';
import { parseTemplate } from '../formatting/template.js';

/** What datetime() makes of a string: no JSON value, but it may be compared, and becomes a string in a result. */
export class DateTimeItem {
  readonly type: number;
  readonly value: SqlValue;
  /** The zone it was written in, in seconds east of Greenwich: it is shown in that again. */
  readonly offset: number | undefined;

  constructor(type: number, value: SqlValue, offset?: number) {
    this.type = type;
    this.value = value;
    this.offset = offset;
  }
}

/** The forms that datetime() reads without a template. */
const DATE = /^\d{4,}-\d{1,2}-\d{1,2}$/;
const TIME = /^\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d{1,6})?$/;
const TIMETZ = /^\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d{1,6})?[ ]?[+-]\d{1,2}(?::\d{1,2})?$/;
const TIMESTAMP = /^\d{4,}-\d{1,2}-\d{1,2}[T ]\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d{1,6})?$/;
const TIMESTAMPTZ = /^\d{4,}-\d{1,2}-\d{1,2}[T ]\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d{1,6})?[ ]?[+-]\d{1,2}(?::\d{1,2})?$/;
const FORMS: readonly (readonly [RegExp, number])[] = [
  [DATE, TypeOid.date],
  [TIMETZ, TypeOid.timetz],
  [TIME, TypeOid.time],
  [TIMESTAMPTZ, TypeOid.timestamptz],
  [TIMESTAMP, TypeOid.timestamp],
];

/** @throws SqlError 22031, 22008 */
export function readDateTime(text: string, cx: FormatContext): DateTimeItem {
  const type = FORMS.find(([form]) => form.test(text))?.[1];
  const value = type === undefined ? undefined : codecFor(type)?.input(text, { ...cx, dateStyle: 'ISO', dateOrder: 'YMD' }, -1);
  if (type === undefined || value === undefined) {
    throw new SqlError(SqlState.invalidArgumentForJsonDatetime, `datetime format is not recognized: "${text}"`, {
      hint: 'Use a datetime template argument to specify the input data format.',
    });
  }
  return new DateTimeItem(type, value, type === TypeOid.timestamptz ? offsetIn(text) : undefined);
}

function offsetIn(text: string): number | undefined {
  const match = /([+-])(\d{1,2})(?::(\d{1,2}))?$/.exec(text);
  if (match === null) return undefined;
  const size = Number(match[2]) * 3600 + Number(match[3] ?? 0) * 60;
  return match[1] === '-' ? -size : size;
}

/** A zone of a fixed offset, as POSIX writes it. */
function fixedZone(offset: number): string {
  const size = Math.abs(offset);
  const hours = `${Math.floor(size / 3600)}:${`${Math.floor(size / 60) % 60}`.padStart(2, '0')}`;
  return `<fixed>${offset < 0 ? '' : '-'}${hours}`;
}

const ZONE_PATTERN = /TZ|OF/i;
const TIME_PATTERN = /HH|MI|SS|MS|US|FF|[AP]\.?M/i;
const DATE_PATTERN = /Y|MM|MON|D|W|J|CC|Q/i;

/** @throws SqlError 22007, 22008 … of the template and the text */
export function readDateTimeBy(template: string, text: string, cx: FormatContext): DateTimeItem {
  const bare = template.replace(/"(?:[^"\\]|\\.)*"/g, '');
  const { days, micros, offset } = assembleDatetime(readDatetime(text, parseTemplate(template, DATETIME_SYNTAX)), text);
  const hasTime = TIME_PATTERN.test(bare);
  const hasZone = ZONE_PATTERN.test(bare);
  if (!DATE_PATTERN.test(bare.replace(/AM|PM|HH24|HH12|MI/gi, ''))) {
    if (!hasZone) return new DateTimeItem(TypeOid.time, micros);
    return new DateTimeItem(TypeOid.timetz, new TimeTz(micros, -(offset ?? timeZoneOf(cx.timeZone).offsetAt(0))));
  }
  if (!hasTime) return new DateTimeItem(TypeOid.date, days);
  const local = checkedTimestamp(days, micros);
  if (!hasZone) return new DateTimeItem(TypeOid.timestamp, local);
  const zone = offset ?? timeZoneOf(cx.timeZone).offsetOfLocal(days * SECONDS_PER_DAY + Math.floor(micros / 1e6));
  return new DateTimeItem(TypeOid.timestamptz, shiftTimestamp(local, -zone), zone);
}

/** Which type both are compared as; undefined: they can't be. */
function commonType(a: number, b: number): number | undefined {
  if (a === b) return a;
  const has = (...types: number[]): boolean => types.includes(a) && types.includes(b);
  if (has(TypeOid.time, TypeOid.timetz)) return TypeOid.timetz;
  if (has(TypeOid.date, TypeOid.timestamp)) return TypeOid.timestamp;
  return has(TypeOid.date, TypeOid.timestamp, TypeOid.timestamptz) ? TypeOid.timestamptz : undefined;
}

const ZONED: ReadonlySet<number> = new Set([TypeOid.timetz, TypeOid.timestamptz]);

/** @param zoned whether the session's time zone may be used @returns undefined where the two can't be compared @throws SqlError 0A000 */
export function compareDateTimes(a: DateTimeItem, b: DateTimeItem, zoned: boolean, cx: FormatContext): number | undefined {
  const type = commonType(a.type, b.type);
  if (type === undefined) return undefined;
  const as = (item: DateTimeItem): SqlValue => {
    if (item.type === type) return item.value;
    if (ZONED.has(type) && !zoned) {
      throw new SqlError(
        SqlState.featureNotSupported,
        `cannot convert value from ${shortName(item.type)} to ${shortName(type)} without time zone usage`,
        { hint: 'Use *_tz() function for time zone support.' },
      );
    }
    return castValue(item.type, type)?.(item.value, cx) ?? item.value;
  };
  return codecFor(type)?.compare?.(as(a), as(b));
}

function shortName(type: number): string {
  return codecFor(type)?.name ?? formatType(type);
}

export function dateTimeType(item: DateTimeItem): string {
  return formatType(item.type);
}

/** As in to_json. */
export function dateTimeText(item: DateTimeItem, cx: FormatContext): string {
  return String(
    nodeOfValue(
      item.value,
      item.type,
      { ...cx, dateStyle: 'ISO', timeZone: item.offset === undefined ? cx.timeZone : fixedZone(item.offset) },
      codecFor,
    ),
  );
}
