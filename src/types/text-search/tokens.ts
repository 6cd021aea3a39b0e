import { TokenType } from './token-types.js';

export interface Token {
  /** TokenType */
  readonly type: number;
  readonly text: string;
}

type Form = number | 'hyphenated' | 'url';
type Rule = readonly [RegExp, Form];

/** PostgreSQL's default parser as patterns: the first that fits at a place counts. */
const RULES: readonly Rule[] = [
  [/<!--[\s\S]*?-->|<(?:\/?[a-z][^<>]*|[!?][^<>]*)>/iy, TokenType.tag],
  [/&(?:#\d+|#x[0-9a-f]+|[a-z][a-z0-9]*);/iy, TokenType.entity],
  [/[a-z][a-z0-9]*:\/\//iy, TokenType.protocol],
  [/[\p{L}\p{N}][\p{L}\p{N}_.-]*@(?:[\p{L}\p{N}][\p{L}\p{N}-]*\.)+\p{L}{2,}/uy, TokenType.email],
  [/(?:[\p{L}\p{N}][\p{L}\p{N}_-]*\.)+\p{L}{2,}(?::\d+)?(?:\/[^\s<>"']*)/uy, 'url'],
  [/(?:[\p{L}\p{N}][\p{L}\p{N}_-]*\.)+\p{L}{2,}(?::\d+)?(?![\p{L}\p{N}])/uy, TokenType.host],
  [/[+-]?\d+(?:\.\d+)?e[+-]?\d+(?![\p{L}\p{N}])/iuy, TokenType.sfloat],
  [/\d+(?:\.\d+){2,}(?![\p{L}\p{N}])/uy, TokenType.version],
  [/[+-]?\d+\.\d+(?![\p{L}\p{N}])/uy, TokenType.float],
  [/[+-]\d+(?![\p{L}\p{N}])/uy, TokenType.int],
  [/\d+(?![\p{L}\p{N}])/uy, TokenType.uint],
  [/~?(?:\/[\p{L}\p{N}_.-]*[\p{L}\p{N}_][\p{L}\p{N}_.-]*)+\/?/uy, TokenType.file],
  [/[\p{L}\p{N}_][\p{L}\p{N}_-]*(?:(?:\/|\.)[\p{L}\p{N}_][\p{L}\p{N}_.-]*)+\/?/uy, TokenType.file],
  [/[\p{L}\p{M}\p{N}]+(?:-[\p{L}\p{M}\p{N}]+)+/uy, 'hyphenated'],
  [/[\p{L}\p{M}\p{N}]+/uy, -1],
];

const ASCII_LETTERS = /^[A-Za-z]+$/;
const NUMBERS = /\p{N}/u;

/** One of three types, by what a word is made of. */
function typeOfWord(text: string, ascii: number, letters: number, mixed: number): number {
  if (ASCII_LETTERS.test(text)) return ascii;
  return NUMBERS.test(text) ? mixed : letters;
}

/** What a text is made of, blanks too; parts of a hyphenated word and of a URL follow the whole. */
export function* tokensOf(text: string): Generator<Token> {
  let at = 0;
  let blankFrom = 0;
  while (at < text.length) {
    const found = matchAt(text, at);
    if (found === undefined) {
      at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
      continue;
    }
    if (blankFrom < at) yield { type: TokenType.blank, text: text.slice(blankFrom, at) };
    yield* tokensFor(found.form, found.text);
    at += found.text.length;
    blankFrom = at;
  }
  if (blankFrom < at) yield { type: TokenType.blank, text: text.slice(blankFrom, at) };
}

function matchAt(text: string, at: number): { readonly form: Form; readonly text: string } | undefined {
  for (const [pattern, form] of RULES) {
    pattern.lastIndex = at;
    const match = pattern.exec(text)?.[0];
    if (match !== undefined && isWhole(form, match)) return { form, text: match };
  }
  return undefined;
}

/** Hyphens join words of letters: what ends in a number alone is a word and a signed number. */
function isWhole(form: Form, text: string): boolean {
  return form !== 'hyphenated' || text.split('-').every((part, i) => (i === 0 ? /\p{L}/u.test(part) : /^\p{L}/u.test(part)));
}

function* tokensFor(form: Form, text: string): Generator<Token> {
  if (form === 'hyphenated') {
    const whole = text.replaceAll('-', '');
    yield { type: typeOfWord(whole, TokenType.asciihword, TokenType.hword, TokenType.numhword), text };
    const parts = text.split('-');
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i] ?? '';
      if (i > 0) yield { type: TokenType.blank, text: '-' };
      yield { type: typeOfWord(part, TokenType.hword_asciipart, TokenType.hword_part, TokenType.hword_numpart), text: part };
    }
  } else if (form === 'url') {
    const slash = text.indexOf('/');
    yield { type: TokenType.url, text };
    yield { type: TokenType.host, text: text.slice(0, slash) };
    yield { type: TokenType.url_path, text: text.slice(slash) };
  } else if (form === -1) {
    yield { type: typeOfWord(text, TokenType.asciiword, TokenType.word, TokenType.numword), text };
  } else yield { type: form, text };
}
