import { formatFloat4 } from '../../../types/float.js';
import { SqlArray } from '../../../types/value.js';
import type { FunctionContext } from '../../context.js';
import type { FunctionTable } from '../table.js';
import { similarity, trigramsOf, wordSimilarity } from './trigrams.js';

const DEFAULTS = { similarity: 0.3, word_similarity: 0.6, strict_word_similarity: 0.5 } as const;
type Threshold = keyof typeof DEFAULTS;

function thresholdOf(kind: Threshold, cx: FunctionContext): number {
  const setting = cx.session.getSetting(`pg_trgm.${kind}_threshold`, true);
  return Math.fround(setting === undefined || setting === '' ? DEFAULTS[kind] : Number(setting));
}

type Measure = (a: string, b: string) => number;
const word: Measure = (a, b) => wordSimilarity(a, b, false);
const strictWord: Measure = (a, b) => wordSimilarity(a, b, true);
const turned =
  (measure: Measure): Measure =>
  (a, b) =>
    measure(b, a);

const isAbove = (measure: Measure, kind: Threshold) => (a: string, b: string, cx: FunctionContext) =>
  measure(a, b) >= thresholdOf(kind, cx);
const distance = (measure: Measure) => (a: string, b: string) => Math.fround(1 - measure(a, b));

export const trigramFunctions: FunctionTable = {
  scalar: {
    similarity,
    word_similarity: word,
    strict_word_similarity: strictWord,
    show_trgm: (text: string) => new SqlArray([...trigramsOf(text)].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))),
    similarity_op: isAbove(similarity, 'similarity'),
    similarity_dist: distance(similarity),
    word_similarity_op: isAbove(word, 'word_similarity'),
    word_similarity_commutator_op: isAbove(turned(word), 'word_similarity'),
    word_similarity_dist_op: distance(word),
    word_similarity_dist_commutator_op: distance(turned(word)),
    strict_word_similarity_op: isAbove(strictWord, 'strict_word_similarity'),
    strict_word_similarity_commutator_op: isAbove(turned(strictWord), 'strict_word_similarity'),
    strict_word_similarity_dist_op: distance(strictWord),
    strict_word_similarity_dist_commutator_op: distance(turned(strictWord)),
    show_limit: (cx: FunctionContext) => thresholdOf('similarity', cx),
    set_limit: (limit: number, cx: FunctionContext) => {
      cx.session.setSetting('pg_trgm.similarity_threshold', formatFloat4(limit, 1), false);
      return limit;
    },
  },
};
