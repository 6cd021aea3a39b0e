import { invalidRegex } from './syntax.js';

/** The insides of an RE2 bracket for each of POSIX's character classes. */
const CLASSES: Readonly<Record<string, string>> = {
  alpha: '\\p{L}',
  digit: '0-9',
  alnum: '\\p{L}\\p{N}',
  upper: '\\p{Lu}',
  lower: '\\p{Ll}',
  space: '\\t\\n\\v\\f\\r \\x{85}\\x{1680}\\x{2000}-\\x{2006}\\x{2008}-\\x{200a}\\x{2028}\\x{2029}\\x{205f}\\x{3000}',
  blank: ' \\t',
  punct: '!-/:-@\\[-`{-~\\p{P}\\p{S}',
  graph: '!-~\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}',
  print: ' -~\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}\\p{Zs}',
  cntrl: '\\x00-\\x1f\\x7f',
  xdigit: '0-9A-Fa-f',
  word: '\\p{L}\\p{N}_',
};

/** @throws SqlError 2201B */
export function characterClass(name: string): string {
  const members = CLASSES[name];
  if (members === undefined) throw invalidRegex('invalid character class');
  return members;
}

/** \d, \s, \w and their negations: the class's members, and whether it is negated; undefined for other letters. */
export function classEscape(letter: string): { readonly members: string; readonly negated: boolean } | undefined {
  switch (letter) {
    case 'd':
    case 'D':
      return { members: characterClass('digit'), negated: letter === 'D' };
    case 's':
    case 'S':
      return { members: characterClass('space'), negated: letter === 'S' };
    case 'w':
    case 'W':
      return { members: characterClass('word'), negated: letter === 'W' };
    default:
      return undefined;
  }
}

/** Names of characters in [.x.] and [=x=], those that are used. */
const COLLATING_NAMES: Readonly<Record<string, string>> = {
  NUL: '\0',
  tab: '\t',
  newline: '\n',
  space: ' ',
  hyphen: '-',
  'hyphen-minus': '-',
  period: '.',
  slash: '/',
  solidus: '/',
  backslash: '\\',
  'reverse-solidus': '\\',
  underscore: '_',
  'low-line': '_',
  circumflex: '^',
  'left-square-bracket': '[',
  'right-square-bracket': ']',
  comma: ',',
  colon: ':',
  semicolon: ';',
};

/** @throws SqlError 2201B */
export function collatingElement(name: string): number {
  const character = COLLATING_NAMES[name] ?? name;
  const code = character.codePointAt(0);
  if (code === undefined || character.length !== String.fromCodePoint(code).length) throw invalidRegex('invalid collating element');
  return code;
}

/** A character as RE2 reads it, inside brackets and outside. */
export function quoteCharacter(code: number): string {
  const isWordCharacter = (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95;
  if (isWordCharacter || code === 32) return String.fromCharCode(code);
  return `\\x{${code.toString(16)}}`;
}

const SIMPLE_ESCAPES: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  B: 92,
  e: 27,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
};

/**
 * A character-entry escape; `at` stands behind the backslash.
 * @returns the character and where the escape ends; undefined when it is none (a class, a constraint, a back-reference)
 * @throws SqlError 2201B
 */
export function characterEscape(pattern: string, at: number): { readonly code: number; readonly end: number } | undefined {
  const letter = pattern[at];
  if (letter === undefined) throw invalidRegex('invalid escape \\ sequence');
  if (!/[0-9A-Za-z]/.test(letter)) {
    const code = pattern.codePointAt(at) ?? 0;
    return { code, end: at + (code > 0xffff ? 2 : 1) };
  }
  const simple = SIMPLE_ESCAPES[letter];
  if (simple !== undefined) return { code: simple, end: at + 1 };
  switch (letter) {
    case 'c': {
      const control = pattern.charCodeAt(at + 1);
      if (Number.isNaN(control)) throw invalidRegex('invalid escape \\ sequence');
      return { code: control & 0x1f, end: at + 2 };
    }
    case 'u':
      return hexEscape(pattern, at + 1, 4, 4);
    case 'U':
      return hexEscape(pattern, at + 1, 8, 8);
    case 'x':
      return hexEscape(pattern, at + 1, 1, 255);
    case '0':
      return octalEscape(pattern, at);
    default:
      return undefined;
  }
}

function hexEscape(pattern: string, at: number, least: number, most: number): { readonly code: number; readonly end: number } {
  let end = at;
  while (end < pattern.length && end - at < most && /[0-9A-Fa-f]/.test(pattern[end] ?? '')) end++;
  const code = Number.parseInt(pattern.slice(at, end), 16);
  if (end - at < least || code > 0x10ffff) throw invalidRegex('invalid escape \\ sequence');
  return { code, end };
}

function octalEscape(pattern: string, at: number): { readonly code: number; readonly end: number } {
  let end = at;
  while (end < pattern.length && end - at < 3 && /[0-7]/.test(pattern[end] ?? '')) end++;
  return { code: Number.parseInt(pattern.slice(at, end), 8), end };
}
