import type { FunctionContext } from '../../context.js';
import type { CompiledRegex } from './compile.js';
import type { RegexMatcher } from './program.js';
import { MATCHES_BETWEEN_CHECKS, nextSearch } from './scan.js';

/** A replacement text: pieces to copy, and numbers of groups (0: the whole match). */
type Replacement = readonly (string | number)[];

/** `\1` … `\9` are groups, `\&` the match, `\\` a backslash; before anything else a backslash stands for itself. */
export function parseReplacement(text: string): Replacement {
  if (!text.includes('\\')) return [text];
  const parts: (string | number)[] = [];
  let literal = '';
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? '';
    const next = text[at + 1];
    if (character !== '\\' || next === undefined) {
      literal += character;
    } else if ((next >= '1' && next <= '9') || next === '&') {
      parts.push(literal, next === '&' ? 0 : Number(next));
      literal = '';
      at++;
    } else if (next === '\\') {
      literal += '\\';
      at++;
    } else {
      literal += character;
    }
  }
  parts.push(literal);
  return parts;
}

function expand(replacement: Replacement, regex: CompiledRegex, match: RegexMatcher): string {
  let text = '';
  for (const part of replacement) {
    if (typeof part === 'string') text += part;
    else if (part <= regex.groups) text += match.group(part) ?? '';
  }
  return text;
}

/** Replaces the n-th match from an offset on, or with n = 0 all of them. */
export function replaceMatches(
  regex: CompiledRegex,
  text: string,
  replacement: Replacement,
  from: number,
  n: number,
  cx: FunctionContext,
): string {
  const matcher = regex.program.matcher(text);
  let result = '';
  let copied = 0;
  let count = 0;
  let found = 0;
  let search = from;
  while (search <= text.length && matcher.find(search)) {
    const start = matcher.start();
    const end = matcher.end();
    search = nextSearch(text, start, end);
    if (++found % MATCHES_BETWEEN_CHECKS === 0) cx.interrupt.check();
    if (n > 0 && ++count !== n) continue;
    result += text.slice(copied, start) + expand(replacement, regex, matcher);
    copied = end;
    if (n > 0) break;
  }
  return copied === 0 && result === '' ? text : result + text.slice(copied);
}
