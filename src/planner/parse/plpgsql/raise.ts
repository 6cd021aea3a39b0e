import { sqlStatesOf } from '../../../commons/condition-names.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { PlStatement, RaiseLevel, RaiseOption, SqlText } from './ast.js';
import type { BodyReader } from './body-reader.js';
import { readPiece } from './sql-pieces.js';
import { readString } from './strings.js';

const LEVELS: readonly string[] = ['exception', 'warning', 'notice', 'info', 'log', 'debug'];
const OPTIONS: readonly string[] = ['errcode', 'message', 'detail', 'hint', 'column', 'constraint', 'datatype', 'table', 'schema'];

export function readRaise(reader: BodyReader, line: number): PlStatement {
  const { stream } = reader;
  let level: RaiseLevel = 'EXCEPTION';
  const args: SqlText[] = [];
  if (reader.accept(';')) return { kind: 'raise', line, level, args, options: [] };
  const first = stream.peek();
  if (stream.isEnd(first)) {
    stream.next();
    throw stream.syntaxError('unexpected end of function definition');
  }
  if (first.kind === 'word' && LEVELS.includes(first.text)) {
    stream.next();
    level = first.text.toUpperCase() as RaiseLevel;
    if (stream.isEnd(stream.peek())) {
      stream.next();
      throw stream.syntaxError('unexpected end of function definition');
    }
  }
  let message: string | undefined;
  let condition: string | undefined;
  const token = stream.peek();
  let end: string;
  if (token.kind === 'string') {
    stream.next();
    if (/^u&/i.test(token.text)) throw stream.syntaxError();
    message = readString(token.text);
    end = endOf(reader, [',', ';', 'using']);
    while (end === ',') {
      const piece = readPiece(reader, [',', ';', 'using'], ', or ; or USING');
      args.push(piece.sql);
      end = piece.end;
    }
  } else if (reader.accept('using')) {
    end = 'using';
  } else {
    condition = readCondition(reader);
    end = endOf(reader, [';', 'using']);
  }
  const options = end === 'using' ? readOptions(reader) : [];
  if (message !== undefined) checkParameters(reader, message, args.length);
  return {
    kind: 'raise',
    line,
    level,
    args,
    options,
    ...(message === undefined ? {} : { message }),
    ...(condition === undefined ? {} : { condition }),
  };
}

function endOf(reader: BodyReader, ends: readonly string[]): string {
  const token = reader.stream.next();
  if (token.kind === 'string' || token.kind === 'quoted' || !ends.includes(token.text)) throw reader.stream.syntaxError();
  return token.text;
}

/** A condition's name, or SQLSTATE and its code. @throws SqlError 42601, 42704 */
function readCondition(reader: BodyReader): string {
  const { stream } = reader;
  if (reader.isKeyword(stream.peek(), 'sqlstate')) {
    stream.next();
    return readSqlState(reader);
  }
  if (!reader.isName(stream.peek()) || stream.peek().kind === 'parameter') {
    stream.next();
    throw stream.syntaxError();
  }
  const name = reader.identifier();
  requireCondition(reader, name);
  return name;
}

/** @throws SqlError 42704 */
export function requireCondition(reader: BodyReader, name: string): readonly string[] {
  const codes = sqlStatesOf(name);
  if (codes === undefined) throw reader.stream.error(SqlState.undefinedObject, `unrecognized exception condition "${name}"`);
  return codes;
}

/** The code behind SQLSTATE. @throws SqlError 42601 */
export function readSqlState(reader: BodyReader): string {
  const token = reader.stream.next();
  if (token.kind !== 'string') throw reader.stream.syntaxError();
  const code = readString(token.text);
  if (!/^[0-9A-Z]{5}$/.test(code)) throw reader.stream.syntaxError('invalid SQLSTATE code');
  return code;
}

function readOptions(reader: BodyReader): { option: RaiseOption; expr: SqlText }[] {
  const { stream } = reader;
  const options: { option: RaiseOption; expr: SqlText }[] = [];
  for (let end = ','; end !== ';'; ) {
    const token = stream.next();
    if (stream.isEnd(token)) throw stream.syntaxError('unexpected end of function definition');
    if (token.kind !== 'word' || !isOption(token.text)) throw stream.syntaxError('unrecognized RAISE statement option');
    if (!reader.accept('=') && !reader.accept(':=')) {
      stream.next();
      throw stream.syntaxError('syntax error, expected "="');
    }
    const piece = readPiece(reader, [',', ';'], ', or ;');
    options.push({ option: token.text, expr: piece.sql });
    end = piece.end;
  }
  return options;
}

function isOption(word: string): word is RaiseOption {
  return OPTIONS.includes(word);
}

function checkParameters(reader: BodyReader, message: string, given: number): void {
  const wanted = message.replaceAll('%%', '').split('%').length - 1;
  if (wanted < given) throw reader.stream.error(SqlState.syntaxError, 'too many parameters specified for RAISE');
  if (wanted > given) throw reader.stream.error(SqlState.syntaxError, 'too few parameters specified for RAISE');
}
