import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { Datum, Scroll, VariableType } from './ast.js';
import type { BodyReader } from './body-reader.js';
import { findName } from './names.js';
import { expressionUntil, readPiece } from './sql-pieces.js';

/** DECLARE's items up to BEGIN. @returns the variables, in order */
export function readDeclarations(reader: BodyReader): number[] {
  const declared: number[] = [];
  while (!reader.isKeyword(reader.stream.peek(), 'begin')) {
    // DECLARE may be said again.
    if (reader.accept('declare')) continue;
    const start = reader.stream.peek();
    if (reader.label() !== undefined) {
      throw reader.stream.error(SqlState.syntaxError, 'block label must be placed before DECLARE, not after', start.start);
    }
    const datum = readDeclaration(reader);
    if (datum !== undefined) declared.push(datum.number);
  }
  return declared;
}

function readDeclaration(reader: BodyReader): Datum | undefined {
  const { stream } = reader;
  const token = stream.peek();
  const line = stream.lineOf(token.start);
  const name = reader.identifier();
  if (findName(reader.names, true, name) !== undefined) throw stream.syntaxError('duplicate declaration');
  if (findName(reader.names, false, name) !== undefined) reader.types.shadows?.(name, token.start);
  if (reader.isKeyword(stream.peek(), 'alias')) return readAlias(reader, name);
  const scroll = readScroll(reader);
  if (scroll !== undefined || reader.isKeyword(stream.peek(), 'cursor')) return readCursor(reader, name, line, scroll ?? 'as possible');
  const isConstant = reader.accept('constant');
  let type = readType(reader);
  if (reader.isKeyword(stream.peek(), 'collate')) type = readCollation(reader, type);
  const notNullAt = stream.peek().start;
  const notNull = reader.accept('not');
  if (notNull) reader.expect('null');
  const initial = readDefault(reader);
  if (notNull && initial === undefined) {
    throw stream.error(
      SqlState.nullValueNotAllowed,
      `variable "${name}" must have a default value, since it's declared NOT NULL`,
      notNullAt,
    );
  }
  return reader.declare(name, line, type, { isConstant, notNull, ...(initial === undefined ? {} : { default: initial }) });
}

function readDefault(reader: BodyReader) {
  if (reader.accept(';')) return undefined;
  if (!reader.accept(':=') && !reader.accept('=') && !reader.accept('default')) {
    reader.stream.next();
    throw reader.stream.syntaxError();
  }
  return expressionUntil(reader, [';'], ';');
}

function readCollation(reader: BodyReader, type: VariableType): VariableType {
  const { start } = reader.expect('collate');
  const count = Math.max(1, reader.qualifiedLength());
  const names = reader.qualifiedNames(count);
  for (let i = 0; i < count * 2 - 1; i++) reader.stream.next();
  const collated = reader.types.collated(type, names);
  if (collated !== undefined) return collated;
  throw reader.stream.error(SqlState.datatypeMismatch, `collations are not supported by type ${reader.types.typeName(type)}`, start);
}

function readAlias(reader: BodyReader, name: string): undefined {
  const { stream } = reader;
  reader.expect('alias');
  reader.expect('for');
  const { start } = stream.peek();
  const count = reader.qualifiedLength();
  if (count === 0) {
    stream.next();
    throw stream.syntaxError();
  }
  const names = reader.qualifiedNames(count);
  for (let i = 0; i < count * 2 - 1; i++) stream.next();
  const [first = '', second] = names;
  const found = findName(reader.names, false, first, second);
  if (found === undefined) throw stream.error(SqlState.undefinedObject, `variable "${names.join('.')}" does not exist`, start);
  reader.expect(';');
  reader.addName(name, reader.datum(found.number));
  return undefined;
}

/** SCROLL or NO SCROLL in front of CURSOR. */
export function readScroll(reader: BodyReader): Scroll | undefined {
  const { stream } = reader;
  if (reader.isKeyword(stream.peek(), 'no') && reader.isKeyword(stream.peek(1), 'scroll')) {
    stream.next();
    stream.next();
    return 'no scroll';
  }
  return reader.isKeyword(stream.peek(), 'scroll') && reader.accept('scroll') ? 'scroll' : undefined;
}

