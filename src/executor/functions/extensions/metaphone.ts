import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';

const MAX_INPUT = 255;
const isVowel = (letter: string): boolean => letter !== '' && 'AEIOU'.includes(letter);
/** C and G before these are soft. */
const isSoftening = (letter: string): boolean => letter !== '' && 'EIY'.includes(letter);
/** H behind these belongs to them. */
const takesH = (letter: string): boolean => letter !== '' && 'CGPST'.includes(letter);
/** GH three letters behind these is no F. */
const keepsGhSilent = (letter: string): boolean => letter !== '' && 'BDH'.includes(letter);

/** Letters around a place in the word; '' beyond its ends and for what is no letter. */
class Word {
  readonly #text: string;
  constructor(text: string) {
    this.#text = text.toUpperCase();
  }
  get length(): number {
    return this.#text.length;
  }
  at(index: number): string {
    const char = this.#text[index] ?? '';
    return /[A-Z]/.test(char) ? char : '';
  }
}

/** Lawrence Philips' Metaphone: how an English word sounds, in 16 consonants and a vowel at its beginning. @throws SqlError 22023, 2200F */
export function metaphone(text: string, maxLength: number): string {
  if (text === '') return '';
  if (Buffer.byteLength(text) > MAX_INPUT)
    throw new SqlError(SqlState.invalidParameterValue, `argument exceeds the maximum length of ${MAX_INPUT} bytes`);
  if (maxLength > MAX_INPUT) throw new SqlError(SqlState.invalidParameterValue, `output exceeds the maximum length of ${MAX_INPUT} bytes`);
  if (maxLength <= 0) throw new SqlError(SqlState.zeroLengthCharacterString, 'output cannot be empty string');
  const word = new Word(text);
  let start = 0;
  while (start < word.length && word.at(start) === '') start++;
  const first = beginning(word, start);
  let code = first.code;
  for (let i = first.next; i < word.length && code.length < maxLength; i++) {
    const letter = word.at(i);
    if (letter === '' || (letter === word.at(i - 1) && letter !== 'C')) continue;
    const sound = SOUNDS[letter]?.(word, i) ?? '';
    // The letters that a digraph takes along are passed over.
    const taken = sound.length - sound.replaceAll('+', '').length;
    i += taken;
    code += sound.slice(0, sound.length - taken);
  }
  return code.slice(0, maxLength);
}

function beginning(word: Word, at: number): { readonly code: string; readonly next: number } {
  const letter = word.at(at);
  const next = word.at(at + 1);
  switch (letter) {
    case 'A':
      return next === 'E' ? { code: 'E', next: at + 2 } : { code: 'A', next: at + 1 };
    case 'G':
    case 'K':
    case 'P':
      return next === 'N' ? { code: 'N', next: at + 2 } : { code: '', next: at };
    case 'X':
      return { code: 'S', next: at + 1 };
    case 'E':
    case 'I':
    case 'O':
    case 'U':
      return { code: letter, next: at + 1 };
    case 'W':
      if (next === 'R') return { code: 'R', next: at + 2 };
      return isVowel(next) ? { code: 'W', next: at + 2 } : { code: '', next: at };
    default:
      return { code: '', next: at };
  }
}

type Sound = (word: Word, at: number) => string;
const same =
  (code: string): Sound =>
  () =>
    code;

/** What a letter sounds like where it stands; each + behind it: one more letter belongs to it. */
const SOUNDS: Readonly<Record<string, Sound>> = {
  B: (word, at) => (word.at(at - 1) === 'M' ? '' : 'B'),
  C: (word, at) => {
    const next = word.at(at + 1);
    if (isSoftening(next)) {
      if (next === 'I' && word.at(at + 2) === 'A') return 'X';
      return word.at(at - 1) === 'S' ? '' : 'S';
    }
    if (next !== 'H') return 'K';
    return word.at(at + 2) === 'R' || word.at(at - 1) === 'S' ? 'K+' : 'X+';
  },
  D: (word, at) => (word.at(at + 1) === 'G' && isSoftening(word.at(at + 2)) ? 'J+' : 'T'),
  G: (word, at) => {
    const next = word.at(at + 1);
    if (next === 'H') return keepsGhSilent(word.at(at - 3)) || word.at(at - 4) === 'H' ? '' : 'F+';
    if (next === 'N') {
      const after = word.at(at + 2);
      return after === '' || (after === 'E' && word.at(at + 3) === 'D') ? '' : 'K';
    }
    return isSoftening(next) && word.at(at - 1) !== 'G' ? 'J' : 'K';
  },
  H: (word, at) => (isVowel(word.at(at + 1)) && !takesH(word.at(at - 1)) ? 'H' : ''),
  K: (word, at) => (word.at(at - 1) === 'C' ? '' : 'K'),
  P: (word, at) => (word.at(at + 1) === 'H' ? 'F' : 'P'),
  Q: same('K'),
  S: (word, at) => {
    const next = word.at(at + 1);
    const after = word.at(at + 2);
    if (next === 'I' && (after === 'O' || after === 'A')) return 'X';
    if (next === 'C' && after === 'H') return 'SK++';
    return next === 'H' ? 'X+' : 'S';
  },
  T: (word, at) => {
    const next = word.at(at + 1);
    const after = word.at(at + 2);
    if (next === 'I' && (after === 'O' || after === 'A')) return 'X';
    if (next === 'H') return '0+';
    return 'T';
  },
  V: same('F'),
  W: (word, at) => (isVowel(word.at(at + 1)) ? 'W' : ''),
  X: same('KS'),
  Y: (word, at) => (isVowel(word.at(at + 1)) ? 'Y' : ''),
  Z: same('S'),
  F: same('F'),
  J: same('J'),
  L: same('L'),
  M: same('M'),
  N: same('N'),
  R: same('R'),
};
