import { type LiftedLiteral, numberLiteral } from './literals.js';

/**
 * INSERT … VALUES with many rows of literals: read as a statement with one row, which is planned once, and the literals of all rows. So a bulk
 * insert is neither parsed row by row nor has a plan for each number of rows.
 *
 * Only rows that are alike: literals of the same class in the same places (or NULL), and otherwise the same words DEFAULT, NULL, TRUE, FALSE.
 */
export interface RepeatedRows {
  /** The text with its first row alone. */
  readonly head: string;
  /** Of all rows, in their order. */
  readonly literals: readonly LiftedLiteral[];
  readonly literalsPerRow: number;
  /** What the head leaves out. */
  readonly cut: CutText;
}

/** A piece that a shorter text lacks. */
export interface CutText {
  readonly start: number;
  readonly length: number;
}

/** Names without anything that could hold a literal, up to the first row. */
const HEAD = /\s*insert\s+into\s+[\w."]+(?:\s+as\s+\w+)?\s*(?:\([\w\s,"]*\)\s*)?values\s*(?=\()/iy;
const NUMBER = /-?(\d+(\.\d*)?(?:[eE][-+]?\d+)?)/y;
const WORD = /default|null|true|false/iy;

const OPEN = 0x28;
const CLOSE = 0x29;
const COMMA = 0x2c;
const QUOTE = 0x27;
const MINUS = 0x2d;
const UPPER_BIT = 0x20;

/** Undefined where the text is anything else, or has one row only. */
export function repeatedRows(text: string): RepeatedRows | undefined {
  let first = 0;
  while (text.charCodeAt(first) <= 0x20) first++;
  if ((text.charCodeAt(first) | UPPER_BIT) !== 0x69 /* i */) return undefined;
  HEAD.lastIndex = 0;
  if (!HEAD.test(text)) return undefined;
  return new RowScanner(text, HEAD.lastIndex).scan();
}

/** A place of a row: a class of literals, or a word that all rows have there. */
type Place = LiftedLiteral['kind'] | 'default' | 'null' | 'true' | 'false';

class RowScanner {
  readonly #text: string;
  readonly #places: Place[] = [];
  readonly #literals: LiftedLiteral[] = [];
  #at: number;

  constructor(text: string, at: number) {
    this.#text = text;
    this.#at = at;
  }

  scan(): RepeatedRows | undefined {
    if (!this.#row(true)) return undefined;
    const start = this.#at;
    const literalsPerRow = this.#literals.length;
    let end = start;
    for (; this.#skip() === COMMA; end = this.#at) {
      this.#at++;
      if (this.#skip() !== OPEN || !this.#row(false)) return undefined;
    }
    if (end === start || literalsPerRow === 0) return undefined;
    const head = this.#text.slice(0, start) + this.#text.slice(end);
    return { head, literals: this.#literals, literalsPerRow, cut: { start, length: end - start } };
  }

  /** From its opening to behind its closing parenthesis. */
  #row(isFirst: boolean): boolean {
    let place = 0;
    for (let next = OPEN; next !== CLOSE; place++) {
      if (next !== (place === 0 ? OPEN : COMMA)) return false;
      this.#at++;
      if (!this.#value(this.#skip(), place, isFirst)) return false;
      next = this.#skip();
    }
    this.#at++;
    return place === this.#places.length;
  }

  #value(code: number, place: number, isFirst: boolean): boolean {
    if (code === QUOTE) return this.#string(place, isFirst);
    return (code >= 0x30 && code <= 0x39) || code === MINUS ? this.#number(place, isFirst) : this.#word(place, isFirst);
  }

  #string(place: number, isFirst: boolean): boolean {
    const text = this.#text;
    const start = this.#at;
    let end = text.indexOf("'", start + 1);
    const isPlain = text.charCodeAt(end + 1) !== QUOTE;
    while (end >= 0 && text.charCodeAt(end + 1) === QUOTE) end = text.indexOf("'", end + 2);
    if (end < 0) return false;
    this.#at = end + 1;
    const piece = text.slice(start + 1, end);
    return this.#take({ kind: 'string', value: isPlain ? piece : piece.replaceAll("''", "'"), start }, place, isFirst);
  }

  #number(place: number, isFirst: boolean): boolean {
    NUMBER.lastIndex = this.#at;
    const match = NUMBER.exec(this.#text);
    const digits = match?.[1];
    if (digits === undefined) return false;
    const start = this.#at;
    this.#at = NUMBER.lastIndex;
    const isFraction = match?.[2] !== undefined || digits.includes('e') || digits.includes('E');
    return this.#take(numberLiteral(digits, isFraction, this.#text.charCodeAt(start) === MINUS, start), place, isFirst);
  }

  #word(place: number, isFirst: boolean): boolean {
    WORD.lastIndex = this.#at;
    const start = this.#at;
    const word = WORD.exec(this.#text)?.[0].toLowerCase();
    if (word !== 'default' && word !== 'null' && word !== 'true' && word !== 'false') return false;
    this.#at = WORD.lastIndex;
    if (isFirst) this.#places.push(word);
    const expected = this.#places[place];
    if (expected === word) return true;
    if (word !== 'null' || expected === undefined || !isLiteral(expected)) return false;
    this.#literals.push({ kind: expected, value: null, start });
    return true;
  }

  #take(literal: LiftedLiteral, place: number, isFirst: boolean): boolean {
    if (isFirst) this.#places.push(literal.kind);
    else if (this.#places[place] !== literal.kind) return false;
    this.#literals.push(literal);
    return true;
  }

  /** @returns the next character that is no space */
  #skip(): number {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return code;
      this.#at++;
    }
  }
}

function isLiteral(place: Place): place is LiftedLiteral['kind'] {
  return place === 'integer' || place === 'bigint' || place === 'numeric' || place === 'string';
}
