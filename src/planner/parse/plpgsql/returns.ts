import { SqlState } from '../../../commons/sqlstates.js';
import type { PlStatement, SqlText } from './ast.js';
import type { BodyReader } from './body-reader.js';
import { expressionUntil, readPiece } from './sql-pieces.js';

export function readReturn(reader: BodyReader, line: number): PlStatement {
  const { stream } = reader;
  const { start } = stream.current;
  if (stream.isEnd(stream.peek())) {
    stream.next();
    throw stream.syntaxError('unexpected end of function definition');
  }
  if (reader.isKeyword(stream.peek(), 'next')) {
    stream.next();
    return readReturnNext(reader, line, start);
  }
  if (reader.isKeyword(stream.peek(), 'query')) {
    stream.next();
    return readReturnQuery(reader, line, start);
  }
  const { returnsSet, returnsVoid, isProcedure, outVariable } = reader.rules;
  if (returnsSet) {
    requireNothing(
      reader,
      'RETURN cannot have a parameter in function returning set',
      SqlState.datatypeMismatch,
      'Use RETURN NEXT or RETURN QUERY.',
    );
    return { kind: 'return', line };
  }
  if (returnsVoid) {
    if (isProcedure) requireNothing(reader, 'RETURN cannot have a parameter in a procedure', SqlState.syntaxError);
    else requireNothing(reader, 'RETURN cannot have a parameter in function returning void', SqlState.datatypeMismatch);
    return { kind: 'return', line };
  }
  if (outVariable !== undefined) {
    requireNothing(reader, 'RETURN cannot have a parameter in function with OUT parameters', SqlState.datatypeMismatch);
    return { kind: 'return', line, variable: outVariable };
  }
  return { kind: 'return', line, ...readValue(reader) };
}

/** A variable by itself is returned as it is; anything else is an expression. */
function readValue(reader: BodyReader): { readonly variable?: number; readonly expr?: SqlText } {
  const { stream } = reader;
  const known = reader.peekVariable();
  if (known !== undefined && known.found.words === known.names.length && stream.peek(known.names.length * 2 - 1).text === ';') {
    const { datum } = reader.variable();
    stream.next();
    return { variable: datum.number };
  }
  return { expr: expressionUntil(reader, [';'], ';') };
}

function requireNothing(
  reader: BodyReader,
  message: string,
  code: typeof SqlState.datatypeMismatch | typeof SqlState.syntaxError,
  hint?: string,
): void {
  if (reader.accept(';')) return;
  throw reader.stream.error(code, message, reader.stream.peek().start, { hint });
}

function readReturnNext(reader: BodyReader, line: number, start: number): PlStatement {
  const { returnsSet, outVariable } = reader.rules;
  if (!returnsSet) {
    throw reader.stream.error(SqlState.datatypeMismatch, 'cannot use RETURN NEXT in a non-SETOF function', start);
  }
  if (outVariable !== undefined) {
    requireNothing(reader, 'RETURN NEXT cannot have a parameter in function with OUT parameters', SqlState.datatypeMismatch);
    return { kind: 'return next', line, variable: outVariable };
  }
  return { kind: 'return next', line, ...readValue(reader) };
}

function readReturnQuery(reader: BodyReader, line: number, start: number): PlStatement {
  if (!reader.rules.returnsSet) {
    throw reader.stream.error(SqlState.datatypeMismatch, 'cannot use RETURN QUERY in a non-SETOF function', start);
  }
  if (!reader.accept('execute')) {
    const { sql } = readPiece(reader, [';'], ';', 'statement');
    return { kind: 'return query', line, query: sql, isDynamic: false, using: [] };
  }
  const query = readPiece(reader, [';', 'using'], '; or USING');
  const using: SqlText[] = [];
  for (let { end } = query; end !== ';'; ) {
    const piece = readPiece(reader, [',', ';'], ', or ;');
    using.push(piece.sql);
    end = piece.end;
  }
  return { kind: 'return query', line, query: query.sql, isDynamic: true, using };
}
