import type { DatabaseDescriptor, DatabaseLocale } from '../../../catalog/descriptors.js';
import { notSupported, SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { DefElement } from '../../../planner/parse/ast.js';
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
  const { value } = option ?? {};
  if (value === undefined) return UTF8;
  const position = option?._location?.start;
  if (value.type === 'integer') {
    const name = ENCODINGS.get(value.value);
    if (name === undefined) throw new SqlError(SqlState.undefinedObject, `${value.value} is not a valid encoding code`, { position });
    return name;
  }
  const text = option === undefined ? '' : textOption(option);
  const plain = text.toLowerCase().replace(/[^a-z0-9]/g, '');
  for (const [, name] of ENCODINGS) if (name.toLowerCase().replace(/[^a-z0-9]/g, '') === plain) return name;
  const alias = ALIASES[plain];
  if (alias === undefined) throw new SqlError(SqlState.undefinedObject, `${text} is not a valid encoding name`, { position });
  return alias;
}

/** PostgreSQL's encodings of servers, by their codes. */
const ENCODINGS: ReadonlyMap<number, string> = new Map([
  [0, 'SQL_ASCII'],
  [1, 'EUC_JP'],
  [2, 'EUC_CN'],
  [3, 'EUC_KR'],
  [4, 'EUC_TW'],
  [5, 'EUC_JIS_2004'],
  [6, UTF8],
  [7, 'MULE_INTERNAL'],
  [8, 'LATIN1'],
  [9, 'LATIN2'],
  [10, 'LATIN3'],
  [11, 'LATIN4'],
  [12, 'LATIN5'],
  [13, 'LATIN6'],
  [14, 'LATIN7'],
  [15, 'LATIN8'],
  [16, 'LATIN9'],
  [17, 'LATIN10'],
  [18, 'WIN1256'],
  [19, 'WIN1258'],
  [20, 'WIN866'],
  [21, 'WIN874'],
  [22, 'KOI8R'],
  [23, 'WIN1251'],
  [24, 'WIN1252'],
  [25, 'ISO_8859_5'],
  [26, 'ISO_8859_6'],
  [27, 'ISO_8859_7'],
  [28, 'ISO_8859_8'],
  [29, 'WIN1250'],
  [30, 'WIN1253'],
  [31, 'WIN1254'],
  [32, 'WIN1255'],
  [33, 'WIN1257'],
  [34, 'KOI8U'],
]);
const ALIASES: Readonly<Record<string, string>> = { unicode: UTF8, iso88591: 'LATIN1', iso88592: 'LATIN2', iso885915: 'LATIN9' };

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
