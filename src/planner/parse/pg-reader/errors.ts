import { SqlError } from '../../../commons/sql-error.js';
import { SqlState, type SqlStateCode } from '../../../commons/sqlstates.js';
import { codePointOffset } from './source.js';

/** What PostgreSQL's scanner and grammar report under another SQLSTATE than 42601; libpg-query passes on the message only. */
const STATES: readonly (readonly [pattern: RegExp, code: SqlStateCode])[] = [
  [/^frame (start|end|starting|ending)/, SqlState.windowingError],
  [/^unsafe use of string constant with Unicode escapes/, SqlState.featureNotSupported],
  [/^unsafe use of \\'/, SqlState.nonstandardUseOfEscapeCharacter],
  [/^invalid byte sequence/, SqlState.characterNotInRepertoire],
  [/^precision for type float must be/, SqlState.invalidParameterValue],
  [/(not yet implemented|not implemented|is not supported|are not supported|cannot be marked)/, SqlState.featureNotSupported],
  [/^(current database cannot be changed|aggregates cannot have output arguments)/, SqlState.featureNotSupported],
];

/** PostgreSQL 15 doesn't say where. */
const WITHOUT_PLACE = /WITH TIES|^unrecognized partitioning strategy/;

const HINTS: Readonly<Record<string, string>> = {
  'missing argument': 'Use NONE to denote the missing argument of a unary operator.',
  'LIMIT #,# syntax is not supported': 'Use separate LIMIT and OFFSET clauses.',
};

/** `position` counts characters from 1; 0 is none. */
export function grammarError(message: string, position: number, text: string): SqlError {
  const offset = position > 0 && !WITHOUT_PLACE.test(message) ? codePointOffset(text, position - 1) : undefined;
  if (message === 'invalid Unicode escape') return unicodeEscapeError(message, offset ?? 0, text);
  const code =
    message.startsWith('LIMIT #,#') || message.startsWith('syntax error')
      ? SqlState.syntaxError
      : (STATES.find(([pattern]) => pattern.test(message))?.[1] ?? SqlState.syntaxError);
  return new SqlError(code, message, { position: offset, hint: HINTS[message] });
}

/** E'…' and U&'…' have one message, but each its own SQLSTATE and hint. */
function unicodeEscapeError(message: string, offset: number, text: string): SqlError {
  const quote = Math.max(text.lastIndexOf("'", offset), text.lastIndexOf('"', offset));
  return text[quote - 1] === '&'
    ? new SqlError(SqlState.syntaxError, message, { position: offset, hint: 'Unicode escapes must be \\XXXX or \\+XXXXXX.' })
    : new SqlError(SqlState.invalidEscapeSequence, message, {
        position: offset,
        hint: 'Unicode escapes must be \\uXXXX or \\UXXXXXXXX.',
      });
}

/** PostgreSQL's answer to input that nests too deeply. */
export function stackDepthExceeded(): SqlError {
  return new SqlError(SqlState.statementTooComplex, 'stack depth limit exceeded', {
    hint: 'Write the statement with less nesting, or in several statements.',
  });
}
