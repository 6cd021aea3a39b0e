import { jsonSyntaxError, jsonZeroCharacter } from './errors.js';

export type JsonToken = '{' | '}' | '[' | ']' | ',' | ':' | 'string' | 'number' | 'true' | 'false' | 'null' | 'end';

const QUOTE = 34;
const BACKSLASH = 92;

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** What belongs to one word for error reports: letters, digits, underscore and everything beyond ASCII. */
function isWord(code: number): boolean {
  return isDigit(code) || (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || code >= 128;
}

/** Splits a JSON text into tokens (RFC 8259), with PostgreSQL's errors. */
export class JsonLexer {
  readonly text: string;
  /** The current token. */
  token: JsonToken = 'end';
  tokenStart = 0;
  tokenEnd = 0;
  /** A string's content when the token is one (only with `decodesStrings`). */
  string = '';
  readonly #decodes: boolean;

  /** Without `decodesStrings` strings are checked for syntax only, as type json does: surrogates and \u0000 pass. */
  constructor(text: string, decodesStrings: boolean) {
    this.text = text;
    this.#decodes = decodesStrings;
  }

  /** Reads the next token. @throws SqlError 22P02, 22P05 */
  next(): JsonToken {
    const { text } = this;
    let at = this.tokenEnd;
    let code = text.charCodeAt(at);
    while (code === 32 || code === 10 || code === 9 || code === 13) code = text.charCodeAt(++at);
    this.tokenStart = at;
    if (at >= text.length) {
      this.tokenEnd = at;
      this.token = 'end';
    } else if (code === QUOTE) {
      this.#readString(at);
    } else if (code === 45 || isDigit(code)) {
      this.#readNumber(at);
    } else {
      this.#readOther(at, code);
    }
    return this.token;
  }

  #invalidToken(): Error {
    return jsonSyntaxError(this.text, `Token "${this.text.slice(this.tokenStart, this.tokenEnd)}" is invalid.`, this.tokenEnd);
  }

  #readOther(at: number, code: number): void {
    const character = this.text[at];
    if (character === '{' || character === '}' || character === '[' || character === ']' || character === ',' || character === ':') {
      this.tokenEnd = at + 1;
      this.token = character;
      return;
    }
    let end = at;
    if (isWord(code)) {
      while (end < this.text.length && isWord(this.text.charCodeAt(end))) end++;
    } else {
      end++;
    }
    this.tokenEnd = end;
    const word = this.text.slice(at, end);
    if (word !== 'true' && word !== 'false' && word !== 'null') throw this.#invalidToken();
    this.token = word;
  }

  #readNumber(start: number): void {
    const { text } = this;
    let at = start;
    let isValid = true;
    if (text.charCodeAt(at) === 45) at++;
    if (text.charCodeAt(at) === 48) at++;
    else if (isDigit(text.charCodeAt(at))) at = this.#skipDigits(at);
    else isValid = false;
    if (isValid && text.charCodeAt(at) === 46) {
      isValid = isDigit(text.charCodeAt(++at));
      at = this.#skipDigits(at);
    }
    const exponent = text.charCodeAt(at) | 32;
    if (isValid && exponent === 101) {
      at++;
      const sign = text.charCodeAt(at);
      if (sign === 43 || sign === 45) at++;
      isValid = isDigit(text.charCodeAt(at));
      at = this.#skipDigits(at);
    }
    while (at < text.length && isWord(text.charCodeAt(at))) {
      at++;
      isValid = false;
    }
    this.tokenEnd = at;
    if (!isValid) throw this.#invalidToken();
    this.token = 'number';
  }

  #skipDigits(from: number): number {
    let at = from;
    while (isDigit(this.text.charCodeAt(at))) at++;
    return at;
  }

  #readString(start: number): void {
    const { text } = this;
    let at = start + 1;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) {
        this.tokenEnd = at + 1;
        if (this.#decodes) this.string = text.slice(start + 1, at);
        this.token = 'string';
        return;
      }
      if (code === BACKSLASH) {
        this.#readEscapedString(start, at);
        return;
      }
      // NaN, at the text's end, is not below 32.
      if (code < 32 || at >= text.length) throw this.#badCharacter(at);
      at++;
    }
  }

  #badCharacter(at: number): Error {
    this.tokenEnd = at;
    if (at >= this.text.length) return this.#invalidToken();
    const code = this.text.charCodeAt(at).toString(16).padStart(2, '0');
    return jsonSyntaxError(this.text, `Character with value 0x${code} must be escaped.`, at);
  }

  #badSurrogate(which: 'high' | 'low', end: number): Error {
    const order = which === 'high' ? 'high surrogate must not follow a high surrogate' : 'low surrogate must follow a high surrogate';
    return jsonSyntaxError(this.text, `Unicode ${order}.`, end);
  }

  #characterEnd(at: number): number {
    return at + ((this.text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1);
  }

  #readEscapedString(start: number, firstEscape: number): void {
    const { text } = this;
    let content = text.slice(start + 1, firstEscape);
    let high = '';
    let at = firstEscape;
    for (;;) {
      const code = text.charCodeAt(at);
      if (at >= text.length || code < 32) throw this.#badCharacter(at);
      if (code === BACKSLASH) {
        at++;
        if (at >= text.length) throw this.#badCharacter(at);
        const letter = text[at] ?? '';
        if (letter === 'u') {
          const unit = this.#hexUnit(at + 1);
          at += 5;
          if (!this.#decodes) continue;
          if (unit >= 0xd800 && unit < 0xdc00) {
            if (high !== '') throw this.#badSurrogate('high', at);
            high = String.fromCharCode(unit);
            continue;
          }
          if (unit >= 0xdc00 && unit < 0xe000 ? high === '' : high !== '') throw this.#badSurrogate('low', at);
          if (unit === 0) throw jsonZeroCharacter(text, at);
          content += high + String.fromCharCode(unit);
          high = '';
          continue;
        }
        const character = ESCAPES.get(letter);
        if (high !== '') throw this.#badSurrogate('low', this.#characterEnd(at));
        if (character === undefined) {
          const end = this.#characterEnd(at);
          throw jsonSyntaxError(text, `Escape sequence "\\${text.slice(at, end)}" is invalid.`, end);
        }
        content += character;
        at++;
        continue;
      }
      if (high !== '') throw this.#badSurrogate('low', this.#characterEnd(at));
      if (code === QUOTE) break;
      content += text[at];
      at++;
    }
    this.tokenEnd = at + 1;
    this.string = content;
    this.token = 'string';
  }

  /** The four hex digits of \uXXXX. */
  #hexUnit(from: number): number {
    for (let at = from; at < from + 4; at++) {
      if (at >= this.text.length) throw this.#badCharacter(at);
      if (!/[0-9a-fA-F]/.test(this.text[at] ?? '')) {
        throw jsonSyntaxError(this.text, '"\\u" must be followed by four hexadecimal digits.', this.#characterEnd(at));
      }
    }
    return Number.parseInt(this.text.slice(from, from + 4), 16);
  }
}
