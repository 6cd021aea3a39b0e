import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { LabelVariant } from './lquery.js';

/** A condition over the labels of a path: words with lquery's flags, &, |, ! and parentheses. */
export type TextCondition =
  | ({ readonly kind: 'word' } & LabelVariant)
  | { readonly kind: 'not'; readonly arg: TextCondition }
  | { readonly kind: 'and' | 'or'; readonly left: TextCondition; readonly right: TextCondition };

const WORD = /[\p{L}\p{N}_]+/uy;
const MAX_DEPTH = 500;
const PRIORITY = { or: 1, and: 2, not: 3, word: 4 } as const;

/** The condition and how ltxtquery prints it. @throws SqlError 42601, 54001 */
export function parseTextQuery(text: string): { readonly condition: TextCondition; readonly text: string } {
  let at = 0;
  let depth = 0;
  const skip = () => {
    while (/\s/.test(text[at] ?? '')) at++;
  };
  const wrong = () => new SqlError(SqlState.syntaxError, at >= text.length ? 'syntax error' : 'operand syntax error');
  const unary = (): TextCondition => {
    if (++depth > MAX_DEPTH) throw new SqlError(SqlState.statementTooComplex, 'stack depth limit exceeded');
    try {
      skip();
      if (text[at] === '!') {
        at++;
        return { kind: 'not', arg: unary() };
      }
      if (text[at] === '(') {
        at++;
        const inner = either();
        skip();
        if (text[at] !== ')') throw new SqlError(SqlState.syntaxError, 'syntax error');
        at++;
        return inner;
      }
      WORD.lastIndex = at;
      const word = WORD.exec(text)?.[0];
      if (word === undefined) throw wrong();
      at += word.length;
      const flags = new Set<string>();
      for (let char = text[at]; char !== undefined && '*@%'.includes(char); char = text[++at]) flags.add(char);
      return { kind: 'word', word, anyEnd: flags.has('*'), anyCase: flags.has('@'), words: flags.has('%') };
    } finally {
      depth--;
    }
  };
  const both = (): TextCondition => {
    let left = unary();
    for (skip(); text[at] === '&'; skip()) {
      at++;
      left = { kind: 'and', left, right: unary() };
    }
    return left;
  };
  const either = (): TextCondition => {
    let left = both();
    for (skip(); text[at] === '|'; skip()) {
      at++;
      left = { kind: 'or', left, right: both() };
    }
    return left;
  };
  skip();
  if (at >= text.length) throw new SqlError(SqlState.syntaxError, 'syntax error', { detail: 'Empty query.' });
  const condition = either();
  skip();
  if (at < text.length) throw new SqlError(SqlState.syntaxError, 'syntax error');
  return { condition, text: print(condition) };
}

function print(node: TextCondition): string {
  const inside = (child: TextCondition, outer: TextCondition) =>
    PRIORITY[child.kind] < PRIORITY[outer.kind] ? `( ${print(child)} )` : print(child);
  switch (node.kind) {
    case 'word':
      return node.word + (node.words ? '%' : '') + (node.anyCase ? '@' : '') + (node.anyEnd ? '*' : '');
    case 'not':
      return `!${inside(node.arg, node)}`;
    case 'and':
    case 'or':
      return `${inside(node.left, node)} ${node.kind === 'and' ? '&' : '|'} ${inside(node.right, node)}`;
  }
}
