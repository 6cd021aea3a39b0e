import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import { isSpace } from './input-errors.js';

function malformed(text: string, detail: string): SqlError {
  return new SqlError(SqlState.invalidTextRepresentation, `malformed record literal: "${text}"`, { detail });
}

/** '(1,"a b",)' → its fields' texts; nothing at all between commas is NULL. @throws SqlError 22P02 */
export function splitRecordText(text: string, count: number): readonly (string | null)[] {
  let at = 0;
  const skipSpace = () => {
    while (at < text.length && isSpace(text.charCodeAt(at))) at++;
  };
  skipSpace();
  if (text[at] !== '(') throw malformed(text, 'Missing left parenthesis.');
  at++;
  const fields: (string | null)[] = [];
  for (let i = 0; i < count; i++) {
    if (i > 0) {
      if (text[at] !== ',') throw malformed(text, 'Too few columns.');
      at++;
    }
    const next = text[at];
    if (next === ',' || next === ')') fields.push(null);
    else {
      const [field, end] = readField(text, at);
      fields.push(field);
      at = end;
    }
  }
  if (text[at] !== ')') throw malformed(text, 'Too many columns.');
  at++;
  skipSpace();
  if (at < text.length) throw malformed(text, 'Junk after right parenthesis.');
  return fields;
}

function readField(text: string, start: number): [string, number] {
  let value = '';
  let quoted = false;
  let at = start;
  for (;;) {
    const char = text[at];
    if (char === undefined) throw malformed(text, 'Unexpected end of input.');
    if (!quoted && (char === ',' || char === ')')) return [value, at];
    at++;
    if (char === '\\') {
      const next = text[at++];
      if (next === undefined) throw malformed(text, 'Unexpected end of input.');
      value += next;
    } else if (char === '"') {
      if (!quoted) quoted = true;
      else if (text[at] === '"') {
        value += '"';
        at++;
      } else quoted = false;
    } else value += char;
  }
}
