import type * as ast from '../ast.js';

/** What the printers of expressions and queries need of each other, and where they are. */
export interface Printer {
  readonly options: DeparseOptions;
  /** Spaces that a CASE on a line of its own stands in. */
  indent: number;
  expr(expr: ast.Expr): string;
  query(query: ast.SelectStatement): string;
}

export interface DeparseOptions {
  /**
   * The type that a string literal got in its context, spelt as in a cast: PostgreSQL prints `'x'::text`. Only who bound the
   * expression knows it; without this, string literals are printed bare.
   */
  readonly stringType?: (literal: ast.ExprString) => string | undefined;
}

export function list(printer: Printer, exprs: readonly ast.Expr[]): string {
  return exprs.map((expr) => printer.expr(expr)).join(', ');
}
