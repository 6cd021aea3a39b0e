/**
 * Literal lifting for the simple protocol: `… WHERE id = 17` and `… WHERE id = 18` become one key with other values.
 *
 * 1. liftLiterals scans the text once, without parsing it: the key is the text with each lifted literal replaced by a mark
 *    of its class (int4, int8, numeric, string), so that texts with equal keys differ in nothing but the values.
 * 2. For a new key the session parses the text and parameterize.ts puts `lifted` nodes where the literals stand.
 * 3. For a known key it runs the cached plan with the new values, unparsed.
 *
 * What is doubtful stays in the key as it is, or makes the whole text not liftable: that costs a shared plan, never a wrong one.
 */
import { KNOWN_WORDS, LONGEST_KNOWN_WORD, nextHash, Word } from './literal-words.js';

export type LiteralKind = 'integer' | 'bigint' | 'numeric' | 'string';

/** A literal taken out of the text. */
export interface LiftedLiteral {
  readonly kind: LiteralKind;
  /** null: a NULL in a row of repeated-rows.ts; integer: number; bigint: number when safe, else bigint; numeric: its digits as text; string: its text. */
  readonly value: number | bigint | string | null;
  /** UTF-16 offset in this text, of the sign where it has one: what an error about the value points at. */
  readonly start: number;
}

export interface LiftedText {
  readonly key: string;
  readonly literals: readonly LiftedLiteral[];
}

/** Longer texts (bulk inserts) are seldom repeated with other values, and their keys would fill the cache. */
const MAX_TEXT_LENGTH = 16_384;
/** Parentheses are bits of an int32. */
const MAX_DEPTH = 30;

const MARK = '\u0001';
const MARKS = { integer: `${MARK}i`, bigint: `${MARK}b`, numeric: `${MARK}n`, string: `${MARK}s` } as const;

/** Character classes; what has none (control characters, $, \, {, }) makes a text not liftable. */
const SPACE = 1;
const LETTER = 2;
const DIGIT = 3;
const OPERATOR = 4;
const QUOTE = 5;
const DOUBLE_QUOTE = 6;
const PUNCTUATION = 7;

const CLASSES: Uint8Array = classTable();

function classTable(): Uint8Array {
  const table = new Uint8Array(128);
  const fill = (characters: string, kind: number) => {
    for (let i = 0; i < characters.length; i++) table[characters.charCodeAt(i)] = kind;
  };
  fill(' \t\n\r\f', SPACE);
  fill('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_', LETTER);
  fill('0123456789', DIGIT);
  fill('+-*/<>=~!@#%^&|`?', OPERATOR);
  fill("'", QUOTE);
  fill('"', DOUBLE_QUOTE);
  fill('()[],;.:', PUNCTUATION);
  return table;
}

/** What came before: a value (so that a minus is binary), something a literal may follow, a word that may be a call's name, or neither. */
const VALUE = 0;
const OPENING = 1;
const NAME = 2;
const CLOSED = 3;

/** Undefined when the text is not liftable, or has nothing to lift. */
export function liftLiterals(text: string): LiftedText | undefined {
  if (text.length > MAX_TEXT_LENGTH || text.includes(MARK)) return undefined;
  return new Scanner(text).scan();
}

class Scanner {
  readonly #text: string;
  readonly #length: number;
  #at = 0;
  #key = '';
  /** Up to here the text is in the key. */
  #copied = 0;
  readonly #literals: LiftedLiteral[] = [];
  #previous = CLOSED;
  /** Where a minus sign that belongs to the next number starts, or -1. */
  #sign = -1;
  #depth = 0;
  /** Bit d: literals at parenthesis depth d may be lifted. */
  #liftable = 1;
  /** Bit d: a BY list is open at depth d. */
  #lists = 0;
  /** Within ON CONFLICT's target. */
  #conflict = false;
  /** After :: or AS: `(` would hold a type's modifiers or column names. */
  #typeFollows = false;
  #insert = false;
  #started = false;

  constructor(text: string) {
    this.#text = text;
    this.#length = text.length;
  }

