import { parseBoolean } from '../../commons/settings/parse-value.js';
import { notSupported, SqlError } from '../../commons/sql-error.js';
import { SqlState, type SqlStateCode } from '../../commons/sqlstates.js';
import type { CopyStatement, DefElement, DefValue } from '../../planner/parse/ast.js';
import { encodingName } from '../../types/encodings/names.js';
import { encodingFor, type TextEncoding } from '../../types/encodings/text-encoding.js';

/** Options of COPY with their defaults filled in. PostgreSQL manual, COPY. */
export interface CopyOptions {
  readonly format: 'text' | 'csv' | 'binary';
  readonly delimiter: string;
  readonly nullText: string;
  readonly header: 'none' | 'skip' | 'match';
  readonly quote: string;
  readonly escape: string;
  /** Column names, or all. */
  readonly forceQuote: readonly string[] | 'all';
  readonly forceNotNull: readonly string[];
  readonly forceNull: readonly string[];
  /** The rows need not be seen as made by a transaction: PostgreSQL wants the table to be new. */
  readonly freeze: boolean;
  /** What the text is in; undefined: UTF-8. */
  readonly encoding: TextEncoding | undefined;
}

type Given = ReadonlyMap<string, DefElement>;

/**
 * @param client its encoding
 * @throws SqlError 0A000, 22023, 42601
 */
export function copyOptions(statement: CopyStatement, client: TextEncoding | undefined): CopyOptions {
  const given = collect(statement.options);
  const format = formatOf(given.get('format'));
  const isCsv = format === 'csv';
  const options: CopyOptions = {
    format,
    delimiter: textOf(given.get('delimiter')) ?? (isCsv ? ',' : '\t'),
    nullText: textOf(given.get('null')) ?? (isCsv ? '' : '\\N'),
    header: headerOf(given.get('header')),
    quote: textOf(given.get('quote')) ?? '"',
    escape: textOf(given.get('escape')) ?? textOf(given.get('quote')) ?? '"',
    forceQuote: given.get('force_quote')?.value?.type === 'star' ? 'all' : listOf(given.get('force_quote')),
    forceNotNull: listOf(given.get('force_not_null')),
    forceNull: listOf(given.get('force_null')),
    freeze: booleanOf(given.get('freeze')),
    // Binary data are the client's, whatever the option says.
    encoding: format === 'binary' ? client : encodingOf(given.get('encoding'), client),
  };
  if (format === 'binary') checkBinary(options, given);
  checkCharacters(options, given);
  checkDirections(options, given, statement.direction);
  if (given.has('convert_selectively')) throw notSupported('COPY with convert_selectively');
  return options;
}

const KNOWN: ReadonlySet<string> = new Set([
  'format',
  'freeze',
  'convert_selectively',
  'delimiter',
  'null',
  'header',
  'quote',
  'escape',
  'force_quote',
  'force_not_null',
  'force_null',
  'encoding',
]);

function collect(options: readonly DefElement[]): Given {
  const given = new Map<string, DefElement>();
  for (const option of options) {
    const position = option._location?.start;
    if (!KNOWN.has(option.name)) throw new SqlError(SqlState.syntaxError, `option "${option.name}" not recognized`, { position });
    if (given.has(option.name)) throw new SqlError(SqlState.syntaxError, 'conflicting or redundant options', { position });
    given.set(option.name, option);
  }
  return given;
}

function formatOf(option: DefElement | undefined): CopyOptions['format'] {
  const text = textOf(option) ?? 'text';
  if (text === 'text' || text === 'csv' || text === 'binary') return text;
  throw new SqlError(SqlState.invalidParameterValue, `COPY format "${text}" not recognized`, { position: option?._location?.start });
}

function headerOf(option: DefElement | undefined): CopyOptions['header'] {
  if (option === undefined) return 'none';
  if (option.value === undefined) return 'skip';
  const text = textOf(option) ?? '';
  if (text.toLowerCase() === 'match') return 'match';
  const on = parseBoolean(text);
  if (on === undefined) throw new SqlError(SqlState.syntaxError, 'header requires a Boolean value or "match"');
  return on ? 'skip' : 'none';
}

/** Without the option, the client's: of files too. */
function encodingOf(option: DefElement | undefined, client: TextEncoding | undefined): TextEncoding | undefined {
  const text = textOf(option);
  if (text === undefined) return client;
  const name = encodingName(text);
  if (name !== undefined) return encodingFor(name);
  throw new SqlError(SqlState.invalidParameterValue, 'argument to option "encoding" must be a valid encoding name', {
    position: option?._location?.start,
  });
}

