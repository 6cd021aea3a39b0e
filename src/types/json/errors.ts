import { SqlError } from '../../commons/sql-error.js';
import { SqlState, type SqlStateCode } from '../../commons/sqlstates.js';

/** PostgreSQL shows at most so many bytes of the line that a syntax error stands on. */
const CONTEXT_BYTES = 50;

/** "JSON data, line 3: …": the error's line up to the end of the offending token. */
function contextLine(text: string, tokenEnd: number, isAtEnd: boolean): string {
  const before = text.slice(0, tokenEnd);
  const lineStart = before.lastIndexOf('\n') + 1;
  const line = before.split('\n').length;
  let start = lineStart;
  let bytes = Buffer.byteLength(text.slice(start, tokenEnd));
  while (bytes >= CONTEXT_BYTES) {
    const character = String.fromCodePoint(text.codePointAt(start) ?? 0);
    start += character.length;
    bytes -= Buffer.byteLength(character);
  }
  // With so little left out, the whole line may as well be shown.
  if (Buffer.byteLength(text.slice(lineStart, start)) <= 3) start = lineStart;
  const next = text[tokenEnd];
  const prefix = start > lineStart ? '...' : '';
  const suffix = !isAtEnd && next !== undefined && next !== '\n' && next !== '\r' ? '...' : '';
  return `JSON data, line ${line}: ${prefix}${text.slice(start, tokenEnd)}${suffix}`;
}

/** 22P02 as json_in words it. `tokenEnd` is where the offending token ends. */
export function jsonSyntaxError(text: string, detail: string, tokenEnd: number, isAtEnd = false): SqlError {
  return new SqlError(SqlState.invalidTextRepresentation, 'invalid input syntax for type json', {
    detail,
    where: contextLine(text, tokenEnd, isAtEnd),
  });
}

/** 22P05: \u0000 has no place in a text. */
export function jsonZeroCharacter(text: string, tokenEnd: number): SqlError {
  return new SqlError(SqlState.untranslatableCharacter, 'unsupported Unicode escape sequence', {
    detail: '\\u0000 cannot be converted to text.',
    where: contextLine(text, tokenEnd, false),
  });
}

export function invalidJsonParameter(message: string, code: SqlStateCode = SqlState.invalidParameterValue): SqlError {
  return new SqlError(code, message);
}