  scan(): LiftedText | undefined {
    while (this.#at < this.#length) {
      const code = this.#text.charCodeAt(this.#at);
      const kind = code < 128 ? CLASSES[code] : LETTER;
      if (kind === SPACE) {
        this.#at++;
        continue;
      }
      if (!this.#started && kind !== LETTER) return undefined;
      let goesOn: boolean;
      if (kind === LETTER) goesOn = this.#word();
      else if (kind === OPERATOR) goesOn = this.#operator();
      else if (kind === PUNCTUATION) goesOn = this.#punctuation(code);
      else if (kind === DIGIT) goesOn = this.#number();
      else if (kind === QUOTE) goesOn = this.#string();
      else if (kind === DOUBLE_QUOTE) goesOn = this.#quotedName();
      else goesOn = false;
      if (!goesOn) return undefined;
    }
    if (this.#literals.length === 0) return undefined;
    return { key: this.#key + this.#text.slice(this.#copied), literals: this.#literals };
  }

  #word(): boolean {
    const text = this.#text;
    const start = this.#at;
    let at = start;
    let hash = 0;
    for (; at < this.#length; at++) {
      const code = text.charCodeAt(at);
      const kind = code < 128 ? CLASSES[code] : LETTER;
      if (kind !== LETTER && kind !== DIGIT) break;
      hash = nextHash(hash, code);
    }
    this.#at = at;
    this.#sign = -1;
    const known = at - start <= LONGEST_KNOWN_WORD ? KNOWN_WORDS.get(hash) : undefined;
    const flags = known !== undefined && this.#spells(known.text, start, at) ? known.flags : 0;
    if (!this.#started) {
      this.#started = true;
      this.#insert = (flags & Word.starts) !== 0 && (text.charCodeAt(start) | 0x20) === 0x69;
      this.#previous = flags & Word.opens ? OPENING : CLOSED;
      return (flags & Word.starts) !== 0;
    }
    if (flags === 0) {
      this.#previous = NAME;
      return true;
    }
    return this.#keyword(flags, start);
  }

  #keyword(flags: number, start: number): boolean {
    if (flags & Word.refuses) return false;
    if (flags & Word.into && !(this.#insert && this.#depth === 0 && this.#literals.length === 0 && start < 16)) return false;
    const bit = 1 << this.#depth;
    if (flags & Word.by) this.#lists |= bit;
    else if (flags & Word.endsList) this.#lists &= ~bit;
    if (flags & Word.conflict) this.#conflict = true;
    else if (flags & Word.does) this.#conflict = false;
    this.#typeFollows = (flags & Word.as) !== 0;
    this.#previous = flags & Word.opens ? OPENING : CLOSED;
    return true;
  }

  #spells(word: string, start: number, end: number): boolean {
    if (end - start !== word.length) return false;
    for (let i = 0; i < word.length; i++) {
      if ((this.#text.charCodeAt(start + i) | 0x20) !== word.charCodeAt(i)) return false;
    }
    return true;
  }

  #operator(): boolean {
    const text = this.#text;
    const start = this.#at;
    let at = start;
    let special = false;
    let last = 0;
    for (; at < this.#length; at++) {
      const code = text.charCodeAt(at);
      if (code >= 128 || CLASSES[code] !== OPERATOR) break;
      // A comment starts: hints and trace ids differ from text to text anyway.
      if ((code === 0x2d && last === 0x2d) || (code === 0x2a && last === 0x2f)) return false;
      // PostgreSQL lets an operator end in + or - only if it contains one of the others.
      if (code !== 0x2b && code !== 0x2d && code !== 0x2a && code !== 0x2f && code !== 0x3c && code !== 0x3e && code !== 0x3d)
        special = true;
      last = code;
    }
    this.#at = at;
    this.#typeFollows = false;
    const minus = last === 0x2d && (at - start === 1 ? this.#previous === OPENING || this.#previous === CLOSED : !special);
    this.#sign = minus ? at - 1 : -1;
    this.#previous = structural(text, start, at) ? CLOSED : OPENING;
    return true;
  }

  #punctuation(code: number): boolean {
    this.#sign = -1;
    const next = this.#at + 1 < this.#length ? this.#text.charCodeAt(this.#at + 1) : 0;
    this.#at++;
    switch (code) {
      case 0x28 /* ( */:
      case 0x5b /* [ */:
        {
          if (++this.#depth > MAX_DEPTH) return false;
          const call = code === 0x28 && this.#previous === NAME && !this.#insert;
          const lifts = !call && !this.#typeFollows && (this.#liftable & (1 << (this.#depth - 1))) !== 0;
          this.#liftable = lifts ? this.#liftable | (1 << this.#depth) : this.#liftable & ~(1 << this.#depth);
          this.#typeFollows = false;
          this.#previous = OPENING;
          return true;
        }
      case 0x29 /* ) */:
      case 0x5d /* ] */:
        if (this.#depth === 0) return false;
        this.#lists &= ~(1 << this.#depth);
        this.#depth--;
        this.#typeFollows = false;
        this.#previous = VALUE;
        return true;
      case 0x2c /* , */:
        this.#typeFollows = false;
        this.#previous = OPENING;
        return true;
      case 0x3a /* : */:
        // A cast, or else an array slice's bound, a named argument's := …
        if (next !== code) return false;
        this.#at++;
        this.#typeFollows = true;
        this.#previous = CLOSED;
        return true;
      case 0x2e /* . */:
        // `.5` and `t.1` alike.
        this.#previous = CLOSED;
        return !(next >= 0x30 && next <= 0x39);
      default:
        // A semicolon: nothing may follow.
        return this.#onlySpaceFollows();
    }
  }

  #onlySpaceFollows(): boolean {
    for (; this.#at < this.#length; this.#at++) {
      const code = this.#text.charCodeAt(this.#at);
      if (code >= 128 || CLASSES[code] !== SPACE) return false;
    }
    return true;
  }

  #quotedName(): boolean {
    if (this.#text.charCodeAt(this.#at - 1) === 0x26 /* U&"…" */) return false;
    const end = this.#closing('"', this.#at + 1);
    if (end < 0) return false;
    this.#at = end + 1;
    this.#sign = -1;
    this.#previous = NAME;
    return true;
  }

  /** Where the quote that opened before `from` closes, doubled ones skipped; -1 when it does not. */
  #closing(quote: string, from: number): number {
    const text = this.#text;
    const code = quote.charCodeAt(0);
    let at = text.indexOf(quote, from);
    while (at >= 0 && text.charCodeAt(at + 1) === code) at = text.indexOf(quote, at + 2);
    return at;
  }

  #string(): boolean {
    const text = this.#text;
    const start = this.#at;
    const before = text.charCodeAt(start - 1);
    // E'…', B'…', X'…', N'…', U&'…', or two strings in a row.
    if (before >= 128 || CLASSES[before] === LETTER || CLASSES[before] === DIGIT || before === 0x26 || before === 0x27) return false;
    const end = this.#closing("'", start + 1);
    if (end < 0) return false;
    this.#at = end + 1;
    // A string on the next line would continue this one.
    let next = end + 1;
    while (next < this.#length && CLASSES[text.charCodeAt(next)] === SPACE) next++;
    if (text.charCodeAt(next) === 0x27) return false;
    if (this.#lifts() && !namesAnObject(text, next)) {
      const piece = text.slice(start + 1, end);
      this.#lift({ kind: 'string', value: piece.includes("''") ? piece.replaceAll("''", "'") : piece, start }, start);
    }
    this.#sign = -1;
    this.#typeFollows = false;
    this.#previous = VALUE;
    return true;
  }

  #number(): boolean {
    const text = this.#text;
    const start = this.#at;
    let at = skipDigits(text, start);
    let fraction = false;
    if (text.charCodeAt(at) === 0x2e) {
      fraction = true;
      at = skipDigits(text, at + 1);
    }
    if ((text.charCodeAt(at) | 0x20) === 0x65 /* e */) {
      fraction = true;
      const sign = text.charCodeAt(at + 1);
      const digits = sign === 0x2b || sign === 0x2d ? at + 2 : at + 1;
      at = skipDigits(text, digits);
      if (at === digits) return false;
    }
    // 0x1F, 1_000, 1.2.3 and junk.
    const after = at < this.#length ? text.charCodeAt(at) : 0x20;
    if (after >= 128 || after === 0x2e || after === 0x24 || CLASSES[after] === LETTER || CLASSES[after] === DIGIT) return false;
    this.#at = at;
    if (this.#lifts()) {
      const first = this.#sign >= 0 ? this.#sign : start;
      this.#lift(numberLiteral(text.slice(start, at), fraction, this.#sign >= 0, first), start);
    }
    this.#sign = -1;
    this.#typeFollows = false;
    this.#previous = VALUE;
    return true;
  }

  #lifts(): boolean {
    return this.#previous === OPENING && this.#lists === 0 && !this.#conflict && (this.#liftable & (1 << this.#depth)) !== 0;
  }

  /** `from`: where the text that the mark replaces starts; a sign before it stays in the key. */
  #lift(literal: LiftedLiteral, from: number): void {
    this.#literals.push(literal);
    this.#key += this.#text.slice(this.#copied, from) + MARKS[literal.kind];
    this.#copied = this.#at;
  }
}

