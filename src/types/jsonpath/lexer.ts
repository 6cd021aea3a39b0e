import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';

export type PathToken =
  | { readonly kind: 'end'; readonly text: string }
  /** An operator, a sign of punctuation, or a word with a meaning (in lower case). */
  | { readonly kind: 'word' | 'sign'; readonly value: string; readonly text: string }
  | { readonly kind: 'name' | 'string' | 'variable'; readonly value: string; readonly text: string }
  | { readonly kind: 'integer' | 'number'; readonly value: string; readonly text: string };

/** Words that mean something; these must be lower case: null, true, false. */
const WORDS = new Set(
  'is to abs lax flag last null size true type with false floor double exists starts strict ceiling unknown datetime keyvalue like_regex'.split(
    ' ',
  ),
);
const CASE_SENSITIVE = new Set(['null', 'true', 'false']);

const SIGNS = ['&&', '||', '**', '==', '<>', '!=', '<=', '>=', '<', '>', '!'];
const NUMBER = /(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const INTEGER = /^(?:0|[1-9]\d*)$/;
const NAME = /(?:[^?%$.[\]{}()|&!=<>@#,*:\-+/\\" \t\n\r\f]|\\)+/y;
const NAME_CHARACTER = /[^?%$.[\]{}()|&!=<>@#,*:\-+/" \t\n\r\f]/;

/** 42601 as the parser of paths words it. `near` is the text that was read last; empty at the end. */
export function pathSyntaxError(message: string, near: string): SqlError {
  return new SqlError(
    SqlState.syntaxError,
    near === '' ? `${message} at end of jsonpath input` : `${message} at or near "${near}" of jsonpath input`,
  );
}

export class PathLexer {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  next(): PathToken {
    this.#skipBlanks();
    const text = this.#text;
    const start = this.#at;
    const character = text[start];
    if (character === undefined) return { kind: 'end', text: '' };
    if (character === '"') {
      this.#at++;
      const value = this.#quoted();
      return { kind: 'string', value, text: '"' };
    }
    if (character === '$') return this.#variable();
    if ((character >= '0' && character <= '9') || (character === '.' && /\d/.test(text[start + 1] ?? ''))) return this.#number();
    const sign = SIGNS.find((candidate) => text.startsWith(candidate, start));
    if (sign !== undefined) {
      this.#at += sign.length;
      return { kind: 'sign', value: sign === '<>' ? '!=' : sign, text: sign };
    }
    if (!NAME_CHARACTER.test(character)) {
      this.#at++;
      return { kind: 'sign', value: character, text: character };
    }
    return this.#name();
  }

  #skipBlanks(): void {
    for (;;) {
      const character = this.#text[this.#at];
      if (character !== undefined && ' \t\n\r\f'.includes(character)) this.#at++;
      else if (character === '/' && this.#text[this.#at + 1] === '*') {
        const end = this.#text.indexOf('*/', this.#at + 2);
        if (end < 0) throw pathSyntaxError('unexpected end of comment', '');
        this.#at = end + 2;
      } else return;
    }
  }

  #variable(): PathToken {
    this.#at++;
    if (this.#text[this.#at] === '"') {
      this.#at++;
      return { kind: 'variable', value: this.#quoted(), text: '"' };
    }
    NAME.lastIndex = this.#at;
    if (NAME.exec(this.#text) === null) return { kind: 'sign', value: '$', text: '$' };
    const value = this.#escaped();
    return { kind: 'variable', value, text: value };
  }

  #number(): PathToken {
    NUMBER.lastIndex = this.#at;
    const digits = NUMBER.exec(this.#text)?.[0] ?? '';
    this.#at += digits.length;
    const follower = this.#text[this.#at] ?? '';
    if (follower !== '' && NAME_CHARACTER.test(follower)) {
      throw pathSyntaxError('trailing junk after numeric literal', digits + follower);
    }
    return { kind: INTEGER.test(digits) ? 'integer' : 'number', value: digits, text: digits };
  }

  #name(): PathToken {
    const value = this.#escaped();
    const lower = value.toLowerCase();
    if (WORDS.has(lower) && (!CASE_SENSITIVE.has(lower) || lower === value)) return { kind: 'word', value: lower, text: value };
    return { kind: 'name', value, text: value };
  }

  /** A bare name, with the escapes that strings have too. */
  #escaped(): string {
    let value = '';
    for (;;) {
      const character = this.#text[this.#at];
      if (character === undefined || !NAME_CHARACTER.test(character)) return value;
      if (character === '/' && this.#text[this.#at + 1] === '*') return value;
      this.#at++;
      value += character === '\\' ? this.#escape() : character;
    }
  }

  #quoted(): string {
    let value = '';
    for (;;) {
      const character = this.#text[this.#at++];
      if (character === undefined) {
        this.#at--;
        throw pathSyntaxError('unexpected end of quoted string', '');
      }
      if (character === '"') return value;
      value += character === '\\' ? this.#escape() : character;
    }
  }

  /** Behind a backslash. */
  #escape(): string {
    const character = this.#text[this.#at++];
    switch (character) {
      case undefined:
        throw pathSyntaxError('unexpected end after backslash', '');
      case 'b':
        return '\b';
      case 'f':
        return '\f';
      case 'n':
        return '\n';
      case 'r':
        return '\r';
      case 't':
        return '\t';
      case 'v':
        return '\v';
      case 'x':
        return this.#hexadecimal(/^[0-9a-fA-F]{2}/, 'invalid hex character sequence', '\\x');
      case 'u':
        return this.#unicode();
      default:
        return character;
    }
  }

  #hexadecimal(pattern: RegExp, message: string, near: string): string {
    const digits = pattern.exec(this.#text.slice(this.#at, this.#at + 8))?.[0];
    if (digits === undefined) throw pathSyntaxError(message, near);
    this.#at += digits.length;
    return this.#character(Number.parseInt(digits, 16));
  }

  #unicode(): string {
    if (this.#text[this.#at] === '{') {
      const braced = /^\{([0-9a-fA-F]{1,6})\}/.exec(this.#text.slice(this.#at, this.#at + 9));
      if (braced === null) throw pathSyntaxError('invalid Unicode escape sequence', '\\u');
      this.#at += braced[0].length;
      return this.#character(Number.parseInt(braced[1] ?? '', 16));
    }
    const unit = this.#hexadecimal(/^[0-9a-fA-F]{4}/, 'invalid Unicode escape sequence', '\\u');
    const code = unit.charCodeAt(0);
    if (code >= 0xdc00 && code <= 0xdfff) throw surrogate('Unicode low surrogate must follow a high surrogate.');
    if (code < 0xd800 || code > 0xdbff) return unit;
    const low = /^\\u([0-9a-fA-F]{4})/.exec(this.#text.slice(this.#at, this.#at + 6));
    const lowCode = low === null ? 0 : Number.parseInt(low[1] ?? '', 16);
    if (lowCode >= 0xd800 && lowCode <= 0xdbff) throw surrogate('Unicode high surrogate must not follow a high surrogate.');
    if (lowCode < 0xdc00 || lowCode > 0xdfff) throw surrogate('Unicode low surrogate must follow a high surrogate.');
    this.#at += 6;
    return String.fromCharCode(code, lowCode);
  }

  #character(code: number): string {
    if (code === 0) {
      throw new SqlError(SqlState.untranslatableCharacter, 'unsupported Unicode escape sequence', {
        detail: '\\u0000 cannot be converted to text.',
      });
    }
    return code > 0xffff ? String.fromCodePoint(Math.min(code, 0x10ffff)) : String.fromCharCode(code);
  }
}

function surrogate(detail: string): SqlError {
  return new SqlError(SqlState.invalidTextRepresentation, 'invalid input syntax for type jsonpath', { detail });
}
