import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { TypeCodec } from '../codec.js';
import type { FormatContext } from '../format-context.js';
import { isSpace } from '../input-errors.js';
import { SqlArray, type SqlValue } from '../value.js';

/** PostgreSQL's MAXDIM. */
export const MAX_DIMENSIONS = 6;
/** PostgreSQL's MaxArraySize: elements of one array. */
export const MAX_ARRAY_SIZE = 134_217_727;

const QUOTE = 34;
const BACKSLASH = 92;
const OPEN = 123;
const CLOSE = 125;

export function tooManyDimensions(count: number): SqlError {
  return new SqlError(
    SqlState.programLimitExceeded,
    `number of array dimensions (${count}) exceeds the maximum allowed (${MAX_DIMENSIONS})`,
  );
}

/** What came last, as far as it decides on what may come next. */
type State = 'level started' | 'element done' | 'element delimited' | 'level done' | 'level delimited';

/** Reads the items of '{…}' as texts; conversion follows, since PostgreSQL reports malformed braces before bad elements. */
class ArrayReader {
  readonly items: (string | null)[] = [];
  readonly dimensions: number[] = [];
  readonly #text: string;
  readonly #delimiter: number;
  #at: number;
  /** Depth at which items stand; -1 before the first one. */
  #itemLevel = -1;

  constructor(text: string, at: number, delimiter: string) {
    this.#text = text;
    this.#at = at;
    this.#delimiter = delimiter.charCodeAt(0);
  }

  malformed(detail: string): SqlError {
    return new SqlError(SqlState.invalidTextRepresentation, `malformed array literal: "${this.#text}"`, { detail });
  }

