import { lowerCase } from '../../../types/letter-case.js';

/** Life of a comparison: a text's words in lower case, each padded with blanks, give its trigrams; two texts are as similar as they share those. */

const WORD = /[\p{L}\p{M}\p{N}]+/gu;

/** Each once. */
export function trigramsOf(text: string): ReadonlySet<string> {
  return new Set(trigramList(text));
}

/** In the text's order, with repetitions. */
function trigramList(text: string): string[] {
  const found: string[] = [];
  for (const [word] of lowerCase(text).matchAll(WORD)) addWord(word, found);
  return found;
}

function addWord(word: string, found: string[]): void {
  const characters = ['', ' ', ' ', ...word, ' '];
  for (let i = 1; i + 2 < characters.length; i++) found.push(`${characters[i]}${characters[i + 1]}${characters[i + 2]}`);
}

/** Shared trigrams in all that either has: real (float4). */
export function similarity(a: string, b: string): number {
  const left = trigramsOf(a);
  const right = trigramsOf(b);
  if (left.size === 0 || right.size === 0) return 0;
  let shared = 0;
  for (const trigram of left) if (right.has(trigram)) shared++;
  return Math.fround(shared / (left.size + right.size - shared));
}

/** What of a text's trigrams begins or ends a word: strict_word_similarity takes extents of whole words only. */
interface Extents {
  readonly trigrams: readonly string[];
  readonly starts: readonly boolean[];
  readonly ends: readonly boolean[];
}

function extentsOf(text: string): Extents {
  const trigrams: string[] = [];
  const starts: boolean[] = [];
  const ends: boolean[] = [];
  for (const [word] of lowerCase(text).matchAll(WORD)) {
    const before = trigrams.length;
    addWord(word, trigrams);
    for (let i = before; i < trigrams.length; i++) {
      starts.push(i === before);
      ends.push(i === trigrams.length - 1);
    }
  }
  return { trigrams, starts, ends };
}

/** The greatest similarity between the first text's trigrams and a continuous extent of the second's. */
export function wordSimilarity(a: string, b: string, strict: boolean): number {
  const wanted = trigramsOf(a);
  const { trigrams, starts, ends } = extentsOf(b);
  if (wanted.size === 0 || trigrams.length === 0) return 0;
  let best = 0;
  // Only an extent that ends (and begins) with a wanted trigram can be the best one.
  for (let from = 0; from < trigrams.length; from++) {
    if (strict ? starts[from] !== true : !wanted.has(trigrams[from] ?? '')) continue;
    const seen = new Set<string>();
    let shared = 0;
    for (let to = from; to < trigrams.length; to++) {
      const trigram = trigrams[to] ?? '';
      if (!seen.has(trigram)) {
        seen.add(trigram);
        if (wanted.has(trigram)) shared++;
      }
      if (strict ? ends[to] !== true : !wanted.has(trigram)) continue;
      best = Math.max(best, shared / (wanted.size + seen.size - shared));
    }
  }
  return Math.fround(best);
}