function readCursor(reader: BodyReader, name: string, line: number, scroll: Scroll): Datum {
  reader.expect('cursor');
  const { names } = reader;
  reader.pushLabel(name, 'other');
  let list: number | undefined;
  if (reader.accept('(')) {
    const fields: { name: string; number: number }[] = [];
    do {
      const { start } = reader.stream.peek();
      const argumentLine = reader.stream.lineOf(start);
      const argument = reader.identifier();
      if (findName(reader.names, true, argument) !== undefined) throw reader.stream.syntaxError('duplicate declaration');
      if (findName(reader.names, false, argument) !== undefined) reader.types.shadows?.(argument, start);
      const datum = reader.declare(argument, argumentLine, readType(reader));
      fields.push({ name: argument, number: datum.number });
    } while (reader.accept(','));
    reader.expect(')');
    list = reader.newList(line, fields).number;
  }
  if (!reader.accept('is')) reader.expect('for');
  const { sql } = readPiece(reader, [';'], ';', 'statement');
  reader.names = names;
  const cursor = { query: sql, scroll, ...(list === undefined ? {} : { argumentList: list }) };
  return reader.declare(name, line, reader.types.refcursor, { cursor });
}

const TYPE_ENDS: ReadonlySet<string> = new Set(['collate', 'not', '=', ':=', 'default', ';']);

/** A data type, up to what may follow one in a declaration or a cursor's arguments. @throws SqlError */
export function readType(reader: BodyReader): VariableType {
  const { stream } = reader;
  const copied = readCopiedType(reader);
  if (copied !== undefined) return copied;
  const { start } = stream.peek();
  let depth = 0;
  let end = start;
  for (;;) {
    const token = stream.peek();
    if (stream.isEnd(token)) {
      stream.next();
      throw stream.syntaxError(depth === 0 ? 'incomplete data type declaration' : 'mismatched parentheses');
    }
    const isPlain = token.kind !== 'quoted' && token.kind !== 'string';
    if (isPlain && TYPE_ENDS.has(token.text)) break;
    if (isPlain && depth === 0 && (token.text === ',' || token.text === ')')) break;
    if (isPlain && token.text === '(') depth++;
    else if (isPlain && token.text === ')') depth--;
    end = token.end;
    stream.next();
  }
  const text = stream.source.slice(start, end);
  if (text === '') {
    stream.next();
    throw stream.syntaxError('missing data type declaration');
  }
  // The place that is told is where the type has ended.
  stream.next();
  stream.goTo(stream.place - 1);
  try {
    return reader.types.named(reader.types.parse(text));
  } catch (error) {
    throw atType(error, start, reader);
  }
}

/** What the grammar says has a place within the type, anything else is told where the type begins. */
function atType(error: unknown, start: number, reader: BodyReader): unknown {
  if (!(error instanceof SqlError)) return error;
  const { position, ...fields } = error.fields;
  const place = error.code === SqlState.syntaxError ? start + (position ?? 0) : start;
  return reader.stream.error(error.code, error.message, place, fields);
}

/** `x%TYPE` of a variable or a column, `r%ROWTYPE`. */
function readCopiedType(reader: BodyReader): VariableType | undefined {
  const { stream } = reader;
  const count = reader.qualifiedLength();
  if (count === 0) return undefined;
  const percent = stream.peek(count * 2 - 1);
  const kind = stream.peek(count * 2);
  if (percent.text !== '%' || (kind.text !== 'type' && kind.text !== 'rowtype')) return undefined;
  const names = reader.qualifiedNames(count);
  const type = kind.text === 'type' ? typeOfNamed(reader, names) : reader.types.row(names);
  if (type === undefined) return undefined;
  for (let i = 0; i < count * 2 + 1; i++) stream.next();
  return type;
}

function typeOfNamed(reader: BodyReader, names: readonly string[]): VariableType | undefined {
  const [first = '', second, third] = names;
  const found = findName(reader.names, false, first, second, third);
  if (found !== undefined && found.words === names.length) {
    const datum = reader.datum(found.number);
    if (datum.kind === 'scalar' || datum.kind === 'record') return datum.type;
  }
  return names.length === 1 ? undefined : reader.types.column(names);
}
