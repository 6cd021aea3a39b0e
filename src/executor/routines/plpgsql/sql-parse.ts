import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { Indirection, Statement } from '../../../planner/parse/ast.js';
import type { Parser } from '../../../planner/parse/parse.js';
import type { SqlText } from '../../../planner/parse/plpgsql/ast.js';
import { type Token, tokenize } from '../../../planner/parse/tokens.js';

/** SQL of a body as SQL's grammar reads it. */
export interface ParsedSql {
  readonly statement: Statement;
  /** The text that was parsed: an expression's with SELECT in front. */
  readonly parsed: string;
  /** So much is to be added to places in it to get those in the text. */
  readonly shift: number;
  /** What of an assignment's variable is assigned to; absent: the whole. */
  readonly steps?: readonly Indirection[];
  /** Where the places in `steps` begin to count. */
  readonly stepShift?: number;
}

const SELECT = 'SELECT ';

/** @throws SqlError 42601 with a place in the SQL's own text */
export function parseSql(sql: SqlText, parser: Parser): ParsedSql {
  switch (sql.mode) {
    case 'statement':
      return { ...parseOne(sql.text, 0, parser), shift: 0 };
    case 'expression':
      return parseExpression(sql.text, 0, parser);
    case 'assignment':
      return parseAssignment(sql, parser);
  }
}

function parseExpression(text: string, start: number, parser: Parser): ParsedSql {
  const shift = start - SELECT.length;
  return { ...parseOne(SELECT + text, shift, parser), shift };
}

function parseOne(text: string, shift: number, parser: Parser): { readonly statement: Statement; readonly parsed: string } {
  let statements: ReturnType<Parser['parse']>;
  try {
    statements = parser.parse(text);
  } catch (error) {
    throw shifted(error, shift);
  }
  const [only] = statements;
  if (only === undefined || statements.length > 1) {
    throw new SqlError(SqlState.syntaxError, 'syntax error at end of input', { position: Math.max(0, text.length + shift) });
  }
  return { statement: only.statement, parsed: text };
}

/** @param shift to be added to the place */
export function shifted(error: unknown, shift: number): unknown {
  if (shift === 0 || !(error instanceof SqlError) || error.fields.position === undefined) return error;
  return new SqlError(error.code, error.message, { ...error.fields, position: Math.max(0, error.fields.position + shift) });
}

function parseAssignment(sql: SqlText, parser: Parser): ParsedSql {
  const tokens = tokenize(sql.text);
  const names = sql.targetNames ?? 1;
  let equals = -1;
  let depth = 0;
  for (const [i, token] of tokens.entries()) {
    const { text, kind } = token;
    if (kind === 'string' || kind === 'quoted') continue;
    if (text === '(' || text === '[') depth++;
    else if (text === ')' || text === ']') depth--;
    else if (depth === 0 && (text === ':=' || text === '=')) {
      equals = i;
      break;
    }
  }
  const sign = tokens[equals];
  const firstStep = tokens[names * 2 - 1];
  if (sign === undefined || firstStep === undefined || !beginsStep(firstStep, sign)) throw badAssignment(sql, firstStep);
  const value = parseExpression(sql.text.slice(sign.end), sign.end, parser);
  if (firstStep === sign) return value;
  const prefix = 'UPDATE t SET a';
  const stepShift = firstStep.start - prefix.length;
  const { statement } = parseOne(`${prefix}${sql.text.slice(firstStep.start, sign.start)} = NULL`, stepShift, parser);
  const clause = statement.type === 'update' ? statement.sets[0] : undefined;
  const steps = clause?.type === 'set' ? clause.indirection : undefined;
  if (steps === undefined) throw badAssignment(sql, firstStep);
  return { ...value, steps, stepShift };
}

function beginsStep(token: Token, sign: Token): boolean {
  return token === sign || token.text === '[' || token.text === '.';
}

function badAssignment(sql: SqlText, token: Token | undefined): SqlError {
  if (token === undefined) return new SqlError(SqlState.syntaxError, 'syntax error at end of input', { position: sql.text.length });
  const written = sql.text.slice(token.start, token.end);
  return new SqlError(SqlState.syntaxError, `syntax error at or near "${written}"`, { position: token.start });
}
