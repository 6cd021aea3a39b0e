import type { CopyOptions } from './copy-options.js';

/** COPY's text format: fields between delimiters, backslash escapes. PostgreSQL manual, COPY, "Text Format". */

const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** One line without its end → fields; null where the null text stands. */
export function readTextLine(line: string, { delimiter, nullText }: CopyOptions): (string | null)[] {
  if (!line.includes('\\')) {
    const fields: (string | null)[] = line.split(delimiter);
    if (nullText !== '\\N') for (let i = 0; i < fields.length; i++) if (fields[i] === nullText) fields[i] = null;
    return fields;
  }
  return splitEscaped(line, delimiter).map((raw) => (raw === nullText ? null : withoutEscapes(raw)));
}

/** A delimiter behind a backslash is data. */
function splitEscaped(line: string, delimiter: string): string[] {
  const fields: string[] = [];
  let start = 0;
  for (let i = 0; i < line.length; i++) {
    const character = line[i];
    if (character === '\\') i++;
    else if (character === delimiter) {
      fields.push(line.slice(start, i));
      start = i + 1;
    }
  }
  fields.push(line.slice(start));
  return fields;
}

function withoutEscapes(raw: string): string {
  if (!raw.includes('\\')) return raw;
  if (NUMBERED.test(raw)) return withoutNumbers(raw);
  return raw.replace(/\\([\s\S])/g, (_, escaped: string) => ESCAPES[escaped] ?? escaped);
}

const NUMBERED = /\\(?:x[0-9a-fA-F]|[0-7])/;

/** Escapes by number are bytes, of which several may make one character. */
function withoutNumbers(raw: string): string {
  const parts: Buffer[] = [];
  for (const [piece] of raw.matchAll(/\\x[0-9a-fA-F]{1,2}|\\[0-7]{1,3}|\\[\s\S]|[^\\]+|\\/g)) {
    if (!piece.startsWith('\\') || piece.length === 1) parts.push(Buffer.from(piece));
    else if (/^\\x[0-9a-fA-F]/.test(piece)) parts.push(Buffer.from([Number.parseInt(piece.slice(2), 16)]));
    else if (/^\\[0-7]/.test(piece)) parts.push(Buffer.from([Number.parseInt(piece.slice(1), 8) & 0xff]));
    else parts.push(Buffer.from(ESCAPES[piece.charAt(1)] ?? piece.charAt(1)));
  }
  return Buffer.concat(parts).toString('utf8');
}

/** A value as text format writes it. */
export function writeTextField(text: string, delimiter: string): string {
  // Most values need nothing.
  if (!NEEDS_ESCAPE.test(text) && !text.includes(delimiter)) return text;
  return text
    .replace(/[\\\b\f\n\r\t\v]/g, (character) => WRITTEN[character] ?? character)
    .replaceAll(delimiter, (d) => (d === '\t' ? d : `\\${d}`));
}

const NEEDS_ESCAPE = /[\\\b\f\n\r\t\v]/;
const WRITTEN: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};
