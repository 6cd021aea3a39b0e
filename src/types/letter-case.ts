/**
 * Lower case by character: where Unicode's full mapping gives more than one character or looks at its neighbours (Σ), the character stays
 * or maps alone, as PostgreSQL's towlower does.
 */
export function lowerCase(text: string): string {
  const lower = text.toLowerCase();
  return lower.length === text.length && !text.includes('Σ') ? lower : mapCharacters(text, (character) => character.toLowerCase());
}

export function mapCharacters(text: string, map: (character: string) => string): string {
  let result = '';
  for (const character of text) {
    const mapped = map(character);
    result += mapped.length === character.length ? mapped : character;
  }
  return result;
}
