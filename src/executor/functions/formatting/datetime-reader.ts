import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { isSpace } from '../../../types/input-errors.js';
import type { FieldNode, TemplateNode } from './template.js';

const FIXED_WIDTH_HINT = 'If your source string is not fixed-width, try using the "FM" modifier.';

export function invalidFormat(message: string, fields: { readonly detail?: string; readonly hint?: string } = {}): SqlError {
  return new SqlError(SqlState.invalidDatetimeFormat, message, fields);
}

/** The place in the text that a template reads. */
export class DatetimeReader {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  get next(): string {
    return this.text[this.at] ?? '';
  }

  /** @returns how many spaces were there */
  skipSpaces(): number {
    const start = this.at;
    while (!this.isAtEnd && isSpace(this.text.charCodeAt(this.at))) this.at++;
    return this.at - start;
  }

  skipCharacter(): void {
    this.at += (this.text.codePointAt(this.at) ?? 0) > 0xffff ? 2 : 1;
  }

  /** A space, or printable ASCII that is neither a letter nor a digit. */
  isAtSeparator(): boolean {
    const code = this.text.charCodeAt(this.at);
    if (isSpace(code)) return true;
    return code > 32 && code < 127 && !/[0-9A-Za-z]/.test(this.next);
  }

  /**
   * An integer of at most `length` characters; of any length where the next thing can't be a digit.
   * @returns the value and how many characters were read, leading spaces with them
   */
  integer(length: number, nodes: readonly TemplateNode[], index: number): { readonly value: number; readonly used: number } {
    const node = nodes[index];
    const name = node?.kind === 'field' ? node.field : '';
    const start = this.at;
    this.skipSpaces();
    let digits: string;
    if ((node?.kind === 'field' && node.fill) || isFollowedBySeparator(nodes, index)) {
      digits = /^\s*[+-]?\d+/.exec(this.text.slice(this.at))?.[0] ?? '';
      this.at = digits === '' ? start : this.at + digits.length;
    } else {
      const copy = this.text.slice(this.at, this.at + length);
      if (copy.length < length) {
        throw invalidFormat(`source string too short for "${name}" formatting field`, {
          detail: `Field requires ${length} characters, but only ${copy.length} remain.`,
          hint: FIXED_WIDTH_HINT,
        });
      }
      digits = /^\s*[+-]?\d+/.exec(copy)?.[0] ?? '';
      if (digits.length > 0 && digits.length < length) {
        throw invalidFormat(`invalid value "${copy}" for "${name}"`, {
          detail: `Field requires ${length} characters, but only ${digits.length} could be parsed.`,
          hint: FIXED_WIDTH_HINT,
        });
      }
      this.at += digits.length;
    }
    if (digits === '') {
      const copy = this.text.slice(start).replace(/^\s+/, '').slice(0, length);
      throw invalidFormat(`invalid value "${copy}" for "${name}"`, { detail: 'Value must be an integer.' });
    }
    const value = Number(digits);
    if (value > 0x7fffffff || value < -0x80000000) {
      throw new SqlError(SqlState.datetimeFieldOverflow, `value for "${name}" in source string is out of range`, {
        detail: 'Value must be in the range -2147483648 to 2147483647.',
      });
    }
    return { value, used: this.at - start };
  }

  /** The index of the first of the words that stands here, in any case. */
  word(words: readonly string[], node: FieldNode): number {
    const rest = this.text.slice(this.at, this.at + 12).toLowerCase();
    const index = rest === '' ? -1 : words.findIndex((word) => rest.startsWith(word.toLowerCase()));
    if (index < 0) {
      const shown = /^\S*/.exec(this.text.slice(this.at))?.[0] ?? '';
      throw invalidFormat(`invalid value "${shown}" for "${node.field}"`, {
        detail: 'The given value did not match any of the allowed values for this field.',
      });
    }
    this.at += words[index]?.length ?? 0;
    return index;
  }

  /** The two letters of an ordinal's ending, whatever they are. */
  skipOrdinal(node: FieldNode): void {
    if (node.ordinal !== '') for (let i = 0; i < 2 && !this.isAtEnd; i++) this.skipCharacter();
  }
}

const DIGIT_FIELDS = /^(?:A|CC|DDD?|D|FF[1-6]|HH(?:24|12)?|I(?:DDD|D|W|Y{0,3})|J|MI|MM|MS|Q|SS(?:SSS?)?|US|WW?|Y(?:,YYY|Y{0,3}))$/i;

function isFollowedBySeparator(nodes: readonly TemplateNode[], index: number): boolean {
  const node = nodes[index];
  if (node?.kind === 'field' && node.ordinal !== '') return true;
  const next = nodes[index + 1];
  if (next === undefined) return true;
  return next.kind === 'field' ? !DIGIT_FIELDS.test(next.field) : !/^[0-9]$/.test(next.text);
}
