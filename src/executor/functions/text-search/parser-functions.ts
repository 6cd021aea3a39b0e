import { dictionaryByOid } from '../../../catalog/text-search.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { TextSearchConfiguration } from '../../../types/text-search/configurations.js';
import { TOKEN_DESCRIPTIONS, TOKEN_NAMES, TokenType } from '../../../types/text-search/token-types.js';
import { tokensOf } from '../../../types/text-search/tokens.js';
import { type Row, SqlArray, type SqlValue } from '../../../types/value.js';
import type { FunctionContext } from '../../context.js';
import type { FunctionTable } from '../table.js';
import { configurationOf, currentConfiguration } from './convert.js';

const DEFAULT_PARSER = 3722;

/** By oid or by name. @throws SqlError 42704, XX000 */
function requireParser(parser: SqlValue): void {
  if (typeof parser === 'number' && parser !== DEFAULT_PARSER)
    throw new SqlError(SqlState.internalError, `cache lookup failed for text search parser ${parser}`);
  if (typeof parser === 'string' && parser.replace(/^pg_catalog\./, '') !== 'default')
    throw new SqlError(SqlState.undefinedObject, `text search parser "${parser}" does not exist`);
}

function parse([parser = null, text = null]: readonly SqlValue[]): readonly Row[] {
  requireParser(parser);
  return typeof text === 'string' ? [...tokensOf(text)].map((token): Row => [token.type, token.text]) : [];
}

function tokenTypes([parser = null]: readonly SqlValue[]): readonly Row[] {
  requireParser(parser);
  return TOKEN_NAMES.map((name): Row => [TokenType[name], name, TOKEN_DESCRIPTIONS[name]]);
}

/** alias, description, token, dictionaries, dictionary, lexemes. */
function debug(configuration: TextSearchConfiguration, text: SqlValue): readonly Row[] {
  if (typeof text !== 'string') return [];
  return [...tokensOf(text)].map((token): Row => {
    const name = TOKEN_NAMES[token.type - 1] ?? 'blank';
    const dictionaries = configuration.mappings.get(token.type) ?? [];
    const used = dictionaries.find((dictionary) => dictionary.lexize(token.text) !== undefined);
    const lexemes = used?.lexize(token.text);
    return [
      name,
      TOKEN_DESCRIPTIONS[name],
      token.text,
      new SqlArray(dictionaries.map(({ oid }) => oid)),
      used?.oid ?? null,
      lexemes === undefined ? null : new SqlArray(lexemes),
    ];
  });
}

function lexize(oid: number, word: string, cx: FunctionContext): SqlArray | null {
  const dictionary = dictionaryByOid(cx.catalog, oid);
  if (dictionary === undefined) throw new SqlError(SqlState.internalError, `cache lookup failed for text search dictionary ${oid}`);
  const found = dictionary.lexize(word);
  return found === undefined ? null : new SqlArray(found);
}

export const textSearchParserFunctions: FunctionTable = {
  scalar: { ts_lexize: lexize },
  set: {
    ts_parse_byid: parse,
    ts_parse_byname: parse,
    ts_token_type_byid: tokenTypes,
    ts_token_type_byname: tokenTypes,
    'ts_debug(regconfig,text)': ([oid = null, text = null], cx) => debug(configurationOf(oid as number, cx), text),
    'ts_debug(text)': ([text = null], cx) => debug(currentConfiguration(cx), text),
  },
};
