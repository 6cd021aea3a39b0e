/**
 * The first reader: PostgreSQL's own grammar.
 *
 * 1. wasm-grammar.ts hands the text to libpg-query and gets PostgreSQL's raw parse tree back as JSON, or its error with
 *    the position (errors.ts: SQLSTATE, hint, position in UTF-16).
 * 2. PgReader walks the tree: each subject (expressions, select, changes, create-table, roles, settings …) has a file with
 *    a table from PostgreSQL's node tags to functions that make nodes of ../ast.ts.
 * 3. source.ts turns byte offsets into UTF-16 offsets; a depth count keeps the walk, and all that will walk the result, shallow.
 */
import type * as pg from 'libpg-query';
import type * as ast from '../ast.js';
import { stackDepthExceeded } from './errors.js';
import { expression } from './expressions.js';
import { fromItem } from './from.js';
import { type Reader, required } from './reader.js';
import { selectStatement } from './select.js';
import { utf16Offsets } from './source.js';
import { statement } from './statements.js';
import { dataType } from './types.js';
import { WasmGrammar } from './wasm-grammar.js';

export interface PgGrammar {
  /** @throws SqlError 42601 and other errors of PostgreSQL's scanner and grammar; 54001 when nested too deeply; 0A000. */
  read(text: string): ast.ParsedStatement[];
}

/** Loads PostgreSQL's grammar; `maxDepth` limits how deeply expressions, queries and joins may nest together. */
export async function loadPgGrammar(maxDepth: number, maxLength?: number): Promise<PgGrammar> {
  const grammar = await WasmGrammar.load(maxLength);
  return {
    read(text) {
      const tree = grammar.parse(text);
      try {
        const reader = new PgReader(text, maxDepth);
        return (tree.stmts ?? []).map((raw) => reader.parsedStatement(raw));
      } catch (error) {
        // How many levels JavaScript's own stack holds depends on how far V8 has compiled the code and on who calls.
        if (error instanceof RangeError && error.message.includes('call stack')) throw stackDepthExceeded();
        throw error;
      }
    },
  };
}

class PgReader implements Reader {
  statementStart = 0;
  statementEnd: number;
  readonly #toUtf16: (byte: number) => number;
  #depth = 0;

  constructor(
    readonly source: string,
    readonly maxDepth: number,
  ) {
    this.statementEnd = source.length;
    this.#toUtf16 = utf16Offsets(source);
  }

  parsedStatement(raw: pg.RawStmt): ast.ParsedStatement {
    const from = raw.stmt_location ?? 0;
    const start = this.#toUtf16(from);
    const end = raw.stmt_len === undefined ? this.source.length : this.#toUtf16(from + raw.stmt_len);
    const piece = this.source.slice(start, end);
    const text = piece.trim();
    this.statementStart = start + (piece.length - piece.trimStart().length);
    this.statementEnd = this.statementStart + text.length;
    return { statement: this.statement(raw.stmt), text, offset: this.statementStart };
  }

  statement(node: pg.Node | undefined): ast.Statement {
    return statement(required(node, 'a statement'), this);
  }

  expr(node: pg.Node | undefined): ast.Expr {
    this.#enter();
    const result = expression(required(node, 'an expression'), this);
    this.#depth--;
    return result;
  }

  exprs(nodes: readonly pg.Node[] | undefined): ast.Expr[] {
    return nodes === undefined ? [] : nodes.map((node) => this.expr(node));
  }

  select(node: pg.SelectStmt): ast.SelectStatement {
    this.#enter();
    const result = selectStatement(node, this);
    this.#depth--;
    return result;
  }

  from(node: pg.Node | undefined): ast.From {
    this.#enter();
    const result = fromItem(node, this);
    this.#depth--;
    return result;
  }

  type(node: pg.TypeName | undefined): ast.DataTypeDef {
    return dataType(node, this);
  }

  offset(location: number | undefined): number | undefined {
    return location === -1 ? undefined : this.#toUtf16(location ?? 0);
  }

  at(location: number | undefined): ast.Node {
    return location === -1 ? {} : { _location: { start: this.#toUtf16(location ?? 0) } };
  }

  /** A reader that throws is thrown away, so nobody needs to count back then. */
  #enter(): void {
    if (++this.#depth > this.maxDepth) throw stackDepthExceeded();
  }
}
