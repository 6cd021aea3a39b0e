import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { FormatContext } from '../format-context.js';
import { parseNumeric } from '../numeric/numeric.js';
import { Jsonb, type JsonNode } from '../value.js';
import { jsonSyntaxError } from './errors.js';
import { JsonLexer } from './lexer.js';
import { objectOf } from './node.js';

/** Levels of arrays and objects: what the recursion of this room stands on any stack. */
export const MAX_JSON_DEPTH = 1000;

const VALUES_BETWEEN_CHECKS = 4096;

function tooDeep(): SqlError {
  return new SqlError(SqlState.statementTooComplex, 'stack depth limit exceeded', {
    hint: `JSON values may be nested ${MAX_JSON_DEPTH} levels deep.`,
  });
}

/** A recursive-descent parser that builds the tree as it goes. */
class JsonParser {
  readonly #lexer: JsonLexer;
  readonly #interrupt: FormatContext['interrupt'];
  #depth = 0;
  #values = 0;

  constructor(text: string, decodesStrings: boolean, interrupt: FormatContext['interrupt']) {
    this.#lexer = new JsonLexer(text, decodesStrings);
    this.#interrupt = interrupt;
  }

  parse(): JsonNode {
    this.#lexer.next();
    const node = this.#value();
    if (this.#lexer.token !== 'end') throw this.#expected('end of input');
    return node;
  }

  #expected(what: string): SqlError {
    const { text, token, tokenStart, tokenEnd } = this.#lexer;
    if (token === 'end') return jsonSyntaxError(text, 'The input string ended unexpectedly.', tokenEnd, true);
    return jsonSyntaxError(text, `Expected ${what}, but found "${text.slice(tokenStart, tokenEnd)}".`, tokenEnd);
  }

  /** The value that begins at the current token; leaves the token behind it. */
  #value(): JsonNode {
    const lexer = this.#lexer;
    if (++this.#values % VALUES_BETWEEN_CHECKS === 0) this.#interrupt?.check();
    let node: JsonNode;
    switch (lexer.token) {
      case '{':
        return this.#object();
      case '[':
        return this.#array();
      case 'string':
        node = lexer.string;
        break;
      case 'number':
        node = parseNumeric(lexer.text.slice(lexer.tokenStart, lexer.tokenEnd));
        break;
      case 'true':
        node = true;
        break;
      case 'false':
        node = false;
        break;
      case 'null':
        node = null;
        break;
      default:
        throw this.#expected('JSON value');
    }
    lexer.next();
    return node;
  }

  #array(): JsonNode {
    if (++this.#depth > MAX_JSON_DEPTH) throw tooDeep();
    const lexer = this.#lexer;
    const items: JsonNode[] = [];
    if (lexer.next() !== ']') {
      items.push(this.#value());
      while (lexer.token === ',') {
        lexer.next();
        items.push(this.#value());
      }
      if (lexer.token !== ']') throw this.#expected('"," or "]"');
    }
    lexer.next();
    this.#depth--;
    return items;
  }

  #object(): JsonNode {
    if (++this.#depth > MAX_JSON_DEPTH) throw tooDeep();
    const lexer = this.#lexer;
    const keys: string[] = [];
    const values: JsonNode[] = [];
    let token = lexer.next();
    if (token !== '}') {
      if (token !== 'string') throw this.#expected('string or "}"');
      for (;;) {
        if (token !== 'string') throw this.#expected('string');
        keys.push(lexer.string);
        if (lexer.next() !== ':') throw this.#expected('":"');
        lexer.next();
        values.push(this.#value());
        if (lexer.token !== ',') break;
        token = lexer.next();
      }
      if (lexer.token !== '}') throw this.#expected('"," or "}"');
    }
    lexer.next();
    this.#depth--;
    return objectOf(keys, values);
  }
}

/** jsonb_in: keys sorted and unique (the last one wins), numbers exact. @throws SqlError 22P02, 22P05, 54001, 22003 */
export function parseJsonb(text: string, cx?: FormatContext): Jsonb {
  return new Jsonb(new JsonParser(text, true, cx?.interrupt).parse());
}

/**
 * json_in: the text itself when it is valid. JSON.parse takes and refuses exactly what PostgreSQL does, many times faster than
 * a parser written here; the latter finds the words for an error.
 * @throws SqlError 22P02
 */
export function checkJson(text: string): string {
  try {
    JSON.parse(text);
  } catch {
    new JsonParser(text, false, undefined).parse();
  }
  return text;
}
