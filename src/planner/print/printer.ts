import { quoteIdentifier } from '../../catalog/definitions/index.js';
import { operatorByOid, procByOid } from '../../catalog/made-routines.js';
import { FIRST_USER_OID } from '../../commons/ids.js';
import type { BoundCall, BoundExpr, ColumnId } from '../bind/expression.js';
import type { QueryShape } from '../bind/shape.js';
import { castParts, withoutImplicit } from './casts.js';
import type { QueryLevel } from './level.js';
import { Names } from './names.js';
import type { PrintOptions } from './options.js';
import { isSimple } from './simple.js';
import { SqlWriter } from './writer.js';

/** What the printer's files need of each other: expressions hold queries, queries hold expressions. */
export interface PrintTools {
  expression(printer: Printer, expr: BoundExpr, showImplicit: boolean): void;
  query(printer: Printer, shape: QueryShape, parent: QueryLevel | undefined, options?: { readonly isNameless?: true }): void;
}

/** One text that is being printed. Rules and layout are those of PostgreSQL's ruleutils.c. */
export class Printer {
  readonly options: PrintOptions;
  readonly names: Names;
  readonly out: SqlWriter;
  readonly tools: PrintTools;
  level: QueryLevel | undefined;
  /** Columns outside of any query, quoted where they must be: of a check, a default, an index. */
  readonly rowColumns: ReadonlyMap<ColumnId, string>;
  /** What they belong to. */
  readonly rowName: string | undefined;
  /** Whether columns are written with their table. */
  isPrefixed = false;

  constructor(options: PrintOptions, tools: PrintTools, rowColumns: ReadonlyMap<ColumnId, string> = new Map(), rowName?: string) {
    this.options = options;
    this.names = new Names(options);
    this.out = new SqlWriter(options.indent);
    this.tools = tools;
    this.rowColumns = rowColumns;
    this.rowName = rowName;
  }

  put(text: string): void {
    this.out.put(text);
  }

  /** @param showImplicit casts that nobody wrote are shown: where the expression's own type is all that tells its meaning */
  expr(expr: BoundExpr, showImplicit = false): void {
    this.tools.expression(this, expr, showImplicit);
  }

  /** In parentheses, where fewest parentheses are asked for and the text needs them. */
  within(expr: BoundExpr, showImplicit: boolean, parent: BoundExpr): void {
    const shown = showImplicit ? expr : withoutImplicit(expr);
    if (!this.options.pretty || isSimple(shown, parent)) this.expr(shown, showImplicit);
    else this.inParentheses(() => this.expr(shown, showImplicit));
  }

  inParentheses(print: () => void): void {
    this.put('(');
    print();
    this.put(')');
  }

  /** Parentheses around whatever an operator makes, unless they are saved. */
  grouped(print: () => void): void {
    if (this.options.pretty) print();
    else this.inParentheses(print);
  }

  list(exprs: readonly BoundExpr[], showImplicit = true): void {
    exprs.forEach((expr, i) => {
      if (i > 0) this.put(', ');
      this.expr(expr, showImplicit);
    });
  }

  /** What is sorted, grouped or partitioned by (get_rule_sortgroupclause). */
  sortExpr(expr: BoundExpr): void {
    if (expr.kind === 'const') this.put(this.names.constant(expr, 1));
    else if (this.isColumn(expr)) this.expr(expr, true);
    else if (this.options.pretty || isCallLike(expr, this)) this.inParentheses(() => this.expr(expr, true));
    else this.expr(expr, true);
  }

  operator(call: BoundCall): string {
    const { operator } = call;
    if (operator === undefined) return call.name;
    if (call.proc >= FIRST_USER_OID) this.names.used.add(call.proc);
    return this.names.operator(operator.symbol, operatorByOid(this.options.catalog, operator.oid)?.namespace ?? 0);
  }

  isVariadic(proc: number): boolean {
    const found = procByOid(this.options.catalog, proc);
    return found !== undefined && found.variadic !== 0 && found.variadic !== ANY;
  }

  column(id: ColumnId, fallback: string): void {
    const row = this.rowColumns.get(id);
    const named = this.level?.column(id);
    if (named?.table !== undefined && this.isPrefixed) this.put(`${quoteIdentifier(named.table)}.`);
    // Within a query the row's columns are an outer query's.
    if (named === undefined && row !== undefined && this.level !== undefined && this.rowName !== undefined) this.put(`${this.rowName}.`);
    this.put(named === undefined && row !== undefined ? row : quoteIdentifier(named?.column ?? fallback));
  }

  constantOrCast(arg: BoundExpr, type: number, typmod: number, parent: BoundExpr): void {
    if (arg.kind === 'const' && arg.type === type && arg.typmod === -1) this.put(this.names.constant(arg, -1));
    else if (this.options.pretty) this.within(arg, false, parent);
    else this.inParentheses(() => this.within(arg, false, parent));
    this.put(`::${this.names.type(type, typmod)}`);
  }

  isColumn(expr: BoundExpr): boolean {
    return expr.kind === 'column' && castParts(expr) === undefined && this.level?.computed(expr.id) === undefined;
  }
}

const ANY = 2276;

/** PostgreSQL would read a call that stands alone as one, but likes it in parentheses here. */
function isCallLike(expr: BoundExpr, printer: Printer): boolean {
  if (expr.kind === 'call') return expr.operator === undefined;
  return expr.kind === 'column' && printer.level?.computed(expr.id) !== undefined;
}
