import type * as pg from 'libpg-query';
import { assert } from '../../../commons/assert.js';
import type * as ast from '../ast.js';

export type PgTag = pg.Node extends infer N ? (N extends unknown ? keyof N : never) : never;
export type PgNodeOf<T extends PgTag> = Extract<pg.Node, Record<T, unknown>> extends Record<T, infer V> ? V : never;
export type PgStatementTag = Extract<PgTag, `${string}Stmt`>;

/** One function for each kind of PostgreSQL's nodes that can stand in a place where an `R` is wanted. */
export type Handlers<R, Tags extends PgTag = PgTag> = { readonly [T in Tags]: (node: PgNodeOf<T>, reader: Reader) => R };

export type Mutable<T> = T extends unknown ? { -readonly [K in keyof T]: T[K] } : never;

/**
 * What the converters of one subject need of the others, for one text. Handed down instead of imported, because SQL's
 * subjects contain each other: expressions hold queries, queries hold expressions.
 */
export interface Reader {
  readonly source: string;
  /** The statement being read: where its text starts and ends in `source`. */
  readonly statementStart: number;
  readonly statementEnd: number;
  expr(node: pg.Node | undefined): ast.Expr;
  exprs(nodes: readonly pg.Node[] | undefined): ast.Expr[];
  select(node: pg.SelectStmt): ast.SelectStatement;
  from(node: pg.Node | undefined): ast.From;
  statement(node: pg.Node | undefined): ast.Statement;
  type(node: pg.TypeName | undefined): ast.DataTypeDef;
  /** UTF-16 offset of a node's `location`; undefined where PostgreSQL says that it has none (-1). */
  offset(location: number | undefined): number | undefined;
  /** `{ _location }` to spread into a node, or nothing. */
  at(location: number | undefined): ast.Node;
}

/** Finds and calls the handler of a node; undefined when the table has none for it, or for an empty list item. */
export function dispatch<R>(table: Partial<Handlers<R>>, node: pg.Node, reader: Reader): R | undefined {
  // The one place where a tag and its body lose each other for the compiler: Handlers has paired them by type.
  const handlers = table as Readonly<Record<string, ((body: unknown, reader: Reader) => R) | undefined>>;
  for (const [tag, body] of Object.entries(node)) return handlers[tag]?.(body, reader);
  return undefined;
}

/** The tag of a node; '' for an empty list item. */
export function tagOf(node: pg.Node | undefined): string {
  if (node !== undefined) for (const tag in node) return tag;
  return '';
}

/** What PostgreSQL's grammar always fills. */
export function required<T>(value: T | undefined, what: string): T {
  assert(value !== undefined, `PostgreSQL's parse tree lacks ${what}`);
  return value;
}

export function nonEmpty<T>(list: readonly T[] | undefined): list is readonly T[] {
  return list !== undefined && list.length > 0;
}
