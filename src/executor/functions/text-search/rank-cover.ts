import type { QueryNode, TsQuery } from '../../../types/text-search/tsquery.js';
import type { TsVector } from '../../../types/text-search/tsvector.js';
import { lexemesOf } from './match.js';
import { normalized } from './rank.js';

/** Occurrences of a query's words in a document, by position. */
interface Occurrence {
  readonly position: number;
  readonly weight: number;
  /** Words of the query that stand here. */
  readonly words: readonly Word[];
}
type Word = QueryNode & { kind: 'word' };

function wordsIn(node: QueryNode, found: Word[]): Word[] {
  if (node.kind === 'word') found.push(node);
  else if (node.kind === 'not') wordsIn(node.arg, found);
  else {
    wordsIn(node.left, found);
    wordsIn(node.right, found);
  }
  return found;
}

function occurrencesOf(vector: TsVector, query: QueryNode): readonly Occurrence[] {
  const byPlace = new Map<string, { position: number; weight: number; words: Word[] }>();
  for (const word of wordsIn(query, [])) {
    for (const { word: lexeme, places } of lexemesOf(vector, word)) {
      for (const { position, weight } of places) {
        if (word.weights !== 0 && (word.weights & (1 << weight)) === 0) continue;
        const key = `${position} ${lexeme}`;
        const known = byPlace.get(key);
        if (known === undefined) byPlace.set(key, { position, weight, words: [word] });
        else known.words.push(word);
      }
    }
  }
  return [...byPlace.values()].sort((a, b) => a.position - b.position);
}

/** Where each word of the query has been seen between two ends. */
type Seen = ReadonlyMap<Word, readonly number[]>;

function holds(node: QueryNode, seen: Seen): boolean {
  switch (node.kind) {
    case 'word':
      return (seen.get(node)?.length ?? 0) > 0;
    case 'not':
      return !holds(node.arg, seen);
    case 'and':
      return holds(node.left, seen) && holds(node.right, seen);
    case 'or':
      return holds(node.left, seen) || holds(node.right, seen);
    case 'phrase': {
      const left = positionsOf(node.left, seen);
      return positionsOf(node.right, seen).some((position) => left.includes(position - node.distance));
    }
  }
}

/** Where a part of a phrase ends. */
function positionsOf(node: QueryNode, seen: Seen): readonly number[] {
  switch (node.kind) {
    case 'word':
      return seen.get(node) ?? [];
    case 'not':
      return [];
    case 'and': {
      const right = positionsOf(node.right, seen);
      return positionsOf(node.left, seen).filter((position) => right.includes(position));
    }
    case 'or':
      return [...positionsOf(node.left, seen), ...positionsOf(node.right, seen)];
    case 'phrase': {
      const left = positionsOf(node.left, seen);
      return positionsOf(node.right, seen).filter((position) => left.includes(position - node.distance));
    }
  }
}

interface Cover {
  readonly begin: number;
  readonly end: number;
}

function seenIn(occurrences: readonly Occurrence[], begin: number, end: number): Seen {
  const seen = new Map<Word, number[]>();
  for (let i = begin; i <= end; i++) {
    const { position, words } = occurrences[i] ?? { position: 0, words: [] };
    for (const word of words) {
      const known = seen.get(word);
      if (known === undefined) seen.set(word, [position]);
      else known.push(position);
    }
  }
  return seen;
}

/** The shortest extents that the query holds in, from left to right, none of which begins within the one before. */
function* coversOf(occurrences: readonly Occurrence[], query: QueryNode): Generator<Cover> {
  let from = 0;
  while (from < occurrences.length) {
    let end = -1;
    for (let i = from; i < occurrences.length && end < 0; i++) if (holds(query, seenIn(occurrences, from, i))) end = i;
    if (end < 0) return;
    let begin = end;
    while (begin > from && !holds(query, seenIn(occurrences, begin, end))) begin--;
    yield { begin, end };
    from = begin + 1;
  }
}

/** ts_rank_cd: how dense a document's covers are (Clarke, Cormack and Tudhope). `method` is the bit set of normalizations. */
export function rankCovers(weights: readonly number[], vector: TsVector, query: TsQuery, method: number): number {
  const { root } = query;
  if (root === undefined || vector.lexemes.length === 0) return 0;
  const inverse = weights.map((weight) => 1 / weight);
  const occurrences = occurrencesOf(vector, root);
  let sum = 0;
  let distances = 0;
  let previous = 0;
  let count = 0;
  for (const { begin, end } of coversOf(occurrences, root)) {
    let inverseSum = 0;
    for (let i = begin; i <= end; i++) inverseSum += inverse[occurrences[i]?.weight ?? 0] ?? 0;
    const first = occurrences[begin]?.position ?? 0;
    const last = occurrences[end]?.position ?? 0;
    const density = (end - begin + 1) / inverseSum;
    // Words between the ends that are not the query's.
    const noise = Math.max(0, last - first - (end - begin));
    sum += density / (1 + noise);
    const middle = (last + first) / 2;
    if (count > 0 && middle > previous) distances += 1 / (middle - previous);
    previous = middle;
    count++;
  }
  let value = sum;
  if ((method & 4) !== 0 && count > 0 && distances > 0) value /= count / distances;
  return normalized(Math.fround(value), vector, method);
}