function checkBinary({ header }: CopyOptions, given: Given): void {
  if (given.has('delimiter')) throw cannotSpecify('DELIMITER');
  if (given.has('null')) throw cannotSpecify('NULL');
  if (header !== 'none') throw refused('cannot specify HEADER in BINARY mode');
}

function cannotSpecify(option: string): SqlError {
  return error(SqlState.syntaxError, `cannot specify ${option} in BINARY mode`);
}

const NO_DELIMITERS = '\\.abcdefghijklmnopqrstuvwxyz0123456789';

function checkCharacters(options: CopyOptions, given: Given): void {
  const { delimiter, nullText, quote } = options;
  const isCsv = options.format === 'csv';
  if (!isOneByte(delimiter)) throw refused('COPY delimiter must be a single one-byte character');
  if (/[\r\n]/.test(delimiter)) throw invalid('COPY delimiter cannot be newline or carriage return');
  if (/[\r\n]/.test(nullText)) throw invalid('COPY null representation cannot use newline or carriage return');
  if (!isCsv && NO_DELIMITERS.includes(delimiter)) throw invalid(`COPY delimiter cannot be "${delimiter}"`);
  if (!isCsv && given.has('quote')) throw refused('COPY quote available only in CSV mode');
  if (isCsv && !isOneByte(quote)) throw refused('COPY quote must be a single one-byte character');
  if (isCsv && delimiter === quote) throw invalid('COPY delimiter and quote must be different');
  if (!isCsv && given.has('escape')) throw refused('COPY escape available only in CSV mode');
  if (isCsv && !isOneByte(options.escape)) throw refused('COPY escape must be a single one-byte character');
  if (nullText.includes(delimiter)) throw refused('COPY delimiter must not appear in the NULL specification');
  if (isCsv && nullText.includes(quote)) throw refused('CSV quote character must not appear in the NULL specification');
}

function checkDirections(options: CopyOptions, given: Given, direction: 'from' | 'to'): void {
  const isCsv = options.format === 'csv';
  for (const [name, words, needs] of [
    ['force_quote', 'COPY force quote', 'to'],
    ['force_not_null', 'COPY force not null', 'from'],
    ['force_null', 'COPY force null', 'from'],
  ] as const) {
    if (!given.has(name)) continue;
    if (!isCsv) throw refused(`${words} available only in CSV mode`);
    if (direction !== needs) throw refused(`${words} only available using COPY ${needs.toUpperCase()}`);
  }
  if (options.header === 'match' && direction === 'to') throw refused('cannot use "match" with HEADER in COPY TO');
}

function textOf(option: DefElement | undefined): string | undefined {
  return option?.value === undefined ? undefined : valueText(option.value);
}

function valueText(value: DefValue): string {
  switch (value.type) {
    case 'string':
      return value.value;
    case 'integer':
      return String(value.value);
    case 'numeric':
      return value.text;
    case 'boolean':
      return value.value ? 'true' : 'false';
    case 'type':
      return value.dataType.name;
    case 'name':
      return value.name.name;
    case 'star':
      return '*';
    case 'list':
      return value.values.map(valueText).join(', ');
  }
}

function booleanOf(option: DefElement | undefined): boolean {
  if (option === undefined) return false;
  if (option.value === undefined) return true;
  const on = parseBoolean(textOf(option) ?? '');
  if (on === undefined) throw new SqlError(SqlState.syntaxError, `${option.name} requires a Boolean value`);
  return on;
}

/**
 * Columns that an option names. @param known all that there are
 * @param relation the table's name, for errors; absent for a query
 * @throws SqlError 42703, 42P10
 */
export function requireReferenced(
  option: string,
  names: readonly string[],
  copied: readonly string[],
  known: readonly string[],
  relation: string | undefined,
): void {
  for (const name of names) {
    if (copied.includes(name)) continue;
    if (known.includes(name)) throw new SqlError(SqlState.invalidColumnReference, `${option} column "${name}" not referenced by COPY`);
    const ofRelation = relation === undefined ? '' : ` of relation "${relation}"`;
    throw new SqlError(SqlState.undefinedColumn, `column "${name}"${ofRelation} does not exist`);
  }
}

function listOf(option: DefElement | undefined): readonly string[] {
  const value = option?.value;
  if (value === undefined) return [];
  if (value.type === 'list') return value.values.map(valueText);
  if (value.type === 'star')
    throw new SqlError(SqlState.invalidParameterValue, `argument to option "${option?.name}" must be a list of column names`);
  return [valueText(value)];
}

const isOneByte = (text: string): boolean => text.length === 1 && text.charCodeAt(0) < 128;
const refused = (message: string): SqlError => error(SqlState.featureNotSupported, message);
const invalid = (message: string): SqlError => error(SqlState.invalidParameterValue, message);

function error(code: SqlStateCode, message: string): SqlError {
  return new SqlError(code, message);
}
