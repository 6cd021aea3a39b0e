import { SqlState } from '../../../commons/sqlstates.js';
import type { Block, Case, Handler, If, PlStatement, SqlText } from './ast.js';
import type { BodyReader } from './body-reader.js';
import { readCursorVariable, readFetch, readOpen } from './cursors.js';
import { readDeclarations } from './declarations.js';
import { readDiagnostics } from './diagnostics.js';
import { isLoopStart, readLoop } from './loops.js';
import { findLabel, isInLoop } from './names.js';
import { readRaise, readSqlState, requireCondition } from './raise.js';
import { readReturn } from './returns.js';
import { checkSql, expressionUntil, readPiece, readText } from './sql-pieces.js';
import { readAssignment, readExecute, readSql } from './sql-statements.js';

type StatementReader = (reader: BodyReader, line: number) => PlStatement | undefined;

/** What a statement begins with. Words that are not reserved count only where no variable is meant. */
const READERS: Readonly<Record<string, StatementReader>> = {
  if: readIf,
  case: readCase,
  exit: (reader, line) => readExit(reader, line, false),
  continue: (reader, line) => readExit(reader, line, true),
  return: readReturn,
  raise: readRaise,
  assert: readAssert,
  execute: readExecute,
  perform: (reader, line) => {
    const { text } = readStatementText(reader);
    return { kind: 'perform', line, query: text };
  },
  get: readDiagnostics,
  open: readOpen,
  fetch: (reader, line) => readFetch(reader, line, false),
  move: (reader, line) => readFetch(reader, line, true),
  close: (reader, line) => {
    const cursor = readCursorVariable(reader).number;
    reader.expect(';');
    return { kind: 'close', line, cursor };
  },
  null: (reader) => {
    reader.expect(';');
    return undefined;
  },
  commit: (reader, line) => ({ kind: 'commit', line, chain: readChain(reader) }),
  rollback: (reader, line) => ({ kind: 'rollback', line, chain: readChain(reader) }),
};

const STATEMENT_WORDS: ReadonlySet<string> = new Set([...Object.keys(READERS), 'call', 'do', 'insert', 'import', 'merge']);

/** Statements up to what no statement begins with: END, ELSE, WHEN, EXCEPTION … */
export function readStatements(reader: BodyReader): PlStatement[] {
  const statements: PlStatement[] = [];
  for (;;) {
    const token = reader.stream.peek();
    if (reader.stream.isEnd(token) || (token.kind === 'word' && ENDS.has(token.text))) return statements;
    const statement = readStatement(reader);
    if (statement !== undefined) statements.push(statement);
  }
}

const ENDS: ReadonlySet<string> = new Set(['end', 'else', 'elsif', 'elseif', 'when', 'exception']);

function readStatement(reader: BodyReader): PlStatement | undefined {
  const { stream } = reader;
  const token = stream.peek();
  const line = stream.lineOf(token.start);
  if (token.kind === 'operator' && token.text === '<<') {
    const label = reader.label();
    const { text } = stream.peek();
    if (isLoopStart(text)) return readLoop(reader, label);
    if (text !== 'declare' && text !== 'begin') {
      stream.next();
      throw stream.syntaxError();
    }
    return readInnerBlock(reader, label);
  }
  if (token.kind === 'word') {
    const { text } = token;
    if (text === 'declare' || text === 'begin') return readInnerBlock(reader, undefined);
    if (isLoopStart(text)) return readLoop(reader, undefined);
    if (STATEMENT_WORDS.has(text) && !isVariableInstead(reader)) {
      const read = Object.hasOwn(READERS, text) ? READERS[text] : undefined;
      if (read === undefined) return readSql(reader, line);
      stream.next();
      return read(reader, line);
    }
  }
  const count = reader.qualifiedLength();
  const next = stream.peek(1).text;
  // A variable by itself begins nothing but an assignment: COMMENT ON, where there is a variable comment.
  const mayAssign = count > 1 || next === '=' || next === ':=' || next === '[';
  if (mayAssign && reader.peekVariable() !== undefined) return readAssignment(reader, line);
  if (count === 0) {
    stream.next();
    throw stream.syntaxError();
  }
  const after = stream.peek(count * 2 - 1).text;
  if (after === '=' || after === ':=' || after === '[' || after === '.') throw reader.notVariable();
  return readSql(reader, line);
}

/** A variable that is called like a statement: what follows tells. */
function isVariableInstead(reader: BodyReader): boolean {
  if (!reader.isUnreserved(reader.stream.peek())) return false;
  const after = reader.stream.peek(1).text;
  return (after === '=' || after === ':=' || after === '[' || after === '.') && reader.peekVariable() !== undefined;
}

function readInnerBlock(reader: BodyReader, label: string | undefined): Block {
  const block = readBlock(reader, label);
  reader.expect(';');
  return block;
}

/** [DECLARE …] BEGIN … [EXCEPTION …] END [label], without what follows. */
export function readBlock(reader: BodyReader, label: string | undefined): Block {
  const { stream } = reader;
  const before = reader.names;
  reader.pushLabel(label ?? '', 'block');
  let declared: number[] = [];
  if (reader.accept('declare')) declared = readDeclarations(reader);
  const { start } = reader.expect('begin');
  const line = stream.lineOf(start);
  const body = readStatements(reader);
  const exceptions = reader.accept('exception') ? readExceptions(reader) : undefined;
  reader.expect('end');
  reader.endLabel(label);
  reader.names = before;
  return {
    kind: 'block',
    line,
    declared,
    body,
    ...(label === undefined ? {} : { label }),
    ...(exceptions === undefined ? {} : { exceptions }),
  };
}

