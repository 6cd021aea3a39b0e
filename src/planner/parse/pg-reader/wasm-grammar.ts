import type { ParseResult } from 'libpg-query';
import PgQueryModule, { type PgQueryInstance } from 'libpg-query/wasm/libpg-query.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { grammarError, stackDepthExceeded } from './errors.js';
import { requireCheapComments } from './nested-comments.js';

/** How often an instance may run out of stack, which costs it some of its own small stack each time, while no spare is there. */
const MAX_OVERFLOWS = 8;
/** No shorter text nests deeply enough to run out of stack (a level takes two characters, and 8000 levels are fine). */
const SHORT_TEXT = 8_000;
const DEFAULT_MAX_UNQUOTED = 2 * 1024 * 1024;

/**
 * PostgreSQL's grammar in WASM. An input that nests too deeply unwinds the WASM code with a JavaScript exception, which
 * leaks stack and memory inside the instance; so a damaged instance is replaced by a spare one that was loaded before,
 * and a new spare is loaded meanwhile.
 */
export class WasmGrammar {
  #active: PgQueryInstance;
  #overflows = 0;
  #unusable = false;
  #spare: PgQueryInstance | undefined;
  readonly #maxUnquoted: number;

  private constructor(active: PgQueryInstance, maxUnquoted: number) {
    this.#active = active;
    this.#maxUnquoted = maxUnquoted;
    this.#loadSpare();
  }

  /** @param maxUnquoted characters that a text may have outside of literals */
  static async load(maxUnquoted = DEFAULT_MAX_UNQUOTED): Promise<WasmGrammar> {
    return new WasmGrammar(await newInstance(), maxUnquoted);
  }

  /** PostgreSQL's raw parse tree. @throws SqlError 42601 and the like from the grammar, 54001 for too deep an input. */
  parse(text: string): ParseResult {
    // A C string would end there, and the rest would be dropped unseen.
    if (text.includes('\0')) throw new SqlError(SqlState.characterNotInRepertoire, 'invalid byte sequence for encoding "UTF8": 0x00');
    if (text.length > SHORT_TEXT) requireCheapComments(text);
    if (text.length > this.#maxUnquoted) requireMostlyLiterals(text, this.#maxUnquoted);
    const worn = this.#unusable || (this.#overflows >= MAX_OVERFLOWS && text.length > SHORT_TEXT);
    if (worn && !this.#replace()) {
      throw new SqlError(SqlState.outOfMemory, 'out of memory', { detail: 'The SQL parser is being reloaded.' });
    }
    const instance = this.#active;
    let json: string;
    try {
      json = run(instance, text);
    } catch (error) {
      if (error instanceof SqlError) throw error;
      if (error instanceof RangeError) {
        this.#overflows++;
        this.#replace();
        throw stackDepthExceeded();
      }
      // A trap or abort inside WASM: out of its memory, or its stack overwritten.
      this.#unusable = true;
      this.#replace();
      throw new SqlError(SqlState.outOfMemory, 'out of memory', { detail: `The SQL parser failed: ${String(error)}` });
    }
    return JSON.parse(json);
  }

  #replace(): boolean {
    if (this.#spare === undefined) return false;
    this.#active = this.#spare;
    this.#spare = undefined;
    this.#overflows = 0;
    this.#unusable = false;
    this.#loadSpare();
    return true;
  }

  #loadSpare(): void {
    newInstance().then(
      (instance) => {
        this.#spare = instance;
      },
      // The server goes on with the active instance; the next replacement reports what it meets.
      () => undefined,
    );
  }
}

/** A long text is read in one go: what is not in quotes may take some hundred nanoseconds a byte. @throws SqlError 54001 */
function requireMostlyLiterals(text: string, maxUnquoted: number): void {
  let unquoted = 0;
  for (let at = 0; at < text.length; ) {
    const open = text.indexOf("'", at);
    unquoted += (open < 0 ? text.length : open) - at;
    if (open < 0) break;
    const close = text.indexOf("'", open + 1);
    if (close < 0) break;
    at = close + 1;
  }
  if (unquoted <= maxUnquoted) return;
  throw new SqlError(SqlState.statementTooComplex, 'statement is too long', {
    detail: `Outside of literals, a statement may have ${maxUnquoted} characters (kalamdb.max_statement_length).`,
    hint: 'Send long lists as an array in a parameter, and rows with COPY or INSERT of literals.',
  });
}

function newInstance(): Promise<PgQueryInstance> {
  return PgQueryModule({ print: () => undefined, printErr: () => undefined });
}

function run(instance: PgQueryInstance, text: string): string {
  const bytes = instance.lengthBytesUTF8(text) + 1;
  const textPointer = instance._malloc(bytes);
  if (textPointer === 0) throw new SqlError(SqlState.outOfMemory, 'out of memory');
  let resultPointer = 0;
  try {
    instance.stringToUTF8(text, textPointer, bytes);
    resultPointer = instance._wasm_parse_query_raw(textPointer);
    // struct PgQueryParseResult { char *parse_tree; char *stderr_buffer; PgQueryError *error; }
    const errorPointer = instance.getValue(resultPointer + 8, 'i32');
    if (errorPointer !== 0) throw readError(instance, errorPointer, text);
    return instance.UTF8ToString(instance.getValue(resultPointer, 'i32'));
  } finally {
    instance._free(textPointer);
    if (resultPointer !== 0) instance._wasm_free_parse_result(resultPointer);
  }
}

/** struct PgQueryError { char *message, *funcname, *filename; int lineno, cursorpos; char *context; } */
function readError(instance: PgQueryInstance, pointer: number, text: string): SqlError {
  const message = instance.UTF8ToString(instance.getValue(pointer, 'i32'));
  return grammarError(message, instance.getValue(pointer + 16, 'i32'), text);
}
