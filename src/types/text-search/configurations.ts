import { ENGLISH_STOP_WORDS, stemEnglish } from './english.js';
import type { Token } from './tokens.js';

/** A text search configuration: a token → its lexeme; '' for a stop word. */
export interface TextSearchConfiguration {
  readonly oid: number;
  readonly name: string;
  lexemeOf(token: Token): string;
}

const simple: TextSearchConfiguration = { oid: 3748, name: 'simple', lexemeOf: ({ text }) => text.toLowerCase() };

const english: TextSearchConfiguration = {
  oid: 13164,
  name: 'english',
  lexemeOf({ kind, text }) {
    const word = text.toLowerCase();
    if (kind !== 'asciiword' && kind !== 'word') return word;
    return ENGLISH_STOP_WORDS.has(word) ? '' : stemEnglish(word);
  },
};

export const TEXT_SEARCH_CONFIGURATIONS: readonly TextSearchConfiguration[] = [simple, english];
