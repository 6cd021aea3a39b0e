import { type Notice, SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { decodeEscapes } from './string-escapes.js';
import { type Token, tokenize } from './tokens.js';

/** A text whose plain literals have no escapes, and what is to be said about those that had. */
export interface ConformingText {
  readonly text: string;
  /** Positions are of either text: both have the same places. */
  readonly warnings: readonly Notice[];
}

/**
 * standard_conforming_strings = off: backslashes in plain literals are escapes. Such literals are written as the grammar here reads them, and
 * filled up with blanks behind their end, so that everything keeps its place.
 *
 * @throws SqlError 22025, 22P05, 0A000 for U&'…', which is not safe then
 */
export function conformingText(text: string, warns: boolean): ConformingText {
  if (!text.includes('\\') && !/u&'/i.test(text)) return { text, warnings: [] };
  const warnings: Notice[] = [];
  let written = '';
  let done = 0;
  for (const token of tokenize(text, 0, text.length, true)) {
    if (token.kind !== 'string') continue;
    if (/^u&/i.test(token.text)) throw unsafe(token);
    const open = token.text.indexOf("'");
    if (open < 0 || open > 1 || /^[ebx]/i.test(token.text) || !token.text.includes('\\')) continue;
    const content = token.text.slice(open + 1, token.text.endsWith("'") ? -1 : undefined);
    if (warns) warnings.push(warning(content, token.start + open));
    const value = decodeEscapes(content, token.start + open + 1);
    const literal = `${token.text.slice(0, open)}'${value.replaceAll("'", "''")}'`;
    written += text.slice(done, token.start) + literal.padEnd(token.text.length, ' ');
    done = token.end;
  }
  return { text: written + text.slice(done), warnings };
}

function unsafe(token: Token): SqlError {
  return new SqlError(SqlState.featureNotSupported, 'unsafe use of string constant with Unicode escapes', {
    detail: 'String constants with Unicode escapes cannot be used when standard_conforming_strings is off.',
    position: token.start,
  });
}

/** The first escape of a literal decides. */
function warning(content: string, position: number): Notice {
  const escaped = content.charAt(content.indexOf('\\') + 1);
  const [what, hint] =
    escaped === "'"
      ? ["\\'", "Use '' to write quotes in strings, or use the escape string syntax (E'...')."]
      : escaped === '\\'
        ? ['\\\\', "Use the escape string syntax for backslashes, e.g., E'\\\\'."]
        : ['escape', "Use the escape string syntax for escapes, e.g., E'\\r\\n'."];
  return {
    severity: 'WARNING',
    code: SqlState.nonstandardUseOfEscapeCharacter,
    message: `nonstandard use of ${what} in a string literal`,
    hint,
    position,
  };
}
