import { characterLength, offsetOfCharacter, trimTrailingBlanks } from '../../../types/text.js';
import type { FunctionTable } from '../table.js';
import { checkTextSize } from './limits.js';

/** Where the text begins without leading characters of the set. */
function leadingEnd(text: string, set: ReadonlySet<string>): number {
  let at = 0;
  for (const character of text) {
    if (!set.has(character)) break;
    at += character.length;
  }
  return at;
}

/** Where it ends without trailing ones; not before `start`. */
function trailingStart(text: string, set: ReadonlySet<string>, start: number): number {
  let end = text.length;
  while (end > start) {
    const unit = text.charCodeAt(end - 1);
    const size = unit >= 0xdc00 && unit < 0xe000 && end - 1 > start ? 2 : 1;
    if (!set.has(text.slice(end - size, end))) break;
    end -= size;
  }
  return end;
}

function trim(text: string, characters: string): string {
  const set = new Set(characters);
  const start = leadingEnd(text, set);
  return text.slice(start, trailingStart(text, set, start));
}

function trimStart(text: string, characters: string): string {
  return text.slice(leadingEnd(text, new Set(characters)));
}

function trimEnd(text: string, characters: string): string {
  return text.slice(0, trailingStart(text, new Set(characters), 0));
}

function trimLeadingBlanks(text: string): string {
  let at = 0;
  while (at < text.length && text.charCodeAt(at) === 32) at++;
  return at === 0 ? text : text.slice(at);
}

/** `length` characters of the filling, repeated. */
function filling(fill: string, length: number): string {
  checkTextSize(length);
  const repeated = fill.repeat(Math.ceil(length / characterLength(fill)));
  return repeated.slice(0, offsetOfCharacter(repeated, length));
}

function padStart(text: string, length: number, fill: string): string {
  const missing = length - characterLength(text);
  if (missing <= 0) return text.slice(0, offsetOfCharacter(text, Math.max(0, length)));
  checkTextSize(length, 4);
  return fill === '' ? text : filling(fill, missing) + text;
}

function padEnd(text: string, length: number, fill: string): string {
  const missing = length - characterLength(text);
  if (missing <= 0) return text.slice(0, offsetOfCharacter(text, Math.max(0, length)));
  checkTextSize(length, 4);
  return fill === '' ? text : text + filling(fill, missing);
}

export const trimAndPadFunctions: FunctionTable = {
  scalar: {
    btrim: trim,
    btrim1: (text: string) => trimTrailingBlanks(trimLeadingBlanks(text)),
    ltrim: trimStart,
    ltrim1: trimLeadingBlanks,
    rtrim: trimEnd,
    rtrim1: trimTrailingBlanks,
    lpad: padStart,
    rpad: padEnd,
    'lpad(text,int4)': (text: string, length: number) => padStart(text, length, ' '),
    'rpad(text,int4)': (text: string, length: number) => padEnd(text, length, ' '),
  },
};
