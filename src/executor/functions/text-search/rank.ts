import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { QueryNode, TsQuery } from '../../../types/text-search/tsquery.js';
import type { Place, TsVector } from '../../../types/text-search/tsvector.js';
import type { SqlArray } from '../../../types/value.js';
import { lexemesOf } from './match.js';

/** Of D, C, B, A. */
export const DEFAULT_WEIGHTS: readonly number[] = [0.1, 0.2, 0.4, 1].map(Math.fround);
const FAR = 16_384;
/** Where a lexeme without positions is taken to stand. */
const NOWHERE: readonly Place[] = [{ position: FAR - 1, weight: 0 }];
const f = Math.fround;

type Word = QueryNode & { kind: 'word' };

function wordsOf(node: QueryNode, words: Map<string, Word>): Map<string, Word> {
  if (node.kind === 'word') words.set(node.word, words.get(node.word) ?? node);
  else if (node.kind === 'not') wordsOf(node.arg, words);
  else {
    wordsOf(node.left, words);
    wordsOf(node.right, words);
  }
  return words;
}

function closeness(distance: number): number {
  return distance > 100 ? f(1e-30) : f(1 / (1.005 + 0.05 * Math.exp(f(distance) / 1.5 - 2)));
}

function rankOr(vector: TsVector, words: readonly Word[], weights: readonly number[]): number {
  let rank = 0;
  for (const word of words) {
    for (const { places } of lexemesOf(vector, word)) {
      let sum = 0;
      let best = -1;
      let bestAt = 0;
      (places.length === 0 ? NOWHERE : places).forEach((place, i) => {
        const weight = weights[place.weight] ?? 0;
        sum = f(sum + weight / ((i + 1) * (i + 1)));
        if (weight > best) {
          best = weight;
          bestAt = i;
        }
      });
      rank = f(rank + (best + sum - best / ((bestAt + 1) * (bestAt + 1))) / 1.64493406685);
    }
  }
  return words.length > 0 ? f(rank / words.length) : rank;
}

function rankAnd(vector: TsVector, words: readonly Word[], weights: readonly number[]): number {
  if (words.length < 2) return rankOr(vector, words, weights);
  const seen: (readonly Place[])[] = [];
  let rank = -1;
  for (const word of words) {
    for (const lexeme of lexemesOf(vector, word)) {
      const places = lexeme.places.length === 0 ? NOWHERE : lexeme.places;
      for (const others of seen) {
        for (const a of places) {
          for (const b of others) {
            let distance = Math.abs(a.position - b.position);
            if (distance === 0 && places !== NOWHERE && others !== NOWHERE) continue;
            if (distance === 0) distance = FAR;
            const current = f(Math.sqrt((weights[a.weight] ?? 0) * (weights[b.weight] ?? 0) * closeness(distance)));
            rank = rank < 0 ? current : f(1 - (1 - rank) * (1 - current));
          }
        }
      }
      seen.push(places);
    }
  }
  return rank;
}

const positionsIn = (vector: TsVector): number => vector.lexemes.reduce((sum, { places }) => sum + Math.max(1, places.length), 0);

/** ts_rank. `method` is the bit set of normalizations. */
export function rank(weights: readonly number[], vector: TsVector, query: TsQuery, method: number): number {
  if (vector.lexemes.length === 0 || query.root === undefined) return 0;
  const words = [...wordsOf(query.root, new Map()).values()].sort((a, b) => (a.word < b.word ? -1 : 1));
  const { kind } = query.root;
  let value = kind === 'and' || kind === 'phrase' ? rankAnd(vector, words, weights) : rankOr(vector, words, weights);
  if (value < 0) value = f(1e-20);
  return normalized(value, vector, method);
}

/** By the document's length, as the bits of `method` say. */
export function normalized(rank: number, vector: TsVector, method: number): number {
  let value = rank;
  if (method & 1) value = f(value / (Math.log(positionsIn(vector) + 1) / Math.LN2));
  if (method & 2) value = f(value / positionsIn(vector));
  if (method & 8) value = f(value / vector.lexemes.length);
  if (method & 16) value = f(value / (Math.log(vector.lexemes.length + 1) / Math.LN2));
  if (method & 32) value = f(value / (value + 1));
  return value;
}

/** @throws SqlError 2202E, 22004, 22023 */
export function weightsOf(array: SqlArray): readonly number[] {
  if (array.dimensions.length !== 1) throw new SqlError(SqlState.arraySubscriptError, 'array of weight must be one-dimensional');
  if (array.elements.length < 4) throw new SqlError(SqlState.arraySubscriptError, 'array of weight is too short');
  return array.elements.slice(0, 4).map((weight, i) => {
    if (typeof weight !== 'number') throw new SqlError(SqlState.nullValueNotAllowed, 'array of weight must not contain nulls');
    if (weight > 1) throw new SqlError(SqlState.invalidParameterValue, 'weight out of range');
    return weight >= 0 ? weight : (DEFAULT_WEIGHTS[i] ?? 0);
  });
}
