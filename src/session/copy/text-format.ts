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
  return splitEscaped(line, delimiter).map((raw) => (raw === nullText ? null : unescape(raw)));
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

function unescape(raw: string): string {
  if (!raw.includes('\\')) return raw;
  const bytes: string[] = [];
  let isBytes = false;
  const text = raw.replace(/\\(x[0-9a-fA-F]{1,2}|[0-7]{1,3}|[\s\S]|$)/g, (_, escaped: string) => {
    if (escaped === '') return '\\';
    const isHex = escaped.length > 1 && escaped.startsWith('x');
    const isOctal = /^[0-7]/.test(escaped);
    if (!isHex && !isOctal) return ESCAPES[escaped] ?? escaped;
    const code = (isHex ? Number.parseInt(escaped.slice(1), 16) : Number.parseInt(escaped, 8)) & 0xff;
    if (code < 128) return String.fromCharCode(code);
    // Bytes of a character beyond ASCII: put together below.
    isBytes = true;
    bytes.push(String.fromCharCode(code));
    return `\u0000${String.fromCharCode(code)}`;
  });
  return isBytes ? joinBytes(text) : text;
}

/** Runs of marked bytes → the characters that they are in UTF-8. */
function joinBytes(text: string): string {
  return text.replace(/(?:\u0000[\u0080-\u00ff])+/g, (run) => Buffer.from(run.replaceAll('\u0000', ''), 'latin1').toString('utf8'));
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
