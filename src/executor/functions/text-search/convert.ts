import { configurationByOid } from '../../../catalog/text-search.js';
import { SettingName } from '../../../commons/setting-names.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { isArray, isObject } from '../../../types/json/node.js';
import { regOidOf } from '../../../types/reg-codecs.js';
import { lexemesOf, TEXT_SEARCH_CONFIGURATIONS, type TextSearchConfiguration } from '../../../types/text-search/configurations.js';
import { tokensOf } from '../../../types/text-search/tokens.js';
import { parseTsQuery, type QueryNode, TsQuery } from '../../../types/text-search/tsquery.js';
import { type Lexeme, type TsVector, vectorOf } from '../../../types/text-search/tsvector.js';
import type { JsonNode } from '../../../types/value.js';
import type { FunctionContext } from '../../context.js';

/** @throws SqlError XX000 */
export function configurationOf(oid: number, cx: FunctionContext): TextSearchConfiguration {
  // Those that PostgreSQL is born with take no catalog, so that constants can be computed once.
  const found = TEXT_SEARCH_CONFIGURATIONS.find((configuration) => configuration.oid === oid) ?? configurationByOid(cx.catalog, oid);
  if (found === undefined) throw new SqlError(SqlState.internalError, `cache lookup failed for text search configuration ${oid}`);
  return found;
}

/** What default_text_search_config names. @throws SqlError 42704 */
export function currentConfiguration(cx: FunctionContext): TextSearchConfiguration {
  const setting = cx.session.getSetting(SettingName.defaultTextSearchConfig, true) ?? 'pg_catalog.english';
  const name = setting.replace(/^pg_catalog\./, '');
  const found = TEXT_SEARCH_CONFIGURATIONS.find((configuration) => configuration.name === name);
  return found ?? configurationOf(regOidOf('regconfig', setting, cx.format), cx);
}

interface FoundWord {
  readonly word: string;
  readonly position: number;
}

/** Stop words count in positions, but are not found. Several lexemes of a word stand at one place. */
export function wordsOf(configuration: TextSearchConfiguration, text: string, after = 0): { words: FoundWord[]; last: number } {
  const words: FoundWord[] = [];
  let position = after;
  for (const token of tokensOf(text)) {
    const lexemes = lexemesOf(configuration, token);
    if (lexemes === undefined) continue;
    position++;
    for (const word of lexemes) words.push({ word, position });
  }
  return { words, last: position };
}

const asLexeme = ({ word, position }: FoundWord): Lexeme => ({ word, places: [{ position, weight: 0 }] });

export function toVector(configuration: TextSearchConfiguration, text: string): TsVector {
  return vectorOf(wordsOf(configuration, text).words.map(asLexeme));
}

/** Several texts as one document. @param gap a place between two of them keeps phrases apart */
export function vectorOfTexts(configuration: TextSearchConfiguration, texts: Iterable<string>, gap = true): TsVector {
  const lexemes: Lexeme[] = [];
  let last = 0;
  for (const text of texts) {
    const found = wordsOf(configuration, text, last);
    for (const word of found.words) lexemes.push(asLexeme(word));
    last = gap && found.words.length > 0 ? found.last + 1 : found.last;
  }
  return vectorOf(lexemes);
}

function* stringsIn(node: JsonNode): Generator<string> {
  if (typeof node === 'string') yield node;
  else if (isArray(node) || isObject(node)) for (const child of node.values()) yield* stringsIn(child);
}

export function jsonToVector(configuration: TextSearchConfiguration, node: JsonNode): TsVector {
  return vectorOfTexts(configuration, stringsIn(node));
}

function phraseOf(words: readonly FoundWord[], prefix: boolean, weights: number): QueryNode | undefined {
  let root: QueryNode | undefined;
  let before = 0;
  for (const { word, position } of words) {
    const node: QueryNode = { kind: 'word', word, prefix, weights };
    root = root === undefined ? node : { kind: 'phrase', left: root, right: node, distance: position - before };
    before = position;
  }
  return root;
}

function noticeWhenEmpty(query: TsQuery, text: string, cx: FunctionContext): TsQuery {
  if (query.root === undefined && text.trim() !== '') {
    cx.session.notice({
      severity: 'NOTICE',
      code: SqlState.successfulCompletion,
      message: "text-search query contains only stop words or doesn't contain lexemes, ignored",
    });
  }
  return query;
}

export function toQuery(configuration: TextSearchConfiguration, text: string, cx: FunctionContext): TsQuery {
  const query = parseTsQuery(text, (word, prefix, weights) => phraseOf(wordsOf(configuration, word).words, prefix, weights));
  return noticeWhenEmpty(query, text, cx);
}

function allOf(words: readonly FoundWord[]): QueryNode | undefined {
  let root: QueryNode | undefined;
  for (const { word } of words) {
    const node: QueryNode = { kind: 'word', word, prefix: false, weights: 0 };
    root = root === undefined ? node : { kind: 'and', left: root, right: node };
  }
  return root;
}

export function plainToQuery(configuration: TextSearchConfiguration, text: string, cx: FunctionContext): TsQuery {
  return noticeWhenEmpty(new TsQuery(allOf(wordsOf(configuration, text).words)), text, cx);
}

export function phraseToQuery(configuration: TextSearchConfiguration, text: string, cx: FunctionContext): TsQuery {
  return noticeWhenEmpty(new TsQuery(phraseOf(wordsOf(configuration, text).words, false, 0)), text, cx);
}

/** "quoted phrases", `or` between, a minus before what must not be there; never an error. */
export function webSearchToQuery(configuration: TextSearchConfiguration, text: string, cx: FunctionContext): TsQuery {
  let alternatives: QueryNode | undefined;
  let group: QueryNode | undefined;
  for (const [piece, minus = '', quoted, bare = ''] of text.matchAll(/(-?)(?:"([^"]*)"?|([^\s"]+))/g)) {
    if (piece.toLowerCase() === 'or' && group !== undefined) {
      alternatives = alternatives === undefined ? group : { kind: 'or', left: alternatives, right: group };
      group = undefined;
      continue;
    }
    let node = phraseOf(wordsOf(configuration, quoted ?? bare).words, false, 0);
    if (node === undefined) continue;
    if (minus !== '') node = { kind: 'not', arg: node };
    group = group === undefined ? node : { kind: 'and', left: group, right: node };
  }
  const root: QueryNode | undefined =
    alternatives === undefined ? group : group === undefined ? alternatives : { kind: 'or', left: alternatives, right: group };
  return noticeWhenEmpty(new TsQuery(root), text, cx);
}