  read(): void {
    const counts: number[] = [];
    let state: State = 'level started';
    for (;;) {
      this.#skipSpaces();
      if (this.#at >= this.#text.length) throw this.malformed('Unexpected end of input.');
      const code = this.#text.charCodeAt(this.#at);
      if (code === OPEN) {
        if (state !== 'level started' && state !== 'level delimited') throw this.#unexpected('{');
        if (counts.length >= MAX_DIMENSIONS) throw tooManyDimensions(counts.length + 1);
        counts.push(0);
        this.#at++;
        state = 'level started';
      } else if (code === CLOSE) {
        const level = counts.length;
        if (state !== 'element done' && state !== 'level done' && !(state === 'level started' && level === 1)) throw this.#unexpected('}');
        this.#closeLevel(level - 1, counts.pop() ?? 0);
        this.#at++;
        if (level === 1) break;
        counts[level - 2] = (counts[level - 2] ?? 0) + 1;
        state = 'level done';
      } else if (code === this.#delimiter) {
        if (state === 'element done') state = 'element delimited';
        else if (state === 'level done') state = 'level delimited';
        else throw this.#unexpected(String.fromCharCode(code));
        this.#at++;
      } else {
        if (state !== 'level started' && state !== 'element delimited') {
          throw code === BACKSLASH ? this.#unexpected('\\') : this.malformed('Unexpected array element.');
        }
        this.#readItem(code, counts.length);
        counts[counts.length - 1] = (counts[counts.length - 1] ?? 0) + 1;
        state = 'element done';
      }
    }
    this.#skipSpaces();
    if (this.#at < this.#text.length) throw this.malformed('Junk after closing right brace.');
  }

  #readItem(code: number, level: number): void {
    if (this.#itemLevel === -1) this.#itemLevel = level;
    else if (this.#itemLevel !== level) throw this.#unequal();
    this.items.push(code === QUOTE ? this.#quotedItem() : this.#plainItem());
  }

  #closeLevel(depth: number, count: number): void {
    if (count === 0) return;
    const known = this.dimensions[depth];
    if (known === undefined) this.dimensions[depth] = count;
    else if (known !== count) throw this.#unequal();
  }

  #unequal(): SqlError {
    return this.malformed('Multidimensional arrays must have sub-arrays with matching dimensions.');
  }

  #unexpected(character: string): SqlError {
    return this.malformed(`Unexpected "${character}" character.`);
  }

  #skipSpaces(): void {
    while (this.#at < this.#text.length && isSpace(this.#text.charCodeAt(this.#at))) this.#at++;
  }

  #quotedItem(): string {
    const text = this.#text;
    let item = '';
    let from = ++this.#at;
    for (; this.#at < text.length; this.#at++) {
      const code = text.charCodeAt(this.#at);
      if (code === QUOTE) {
        item += text.slice(from, this.#at);
        this.#at++;
        return item;
      }
      if (code === BACKSLASH) {
        item += text.slice(from, this.#at);
        from = ++this.#at;
      }
    }
    throw this.malformed('Unexpected end of input.');
  }

  /** Unquoted: trailing spaces don't count unless escaped, and NULL without escapes is null. */
  #plainItem(): string | null {
    const text = this.#text;
    let item = '';
    let from = this.#at;
    let end = from;
    let escaped = false;
    for (; ; this.#at++) {
      if (this.#at >= text.length) throw this.malformed('Unexpected end of input.');
      const code = text.charCodeAt(this.#at);
      if (code === CLOSE || code === this.#delimiter) break;
      if (code === OPEN) throw this.#unexpected('{');
      if (code === QUOTE) throw this.malformed('Unexpected array element.');
      if (code === BACKSLASH) {
        escaped = true;
        item += text.slice(from, this.#at);
        from = ++this.#at;
        if (from >= text.length) throw this.malformed('Unexpected end of input.');
        end = from + 1;
      } else if (!isSpace(code)) {
        end = this.#at + 1;
      }
    }
    item += text.slice(from, end);
    return !escaped && item.length === 4 && item.toUpperCase() === 'NULL' ? null : item;
  }
}

interface Bounds {
  readonly dimensions: number[];
  readonly lowerBounds: number[];
  /** Where the braces begin. */
  readonly at: number;
}

/** '[2:3][0:1]=' before the braces; undefined when there is none. */
function readBounds(text: string, start: number, malformed: (detail: string) => SqlError): Bounds | undefined {
  const dimensions: number[] = [];
  const lowerBounds: number[] = [];
  let at = start;
  const skipSpaces = (): void => {
    while (at < text.length && isSpace(text.charCodeAt(at))) at++;
  };
  const readNumber = (): number | undefined => {
    const match = /^[+-]?\d+/.exec(text.slice(at, at + 24));
    if (match === null) return undefined;
    at += match[0].length;
    return Number(match[0]);
  };
  for (;;) {
    skipSpaces();
    if (text[at] !== '[') break;
    at++;
    if (dimensions.length >= MAX_DIMENSIONS) throw tooManyDimensions(dimensions.length + 1);
    skipSpaces();
    let upper = readNumber();
    let lower = 1;
    if (upper === undefined) throw malformed('"[" must introduce explicitly-specified array dimensions.');
    if (text[at] === ':') {
      lower = upper;
      at++;
      upper = readNumber();
      if (upper === undefined) throw malformed('Missing array dimension value.');
    }
    if (text[at] !== ']') throw malformed('Missing "]" after array dimensions.');
    at++;
    if (upper < lower) throw new SqlError(SqlState.arraySubscriptError, 'upper bound cannot be less than lower bound');
    dimensions.push(upper - lower + 1);
    lowerBounds.push(lower);
  }
  if (dimensions.length === 0) return undefined;
  if (text[at] !== '=') throw malformed('Missing "=" after array dimensions.');
  at++;
  skipSpaces();
  return { dimensions, lowerBounds, at };
}

/**
 * array_in: '{1,2}', '{{a,"b c"},{NULL,\\x}}', '[0:1]={1,2}'.
 * @throws SqlError 22P02 'malformed array literal', 2202E, 54000, and what the elements' input throws
 */
export function parseArray(text: string, element: TypeCodec, cx: FormatContext, typmod: number, delimiter = ','): SqlArray {
  let start = 0;
  while (start < text.length && isSpace(text.charCodeAt(start))) start++;
  const malformed = (detail: string): SqlError =>
    new SqlError(SqlState.invalidTextRepresentation, `malformed array literal: "${text}"`, { detail });
  const bounds = text.charCodeAt(start) === 91 ? readBounds(text, start, malformed) : undefined;
  const open = bounds?.at ?? start;
  if (text.charCodeAt(open) !== OPEN) {
    throw malformed(
      bounds === undefined ? 'Array value must start with "{" or dimension information.' : 'Array contents must start with "{".',
    );
  }
  const reader = new ArrayReader(text, open, delimiter);
  reader.read();
  const { dimensions, items } = reader;
  if (bounds !== undefined && (bounds.dimensions.length !== dimensions.length || bounds.dimensions.some((n, i) => n !== dimensions[i]))) {
    throw malformed('Specified array dimensions do not match array contents.');
  }
  const elements: SqlValue[] = new Array(items.length);
  for (let i = 0; i < items.length; i++) {
    const item = items[i] ?? null;
    elements[i] = item === null ? null : element.input(item, cx, typmod);
  }
  if (elements.length === 0) return new SqlArray([]);
  return bounds === undefined ? new SqlArray(elements, dimensions) : new SqlArray(elements, dimensions, bounds.lowerBounds);
}
