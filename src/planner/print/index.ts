/**
 * Life of a printed definition: a stored or new query is bound with its shape kept (bind/shape.ts) → each query level chooses names for its FROM
 * items and their columns, as the catalog has them now (level.ts) → clauses and expressions are written in PostgreSQL's form, with every
 * implicit cast and bracket that it would show. What comes out means the same when it is parsed and bound again.
 */
import type { Oid } from '../../commons/ids.js';
import type { BoundExpr, ColumnId } from '../bind/expression.js';
import type { QueryShape } from '../bind/shape.js';
import { printExpr } from './expressions.js';
import type { PrintOptions } from './options.js';
import { Printer, type PrintTools } from './printer.js';
import { printQuery, type QueryOptions } from './queries.js';

export type { PrintOptions } from './options.js';

const TOOLS: PrintTools = { expression: printExpr, query: printQuery };

export interface PrintedQuery {
  readonly text: string;
  /** Users' routines and types that it names. */
  readonly uses: readonly Oid[];
}

export function printedQuery(shape: QueryShape, options: PrintOptions, query: QueryOptions = {}): PrintedQuery {
  const printer = new Printer(options, TOOLS);
  printQuery(printer, shape, undefined, query);
  return { text: printer.out.text, uses: [...printer.names.used] };
}

/** @param columns names of the row's columns by their ids @param rowName of the row, for queries within the expression */
export function expressionText(expr: BoundExpr, options: PrintOptions, columns: ReadonlyMap<ColumnId, string>, rowName?: string): string {
  const printer = new Printer(options, TOOLS, columns, rowName);
  printer.expr(expr, false);
  return printer.out.text;
}
