import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { TypeOid } from '../oids.js';
import { ObjectValue } from '../value.js';
import { quoteLexeme, readLexeme, WEIGHTS } from './tsvector.js';

/** What a query asks for. A phrase's right side stands `distance` behind its left one. */
export type QueryNode =
  | { readonly kind: 'word'; readonly word: string; readonly prefix: boolean /** Bit set of weights; 0: any. */; readonly weights: number }
  | { readonly kind: 'not'; readonly arg: QueryNode }
  | { readonly kind: 'and' | 'or'; readonly left: QueryNode; readonly right: QueryNode }
  | { readonly kind: 'phrase'; readonly left: QueryNode; readonly right: QueryNode; readonly distance: number };

const PRIORITY = { or: 1, and: 2, phrase: 3, not: 4, word: 5 } as const;
const MAX_DISTANCE = 16_384;
const MAX_DEPTH = 500;

export class TsQuery extends ObjectValue {
  readonly oid = TypeOid.tsquery;
  /** Undefined: the empty query. */
  readonly root: QueryNode | undefined;

  constructor(root: QueryNode | undefined) {
    super();
    this.root = root;
  }

  exactText(): string {
    return this.root === undefined ? '' : formatQuery(this.root, 0, false);
  }
}

function symbolOf(node: QueryNode): string {
  if (node.kind === 'phrase') return node.distance === 1 ? '<->' : `<${node.distance}>`;
  return node.kind === 'and' ? '&' : '|';
}

function formatQuery(node: QueryNode, outer: number, rightOfPhrase: boolean): string {
  const priority = PRIORITY[node.kind];
  if (node.kind === 'word') {
    const weights = [...WEIGHTS].filter((_, weight) => (node.weights & (1 << weight)) !== 0).reverse();
    const suffix = `${node.prefix ? '*' : ''}${weights.join('')}`;
    return `'${quoteLexeme(node.word)}'${suffix === '' ? '' : `:${suffix}`}`;
  }
  const brackets = priority < outer || (node.kind === 'phrase' && rightOfPhrase);
  let text: string;
  if (node.kind === 'not') text = `!${formatQuery(node.arg, priority, false)}`;
  else {
    const symbol = symbolOf(node);
    text = `${formatQuery(node.left, priority, false)} ${symbol} ${formatQuery(node.right, priority, node.kind === 'phrase')}`;
  }
  return brackets ? `( ${text} )` : text;
}

/** An operand's text → what stands for it; undefined: nothing is left of it (stop words). */
export type OperandReader = (word: string, prefix: boolean, weights: number) => QueryNode | undefined;

const plainOperand: OperandReader = (word, prefix, weights) => ({ kind: 'word', word, prefix, weights });

/** While stop words fall out, a phrase grows by what stood there: on the left and the right of what is left. */
interface Built {
  readonly node: QueryNode | undefined;
  readonly left: number;
  readonly right: number;
}

class QueryParser {
  readonly #text: string;
  readonly #operand: OperandReader;
  #at = 0;
  #depth = 0;

  constructor(text: string, operand: OperandReader) {
    this.#text = text;
    this.#operand = operand;
  }

  parse(): QueryNode | undefined {
    this.#blanks();
    if (this.#at >= this.#text.length) return undefined;
    const { node } = this.#binary(PRIORITY.or);
    if (this.#at < this.#text.length) throw this.#error();
    return node;
  }

  #error(): SqlError {
    return new SqlError(SqlState.syntaxError, `syntax error in tsquery: "${this.#text}"`);
  }

  #blanks(): void {
    while (this.#at < this.#text.length && /\s/.test(this.#text[this.#at] ?? '')) this.#at++;
  }

  #binary(priority: number): Built {
    if (priority > PRIORITY.phrase) return this.#unary();
    let left = this.#binary(priority + 1);
    for (;;) {
      const distance = this.#operator(priority);
      if (distance === undefined) return left;
      const right = this.#binary(priority + 1);
      left = priority === PRIORITY.phrase ? phrase(left, right, distance) : both(left, right, priority === PRIORITY.and ? 'and' : 'or');
    }
  }

