import { lowerCase } from '../../types/letter-case.js';
import type { SqlValue } from '../../types/value.js';
import { trigramsOf } from '../functions/extensions/trigrams.js';
import type { InvertedClassCode } from './inverted-class.js';
import { ALL, everyTerm, someTerm, type TermQuery } from './term-query.js';

const WORD = /[\p{L}\p{M}\p{N}]+/gu;

/** A pattern's texts between its wildcards. */
interface Run {
  readonly text: string;
  readonly atStart: boolean;
  readonly atEnd: boolean;
}

function runsOf(pattern: string): readonly Run[] {
  const runs: Run[] = [];
  let text = '';
  let atStart = true;
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern.charAt(i);
    if (char === '%' || char === '_') {
      runs.push({ text, atStart, atEnd: false });
      text = '';
      atStart = false;
    } else if (char === '\\') text += pattern.charAt(++i);
    else text += char;
  }
  runs.push({ text, atStart, atEnd: true });
  return runs;
}

/** Trigrams that every text of the pattern has: a word that goes on behind a wildcard has none of its end. */
function trigramsOfPattern(pattern: string): readonly string[] {
  const found: string[] = [];
  for (const { text, atStart, atEnd } of runsOf(pattern)) {
    const lower = lowerCase(text);
    for (const match of lower.matchAll(WORD)) {
      const begins = match.index > 0 || atStart;
      const ends = match.index + match[0].length < lower.length || atEnd;
      const characters = [...(begins ? [' ', ' '] : []), ...match[0], ...(ends ? [' '] : [])];
      for (let i = 0; i + 2 < characters.length; i++) found.push(characters.slice(i, i + 3).join(''));
    }
  }
  return found;
}

const like = (value: SqlValue): TermQuery => (typeof value === 'string' ? everyTerm(trigramsOfPattern(value)) : ALL);

/** gin_trgm_ops. */
export const trigramTerms: InvertedClassCode = {
  terms: (value) => (typeof value === 'string' ? [...trigramsOf(value)] : []),
  queries: {
    textlike: like,
    texticlike: like,
    similarity_op: (value) => (typeof value === 'string' ? someTerm(trigramsOf(value)) : ALL),
  },
};
