import { SqlState } from '../../../commons/sqlstates.js';
import type { Datum, Target } from './ast.js';
import type { BodyReader } from './body-reader.js';

const MAX_TARGETS = 1024;

/** INTO [STRICT] target: a record, or a list of scalars. @throws SqlError 42601, 22005 */
export function readIntoTarget(reader: BodyReader, allowsStrict: boolean): { readonly target: Target; readonly strict: boolean } {
  const strict = allowsStrict && reader.accept('strict');
  const { stream } = reader;
  const { datum, start, text } = reader.variable();
  const line = stream.lineOf(start);
  if (datum.kind === 'record' || datum.kind === 'list') {
    reader.requireAssignable(datum, start);
    const after = stream.peek();
    if (after.text === ',') {
      throw stream.error(SqlState.syntaxError, 'record variable cannot be part of multiple-item INTO list', after.start);
    }
    return { target: datum.number, strict };
  }
  return { target: readScalarList(reader, text, datum, start, line), strict };
}

/** `a, b, c`, of which a has been read. */
export function readScalarList(reader: BodyReader, firstText: string, first: Datum, firstStart: number, line: number): number {
  const { stream } = reader;
  reader.requireAssignable(first, firstStart);
  const fields = [{ name: firstText, number: first.number }];
  while (reader.accept(',')) {
    if (fields.length >= MAX_TARGETS) {
      throw stream.error(SqlState.programLimitExceeded, 'too many INTO variables specified', stream.current.start);
    }
    const { datum, start, text } = reader.variable();
    if (datum.kind === 'record' || datum.kind === 'list') {
      throw stream.error(SqlState.syntaxError, `"${text}" is not a scalar variable`, start);
    }
    reader.requireAssignable(datum, start);
    fields.push({ name: text, number: datum.number });
  }
  return reader.newList(line, fields).number;
}

/** FOR's and FOREACH's variable, before it is known what for. */
export interface LoopVariable {
  readonly name: string;
  readonly start: number;
  readonly line: number;
  /** Known variables; undefined: the name is free. */
  readonly scalar?: Datum;
  readonly target?: Target;
  /** It is a list of several. */
  readonly isList?: true;
}

/** @throws SqlError 42601 */
export function readLoopVariable(reader: BodyReader): LoopVariable {
  const { stream } = reader;
  const token = stream.peek();
  const { start } = token;
  const line = stream.lineOf(start);
  const known = reader.peekVariable();
  if (known !== undefined) {
    const { datum, text } = reader.variable();
    const base = { name: text, start, line };
    if (datum.kind === 'record' || datum.kind === 'list') return { ...base, target: datum.number };
    if (stream.peek().text === ',')
      return { ...base, scalar: datum, target: readScalarList(reader, text, datum, start, line), isList: true };
    return { ...base, scalar: datum };
  }
  const count = reader.qualifiedLength();
  if (count !== 1) throw reader.notVariable();
  const name = reader.identifier();
  if (stream.peek().text === ',') {
    throw stream.error(SqlState.syntaxError, `"${name}" is not a known variable`, start);
  }
  return { name, start, line };
}