  /** Takes an operator of the priority; its distance, or 0. */
  #operator(priority: number): number | undefined {
    this.#blanks();
    const character = this.#text[this.#at];
    if (priority !== PRIORITY.phrase) {
      if (character !== (priority === PRIORITY.and ? '&' : '|')) return undefined;
      this.#at++;
      return 0;
    }
    if (character !== '<') return undefined;
    const match = /^<(-|\d+)>/.exec(this.#text.slice(this.#at, this.#at + 12));
    if (match === null) throw this.#error();
    this.#at += match[0].length;
    const distance = match[1] === '-' ? 1 : Number(match[1]);
    if (distance > MAX_DISTANCE) {
      throw new SqlError(
        SqlState.invalidParameterValue,
        `distance in phrase operator must be an integer value between zero and ${MAX_DISTANCE} inclusive`,
      );
    }
    return distance;
  }

  #unary(): Built {
    this.#blanks();
    if (++this.#depth > MAX_DEPTH) throw new SqlError(SqlState.statementTooComplex, 'stack depth limit exceeded');
    const built = this.#unaryHere();
    this.#depth--;
    return built;
  }

  #unaryHere(): Built {
    const character = this.#text[this.#at];
    if (character === '!') {
      this.#at++;
      const { node } = this.#unary();
      return { node: node === undefined ? undefined : { kind: 'not', arg: node }, left: 0, right: 0 };
    }
    if (character === '(') {
      this.#at++;
      const inner = this.#binary(PRIORITY.or);
      this.#blanks();
      if (this.#text[this.#at] !== ')') throw this.#error();
      this.#at++;
      return inner;
    }
    if (character === undefined) throw new SqlError(SqlState.syntaxError, `no operand in tsquery: "${this.#text}"`);
    if ('&|<>)'.includes(character)) throw this.#error();
    if (character === ':') throw this.#error();
    const { word, end } = readLexeme(this.#text, this.#at, /[\s:&|!()<]/, () => this.#error());
    this.#at = end;
    const { prefix, weights } = this.#suffix();
    return { node: this.#operand(word, prefix, weights), left: 0, right: 0 };
  }

  #suffix(): { prefix: boolean; weights: number } {
    const match = /^:([*A-Da-d]*)/.exec(this.#text.slice(this.#at, this.#at + 16));
    if (match === null) return { prefix: false, weights: 0 };
    this.#at += match[0].length;
    let weights = 0;
    for (const letter of match[1]?.toUpperCase() ?? '') if (letter !== '*') weights |= 1 << WEIGHTS.indexOf(letter);
    return { prefix: match[1]?.includes('*') === true, weights };
  }
}

function both(left: Built, right: Built, kind: 'and' | 'or'): Built {
  if (left.node !== undefined && right.node !== undefined) {
    return { node: { kind, left: left.node, right: right.node }, left: 0, right: 0 };
  }
  if (left.node === undefined && right.node === undefined) {
    const gap = Math.max(left.left, right.left);
    return { node: undefined, left: gap, right: gap };
  }
  return left.node === undefined ? right : left;
}

/** Joins two parts of a phrase; over what has fallen out the distance adds up. */
export function phrase(left: Built, right: Built, distance: number): Built {
  if (left.node === undefined && right.node === undefined) {
    const gap = left.left + distance + right.left;
    return { node: undefined, left: gap, right: gap };
  }
  if (left.node === undefined) return { node: right.node, left: left.left + distance + right.left, right: right.right };
  if (right.node === undefined) return { node: left.node, left: left.left, right: left.right + distance + right.right };
  const between = Math.min(MAX_DISTANCE, distance + left.right + right.left);
  return { node: { kind: 'phrase', left: left.node, right: right.node, distance: between }, left: left.left, right: right.right };
}

/** tsqueryin, or with a reader of operands to_tsquery. @throws SqlError 42601, 22023 */
export function parseTsQuery(text: string, operand: OperandReader = plainOperand): TsQuery {
  return new TsQuery(new QueryParser(text, operand).parse());
}

function size(node: QueryNode | undefined): number {
  if (node === undefined) return 0;
  if (node.kind === 'word') return 1;
  return node.kind === 'not' ? 1 + size(node.arg) : 1 + size(node.left) + size(node.right);
}
export const countNodes = (query: TsQuery): number => size(query.root);
