import { compareText } from '../text.js';
import { countNodes, type QueryNode, type TsQuery } from './tsquery.js';

/**
 * The order of queries is PostgreSQL's own, which shows in ORDER BY and in what a rewriting leaves: by sizes, then node by node; words by a
 * checksum first, since that is what its nodes hold of them.
 */

/** A query's tree with all operands of a chain of one operator beside each other. A phrase's are the right one and the left one. */
export type WideNode =
  | Extract<QueryNode, { readonly kind: 'word' }>
  | { readonly kind: 'not' | 'and' | 'or' | 'phrase'; readonly parts: readonly WideNode[]; readonly distance: number };

const KINDS = ['word', 'not', 'and', 'or', 'phrase'];

/** Two operands at most: as the query is written. */
export function wide(node: QueryNode): WideNode {
  switch (node.kind) {
    case 'word':
      return node;
    case 'not':
      return { kind: 'not', parts: [wide(node.arg)], distance: 0 };
    default:
      return { kind: node.kind, parts: [wide(node.right), wide(node.left)], distance: node.kind === 'phrase' ? node.distance : 0 };
  }
}

export function narrow(node: WideNode): QueryNode {
  if (node.kind === 'word') return node;
  const [first, second, ...rest] = node.parts.map(narrow);
  if (first === undefined || second === undefined) return first === undefined ? NOWHERE : { kind: 'not', arg: first };
  const join = (right: QueryNode, left: QueryNode): QueryNode =>
    node.kind === 'phrase'
      ? { kind: 'phrase', left, right, distance: node.distance }
      : { kind: node.kind === 'or' ? 'or' : 'and', left, right };
  // The last of the rest comes first.
  return rest.reduceRight(join, join(first, second));
}
const NOWHERE: QueryNode = Object.freeze({ kind: 'word', word: '', prefix: false, weights: 0 });

/** Chains flattened and in order. */
export function sorted(node: WideNode): WideNode {
  if (node.kind === 'word') return node;
  const parts = node.parts.map(sorted);
  if (node.kind === 'not' || node.kind === 'phrase') return { ...node, parts };
  const flat = parts.flatMap((part) => (part.kind === node.kind ? part.parts : [part]));
  return { ...node, parts: inOrder(flat) };
}

export const inOrder = (parts: readonly WideNode[]): readonly WideNode[] => [...parts].sort(compareNodes);

export function compareNodes(a: WideNode, b: WideNode): number {
  if (a.kind === 'word' && b.kind === 'word') return checksum(b.word) - checksum(a.word) || compareText(a.word, b.word);
  if (a.kind === 'word' || b.kind === 'word') return a.kind === 'word' ? 1 : -1;
  if (a.kind !== b.kind) return KINDS.indexOf(b.kind) - KINDS.indexOf(a.kind);
  if (a.parts.length !== b.parts.length) return b.parts.length - a.parts.length;
  for (let i = 0; i < a.parts.length; i++) {
    const x = a.parts[i];
    const y = b.parts[i];
    const order = x === undefined || y === undefined ? 0 : compareNodes(x, y);
    if (order !== 0) return order;
  }
  return b.distance - a.distance;
}

export function compareQueries(a: TsQuery, b: TsQuery): number {
  const order = countNodes(a) - countNodes(b) || wordBytes(a.root) - wordBytes(b.root);
  if (order !== 0) return Math.sign(order);
  return a.root === undefined || b.root === undefined ? 0 : Math.sign(compareNodes(wide(a.root), wide(b.root)));
}

/** With the byte that ends each. */
function wordBytes(node: QueryNode | undefined): number {
  if (node === undefined) return 0;
  if (node.kind === 'word') return Buffer.byteLength(node.word) + 1;
  return node.kind === 'not' ? wordBytes(node.arg) : wordBytes(node.left) + wordBytes(node.right);
}

const TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = (value & 1) === 0 ? value >>> 1 : (value >>> 1) ^ 0xedb88320;
  return value;
});

/** A CRC-32 that shifts the wrong way, with a sign. */
function checksum(word: string): number {
  let crc = -1;
  for (const byte of Buffer.from(word)) crc = (TABLE[((crc >>> 24) ^ byte) & 0xff] ?? 0) ^ (crc << 8);
  return ~crc;
}
