import type { FunctionTable } from '../table.js';

/**
 * Case by character: where Unicode's full mapping gives more than one character (ß to SS) or looks at its neighbours (Σ), the character
 * stays or maps alone, as PostgreSQL's towupper and towlower do.
 */
export function lowerCase(text: string): string {
  const lower = text.toLowerCase();
  return lower.length === text.length && !text.includes('Σ') ? lower : mapCharacters(text, (character) => character.toLowerCase());
}

export function upperCase(text: string): string {
  const upper = text.toUpperCase();
  return upper.length === text.length ? upper : mapCharacters(text, (character) => character.toUpperCase());
}

function mapCharacters(text: string, map: (character: string) => string): string {
  let result = '';
  for (const character of text) {
    const mapped = map(character);
    result += mapped.length === character.length ? mapped : character;
  }
  return result;
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
