import { assert } from '../../commons/assert.js';
import { SqlError } from '../../commons/sql-error.js';
import type { Expr, SelectStatement } from '../parse/ast.js';
import type { Parser } from '../parse/parse.js';

/** Expressions and queries that the catalog keeps as SQL text: defaults, checks, index expressions, views. */

const PREFIX = 'SELECT ';

export function parseExpression(parser: Parser, text: string): Expr {
  const [expr] = parseExpressions(parser, text);
  assert(expr !== undefined, `a stored expression is one: ${text}`);
  return expr;
}

/** An index's expressions stand together, parted by commas. */
export function parseExpressions(parser: Parser, text: string): readonly Expr[] {
  const [parsed] = parser.parse(PREFIX + text);
  assert(parsed !== undefined && parsed.statement.type === 'select', `a stored expression is one: ${text}`);
  return parsed.statement.columns.map((column) => column.expr);
}

export function parseQuery(parser: Parser, text: string): SelectStatement {
  const [parsed] = parser.parse(text);
  const statement = parsed?.statement;
  assert(
    statement !== undefined && (statement.type === 'select' || statement.type === 'set operation' || statement.type === 'values'),
    `a stored query is one: ${text}`,
  );
  return statement;
}

const expressions = new WeakMap<object, Map<string, Expr>>();

/** Parsed once per descriptor that the text is of. */
export function storedExpression(parser: Parser, owner: object, text: string): Expr {
  let byText = expressions.get(owner);
  if (byText === undefined) {
    byText = new Map();
    expressions.set(owner, byText);
  }
  let expr = byText.get(text);
  if (expr === undefined) {
    expr = parseExpression(parser, text);
    byText.set(text, expr);
  }
  return expr;
}

const queries = new WeakMap<object, SelectStatement>();

export function storedQuery(parser: Parser, owner: object, text: string): SelectStatement {
  let query = queries.get(owner);
  if (query === undefined) {
    query = parseQuery(parser, text);
    queries.set(owner, query);
  }
  return query;
}

/** Places in a stored text mean nothing in the statement that the user sent. */
export function withoutPosition<T>(bind: () => T): T {
  try {
    return bind();
  } catch (error) {
    if (!(error instanceof SqlError) || error.fields.position === undefined) throw error;
    const { position: _, ...fields } = error.fields;
    throw new SqlError(error.code, error.message, fields);
  }
}
