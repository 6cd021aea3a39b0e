/** A token of SQL text as PostgreSQL's scanner cuts it. Words are in lower case; everything else is as typed. */
export interface Token {
  readonly kind: 'word' | 'quoted' | 'string' | 'number' | 'parameter' | 'operator' | 'punctuation';
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const TOKEN =
  /(?<space>[ \t\n\r\f\v]+|--[^\n\r]*)|(?<comment>\/\*)|(?<string>(?:[eEbBxXnN]|[uU]&)?')|(?<quoted>(?:[uU]&)?")|(?<dollar>\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$)|(?<parameter>\$\d+)|(?<word>[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)|(?<number>(?:\d[\d_]*(?:\.(?!\.)[\d_]*)?|\.\d[\d_]*)(?:[eE][-+]?\d+)?\w*)|(?<punctuation>::|\.\.|:=|[()[\],;.:])|(?<operator>[-+*/<>=~!@#%^&|`?]+)/y;

/**
 * The tokens of valid SQL between two offsets, without white space and comments. Text that PostgreSQL's scanner would
 * refuse is cut somehow: who calls has had it read by the grammar, or admits only what he knows.
 * @param backslashes plain literals have escapes: standard_conforming_strings is off
 */
export function tokenize(text: string, from = 0, to = text.length, backslashes = false): Token[] {
  const tokens: Token[] = [];
  let at = from;
  while (at < to) {
    TOKEN.lastIndex = at;
    const groups = TOKEN.exec(text)?.groups;
    let end = TOKEN.lastIndex;
    if (groups === undefined) {
      tokens.push({ kind: 'punctuation', text: text.charAt(at), start: at, end: at + 1 });
      at++;
      continue;
    }
    if (groups.comment !== undefined) {
      at = commentEnd(text, at);
      continue;
    }
    if (groups.space === undefined) {
      let kind: Token['kind'] = 'punctuation';
      if (groups.string !== undefined) {
        kind = 'string';
        end = quoteEnd(text, end, "'", /^e/i.test(groups.string) || (backslashes && /^n?'/i.test(groups.string)));
      } else if (groups.quoted !== undefined) {
        kind = 'quoted';
        end = quoteEnd(text, end, '"', false);
      } else if (groups.dollar !== undefined) {
        kind = 'string';
        const close = text.indexOf(groups.dollar, end);
        end = close < 0 ? text.length : close + groups.dollar.length;
      } else if (groups.word !== undefined) kind = 'word';
      else if (groups.number !== undefined) kind = 'number';
      else if (groups.parameter !== undefined) kind = 'parameter';
      else if (groups.operator !== undefined) {
        kind = 'operator';
        end = at + operatorLength(groups.operator);
      }
      const piece = text.slice(at, end);
      tokens.push({ kind, text: kind === 'word' ? piece.toLowerCase() : piece, start: at, end });
    }
    at = end;
  }
  return tokens;
}

/** PostgreSQL's rules: a comment ends an operator, and one that ends in + or - must contain one of ~ ! @ # % ^ & | ` ?. */
function operatorLength(run: string): number {
  let length = run.length;
  const comment = run.search(/--|\/\*/);
  if (comment > 0) length = comment;
  while (length > 1 && /[-+]$/.test(run.slice(0, length)) && !/[~!@#%^&|`?]/.test(run.slice(0, length))) length--;
  return length;
}

function commentEnd(text: string, start: number): number {
  let depth = 0;
  let at = start;
  while (at < text.length) {
    if (text.startsWith('/*', at)) {
      depth++;
      at += 2;
    } else if (text.startsWith('*/', at)) {
      depth--;
      at += 2;
      if (depth === 0) return at;
    } else at++;
  }
  return at;
}

function quoteEnd(text: string, from: number, quote: string, escapes: boolean): number {
  let at = from;
  while (at < text.length) {
    const char = text[at];
    if (char === quote) {
      if (text[at + 1] !== quote) return at + 1;
      at += 2;
    } else at += escapes && char === '\\' ? 2 : 1;
  }
  return at;
}
