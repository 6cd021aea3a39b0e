/**
 * PostgreSQL's default parser, by what it is used for: words (with hyphens taken apart too), numbers, addresses and paths; tags and
 * entities are left out.
 */
export type TokenKind = 'asciiword' | 'word' | 'numword' | 'number' | 'other' | 'blank';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** Where it starts; parts of a hyphenated word stand where they are in it. */
  readonly start: number;
}

type Rule = readonly [RegExp, TokenKind | 'hyphenated' | 'url'];

const RULES: readonly Rule[] = [
  [/<!--[\s\S]*?-->|<\/?[a-z][^<>]*>/iy, 'blank'],
  [/&(?:#\d+|#x[0-9a-f]+|[a-z]+);/iy, 'blank'],
  [/[a-z]+:\/\//iy, 'blank'],
  [/[\p{L}\p{N}][\p{L}\p{N}_.-]*@(?:[\p{L}\p{N}][\p{L}\p{N}-]*\.)+\p{L}{2,}/uy, 'other'],
  [/(?:[\p{L}\p{N}][\p{L}\p{N}_-]*\.)+\p{L}{2,}(?::\d+)?(?:\/[^\s<>"']*)/uy, 'url'],
  [/(?:[\p{L}\p{N}][\p{L}\p{N}_-]*\.)+\p{L}{2,}(?::\d+)?/uy, 'other'],
  [/[+-]?\d+(?:\.\d+)?e[+-]?\d+(?![\p{L}\p{N}])/iuy, 'number'],
  [/\d+(?:\.\d+){2,}/y, 'number'],
  [/[+-]?\d+\.\d+(?![\p{L}\p{N}])/uy, 'number'],
  [/[+-]?\d+(?![\p{L}\p{N}])/uy, 'number'],
  [/(?:\/[\p{L}\p{N}_.-]+){2,}\/?/uy, 'other'],
  [/\/[\p{L}][\p{L}\p{N}_.-]*/uy, 'other'],
  [/[\p{L}\p{N}]+(?:-[\p{L}\p{N}]+)+/uy, 'hyphenated'],
  [/[A-Za-z]+(?![\p{L}\p{N}\p{M}])/uy, 'asciiword'],
  [/[\p{L}\p{M}]+(?![\p{N}])/uy, 'word'],
  [/[\p{L}\p{M}\p{N}]+/uy, 'numword'],
  [/[\s\S]/uy, 'blank'],
];

function kindOfWord(text: string): TokenKind {
  return /^[A-Za-z-]+$/.test(text) ? 'asciiword' : /\p{N}/u.test(text) ? 'numword' : 'word';
}

export function* tokensOf(text: string): Generator<Token> {
  let at = 0;
  while (at < text.length) {
    for (const [pattern, kind] of RULES) {
      pattern.lastIndex = at;
      const match = pattern.exec(text)?.[0];
      if (match === undefined) continue;
      yield* tokensFor(kind, match, at);
      at += match.length;
      break;
    }
  }
}

function* tokensFor(kind: Rule[1], text: string, start: number): Generator<Token> {
  if (kind === 'hyphenated') {
    yield { kind: kindOfWord(text), text, start };
    let at = start;
    for (const part of text.split('-')) {
      yield { kind: kindOfWord(part), text: part, start: at };
      at += part.length + 1;
    }
  } else if (kind === 'url') {
    const slash = text.indexOf('/');
    yield { kind: 'other', text, start };
    yield { kind: 'other', text: text.slice(0, slash), start };
    yield { kind: 'other', text: text.slice(slash), start: start + slash };
  } else yield { kind, text, start };
}
