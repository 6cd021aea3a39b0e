import type { TypeCodec } from '../codec.js';
import { type Condition, parseCondition, printCondition } from './condition.js';
import { ExtensionTypeOid } from './oids.js';

type IntOperand = { readonly kind: 'number'; readonly value: number };
/** intarray's query_int: a condition over numbers. Its value is its text. */
export type IntCondition = Condition<IntOperand>;

const NUMBER = /-?\d+/y;
const MAX_INT4 = 0x7fffffff;

/** @throws SqlError 42601, 54001 */
export function parseIntQuery(text: string): IntCondition {
  return parseCondition(text, (at): { readonly node: IntOperand; readonly end: number } | undefined => {
    NUMBER.lastIndex = at;
    const digits = NUMBER.exec(text)?.[0];
    const value = Number(digits);
    if (digits === undefined || value > MAX_INT4 || value < -MAX_INT4 - 1) return undefined;
    return { node: { kind: 'number', value }, end: at + digits.length };
  });
}

export const printIntQuery = (node: IntCondition): string => printCondition(node, ({ value }) => String(value));

export const queryIntCodec: TypeCodec = {
  oid: ExtensionTypeOid.query_int,
  name: 'query_int',
  input: (text) => printIntQuery(parseIntQuery(text)),
  output: (value) => value as string,
};
