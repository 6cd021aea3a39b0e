import type { NumberTemplate } from './number-template.js';
import { ordinalOf, type TemplateNode } from './template.js';

/** A number ready to be laid out: its sign apart, the digits rounded to the template's fraction. */
export interface Digits {
  /** '123.40'; or '#' for each place when the number doesn't fit. */
  readonly text: string;
  readonly negative: boolean;
  /** Places before the point that the number doesn't fill. */
  readonly leadingSpaces: number;
}

/** Puts digits of |value| into the places of a template. @param template's places before the point count `pre` */
export function placeDigits(text: string, negative: boolean, pre: number, post: number): Digits {
  const point = text.indexOf('.');
  const length = point < 0 ? text.length : point;
  if (length > pre) return { text: `${'#'.repeat(pre)}.${'#'.repeat(post)}`, negative, leadingSpaces: 0 };
  return { text, negative, leadingSpaces: pre - length };
}

/** Index of the last digit behind the point that isn't 0 (the point's when all are); undefined without a point. */
function lastRelevant(text: string): number | undefined {
  const point = text.indexOf('.');
  if (point < 0) return undefined;
  let last = point;
  for (let i = point + 1; i < text.length; i++) if (text[i] !== '0') last = i;
  return last;
}

/** Walks a template once: PostgreSQL's NUM_processor and NUM_numpart_to_char, step by step, since their results depend on all of it. */
class NumberPrinter {
  #out = '';
  readonly #template: NumberTemplate;
  readonly #digits: Digits;
  readonly #sign: NumberTemplate['sign'];
  readonly #bracket: boolean;
  readonly #zeroStart: number;
  readonly #lastRelevant: number | undefined;
  readonly #count: number;
  readonly #post: number;
  #signWritten: boolean;
  #place = 0;
  #at = 0;
  #isIn = false;

  /** @param post digits behind the point as the number has them: floats may have fewer than the template */
  constructor(template: NumberTemplate, digits: Digits, pre: number, post: number) {
    const { plus, minus, fill, decimal } = template;
    this.#template = template;
    this.#digits = digits;
    this.#post = post;
    this.#zeroStart = template.zeroStart === 0 ? 0 : template.zeroStart - 1;
    this.#bracket = template.bracket && !(fill && !digits.negative);
    let sign = template.sign;
    if (plus || minus) {
      this.#signWritten = !plus || minus;
      if (plus && !minus) this.#signWritten = false;
    } else {
      this.#signWritten = !digits.negative && fill && sign === 'none';
      if (sign === 'before' && pre === template.preSign) sign = 'behind';
    }
    this.#sign = sign;
    let last = fill && decimal ? lastRelevant(digits.text) : undefined;
    if (last !== undefined && template.zeroEnd > digits.leadingSpaces) {
      // A 0 in the template keeps the digits up to its place.
      const kept = Math.min(digits.text.length - 1, template.zeroEnd - digits.leadingSpaces);
      if (last < kept) last = kept;
    }
    this.#lastRelevant = last;
    this.#count = post + pre - 1 + (!this.#signWritten && digits.leadingSpaces === 0 ? 1 : 0);
  }

  print(): string {
    for (const node of this.#template.nodes) this.#node(node);
    return this.#out;
  }

  #node(node: TemplateNode): void {
    if (node.kind === 'text') {
      this.#out += node.text;
      return;
    }
    const { fill } = this.#template;
    const { negative, text } = this.#digits;
    switch (node.field.toUpperCase()) {
      case '9':
      case '0':
      case '.':
      case 'D':
        this.#number(node.field);
        return;
      case ',':
      case 'G':
        if (this.#isIn) this.#out += ',';
        else if (!fill) this.#out += ' ';
        return;
      case 'L':
        this.#out += ' ';
        return;
      case 'TH':
        if (text.startsWith('#') || negative || this.#template.decimal) return;
        this.#out += ordinalOf(text, node.field === 'TH');
        return;
      case 'MI':
        this.#out += negative ? '-' : fill ? '' : ' ';
        return;
      case 'PL':
        this.#out += !negative ? '+' : fill ? '' : ' ';
        return;
      case 'SG':
        this.#out += negative ? '-' : '+';
        return;
    }
  }

  /** '0.1' by 9.9: the place before the point is blank. */
  #isBlankBeforePoint(): boolean {
    return !this.#template.zero && this.#at === 0 && this.#digits.text[0] === '0' && this.#post !== 0;
  }

  #endsAtPoint(): boolean {
    return this.#lastRelevant !== undefined && this.#digits.text[this.#lastRelevant] === '.';
  }

