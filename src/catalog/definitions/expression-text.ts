/**
 * Where stored expression texts need parentheses. PostgreSQL prints expressions from its trees and puts every operator in parentheses; here
 * the text is what was stored, which already looks like that or is what the user wrote.
 */

/** The text in one pair of parentheses unless it is a name, a constant, a call, or in parentheses already. */
export function parenthesized(text: string): string {
  return isAtomic(text) ? text : `(${text})`;
}

/** Pretty form: without the outermost parentheses. */
export function withoutOuterParentheses(text: string): string {
  return text.startsWith('(') && closingParenthesis(text, 0) === text.length - 1 ? text.slice(1, -1) : text;
}

/** `lower(name)`: an index definition shows those without parentheses. */
export function isFunctionCall(text: string): boolean {
  const name = /^(?:(?:[A-Za-z_][\w$]*|"[^"]+")\.)?(?:[A-Za-z_][\w$]*|"[^"]+")\(/.exec(text);
  return name !== null && closingParenthesis(text, name[0].length - 1) === text.length - 1;
}

const CASTS = /^(?:::(?:"?[\w.]+"?|character varying|double precision|timestamp with(?:out)? time zone)(?:\([0-9, ]*\))?(?:\[\])?)*$/;

function isAtomic(text: string): boolean {
  if (/^[\w."]+$/.test(text) || isFunctionCall(text)) return true;
  if (text.startsWith('(')) return closingParenthesis(text, 0) === text.length - 1;
  if (text.startsWith("'")) return CASTS.test(text.slice(endOfQuoted(text, 0) + 1));
  return /^case\s.*\send$/is.test(text);
}

/** Index of the parenthesis that closes the one at `open`; -1 when none does. */
function closingParenthesis(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    const c = text[i];
    if (c === "'" || c === '"') i = endOfQuoted(text, i);
    else if (c === '(') depth++;
    else if (c === ')' && --depth === 0) return i;
  }
  return -1;
}

function endOfQuoted(text: string, start: number): number {
  const quote = text[start] ?? '';
  let i = start + 1;
  for (; i < text.length; i++) {
    if (text[i] !== quote) continue;
    if (text[i + 1] !== quote) return i;
    i++;
  }
  return i;
}
