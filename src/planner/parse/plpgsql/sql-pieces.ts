import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { Token } from '../tokens.js';
import type { SqlText } from './ast.js';
import type { BodyReader } from './body-reader.js';

export interface Piece {
  readonly sql: SqlText;
  /** What ended it, taken. */
  readonly end: string;
}

/**
 * SQL up to one of some tokens outside of parentheses, which is taken too.
 * @param expected as the error names it
 * @throws SqlError 42601
 */
export function readPiece(
  reader: BodyReader,
  ends: readonly string[],
  expected: string,
  mode: 'expression' | 'statement' = 'expression',
): Piece {
  const { text, start, end } = readText(reader, ends, expected, mode === 'expression');
  const sql: SqlText = { mode, text, names: reader.names };
  checkSql(reader, sql, start);
  return { sql, end };
}

export function expressionUntil(reader: BodyReader, ends: readonly string[], expected: string): SqlText {
  return readPiece(reader, ends, expected).sql;
}

export interface TextPiece {
  readonly text: string;
  readonly start: number;
  readonly end: string;
}

export function readText(reader: BodyReader, ends: readonly string[], expected: string, isExpression: boolean): TextPiece {
  const { stream } = reader;
  const start = stream.peek().start;
  const what = isExpression ? 'SQL expression' : 'SQL statement';
  let depth = 0;
  let last = start;
  for (;;) {
    const token = stream.next();
    if (token.kind === 'word' || token.kind === 'quoted') reader.noteField();
    if (depth === 0 && ends.includes(keyOf(token))) {
      if (token.start === start) throw stream.syntaxError(isExpression ? 'missing expression' : 'missing SQL statement');
      return { text: stream.source.slice(start, last), start, end: keyOf(token) };
    }
    const key = keyOf(token);
    if (key === '(' || key === '[') depth++;
    else if (key === ')' || key === ']') {
      if (--depth < 0) throw stream.syntaxError('mismatched parentheses');
    } else if (key === ';' || stream.isEnd(token)) {
      if (depth !== 0) throw stream.syntaxError('mismatched parentheses');
      if (stream.isEnd(token)) throw stream.syntaxError();
      throw stream.error(SqlState.syntaxError, `missing "${expected}" at end of ${what}`, token.start);
    }
    last = token.end;
  }
}

/** What a token ends a piece by. */
function keyOf(token: Token): string {
  return token.kind === 'quoted' || token.kind === 'string' || token.kind === 'number' ? '' : token.text;
}

/** @param start where the text stands in the body @throws SqlError 42601 with its place there */
export function checkSql(reader: BodyReader, sql: SqlText, start: number): void {
  try {
    reader.types.check(sql);
  } catch (error) {
    throw movedBy(error, start, reader);
  }
}

/** Grammar errors count from the piece's beginning. */
function movedBy(error: unknown, start: number, reader: BodyReader): unknown {
  if (!(error instanceof SqlError)) return error;
  const { position, ...fields } = error.fields;
  return position === undefined ? error : reader.stream.error(error.code, error.message, position + start, fields);
}
