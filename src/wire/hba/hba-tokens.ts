/** One word of a rule. In quotes it is a plain name, whatever it says. */
export interface HbaToken {
  readonly text: string;
  readonly isQuoted: boolean;
}

/** A line of the file: fields apart by blanks, each a list apart by commas. */
export interface HbaLine {
  readonly number: number;
  readonly fields: readonly (readonly HbaToken[])[];
}

/** Cuts a file into lines as PostgreSQL does: `#` begins a comment, a backslash at a line's end joins it with the next, quotes keep blanks and commas. */
export function* hbaLines(text: string): Iterable<HbaLine> {
  const lines = text.split(/\r?\n/);
  for (let at = 0; at < lines.length; at++) {
    const number = at + 1;
    let line = lines[at] ?? '';
    while (line.endsWith('\\') && at + 1 < lines.length) line = line.slice(0, -1) + (lines[++at] ?? '');
    const fields = fieldsOf(line);
    if (fields.length > 0) yield { number, fields };
  }
}

/** A comma goes on with the same field, also where blanks follow it. */
const TOKEN = /\s*(?:(#.*)|((?:"[^"]*"?|[^\s,"#])+)(\s*,)?|(,))/gy;

function fieldsOf(line: string): readonly (readonly HbaToken[])[] {
  const fields: HbaToken[][] = [];
  let goesOn = false;
  for (const [, comment, word, comma] of line.matchAll(TOKEN)) {
    if (comment !== undefined) break;
    if (word === undefined) {
      goesOn = fields.length > 0;
      continue;
    }
    const token = { text: word.replaceAll('"', ''), isQuoted: word.startsWith('"') };
    const field = fields.at(-1);
    if (goesOn && field !== undefined) field.push(token);
    else fields.push([token]);
    goesOn = comma !== undefined;
  }
  return fields;
}
