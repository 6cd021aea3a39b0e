import { type Condition, parseCondition, printCondition } from './condition.js';
import type { LabelVariant } from './lquery.js';

type Word = { readonly kind: 'word' } & LabelVariant;
/** A condition over the labels of a path: words with lquery's flags. */
export type TextCondition = Condition<Word>;

const WORD = /[\p{L}\p{N}_]+/uy;

/** The condition and how ltxtquery prints it. @throws SqlError 42601, 54001 */
export function parseTextQuery(text: string): { readonly condition: TextCondition; readonly text: string } {
  const condition = parseCondition(text, (at) => wordAt(text, at), 'operand syntax error');
  return { condition, text: printCondition(condition, printWord) };
}

function wordAt(text: string, at: number): { readonly node: Word; readonly end: number } | undefined {
  WORD.lastIndex = at;
  const word = WORD.exec(text)?.[0];
  if (word === undefined) return undefined;
  let end = at + word.length;
  const flags = new Set<string>();
  for (let char = text[end]; char !== undefined && '*@%'.includes(char); char = text[++end]) flags.add(char);
  return { node: { kind: 'word', word, anyEnd: flags.has('*'), anyCase: flags.has('@'), words: flags.has('%') }, end };
}

const printWord = ({ word, words, anyCase, anyEnd }: Word): string => `${word}${words ? '%' : ''}${anyCase ? '@' : ''}${anyEnd ? '*' : ''}`;
