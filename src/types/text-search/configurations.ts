import { LANGUAGE_DICTIONARIES, SIMPLE_DICTIONARY, type TextSearchDictionary } from './dictionaries.js';
import { TokenType } from './token-types.js';
import type { Token } from './tokens.js';

/** A text search configuration: which dictionaries are asked for tokens of a type, one after the other. */
export interface TextSearchConfiguration {
  readonly oid: number;
  readonly name: string;
  readonly mappings: ReadonlyMap<number, readonly TextSearchDictionary[]>;
}

const ASCII_WORDS: readonly number[] = [TokenType.asciiword, TokenType.hword_asciipart, TokenType.asciihword];
const WORDS: readonly number[] = [TokenType.word, TokenType.hword_part, TokenType.hword];
const OTHERS: readonly number[] = [
  TokenType.numword,
  TokenType.email,
  TokenType.url,
  TokenType.host,
  TokenType.sfloat,
  TokenType.version,
  TokenType.hword_numpart,
  TokenType.numhword,
  TokenType.url_path,
  TokenType.file,
  TokenType.float,
  TokenType.int,
  TokenType.uint,
];

/** Languages that do not write in Latin letters: their texts' Latin words are taken for English. */
const OTHER_SCRIPTS: ReadonlySet<string> = new Set(['hindi', 'russian']);

function mappingsOf(ascii: TextSearchDictionary, word: TextSearchDictionary): ReadonlyMap<number, readonly TextSearchDictionary[]> {
  return new Map([
    ...ASCII_WORDS.map((type) => [type, [ascii]] as const),
    ...WORDS.map((type) => [type, [word]] as const),
    ...OTHERS.map((type) => [type, [SIMPLE_DICTIONARY]] as const),
  ]);
}

const english = LANGUAGE_DICTIONARIES.find(({ language }) => language === 'english') ?? SIMPLE_DICTIONARY;

/** Those that PostgreSQL is born with. */
export const TEXT_SEARCH_CONFIGURATIONS: readonly TextSearchConfiguration[] = [
  { oid: 3748, name: 'simple', mappings: mappingsOf(SIMPLE_DICTIONARY, SIMPLE_DICTIONARY) },
  ...LANGUAGE_DICTIONARIES.map((dictionary) => ({
    oid: dictionary.oid + 1,
    name: dictionary.language,
    mappings: mappingsOf(OTHER_SCRIPTS.has(dictionary.language) ? english : dictionary, dictionary),
  })),
];

/** A token's lexemes: none for a stop word; undefined where no dictionary is asked or knows it. */
export function lexemesOf({ mappings }: TextSearchConfiguration, { type, text }: Token): readonly string[] | undefined {
  let word = text;
  for (const dictionary of mappings.get(type) ?? []) {
    const found = dictionary.lexize(word);
    if (found === undefined) continue;
    if (dictionary.isFilter !== true) return found;
    word = found[0] ?? word;
  }
  return undefined;
}
