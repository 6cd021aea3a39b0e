import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { TextSearchConfiguration } from '../../../types/text-search/configurations.js';
import { compareQueries } from '../../../types/text-search/query-order.js';
import { countNodes, phrase, TsQuery } from '../../../types/text-search/tsquery.js';
import { compareVectors, TsVector, vectorOf, WEIGHTS } from '../../../types/text-search/tsvector.js';
import { type Jsonb, SqlArray } from '../../../types/value.js';
import type { FunctionContext } from '../../context.js';
import type { ScalarFunction } from '../implementation.js';
import type { FunctionTable } from '../table.js';
import {
  configurationOf,
  currentConfiguration,
  jsonToVector,
  phraseToQuery,
  plainToQuery,
  toQuery,
  toVector,
  webSearchToQuery,
} from './convert.js';
import { jsonStringsVector } from './json-documents.js';
import { matchesQuery } from './match.js';
import { DEFAULT_WEIGHTS, rank, weightsOf } from './rank.js';

/** A function of a text, with the current configuration and with one that is given. */
function converter(
  name: string,
  convert: (configuration: TextSearchConfiguration, text: string, cx: FunctionContext) => TsVector | TsQuery,
): Record<string, ScalarFunction> {
  return {
    [name]: (text: string, cx: FunctionContext) => convert(currentConfiguration(cx), text, cx),
    [`${name}_byid`]: (oid: number, text: string, cx: FunctionContext) => convert(configurationOf(oid, cx), text, cx),
  };
}

function comparisons<T>(type: string, compare: (a: T, b: T) => number): Record<string, ScalarFunction> {
  return {
    [`${type}_eq`]: (a: T, b: T) => compare(a, b) === 0,
    [`${type}_ne`]: (a: T, b: T) => compare(a, b) !== 0,
    [`${type}_lt`]: (a: T, b: T) => compare(a, b) < 0,
    [`${type}_le`]: (a: T, b: T) => compare(a, b) <= 0,
    [`${type}_gt`]: (a: T, b: T) => compare(a, b) > 0,
    [`${type}_ge`]: (a: T, b: T) => compare(a, b) >= 0,
    [`${type}_cmp`]: compare,
  };
}

/** @throws SqlError 22023 */
function weightOf(letter: string): number {
  const weight = WEIGHTS.indexOf(letter.toUpperCase());
  if (weight >= 0 && letter !== '') return weight;
  throw new SqlError(SqlState.internalError, `unrecognized weight: ${letter.charCodeAt(0) || 0}`);
}

function setWeight(vector: TsVector, letter: string, only?: SqlArray): TsVector {
  const weight = weightOf(letter);
  return new TsVector(
    vector.lexemes.map((lexeme) =>
      only === undefined || only.elements.includes(lexeme.word)
        ? { ...lexeme, places: lexeme.places.map(({ position }) => ({ position, weight })) }
        : lexeme,
    ),
  );
}

/** The second document's positions follow the first one's. */
function concat(a: TsVector, b: TsVector): TsVector {
  const last = a.lexemes.reduce((most, { places }) => Math.max(most, places.at(-1)?.position ?? 0), 0);
  const moved = b.lexemes.map(({ word, places }) => ({
    word,
    places: places.map(({ position, weight }) => ({ position: position + last, weight })),
  }));
  return vectorOf([...a.lexemes, ...moved]);
}

function join(kind: 'and' | 'or', a: TsQuery, b: TsQuery): TsQuery {
  if (a.root === undefined) return b;
  return b.root === undefined ? a : new TsQuery({ kind, left: a.root, right: b.root });
}

function follow(a: TsQuery, b: TsQuery, distance: number): TsQuery {
  if (distance < 0 || distance > 16_384) {
    throw new SqlError(
      SqlState.invalidParameterValue,
      'distance in phrase operator must be an integer value between zero and 16384 inclusive',
    );
  }
  if (a.root === undefined) return b;
  if (b.root === undefined) return a;
  return new TsQuery(phrase({ node: a.root, left: 0, right: 0 }, { node: b.root, left: 0, right: 0 }, distance).node);
}

