/**
 * Trees back to SQL, spelt as PostgreSQL's ruleutils.c does where a tree without types can: for pg_get_expr(), CHECK
 * constraints, defaults, and everything else that a client reads back. Operators always have parentheses, BETWEEN and IN are
 * printed as what they stand for, and what is printed is read back as the same thing.
 */
import type * as ast from './ast.js';
import { printers } from './deparse/expressions.js';
import type { DeparseOptions, Printer } from './deparse/printer.js';
import { printQuery } from './deparse/queries.js';

export type { DeparseOptions } from './deparse/printer.js';

/** An expression as pg_get_expr() would print it. */
export function deparseExpression(expr: ast.Expr, options: DeparseOptions = {}): string {
  return new TreePrinter(options).expr(expr);
}

/** A query on one line. */
export function deparseQuery(query: ast.SelectStatement, options: DeparseOptions = {}): string {
  return new TreePrinter(options).query(query);
}

class TreePrinter implements Printer {
  indent = 0;

  constructor(readonly options: DeparseOptions) {}

  expr(expr: ast.Expr): string {
    return printExpr(expr, this);
  }

  query(query: ast.SelectStatement): string {
    return printQuery(query, this);
  }
}

function printExpr(expr: ast.Expr, printer: Printer): string {
  // Paired by type in `printers`; the compiler cannot follow a tag through the lookup.
  const print = printers[expr.type] as (expr: ast.Expr, printer: Printer) => string;
  return print(expr, printer);
}
