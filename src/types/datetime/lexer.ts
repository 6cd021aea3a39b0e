import { isSpace } from '../input-errors.js';
import { dateTokenOf } from './tokens.js';

/**
 * What a field looks like: digits; a date with its separators; a time with colons; letters; a sign and digits (a zone, or a signed
 * number in an interval); a sign and letters.
 */
export type FieldKind = 'number' | 'date' | 'time' | 'word' | 'signed number' | 'signed word';

export interface Field {
  readonly kind: FieldKind;
  /** In lower case. */
  readonly text: string;
}

const MAX_FIELDS = 25;
/** PostgreSQL's MAXDATELEN + 1: what its work buffer holds. */
const MAX_LENGTH = 128;

export const isDigit = (code: number): boolean => code >= 48 && code <= 57;
export const isLetter = (code: number): boolean => (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
const isPunctuation = (code: number): boolean => code > 32 && code < 127 && !isDigit(code) && !isLetter(code);

const DASH = 45;
const SLASH = 47;
const DOT = 46;
const COLON = 58;
const PLUS = 43;

function isDateSeparator(code: number): boolean {
  return code === DASH || code === SLASH || code === DOT;
}

/** What may go on within a word that turned out to be a date or a zone's name. */
function continuesName(code: number): boolean {
  return code === PLUS || isDateSeparator(code) || code === 95 || code === COLON || isDigit(code) || isLetter(code);
}

/** Splits the text of a date, time or interval into fields; undefined when it can be none. */
export function splitFields(source: string): Field[] | undefined {
  const text = source.toLowerCase();
  const fields: Field[] = [];
  const length = text.length;
  let taken = 0;
  let at = 0;
  const code = (): number => (at < length ? text.charCodeAt(at) : 0);
  const skip = (accept: (code: number) => boolean): void => {
    while (at < length && accept(text.charCodeAt(at))) at++;
  };
  while (at < length) {
    const first = code();
    if (isSpace(first)) {
      at++;
      continue;
    }
    if (fields.length >= MAX_FIELDS) return undefined;
    let start = at;
    let kind: FieldKind;
    let prefix = '';
    if (isDigit(first)) {
      skip(isDigit);
      kind = 'number';
      const separator = code();
      if (separator === COLON) {
        kind = 'time';
        skip((c) => isDigit(c) || c === COLON || c === DOT);
      } else if (isDateSeparator(separator)) {
        at++;
        if (isDigit(code())) {
          kind = separator === DOT ? 'number' : 'date';
          skip(isDigit);
          // A second separator of the same sort makes it a date of three fields.
          if (code() === separator) {
            kind = 'date';
            at++;
            skip((c) => isDigit(c) || c === separator);
          }
        } else {
          kind = 'date';
          skip((c) => isDigit(c) || isLetter(c) || c === separator);
        }
      }
    } else if (first === DOT) {
      kind = 'number';
      at++;
      skip(isDigit);
    } else if (isLetter(first)) {
      kind = 'word';
      skip(isLetter);
      const next = code();
      // '1718-jan-15' was taken above; this is 'jan-15-1718', a zone like 'america/new_york', or 'est5edt'. A known word ends at once.
      if (isDateSeparator(next) || ((next === PLUS || isDigit(next)) && dateTokenOf(text.slice(start, at)) === undefined)) {
        kind = 'date';
        skip(continuesName);
      }
    } else if (first === PLUS || first === DASH) {
      prefix = text[at] ?? '';
      at++;
      skip(isSpace);
      start = at;
      if (isDigit(code())) {
        kind = 'signed number';
        skip((c) => isDigit(c) || c === COLON || c === DOT || c === DASH);
      } else if (isLetter(code())) {
        kind = 'signed word';
        skip(isLetter);
      } else {
        return undefined;
      }
    } else if (isPunctuation(first)) {
      at++;
      continue;
    } else {
      return undefined;
    }
    taken += at - start + prefix.length + 1;
    if (taken > MAX_LENGTH + MAX_FIELDS) return undefined;
    fields.push({ kind, text: prefix + text.slice(start, at) });
  }
  return fields;
}
