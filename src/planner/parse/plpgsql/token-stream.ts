import { SqlError, type SqlErrorFields } from '../../../commons/sql-error.js';
import { SqlState, type SqlStateCode } from '../../../commons/sqlstates.js';
import { type Token, tokenize } from '../tokens.js';

const END: Token = { kind: 'punctuation', text: '', start: 0, end: 0 };

/** The tokens of a body, with PostgreSQL's way of telling where it stopped: errors count from the body's first character. */
export class TokenStream {
  readonly source: string;
  readonly #tokens: readonly Token[];
  readonly #end: Token;
  readonly #lineStarts: number[] = [0];
  #next = 0;
  /** The last token read. */
  current: Token = END;

  constructor(source: string) {
    this.source = source;
    this.#tokens = tokenize(source);
    this.#end = { ...END, start: source.length, end: source.length };
    for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) this.#lineStarts.push(at + 1);
  }

  get place(): number {
    return this.#next;
  }

  goTo(place: number): void {
    this.#next = place;
    this.current = this.#tokens[place - 1] ?? END;
  }

  next(): Token {
    this.current = this.#tokens[this.#next] ?? this.#end;
    if (this.#next < this.#tokens.length) this.#next++;
    // Only what goes on to the end of the text can be without its own end.
    if (this.current.end === this.source.length && this.current.start < this.current.end) this.#requireEnded(this.current);
    return this.current;
  }

  /** @throws SqlError 42601 */
  #requireEnded({ kind, text }: Token): void {
    if (kind !== 'string' && kind !== 'quoted') return;
    const dollar = /^\$[^$]*\$/.exec(text)?.[0];
    const quote = kind === 'quoted' ? '"' : "'";
    const isEnded =
      dollar === undefined
        ? text.length > text.indexOf(quote) + 1 && text.endsWith(quote) && !/^[^'"]*(['"])(?:\1\1)*$/.test(text)
        : text.length >= dollar.length * 2 && text.endsWith(dollar);
    if (isEnded) return;
    const what = kind === 'quoted' ? 'quoted identifier' : dollar === undefined ? 'quoted string' : 'dollar-quoted string';
    throw this.syntaxError(`unterminated ${what}`);
  }

  /** The token after next by `ahead` places. */
  peek(ahead = 0): Token {
    return this.#tokens[this.#next + ahead] ?? this.#end;
  }

  isEnd(token: Token): boolean {
    return token === this.#end;
  }

  /** From 1. */
  lineOf(offset: number): number {
    let low = 0;
    let high = this.#lineStarts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#lineStarts[middle] ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Where reading has got to. */
  get latestLine(): number {
    return this.lineOf(this.current.start);
  }

  error(code: SqlStateCode, message: string, position?: number, fields: SqlErrorFields = {}): SqlError {
    return new SqlError(code, message, position === undefined ? fields : { ...fields, position });
  }

  /** As the grammar's own errors: about the last token read. */
  syntaxError(message = 'syntax error'): SqlError {
    const { current } = this;
    if (this.isEnd(current)) return this.error(SqlState.syntaxError, `${message} at end of input`, current.start);
    const text = this.source.slice(current.start, current.end);
    return this.error(SqlState.syntaxError, `${message} at or near "${text}"`, current.start);
  }
}

/** The name that a word or quoted identifier gives; undefined: it is none. */
export function nameOf(token: Token): string | undefined {
  if (token.kind === 'word') return token.text;
  if (token.kind === 'parameter') return token.text;
  return token.kind === 'quoted' ? token.text.slice(1, -1).replaceAll('""', '"') : undefined;
}
