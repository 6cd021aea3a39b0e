import { characterClass, characterEscape, classEscape, collatingElement, quoteCharacter } from './characters.js';
import { invalidRegex, type RegexNode, type RegexOptions } from './syntax.js';

const WORD_START = '[[:<:]]';
const WORD_END = '[[:>:]]';
/** PostgreSQL's \m and \M: RE2 has \b, and looking behind tells which side the word is on. */
export const WORD_START_CONSTRAINT: RegexNode = { kind: 'constraint', text: '(?:\\b(?<![0-9A-Za-z_]))' };
export const WORD_END_CONSTRAINT: RegexNode = { kind: 'constraint', text: '(?:\\b(?<=[0-9A-Za-z_]))' };

/**
 * A bracket expression; `at` stands on its `[`.
 * @throws SqlError 2201B
 */
export function parseBracket(pattern: string, start: number, options: RegexOptions): { readonly node: RegexNode; readonly end: number } {
  if (pattern.startsWith(WORD_START, start)) return { node: WORD_START_CONSTRAINT, end: start + WORD_START.length };
  if (pattern.startsWith(WORD_END, start)) return { node: WORD_END_CONSTRAINT, end: start + WORD_END.length };
  let at = start + 1;
  const negated = pattern[at] === '^';
  if (negated) at++;
  let members = '';
  for (let isFirst = true; ; isFirst = false) {
    if (at >= pattern.length) throw invalidRegex('brackets [] not balanced');
    if (pattern[at] === ']' && !isFirst) break;
    const item = readItem(pattern, at);
    at = item.end;
    if (item.members !== undefined) {
      members += item.members;
      continue;
    }
    if (pattern[at] === '-' && at + 1 < pattern.length && pattern[at + 1] !== ']') {
      const upper = readItem(pattern, at + 1);
      if (upper.members !== undefined || upper.code < item.code) throw invalidRegex('invalid character range');
      at = upper.end;
      members += `${quoteCharacter(item.code)}-${quoteCharacter(upper.code)}`;
    } else {
      members += quoteCharacter(item.code);
    }
  }
  const stops = negated && options.newlineStops ? '\\n' : '';
  return { node: { kind: 'atom', text: `[${negated ? '^' : ''}${members}${stops}]` }, end: at + 1 };
}

type Item =
  | { readonly members: string; readonly end: number }
  | { readonly members: undefined; readonly code: number; readonly end: number };

function readItem(pattern: string, at: number): Item {
  const character = pattern[at];
  if (character === '[' && (pattern[at + 1] === ':' || pattern[at + 1] === '.' || pattern[at + 1] === '=')) {
    const delimiter = pattern[at + 1] ?? '';
    const close = pattern.indexOf(`${delimiter}]`, at + 2);
    if (close < 0) throw invalidRegex('brackets [] not balanced');
    const name = pattern.slice(at + 2, close);
    if (delimiter === ':') return { members: characterClass(name), end: close + 2 };
    return { members: undefined, code: collatingElement(name), end: close + 2 };
  }
  if (character === '\\') {
    const entry = characterEscape(pattern, at + 1);
    if (entry !== undefined) return { members: undefined, code: entry.code, end: entry.end };
    const known = classEscape(pattern[at + 1] ?? '');
    if (known === undefined) throw invalidRegex('invalid escape \\ sequence');
    // RE2 has no negated set within a set, except for its own classes.
    if (known.negated) return { members: `\\${pattern[at + 1]}`, end: at + 2 };
    return { members: known.members, end: at + 2 };
  }
  const code = pattern.codePointAt(at) ?? 0;
  return { members: undefined, code, end: at + (code > 0xffff ? 2 : 1) };
}
