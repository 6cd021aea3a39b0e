import type { DatabaseDescriptor, DatabaseLocale } from '../../../catalog/descriptors.js';
import { notSupported, SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { DefElement } from '../../../planner/parse/ast.js';
import { ENCODING_NAMES, encodingName } from '../../../types/encodings/names.js';
import { textOption } from '../options.js';

/** Of databases that name none. */
export const C_LOCALE: DatabaseLocale = { provider: 'c', collate: 'C', ctype: 'C' };
const UTF8 = 'UTF8';

type Options = ReadonlyMap<string, DefElement>;
/** DEFAULT, and an option that is not there, give none. */
const given = (options: Options, name: string): string | undefined => {
  const option = options.get(name);
  return option?.value === undefined ? undefined : textOption(option);
};

/**
 * Encoding and locale of a new database: UTF8, and a locale that compares by code points.
 * @param isPristine template0: nothing in it is ordered or encoded yet
 * @returns undefined for C
 * @throws SqlError 22023, 42601, 42704, 42809, 42P17, 0A000
 */
export function localeOf(options: Options, template: DatabaseDescriptor, isPristine: boolean): DatabaseLocale | undefined {
  const from = template.locale ?? C_LOCALE;
  const locale = given(options, 'locale');
  const encoding = encodingOf(options);
  requireLibc(options);
  const collate = checkedLocale(given(options, 'lc_collate') ?? locale ?? from.collate);
  const ctype = checkedLocale(given(options, 'lc_ctype') ?? locale ?? from.ctype);
  if (encoding !== UTF8) {
    for (const name of [ctype, collate]) if (name.includes('.')) throw unfit(encoding, name, name === ctype ? 'LC_CTYPE' : 'LC_COLLATE');
    if (!isPristine) throw incompatible('encoding', encoding, UTF8, 'encoding');
    throw notSupported(`databases with encoding ${encoding}`);
  }
  if (!isPristine) {
    if (collate !== from.collate) throw incompatible('collation', collate, from.collate, 'collation');
    if (ctype !== from.ctype) throw incompatible('LC_CTYPE', ctype, from.ctype, 'LC_CTYPE');
  }
  const collationVersion = given(options, 'collation_version') ?? from.collationVersion;
  if (collate === 'C' && ctype === 'C' && collationVersion === undefined) return undefined;
  return { provider: 'c', collate, ctype, ...(collationVersion === undefined ? {} : { collationVersion }) };
}

function requireLibc(options: Options): void {
  const provider = given(options, 'locale_provider')?.toLowerCase();
  if (provider !== undefined && provider !== 'icu' && provider !== 'libc')
    throw new SqlError(SqlState.invalidObjectDefinition, `unrecognized locale provider: ${provider}`);
  if (provider === 'icu') throw new SqlError(SqlState.featureNotSupported, 'ICU is not supported in this build');
  if (given(options, 'icu_locale') !== undefined)
    throw new SqlError(SqlState.invalidObjectDefinition, 'ICU locale cannot be specified unless locale provider is ICU');
}

/** One that compares by code points. @throws SqlError 42809 */
function checkedLocale(name: string): string {
  if (name === 'C' || name === 'POSIX') return 'C';
  if (/^C\.utf-?8$/i.test(name)) return name;
  throw new SqlError(SqlState.wrongObjectType, `invalid locale name: "${name}"`);
}

function encodingOf(options: Options): string {
  const option = options.get('encoding');
  if (option?.value === undefined) return UTF8;
  const { value } = option;
  const isCode = value.type === 'integer';
  const text = textOption(option);
  const name = isCode ? ENCODING_NAMES[value.value] : encodingName(text);
  // PostgreSQL's encodings of servers come first in its list.
  if (name !== undefined && ENCODING_NAMES.indexOf(name) <= LAST_OF_SERVERS) return name;
  throw new SqlError(SqlState.undefinedObject, `${text} is not a valid encoding ${isCode ? 'code' : 'name'}`, {
    position: option._location?.start,
  });
}

const LAST_OF_SERVERS = ENCODING_NAMES.indexOf('KOI8U');

function unfit(encoding: string, locale: string, what: string): SqlError {
  return new SqlError(SqlState.invalidParameterValue, `encoding "${encoding}" does not match locale "${locale}"`, {
    detail: `The chosen ${what} setting requires encoding "${UTF8}".`,
  });
}

function incompatible(what: string, wanted: string, has: string, hint: string): SqlError {
  return new SqlError(
    SqlState.invalidParameterValue,
    `new ${what} (${wanted}) is incompatible with the ${what} of the template database (${has})`,
    { hint: `Use the same ${hint} as in the template database, or use template0 as template.` },
  );
}