const without = (vector: TsVector, words: readonly unknown[]): TsVector =>
  new TsVector(vector.lexemes.filter(({ word }) => !words.includes(word)));

function filter(vector: TsVector, letters: SqlArray): TsVector {
  const wanted = letters.elements.map((letter) => weightOf(String(letter)));
  const kept = vector.lexemes.map(({ word, places }) => ({ word, places: places.filter(({ weight }) => wanted.includes(weight)) }));
  return new TsVector(kept.filter(({ places }) => places.length > 0));
}

export const textSearchFunctions: FunctionTable = {
  scalar: {
    ...converter('to_tsvector', toVector),
    ...converter('to_tsquery', toQuery),
    ...converter('plainto_tsquery', plainToQuery),
    ...converter('phraseto_tsquery', phraseToQuery),
    ...converter('websearch_to_tsquery', webSearchToQuery),
    ...converter('json_string_to_tsvector', jsonStringsVector),
    jsonb_string_to_tsvector: (value: Jsonb, cx: FunctionContext) => jsonToVector(currentConfiguration(cx), value.node),
    jsonb_string_to_tsvector_byid: (oid: number, value: Jsonb, cx: FunctionContext) => jsonToVector(configurationOf(oid, cx), value.node),
    get_current_ts_config: (cx: FunctionContext) => currentConfiguration(cx).oid,
    ...comparisons('tsvector', compareVectors),
    ...comparisons('tsquery', compareQueries),
    ts_match_vq: matchesQuery,
    ts_match_qv: (query: TsQuery, vector: TsVector) => matchesQuery(vector, query),
    ts_match_tq: (text: string, query: TsQuery, cx: FunctionContext) => matchesQuery(toVector(currentConfiguration(cx), text), query),
    ts_match_tt: (text: string, words: string, cx: FunctionContext) => {
      const configuration = currentConfiguration(cx);
      return matchesQuery(toVector(configuration, text), plainToQuery(configuration, words, cx));
    },
    ts_rank_tt: (vector: TsVector, query: TsQuery) => rank(DEFAULT_WEIGHTS, vector, query, 0),
    ts_rank_ttf: (vector: TsVector, query: TsQuery, method: number) => rank(DEFAULT_WEIGHTS, vector, query, method),
    ts_rank_wtt: (weights: SqlArray, vector: TsVector, query: TsQuery) => rank(weightsOf(weights), vector, query, 0),
    ts_rank_wttf: (weights: SqlArray, vector: TsVector, query: TsQuery, method: number) => rank(weightsOf(weights), vector, query, method),
    tsvector_length: (vector: TsVector) => vector.lexemes.length,
    tsvector_strip: (vector: TsVector) => new TsVector(vector.lexemes.map(({ word }) => ({ word, places: [] }))),
    tsvector_setweight: (vector: TsVector, letter: string) => setWeight(vector, letter),
    tsvector_setweight_by_filter: (vector: TsVector, letter: string, only: SqlArray) => setWeight(vector, letter, only),
    tsvector_concat: concat,
    tsvector_delete_str: (vector: TsVector, word: string) => without(vector, [word]),
    tsvector_delete_arr: (vector: TsVector, words: SqlArray) => without(vector, words.elements),
    tsvector_filter: filter,
    tsvector_to_array: (vector: TsVector) => new SqlArray(vector.lexemes.map(({ word }) => word)),
    array_to_tsvector: (words: SqlArray) => vectorOf(words.elements.map((word) => ({ word: String(word), places: [] }))),
    tsquery_and: (a: TsQuery, b: TsQuery) => join('and', a, b),
    tsquery_or: (a: TsQuery, b: TsQuery) => join('or', a, b),
    tsquery_not: (query: TsQuery) => (query.root === undefined ? query : new TsQuery({ kind: 'not', arg: query.root })),
    tsquery_phrase: (a: TsQuery, b: TsQuery) => follow(a, b, 1),
    tsquery_phrase_distance: follow,
    tsquery_numnode: countNodes,
  },
};
