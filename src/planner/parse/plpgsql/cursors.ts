import { quoteIdentifier } from '../../../catalog/definitions/identifiers.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { PlStatement, ScalarVariable, SqlText } from './ast.js';
import type { BodyReader } from './body-reader.js';
import { readScroll } from './declarations.js';
import { checkSql, readPiece, readText } from './sql-pieces.js';
import { readIntoTarget } from './targets.js';
import { nameOf } from './token-stream.js';

/** A variable of type refcursor. @throws SqlError 42804 */
export function readCursorVariable(reader: BodyReader): ScalarVariable {
  const { datum, start } = reader.variable();
  if (datum.kind !== 'scalar') {
    throw reader.stream.error(SqlState.datatypeMismatch, 'cursor variable must be a simple variable', start);
  }
  if (datum.type.oid !== reader.types.refcursor.oid) {
    throw reader.stream.error(SqlState.datatypeMismatch, `variable "${datum.name}" must be of type cursor or refcursor`, start);
  }
  return datum;
}

/** A bound cursor's arguments, in the order that it declares, as one query's columns. @param until what follows, taken */
export function readCursorArguments(reader: BodyReader, cursor: ScalarVariable, until: string): SqlText | undefined {
  const { stream } = reader;
  const list = cursor.cursor?.argumentList;
  const fields = list === undefined ? undefined : reader.datum(list);
  const opening = stream.peek();
  if (fields === undefined || fields.kind !== 'list') {
    if (opening.text === '(') throw stream.error(SqlState.syntaxError, `cursor "${cursor.name}" has no arguments`, opening.start);
    reader.expect(until);
    return undefined;
  }
  if (!reader.accept('(')) throw stream.error(SqlState.syntaxError, `cursor "${cursor.name}" has arguments`, opening.start);
  const values: string[] = [];
  const count = fields.fields.length;
  for (let i = 0; i < count; i++) {
    const token = stream.peek();
    const named = nameOf(token);
    const isNamed = named !== undefined && (stream.peek(1).text === ':=' || stream.peek(1).text === '=>');
    let place = i;
    if (isNamed) {
      place = fields.fields.findIndex((field) => field.name === named);
      if (place < 0) {
        throw stream.error(SqlState.syntaxError, `cursor "${cursor.name}" has no argument named "${named}"`, token.start);
      }
      stream.next();
      stream.next();
    }
    if (values[place] !== undefined) {
      throw stream.error(
        SqlState.syntaxError,
        `value for parameter "${fields.fields[place]?.name}" of cursor "${cursor.name}" specified more than once`,
        token.start,
      );
    }
    const piece = readText(reader, [',', ')'], '," or ")', true);
    checkSql(reader, { mode: 'expression', text: piece.text, names: reader.names }, piece.start);
    values[place] = piece.text;
    if (piece.end === ')' && i < count - 1) {
      throw stream.error(SqlState.syntaxError, `not enough arguments for cursor "${cursor.name}"`, stream.current.start);
    }
    if (piece.end === ',' && i === count - 1) {
      throw stream.error(SqlState.syntaxError, `too many arguments for cursor "${cursor.name}"`, stream.current.start);
    }
  }
  reader.expect(until);
  const text = values.map((value, i) => `${value} AS ${quoteIdentifier(fields.fields[i]?.name ?? '')}`).join(', ');
  return { mode: 'expression', text, names: reader.names };
}

export function readOpen(reader: BodyReader, line: number): PlStatement {
  const { stream } = reader;
  const cursor = readCursorVariable(reader);
  if (cursor.cursor !== undefined) {
    const args = readCursorArguments(reader, cursor, ';');
    return {
      kind: 'open',
      line,
      cursor: cursor.number,
      scroll: cursor.cursor.scroll,
      using: [],
      ...(args === undefined ? {} : { args }),
    };
  }
  const scroll = readScroll(reader) ?? 'as possible';
  if (!reader.accept('for')) {
    stream.next();
    throw stream.syntaxError('syntax error, expected "FOR"');
  }
  const base = { kind: 'open', line, cursor: cursor.number, scroll } as const;
  if (!reader.accept('execute')) return { ...base, query: readPiece(reader, [';'], ';', 'statement').sql, using: [] };
  const dynamic = readPiece(reader, ['using', ';'], 'USING or ;');
  const using: SqlText[] = [];
  for (let { end } = dynamic; end !== ';'; ) {
    const piece = readPiece(reader, [',', ';'], ', or ;');
    using.push(piece.sql);
    end = piece.end;
  }
  return { ...base, dynamic: dynamic.sql, using };
}

interface Direction {
  readonly direction: 'forward' | 'backward' | 'absolute' | 'relative';
  readonly count: number | 'all';
  readonly countExpr?: SqlText;
  readonly isMultiple: boolean;
}

const WORDS: Readonly<Record<string, Direction>> = {
  next: { direction: 'forward', count: 1, isMultiple: false },
  prior: { direction: 'backward', count: 1, isMultiple: false },
  first: { direction: 'absolute', count: 1, isMultiple: false },
  last: { direction: 'absolute', count: -1, isMultiple: false },
};

export function readFetch(reader: BodyReader, line: number, isMove: boolean): PlStatement {
  const { stream } = reader;
  const { start } = stream.current;
  const { isMultiple, ...direction } = readDirection(reader);
  const cursor = readCursorVariable(reader).number;
  if (isMove) {
    reader.expect(';');
    return { kind: 'fetch', line, cursor, ...direction };
  }
  reader.expect('into');
  const { target } = readIntoTarget(reader, false);
  reader.expect(';');
  if (isMultiple) throw stream.error(SqlState.featureNotSupported, 'FETCH statement cannot return multiple rows', start);
  return { kind: 'fetch', line, cursor, ...direction, into: target };
}

function readDirection(reader: BodyReader): Direction {
  const { stream } = reader;
  const token = stream.peek();
  const word = token.kind === 'word' ? token.text : '';
  const plain = WORDS[word];
  if (plain !== undefined && Object.hasOwn(WORDS, word)) {
    stream.next();
    requireFrom(reader);
    return plain;
  }
  switch (word) {
    case 'absolute':
    case 'relative':
      stream.next();
      return { direction: word, count: 1, countExpr: countUntilFrom(reader), isMultiple: false };
    case 'all':
      stream.next();
      requireFrom(reader);
      return { direction: 'forward', count: 'all', isMultiple: true };
    case 'forward':
    case 'backward':
      stream.next();
      if (reader.accept('from') || reader.accept('in')) return { direction: word, count: 1, isMultiple: false };
      if (reader.accept('all')) {
        requireFrom(reader);
        return { direction: word, count: 'all', isMultiple: true };
      }
      return { direction: word, count: 1, countExpr: countUntilFrom(reader), isMultiple: true };
    case 'from':
    case 'in':
      stream.next();
      return { direction: 'forward', count: 1, isMultiple: false };
  }
  if (reader.peekVariable() !== undefined) return { direction: 'forward', count: 1, isMultiple: false };
  return { direction: 'forward', count: 1, countExpr: countUntilFrom(reader), isMultiple: true };
}

function countUntilFrom(reader: BodyReader): SqlText {
  return readPiece(reader, ['from', 'in'], 'FROM or IN').sql;
}

function requireFrom(reader: BodyReader): void {
  if (reader.accept('from') || reader.accept('in')) return;
  reader.stream.next();
  throw reader.stream.syntaxError('expected FROM or IN');
}
