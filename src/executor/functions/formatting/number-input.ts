import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { NumberTemplate } from './number-template.js';

/** A number's text read by a template, led by its sign or a blank, and how many digits stood behind its point. */
export interface ReadNumber {
  readonly text: string;
  readonly post: number;
}

const isDigit = (character: string | undefined): boolean => character !== undefined && character >= '0' && character <= '9';

/** Walks text and template side by side: PostgreSQL's NUM_processor and NUM_numpart_from_char, step by step. */
class NumberReader {
  readonly #template: NumberTemplate;
  readonly #input: string;
  #at = 0;
  #sign = ' ';
  #digits = '';
  #readPre = 0;
  #readPost = 0;
  #hasPoint = false;

  constructor(template: NumberTemplate, input: string) {
    this.#template = template;
    this.#input = input;
  }

  read(): ReadNumber {
    for (const node of this.#template.nodes) {
      if (this.#at >= this.#input.length) break;
      if (node.kind === 'text') this.#at++;
      else this.#field(node.field.toUpperCase());
    }
    const digits = this.#digits.endsWith('.') ? this.#digits.slice(0, -1) : this.#digits;
    return { text: this.#sign + digits, post: this.#readPost };
  }

  #field(field: string): void {
    const next = this.#input[this.#at];
    switch (field) {
      case '9':
      case '0':
      case '.':
      case 'D':
        this.#number(field);
        this.#at++;
        return;
      case ',':
      case 'G':
        if (next === ',' && !(this.#readPre === 0 && this.#template.fill)) this.#at++;
        return;
      case 'L':
        this.#skipOthers(1);
        return;
      case 'TH':
        if (!this.#template.decimal) this.#skipOthers(2);
        return;
      case 'MI':
        if (next === '-') this.#takeSign('-');
        else this.#skipOthers(1);
        return;
      case 'PL':
        if (next === '+') this.#takeSign('+');
        else this.#skipOthers(1);
        return;
      case 'SG':
        if (next === '-' || next === '+') this.#takeSign(next);
        else this.#skipOthers(1);
        return;
    }
  }

  #takeSign(sign: string): void {
    this.#sign = sign;
    this.#at++;
  }

  /** Skips characters that are no part of a number. */
  #skipOthers(count: number): void {
    for (let i = 0; i < count && this.#at < this.#input.length; i++) {
      if ('0123456789.,+-'.includes(this.#input[this.#at] ?? '')) return;
      this.#at += (this.#input.codePointAt(this.#at) ?? 0) > 0xffff ? 2 : 1;
    }
  }

  #number(field: string): void {
    const { sign, bracket, decimal, plus, minus, post } = this.#template;
    if (this.#input[this.#at] === ' ') this.#at++;
    if (this.#at >= this.#input.length) return;
    if (this.#sign === ' ' && (field === '0' || field === '9') && this.#readPre + this.#readPost === 0) {
      const next = this.#input[this.#at];
      if (sign === 'before' || sign === 'none') {
        if (next === '-' || (bracket && next === '<')) this.#takeSign('-');
        else if (next === '+') this.#takeSign('+');
      }
    }
    if (this.#at >= this.#input.length) return;
    let wasRead = false;
    const character = this.#input[this.#at];
    if (isDigit(character)) {
      if (this.#hasPoint && this.#readPost === post) return;
      this.#digits += character;
      if (this.#hasPoint) this.#readPost++;
      else this.#readPre++;
      wasRead = true;
    } else if (decimal && !this.#hasPoint && character === '.') {
      this.#digits += '.';
      this.#hasPoint = true;
      wasRead = true;
    }
    if (this.#sign !== ' ' || this.#readPre + this.#readPost === 0) return;
    if (sign !== 'none' && wasRead) {
      // A sign anchored behind the number's last digit.
      const next = this.#input[this.#at + 1];
      if (next === '-' || next === '+') {
        this.#sign = next;
        this.#at++;
      }
    } else if (!wasRead && sign === 'none' && (plus || minus) && (character === '-' || character === '+')) {
      this.#sign = character;
    }
  }
}

/** @throws SqlError 0A000 for templates that only print */
export function readNumber(template: NumberTemplate, input: string): ReadNumber {
  if (template.scientific) throw new SqlError(SqlState.featureNotSupported, '"EEEE" not supported for input');
  if (template.roman) throw new SqlError(SqlState.featureNotSupported, '"RN" not supported for input');
  return new NumberReader(template, input).read();
}
