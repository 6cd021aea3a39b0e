import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';

/** What the queries of intarray and ltree are made of: operands, &, |, ! and parentheses. */
export type Condition<Operand> = Operand | Not<Operand> | Pair<Operand>;
interface Not<Operand> {
  readonly kind: 'not';
  readonly arg: Condition<Operand>;
}
interface Pair<Operand> {
  readonly kind: 'and' | 'or';
  readonly left: Condition<Operand>;
  readonly right: Condition<Operand>;
}

const MAX_DEPTH = 500;
const SYMBOLS = { and: '&', or: '|' } as const;
const PRIORITY: Readonly<Record<string, number>> = { or: 1, and: 2, not: 3 };
const OPERAND_PRIORITY = 4;

/**
 * @param operand reads one at a place of the text and says where it ends; undefined where there is none
 * @throws SqlError 42601, 54001
 */
export function parseCondition<Operand>(
  text: string,
  operand: (at: number) => { readonly node: Operand; readonly end: number } | undefined,
  noOperand = 'syntax error',
): Condition<Operand> {
  let at = 0;
  let depth = 0;
  const wrong = (message = 'syntax error'): SqlError => new SqlError(SqlState.syntaxError, message);
  const skip = (): void => {
    while (/\s/.test(text[at] ?? '')) at++;
  };
  const takes = (char: string): boolean => {
    skip();
    if (text[at] !== char) return false;
    at++;
    return true;
  };
  const unary = (): Condition<Operand> => {
    if (++depth > MAX_DEPTH) throw new SqlError(SqlState.statementTooComplex, 'stack depth limit exceeded');
    try {
      if (takes('!')) return { kind: 'not', arg: unary() };
      if (takes('(')) {
        const inner = joined('or');
        if (!takes(')')) throw wrong();
        return inner;
      }
      const read = operand(at);
      if (read === undefined) throw wrong(noOperand);
      at = read.end;
      return read.node;
    } finally {
      depth--;
    }
  };
  const joined = (kind: 'and' | 'or'): Condition<Operand> => {
    const next = (): Condition<Operand> => (kind === 'or' ? joined('and') : unary());
    let left = next();
    while (takes(SYMBOLS[kind])) left = { kind, left, right: next() };
    return left;
  };
  const condition = joined('or');
  skip();
  if (at < text.length) throw wrong();
  return condition;
}

/** With the parentheses that it needs. */
export function printCondition<Operand extends { readonly kind: string }>(
  node: Condition<Operand>,
  operand: (node: Operand) => string,
): string {
  const priority = (each: { readonly kind: string }): number => PRIORITY[each.kind] ?? OPERAND_PRIORITY;
  const inside = (child: Condition<Operand>): string => {
    const text = printCondition(child, operand);
    return priority(child) < priority(node) ? `( ${text} )` : text;
  };
  if (isNot(node)) return `!${inside(node.arg)}`;
  if (isPair(node)) return `${inside(node.left)} ${SYMBOLS[node.kind]} ${inside(node.right)}`;
  return operand(node);
}

const isNot = <Operand extends { readonly kind: string }>(node: Condition<Operand>): node is Not<Operand> => node.kind === 'not';
const isPair = <Operand extends { readonly kind: string }>(node: Condition<Operand>): node is Pair<Operand> =>
  node.kind === 'and' || node.kind === 'or';
