import type { TextSearchConfiguration } from '../../../types/text-search/configurations.js';
import type { TsQuery } from '../../../types/text-search/tsquery.js';
import { type TsVector, WEIGHTS } from '../../../types/text-search/tsvector.js';
import { type Jsonb, type Row, SqlArray } from '../../../types/value.js';
import type { FunctionContext } from '../../context.js';
import type { ScalarFunction } from '../implementation.js';
import type { FunctionTable } from '../table.js';
import { configurationOf, currentConfiguration } from './convert.js';
import { headline, headlineOptions } from './headline.js';
import { jsonbVector, jsonbWithStrings, jsonVector, textWithStrings } from './json-documents.js';
import { DEFAULT_WEIGHTS, weightsOf } from './rank.js';
import { rankCovers } from './rank-cover.js';
import { indexablePart, rewriteQuery, wordSet } from './rewrite.js';

/** With the current configuration or one that is given, and with options or without. */
function headlines<T>(name: string, show: (document: T, mark: (text: string) => string) => T): Record<string, ScalarFunction> {
  const run = (configuration: TextSearchConfiguration, document: T, query: TsQuery, text: string): T => {
    const options = headlineOptions(text);
    return show(document, (part) => headline(configuration, part, query, options));
  };
  return {
    [name]: ((document: T, query: TsQuery, cx: FunctionContext) => run(currentConfiguration(cx), document, query, '')) as ScalarFunction,
    [`${name}_opt`]: ((document: T, query: TsQuery, options: string, cx: FunctionContext) =>
      run(currentConfiguration(cx), document, query, options)) as ScalarFunction,
    [`${name}_byid`]: ((oid: number, document: T, query: TsQuery, cx: FunctionContext) =>
      run(configurationOf(oid, cx), document, query, '')) as ScalarFunction,
    [`${name}_byid_opt`]: ((oid: number, document: T, query: TsQuery, options: string, cx: FunctionContext) =>
      run(configurationOf(oid, cx), document, query, options)) as ScalarFunction,
  };
}

/** Every word of the second is one of the first. */
function containsWords(whole: TsQuery, part: TsQuery): boolean {
  const words = wordSet(whole);
  for (const word of wordSet(part)) if (!words.has(word)) return false;
  return true;
}

export const textSearchQueryFunctions: FunctionTable = {
  scalar: {
    ...headlines<string>('ts_headline', (text, mark) => mark(text)),
    ...headlines<string>('ts_headline_json', textWithStrings),
    ...headlines<Jsonb>('ts_headline_jsonb', jsonbWithStrings),
    ts_rankcd_tt: (vector: TsVector, query: TsQuery) => rankCovers(DEFAULT_WEIGHTS, vector, query, 0),
    ts_rankcd_ttf: (vector: TsVector, query: TsQuery, method: number) => rankCovers(DEFAULT_WEIGHTS, vector, query, method),
    ts_rankcd_wtt: (weights: SqlArray, vector: TsVector, query: TsQuery) => rankCovers(weightsOf(weights), vector, query, 0),
    ts_rankcd_wttf: (weights: SqlArray, vector: TsVector, query: TsQuery, method: number) =>
      rankCovers(weightsOf(weights), vector, query, method),
    tsquery_rewrite: rewriteQuery,
    tsquerytree: indexablePart,
    tsq_mcontains: containsWords,
    tsq_mcontained: (part: TsQuery, whole: TsQuery) => containsWords(whole, part),
    jsonb_to_tsvector: (document: Jsonb, filter: Jsonb, cx: FunctionContext) => jsonbVector(currentConfiguration(cx), document, filter),
    jsonb_to_tsvector_byid: (oid: number, document: Jsonb, filter: Jsonb, cx: FunctionContext) =>
      jsonbVector(configurationOf(oid, cx), document, filter),
    json_to_tsvector: (document: string, filter: Jsonb, cx: FunctionContext) => jsonVector(currentConfiguration(cx), document, filter),
    json_to_tsvector_byid: (oid: number, document: string, filter: Jsonb, cx: FunctionContext) =>
      jsonVector(configurationOf(oid, cx), document, filter),
  },
  set: {
    tsvector_unnest: ([vector]) =>
      (vector as TsVector).lexemes.map(({ word, places }): Row => {
        if (places.length === 0) return [word, null, null];
        return [
          word,
          new SqlArray(places.map(({ position }) => position)),
          new SqlArray(places.map(({ weight }) => WEIGHTS[weight] ?? 'D')),
        ];
      }),
  },
};
