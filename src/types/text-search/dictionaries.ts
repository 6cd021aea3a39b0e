import { unaccent } from '../extensions/unaccent.js';
import { lowerCase } from '../letter-case.js';
import { STEMMERS } from './stemmers.js';
import { STOP_WORDS } from './stop-words.js';

/** What a dictionary makes of a word: its lexemes, none for a stop word, undefined for a word that it does not know. */
export type Lexize = (word: string) => readonly string[] | undefined;

export interface TextSearchDictionary {
  readonly oid: number;
  readonly name: string;
  readonly lexize: Lexize;
  /** What it makes of a word is what the next dictionary is asked for. */
  readonly isFilter?: true;
}

/** pg_ts_template: oids of templates, their names, and their functions. */
export const TEMPLATES = [
  { oid: 3727, name: 'simple', init: 3725, lexize: 3726 },
  { oid: 3730, name: 'synonym', init: 3728, lexize: 3729 },
  { oid: 3733, name: 'ispell', init: 3731, lexize: 3732 },
  { oid: 3742, name: 'thesaurus', init: 3740, lexize: 3741 },
  { oid: 13_150, name: 'snowball', init: 13_148, lexize: 13_149 },
] as const;

const stopWordSets = new Map(Object.entries(STOP_WORDS).map(([language, words]) => [language, new Set(words.split(' '))]));
const NO_WORDS: ReadonlySet<string> = new Set();

/** undefined: there is no list of that name. */
export function stopWordsOf(name: string): ReadonlySet<string> | undefined {
  return name === '' ? NO_WORDS : stopWordSets.get(name);
}

/** Every word is known, unless `accept` is off: then only stop words are. */
export function simpleLexize(stopWords: ReadonlySet<string>, accept: boolean): Lexize {
  return (word) => {
    const lower = lowerCase(word);
    if (lower === '' || stopWords.has(lower)) return [];
    return accept ? [lower] : undefined;
  };
}

/** @param stem of a language (STEMMERS) */
export function snowballLexize(stem: (word: string) => string, stopWords: ReadonlySet<string>): Lexize {
  return (word) => {
    const lower = lowerCase(word);
    if (lower === '' || stopWords.has(lower)) return [];
    const found = stem(lower);
    return [found === '' ? lower : found];
  };
}

export const SIMPLE_DICTIONARY: TextSearchDictionary = { oid: 3765, name: 'simple', lexize: simpleLexize(NO_WORDS, true) };

/** Dictionaries that extensions bring, in the extension's schema. Their numbers lie among its other objects'. */
export const EXTENSION_DICTIONARIES: readonly (TextSearchDictionary & { readonly extension: string })[] = [
  {
    extension: 'unaccent',
    oid: 14_334,
    name: 'unaccent',
    isFilter: true,
    lexize: (word) => {
      const plain = unaccent(word);
      return plain === word ? undefined : [plain];
    },
  },
];

/** Oids of the dictionaries of languages; a configuration's is the next one. Basque, Catalan and Yiddish have no stemmer here. */
const LANGUAGE_OIDS: Readonly<Record<string, number>> = {
  arabic: 13_151,
  armenian: 13_153,
  danish: 13_159,
  dutch: 13_161,
  english: 13_163,
  finnish: 13_165,
  french: 13_167,
  german: 13_169,
  greek: 13_171,
  hindi: 13_173,
  hungarian: 13_175,
  indonesian: 13_177,
  irish: 13_179,
  italian: 13_181,
  lithuanian: 13_183,
  nepali: 13_185,
  norwegian: 13_187,
  portuguese: 13_189,
  romanian: 13_191,
  russian: 13_193,
  serbian: 13_195,
  spanish: 13_197,
  swedish: 13_199,
  tamil: 13_201,
  turkish: 13_203,
};

export interface LanguageDictionary extends TextSearchDictionary {
  readonly language: string;
}

export const LANGUAGE_DICTIONARIES: readonly LanguageDictionary[] = Object.entries(LANGUAGE_OIDS).flatMap(([language, oid]) => {
  const stem = STEMMERS[language];
  if (stem === undefined) return [];
  return [{ oid, name: `${language}_stem`, language, lexize: snowballLexize(stem, stopWordsOf(language) ?? NO_WORDS) }];
});
