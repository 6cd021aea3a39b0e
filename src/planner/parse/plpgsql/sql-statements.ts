import type { PlStatement, SqlText } from './ast.js';
import type { BodyReader } from './body-reader.js';
import { checkSql, readPiece, readText } from './sql-pieces.js';
import { readIntoTarget } from './targets.js';

/** `variable := …`, `variable[i].field := …`: the grammar of SQL reads the whole. */
export function readAssignment(reader: BodyReader, line: number): PlStatement {
  const { place } = reader.stream;
  const { datum, start, names } = reader.variable();
  reader.requireAssignable(datum, start);
  reader.stream.goTo(place);
  const { text } = readText(reader, [';'], ';', false);
  const expr: SqlText = { mode: 'assignment', text, names: reader.names, target: datum.number, targetNames: names };
  checkSql(reader, expr, start);
  return { kind: 'assign', line, variable: datum.number, expr };
}

/** Any SQL statement, CALL and DO too; INTO and its target become spaces, so that places in the rest stay. */
export function readSql(reader: BodyReader, line: number): PlStatement {
  const { stream } = reader;
  const first = stream.next();
  const { start } = first;
  const isImport = first.text === 'import';
  let last = first;
  let into: { readonly from: number; readonly to: number; readonly target: number; readonly strict: boolean } | undefined;
  let before = first;
  let depth = 0;
  for (;;) {
    const token = stream.next();
    reader.noteField();
    if (stream.isEnd(token)) throw stream.syntaxError('unexpected end of function definition');
    // CREATE FUNCTION … BEGIN ATOMIC … END has semicolons within.
    if (first.text === 'create') {
      if (reader.isKeyword(token, 'begin') || (depth > 0 && reader.isKeyword(token, 'case'))) depth++;
      else if (depth > 0 && reader.isKeyword(token, 'end')) depth--;
    }
    if (token.text === ';' && token.kind === 'punctuation' && depth === 0) break;
    if (reader.isKeyword(token, 'into') && !isImport && !reader.isKeyword(before, 'insert') && !reader.isKeyword(before, 'merge')) {
      if (into !== undefined) throw stream.syntaxError('INTO specified more than once');
      const { target, strict } = readIntoTarget(reader, true);
      into = { from: token.start, to: stream.peek().start, target, strict };
      before = stream.current;
      continue;
    }
    before = token;
    last = token;
  }
  let text = stream.source.slice(start, stream.current.start);
  if (into !== undefined) {
    const { from, to } = into;
    text = stream.source.slice(start, from) + ' '.repeat(to - from) + stream.source.slice(to, stream.current.start);
  }
  text = text.trimEnd();
  const sql: SqlText = { mode: 'statement', text, names: reader.names };
  checkSql(reader, sql, start);
  if (last === first && text === '') throw stream.syntaxError();
  if (first.kind === 'word' && (first.text === 'call' || first.text === 'do') && into === undefined) {
    return { kind: 'call', line, isCall: first.text === 'call', sql };
  }
  return into === undefined
    ? { kind: 'sql', line, sql, strict: false }
    : { kind: 'sql', line, sql, into: into.target, strict: into.strict };
}

export function readExecute(reader: BodyReader, line: number): PlStatement {
  const { stream } = reader;
  const query = readPiece(reader, ['into', 'using', ';'], 'INTO or USING or ;');
  let into: { readonly target: number; readonly strict: boolean } | undefined;
  const using: SqlText[] = [];
  let { end } = query;
  while (end !== ';') {
    if (end === 'into') {
      if (into !== undefined) throw stream.syntaxError();
      into = readIntoTarget(reader, true);
      end = stream.next().text;
    } else if (end === 'using') {
      if (using.length > 0) throw stream.syntaxError();
      do {
        const piece = readPiece(reader, [',', ';', 'into'], ', or ; or INTO');
        using.push(piece.sql);
        end = piece.end;
      } while (end === ',');
    } else {
      throw stream.syntaxError();
    }
  }
  return {
    kind: 'execute',
    line,
    query: query.sql,
    strict: into?.strict === true,
    using,
    ...(into === undefined ? {} : { into: into.target }),
  };
}