function readExceptions(reader: BodyReader): NonNullable<Block['exceptions']> {
  const line = reader.stream.lineOf(reader.stream.current.start);
  const constant = { isConstant: true } as const;
  const sqlstate = reader.declare('sqlstate', line, reader.types.text, constant).number;
  const sqlerrm = reader.declare('sqlerrm', line, reader.types.text, constant).number;
  const handlers: Handler[] = [];
  do {
    const { start } = reader.expect('when');
    const conditions: string[] = [];
    do {
      if (reader.isKeyword(reader.stream.peek(), 'sqlstate')) {
        reader.stream.next();
        conditions.push(readSqlState(reader));
        continue;
      }
      const name = reader.identifier();
      conditions.push(...(name === 'others' ? [name] : requireCondition(reader, name)));
    } while (reader.accept('or'));
    reader.expect('then');
    handlers.push({ line: reader.stream.lineOf(start), conditions, body: readStatements(reader) });
  } while (reader.isKeyword(reader.stream.peek(), 'when'));
  return { sqlstate, sqlerrm, handlers };
}

function readIf(reader: BodyReader, line: number): If {
  const arms: { line: number; condition: SqlText; body: PlStatement[] }[] = [];
  let armLine = line;
  do {
    const condition = expressionUntil(reader, ['then'], 'THEN');
    arms.push({ line: armLine, condition, body: readStatements(reader) });
    armLine = reader.stream.lineOf(reader.stream.peek().start);
  } while (reader.accept('elsif') || reader.accept('elseif'));
  const otherwise = reader.accept('else') ? readStatements(reader) : undefined;
  reader.expect('end');
  reader.expect('if');
  reader.expect(';');
  return { kind: 'if', line, arms, ...(otherwise === undefined ? {} : { otherwise }) };
}

function readCase(reader: BodyReader, line: number): Case {
  const isSearched = reader.isKeyword(reader.stream.peek(), 'when');
  const expr = isSearched ? undefined : readPieceBefore(reader, 'when', 'WHEN').sql;
  const arms: { line: number; condition: SqlText; body: PlStatement[] }[] = [];
  while (reader.isKeyword(reader.stream.peek(), 'when')) {
    const { start } = reader.expect('when');
    const condition = expressionUntil(reader, ['then'], 'THEN');
    arms.push({ line: reader.stream.lineOf(start), condition, body: readStatements(reader) });
  }
  if (arms.length === 0) {
    reader.stream.next();
    throw reader.stream.syntaxError();
  }
  const otherwise = reader.accept('else') ? { otherwise: readStatements(reader) } : {};
  reader.expect('end');
  reader.expect('case');
  reader.expect(';');
  if (expr === undefined) return { kind: 'case', line, arms, ...otherwise };
  // What is compared is kept in a variable, whose name is told in errors.
  const name = `__Case__Variable_${reader.datums.length}__`;
  const variable = reader.declare(name, line, reader.types.integer).number;
  const compared = arms.map((arm) => ({
    ...arm,
    condition: { ...arm.condition, text: `"${name}" IN (${arm.condition.text})`, names: reader.names },
  }));
  return { kind: 'case', line, arms: compared, operand: { expr, variable }, ...otherwise };
}

/** As readPiece, but what ends it is left. */
function readPieceBefore(reader: BodyReader, end: string, expected: string) {
  const piece = readPiece(reader, [end], expected);
  reader.stream.goTo(reader.stream.place - 1);
  return piece;
}

function readExit(reader: BodyReader, line: number, isContinue: boolean): PlStatement {
  const { stream } = reader;
  const { start } = stream.current;
  const token = stream.peek();
  let label: string | undefined;
  if (reader.isName(token)) {
    label = reader.identifier();
    const found = findLabel(reader.names, label);
    if (found === undefined || found.of === 'other') {
      throw stream.error(
        SqlState.syntaxError,
        `there is no label "${label}" attached to any block or loop enclosing this statement`,
        token.start,
      );
    }
    if (isContinue && found.of !== 'loop') {
      throw stream.error(SqlState.syntaxError, `block label "${label}" cannot be used in CONTINUE`, token.start);
    }
  }
  let condition: SqlText | undefined;
  if (reader.accept('when')) condition = expressionUntil(reader, [';'], ';');
  else reader.expect(';');
  if (label === undefined && !isInLoop(reader.names)) {
    const message = isContinue ? 'CONTINUE cannot be used outside a loop' : 'EXIT cannot be used outside a loop, unless it has a label';
    throw stream.error(SqlState.syntaxError, message, start);
  }
  return {
    kind: 'exit',
    line,
    isContinue,
    ...(label === undefined ? {} : { label }),
    ...(condition === undefined ? {} : { condition }),
  };
}

function readAssert(reader: BodyReader, line: number): PlStatement {
  const condition = readPiece(reader, [',', ';'], ', or ;');
  if (condition.end === ';') return { kind: 'assert', line, condition: condition.sql };
  const message = expressionUntil(reader, [';'], ';');
  return { kind: 'assert', line, condition: condition.sql, message };
}

function readChain(reader: BodyReader): boolean {
  let chain = false;
  if (reader.accept('and')) {
    chain = !reader.accept('no');
    reader.expect('chain');
  }
  reader.expect(';');
  return chain;
}

/** PERFORM's query, with SELECT in its place. */
function readStatementText(reader: BodyReader): { readonly text: SqlText } {
  reader.stream.goTo(reader.stream.place - 1);
  const piece = readText(reader, [';'], ';', false);
  const sql: SqlText = { mode: 'statement', text: `SELECT${piece.text.slice('perform'.length)}`, names: reader.names };
  checkSql(reader, sql, piece.start + 1);
  return { text: sql };
}
