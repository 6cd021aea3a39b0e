/**
 * Text → statements. One way in for all SQL: the session's statements, views read back from the catalog, defaults.
 *
 * 1. The guard (guard.ts) may admit a text to pgsql-ast-parser (fast-reader.ts); everything else, and every syntax error,
 *    goes to PostgreSQL's own grammar in WASM (pg-reader/).
 * 2. Both give the nodes of ast.ts; a test proves that they agree on all that the guard admits.
 * 3. For the simple protocol, literals.ts takes literals out of the text first, so that texts that differ in them share a plan.
 */
import type { ParsedStatement } from './ast.js';
import { readFast } from './fast-reader.js';
import { admits } from './guard.js';
import { readListens } from './listens.js';
import { loadPgGrammar } from './pg-reader/index.js';

export interface ParserOptions {
  /**
   * 'pg': PostgreSQL's grammar always. 'fast': pgsql-ast-parser for what the guard admits. 'auto': the faster one, which is
   * PostgreSQL's grammar: see ARCHITECTURE.md for the measurements.
   */
  readonly reader?: 'auto' | 'pg' | 'fast';
  /** How deeply expressions, sub-queries and joins may nest before the answer is 54001; 1000 if not given. */
  readonly maxDepth?: number;
  /** Characters outside of literals before the answer is 54001; 2 Mi if not given. */
  readonly maxLength?: number;
}

export interface Parser {
  /**
   * The statements of a text, none for one that is empty or only comments.
   * @throws SqlError 42601 and the like with position; 54001 when nested too deeply; 0A000 for SQL that has no node in ast.ts.
   */
  parse(text: string): ParsedStatement[];
}

const DEFAULT_MAX_DEPTH = 1000;

/** Loads the grammar: once per server. */
export async function loadParser(options: ParserOptions = {}): Promise<Parser> {
  const grammar = await loadPgGrammar(options.maxDepth ?? DEFAULT_MAX_DEPTH, options.maxLength);
  if (options.reader !== 'fast') return { parse: (text) => readListens(text, (plain) => grammar.read(plain)) };
  return {
    parse(text) {
      const statement = admits(text) ? readFast(text) : undefined;
      return statement === undefined ? readListens(text, (plain) => grammar.read(plain)) : [statement];
    },
  };
}
