import { lowerCase, mapCharacters } from '../../../types/letter-case.js';
import type { FunctionTable } from '../table.js';

/** Case by character, as lowerCase. */
export function upperCase(text: string): string {
  const upper = text.toUpperCase();
  return upper.length === text.length ? upper : mapCharacters(text, (character) => character.toUpperCase());
}

const WORD = /[\p{L}\p{N}]+/gu;

/** initcap: words are runs of letters and digits. */
function capitalizeWords(text: string): string {
  return text.replace(WORD, (word) => {
    const [first = ''] = word;
    return upperCase(first) + lowerCase(word.slice(first.length));
  });
}

export const caseFunctions: FunctionTable = {
  scalar: {
    lower: lowerCase,
    upper: upperCase,
    initcap: capitalizeWords,
  },
};
