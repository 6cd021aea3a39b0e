import { SettingName } from '../../commons/setting-names.js';
import { formatDateStyle, parseDateStyle, readDateStyle } from '../../commons/settings/date-style.js';
import { invalidValue } from '../../commons/settings/parse-value.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { parseInterval } from '../../types/datetime/parse-interval.js';
import { findTimeZone, nameOfOffset } from '../../types/datetime/time-zone.js';
import { encodingName } from '../../types/encodings/names.js';
import { isConvertible } from '../../types/encodings/text-encoding.js';
import type { FormatContext } from '../../types/format-context.js';
import { parseIdentifierList, quoteIdentifier } from './identifier-list.js';
import type { SettingCheck } from './session-settings.js';

/** Canonical forms and limits of settings that depend on nothing but their value. */
export const VALUE_CHECKS: readonly (readonly [name: string, check: SettingCheck])[] = [
  [
    SettingName.dateStyle,
    (value, settings) => {
      const boot = readDateStyle(settings.registry.find(SettingName.dateStyle)?.boot ?? '');
      return formatDateStyle(parseDateStyle(value, readDateStyle(settings.value(SettingName.dateStyle)), boot));
    },
  ],
  [SettingName.timeZone, timeZone],
  [SettingName.logTimezone, timeZone],
  [SettingName.clientEncoding, clientEncoding],
  [SettingName.searchPath, searchPath],
  [
    SettingName.defaultTableAccessMethod,
    (value) => {
      if (value === 'heap') return value;
      const detail = value === '' ? 'default_table_access_method cannot be empty.' : `Table access method "${value}" does not exist.`;
      throw invalidValue(SettingName.defaultTableAccessMethod, value, undefined, detail);
    },
  ],
  [
    SettingName.passwordEncryption,
    (value) => {
      if (value === 'md5') throw new SqlError(SqlState.featureNotSupported, 'MD5 passwords are not supported');
      return value;
    },
  ],
  // A name for people: what is no printable ASCII becomes ?, as in PostgreSQL.
  [
    SettingName.applicationName,
    (value) => {
      const bytes = Buffer.from(value);
      for (let i = 0; i < bytes.length; i++) if ((bytes[i] ?? 0) < 32 || (bytes[i] ?? 0) > 126) bytes[i] = QUESTION_MARK;
      return bytes.toString('latin1');
    },
  ],
];

const QUESTION_MARK = 63;

/** A zone's name, or hours east of Greenwich. SET TIME ZONE INTERVAL gives the interval's text. */
function timeZone(value: string): string {
  const text = value.trim();
  if (/^[+-]?(\d+\.?\d*|\.\d+)$/.test(text)) {
    const hours = Number(text);
    if (Math.abs(hours) > 167) throw invalidValue(SettingName.timeZone, value);
    return hours === 0 ? '<+00>-00' : nameOfOffset(Math.trunc(hours * 3600));
  }
  const [, hours] = /^interval\s+'(.*)'$/is.exec(text) ?? [];
  if (hours !== undefined) return zoneOfInterval(hours, value);
  const zone = findTimeZone(text);
  if (zone === undefined) throw invalidValue(SettingName.timeZone, value);
  return zone.name;
}

function zoneOfInterval(text: string, value: string): string {
  const interval = parseInterval(text, INTERVAL_FORMAT);
  const invalid = (what: string): Error =>
    invalidValue(SettingName.timeZone, value, undefined, `Cannot specify ${what} in time zone interval.`);
  if (interval.months !== 0) throw invalid('months');
  if (interval.days !== 0) throw invalid('days');
  return nameOfOffset(Math.trunc(Number(interval.micros) / 1_000_000));
}

/** How an interval in a time zone is read, whatever the session's formats are. */
const INTERVAL_FORMAT: FormatContext = {
  dateStyle: 'ISO',
  dateOrder: 'MDY',
  intervalStyle: 'postgres',
  timeZone: 'UTC',
  extraFloatDigits: 1,
  byteaOutput: 'hex',
  transactionStartMicros: 0,
};

function clientEncoding(value: string): string {
  const name = encodingName(value);
  if (name === undefined) throw invalidValue(SettingName.clientEncoding, value);
  if (!isConvertible(name)) {
    throw new SqlError(SqlState.featureNotSupported, `invalid value for parameter "${SettingName.clientEncoding}": "${value}"`, {
      detail: `Conversion between ${name} and UTF8 is not supported.`,
    });
  }
  return name;
}

function searchPath(value: string): string {
  if (parseIdentifierList(value) === undefined) throw invalidValue(SettingName.searchPath, value, undefined, 'List syntax is invalid.');
  return value;
}

/** A list of values as SET keeps it: names quoted where they need it. */
export function joinList(values: readonly string[]): string {
  return values.map(quoteIdentifier).join(', ');
}