  #number(field: string): void {
    this.#isIn = false;
    const { leadingSpaces } = this.#digits;
    const { zero } = this.#template;
    const starts = this.#place >= leadingSpaces || (zero && this.#zeroStart === this.#place);
    if (!this.#signWritten && starts && (!this.#isBlankBeforePoint() || this.#endsAtPoint())) this.#leadingSign();
    this.#digit(field);
    this.#trailingSign();
    this.#place++;
  }

  #leadingSign(): void {
    const { negative } = this.#digits;
    if (this.#sign !== 'none') {
      if (this.#sign !== 'before') return;
      this.#out += negative ? '-' : '+';
    } else if (this.#bracket) {
      this.#out += negative ? '<' : ' ';
    } else {
      this.#out += negative ? '-' : this.#template.fill ? '' : ' ';
    }
    this.#signWritten = true;
  }

  #digit(field: string): void {
    const { text, leadingSpaces } = this.#digits;
    const { zero, fill } = this.#template;
    if (this.#place < leadingSpaces) {
      if (zero && this.#zeroStart <= this.#place) {
        this.#out += '0';
        this.#isIn = true;
      } else if (!fill) {
        this.#out += ' ';
      }
      return;
    }
    const digit = text[this.#at];
    if (digit === '.') {
      if (!this.#endsAtPoint() || fill) this.#out += '.';
    } else if (this.#lastRelevant !== undefined && this.#at > this.#lastRelevant && field !== '0') {
      // Trailing zeros that FM leaves out.
    } else if (this.#isBlankBeforePoint()) {
      if (!fill) this.#out += ' ';
      else if (this.#endsAtPoint()) this.#out += '0';
    } else {
      this.#out += digit ?? '';
      if (digit !== undefined) this.#isIn = true;
    }
    if (digit !== undefined) this.#at++;
  }

  #trailingSign(): void {
    const { negative, leadingSpaces } = this.#digits;
    let end = this.#count + (leadingSpaces > 0 ? 1 : 0) + (this.#template.decimal ? 1 : 0);
    if (this.#lastRelevant !== undefined && this.#lastRelevant === this.#at) end = this.#place;
    if (this.#place + 1 !== end) return;
    if (this.#signWritten && this.#bracket) this.#out += negative ? '>' : ' ';
    else if (this.#sign === 'behind') this.#out += negative ? '-' : '+';
  }
}

/** @param pre,post places as the number uses them: V adds to the first, a float's precision may cut the second */
export function printNumber(template: NumberTemplate, digits: Digits, pre: number, post: number): string {
  return new NumberPrinter(template, digits, pre, post).print();
}

const ROMAN: readonly (readonly [value: number, text: string])[] = [
  [1000, 'M'],
  [900, 'CM'],
  [500, 'D'],
  [400, 'CD'],
  [100, 'C'],
  [90, 'XC'],
  [50, 'L'],
  [40, 'XL'],
  [10, 'X'],
  [9, 'IX'],
  [5, 'V'],
  [4, 'IV'],
  [1, 'I'],
];

/** RN: 15 places wide; only 1 … 3999 has Roman digits. Everything else of the template but FM and texts counts for nothing. */
export function printRoman(template: NumberTemplate, value: number): string {
  let roman = '';
  if (value > 3999 || value < 1 || Number.isNaN(value)) {
    roman = '#'.repeat(15);
  } else {
    let left = value;
    for (const [size, text] of ROMAN) {
      while (left >= size) {
        roman += text;
        left -= size;
      }
    }
  }
  let out = '';
  for (const node of template.nodes) {
    if (node.kind === 'text') out += node.text;
    else if (node.field.toUpperCase() === 'RN') {
      const shown = node.field === 'rn' ? roman.toLowerCase() : roman;
      out += template.fill ? shown : shown.padStart(15);
    }
  }
  return out;
}