/** A number by its digits, without its sign. @param start of the sign, where there is one */
export function numberLiteral(digits: string, fraction: boolean, negative: boolean, start: number): LiftedLiteral {
  const signed = negative ? `-${digits}` : digits;
  if (fraction) return { kind: 'numeric', value: signed, start };
  if (digits.length < 10) {
    const value = +digits;
    // Without the zero's sign: -0 is 0.
    return { kind: 'integer', value: negative && value !== 0 ? -value : value, start };
  }
  const value = BigInt(signed);
  if (value >= -2147483648n && value <= 2147483647n) return { kind: 'integer', value: Number(value), start };
  if (value < -9223372036854775808n || value > 9223372036854775807n) return { kind: 'numeric', value: signed, start };
  const safe = value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);
  return { kind: 'bigint', value: safe ? Number(value) : value, start };
}

function skipDigits(text: string, from: number): number {
  let at = from;
  while (true) {
    const code = text.charCodeAt(at);
    if (!(code >= 0x30 && code <= 0x39)) return at;
    at++;
  }
}

/** json -> 'key' and its like: the key is part of the expression that an index may be on. */
function structural(text: string, start: number, end: number): boolean {
  const first = text.charCodeAt(start);
  const second = text.charCodeAt(start + 1);
  return end - start > 1 && second === 0x3e && (first === 0x2d || first === 0x23);
}

/** 'x'::regclass and its like look a name up while planning. */
function namesAnObject(text: string, at: number): boolean {
  return text.charCodeAt(at) === 0x3a && /^::\s*"?(pg_catalog"?\s*\.\s*"?)?reg/i.test(text.slice(at, at + 40));
}
