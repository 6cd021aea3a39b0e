import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { TypeCodec } from '../codec.js';
import { ExtensionTypeOid } from './oids.js';

/** intarray's query_int: numbers, &, |, ! and parentheses. Its value is its text. */
export type IntCondition =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'not'; readonly arg: IntCondition }
  | { readonly kind: 'and' | 'or'; readonly left: IntCondition; readonly right: IntCondition };

const NUMBER = /-?\d+/y;
const MAX_DEPTH = 500;
const MAX_INT4 = 0x7fffffff;
const PRIORITY = { or: 1, and: 2, not: 3, number: 4 } as const;

/** @throws SqlError 42601, 54001 */
export function parseIntQuery(text: string): IntCondition {
  let at = 0;
  let depth = 0;
  const skip = () => {
    while (/\s/.test(text[at] ?? '')) at++;
  };
  const wrong = () => new SqlError(SqlState.syntaxError, 'syntax error');
  const unary = (): IntCondition => {
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
        if (text[at] !== ')') throw wrong();
        at++;
        return inner;
      }
      NUMBER.lastIndex = at;
      const digits = NUMBER.exec(text)?.[0];
      if (digits === undefined) throw wrong();
      const value = Number(digits);
      if (value > MAX_INT4 || value < -MAX_INT4 - 1) throw wrong();
      at += digits.length;
      return { kind: 'number', value };
    } finally {
      depth--;
    }
  };
  const both = (): IntCondition => {
    let left = unary();
    for (skip(); text[at] === '&'; skip()) {
      at++;
      left = { kind: 'and', left, right: unary() };
    }
    return left;
  };
  const either = (): IntCondition => {
    let left = both();
    for (skip(); text[at] === '|'; skip()) {
      at++;
      left = { kind: 'or', left, right: both() };
    }
    return left;
  };
  skip();
  if (at >= text.length) throw wrong();
  const condition = either();
  skip();
  if (at < text.length) throw wrong();
  return condition;
}

export function printIntQuery(node: IntCondition): string {
  const inside = (child: IntCondition) =>
    PRIORITY[child.kind] < PRIORITY[node.kind] ? `( ${printIntQuery(child)} )` : printIntQuery(child);
  switch (node.kind) {
    case 'number':
      return String(node.value);
    case 'not':
      return `!${inside(node.arg)}`;
    case 'and':
    case 'or':
      return `${inside(node.left)} ${node.kind === 'and' ? '&' : '|'} ${inside(node.right)}`;
  }
}

export const queryIntCodec: TypeCodec = {
  oid: ExtensionTypeOid.query_int,
  name: 'query_int',
  input: (text) => printIntQuery(parseIntQuery(text)),
  output: (value) => value as string,
};
