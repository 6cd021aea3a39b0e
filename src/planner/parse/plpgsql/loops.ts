import { SqlState } from '../../../commons/sqlstates.js';
import type { PlStatement, SqlText, Target } from './ast.js';
import type { BodyReader } from './body-reader.js';
import { readCursorArguments } from './cursors.js';
import { checkSql, expressionUntil, readPiece, readText } from './sql-pieces.js';
import { type LoopVariable, readLoopVariable, readScalarList } from './targets.js';

/** LOOP, WHILE, FOR, FOREACH. @param label `<<label>>` in front, already taken */
export function readLoop(reader: BodyReader, label: string | undefined): PlStatement {
  const before = reader.names;
  reader.pushLabel(label ?? '', 'loop');
  const token = reader.stream.next();
  const line = reader.stream.lineOf(token.start);
  const head = HEADS[token.text];
  if (head === undefined) throw reader.stream.syntaxError();
  const finish = head(reader, line);
  const body = reader.readStatements();
  reader.expect('end');
  reader.expect('loop');
  reader.endLabel(label);
  reader.expect(';');
  reader.names = before;
  return finish({ line, body, ...(label === undefined ? {} : { label }) });
}

interface LoopBase {
  readonly line: number;
  readonly label?: string;
  readonly body: readonly PlStatement[];
}
type Finish = (base: LoopBase) => PlStatement;

const HEADS: Readonly<Record<string, (reader: BodyReader, line: number) => Finish>> = {
  loop: () => (base) => ({ kind: 'loop', ...base }),
  while: (reader) => {
    const condition = expressionUntil(reader, ['loop'], 'LOOP');
    return (base) => ({ kind: 'while', ...base, condition });
  },
  for: readFor,
  foreach: readForEach,
};

export function isLoopStart(text: string): boolean {
  return text in HEADS && text !== 'constructor';
}

function readFor(reader: BodyReader, line: number): Finish {
  const { stream } = reader;
  const variable = readLoopVariable(reader);
  reader.expect('in');
  if (reader.accept('execute')) return readForExecute(reader, variable);
  const known = reader.peekVariable();
  if (known !== undefined) {
    const datum = reader.datum(known.found.number);
    if (datum.kind === 'scalar' && datum.type.oid === reader.types.refcursor.oid && known.found.words === known.names.length) {
      return readForCursor(reader, variable, line);
    }
  }
  const reverse = reader.isKeyword(stream.peek(), 'reverse') && reader.accept('reverse');
  const first = readText(reader, ['..', 'loop'], 'LOOP', true);
  if (first.end === '..') {
    const lower = { mode: 'expression', text: first.text, names: reader.names } as const;
    checkSql(reader, lower, first.start);
    const upper = readPiece(reader, ['loop', 'by'], 'LOOP');
    const step = upper.end === 'by' ? expressionUntil(reader, ['loop'], 'LOOP') : undefined;
    if (variable.isList === true) {
      throw stream.error(SqlState.syntaxError, 'integer FOR loop must have only one target variable', variable.start);
    }
    const counter = reader.declare(variable.name, variable.line, reader.types.integer).number;
    return (base) => ({
      kind: 'for integer',
      ...base,
      variable: counter,
      lower,
      upper: upper.sql,
      reverse,
      ...(step === undefined ? {} : { step }),
    });
  }
  if (reverse) throw stream.error(SqlState.syntaxError, 'cannot specify REVERSE in query FOR loop', first.start);
  const query = { mode: 'statement', text: first.text, names: reader.names } as const;
  checkSql(reader, query, first.start);
  const target = rowTarget(reader, variable);
  return (base) => ({ kind: 'for query', ...base, target, query });
}

/** @throws SqlError 42804 */
function rowTarget(reader: BodyReader, variable: LoopVariable): Target {
  if (variable.target !== undefined) {
    reader.requireAssignable(reader.datum(variable.target), variable.start);
    return variable.target;
  }
  if (variable.scalar !== undefined) return readScalarList(reader, variable.name, variable.scalar, variable.start, variable.line);
  throw reader.stream.error(
    SqlState.datatypeMismatch,
    'loop variable of loop over rows must be a record variable or list of scalar variables',
    variable.start,
  );
}

function readForExecute(reader: BodyReader, variable: LoopVariable): Finish {
  const query = readPiece(reader, ['loop', 'using'], 'LOOP or USING');
  const target = rowTarget(reader, variable);
  const using: SqlText[] = [];
  for (let { end } = query; end !== 'loop'; ) {
    const piece = readPiece(reader, [',', 'loop'], ', or LOOP');
    using.push(piece.sql);
    end = piece.end;
  }
  return (base) => ({ kind: 'for execute', ...base, target, query: query.sql, using });
}

function readForCursor(reader: BodyReader, variable: LoopVariable, line: number): Finish {
  const { datum, start } = reader.variable();
  const { stream } = reader;
  if (variable.isList === true) {
    throw stream.error(SqlState.syntaxError, 'cursor FOR loop must have only one target variable', variable.start);
  }
  if (datum.kind !== 'scalar' || datum.cursor === undefined) {
    throw stream.error(SqlState.syntaxError, 'cursor FOR loop must use a bound cursor variable', start);
  }
  const args = readCursorArguments(reader, datum, 'loop');
  const target = reader.declare(variable.name, line, reader.types.record).number;
  return (base) => ({ kind: 'for cursor', ...base, target, cursor: datum.number, ...(args === undefined ? {} : { args }) });
}

function readForEach(reader: BodyReader): Finish {
  const { stream } = reader;
  const variable = readLoopVariable(reader);
  let slice = 0;
  if (reader.accept('slice')) {
    const token = stream.next();
    if (token.kind !== 'number' || !/^\d+$/.test(token.text)) throw stream.syntaxError();
    slice = Number(token.text);
  }
  reader.expect('in');
  reader.expect('array');
  const array = expressionUntil(reader, ['loop'], 'LOOP');
  const target = variable.target ?? variable.scalar?.number;
  if (target === undefined) {
    throw stream.error(SqlState.syntaxError, 'loop variable of FOREACH must be a known variable or list of variables', variable.start);
  }
  reader.requireAssignable(reader.datum(target), variable.start);
  return (base) => ({ kind: 'foreach', ...base, variable: target, slice, array });
}
