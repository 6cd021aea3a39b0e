import { compareNodes, inOrder, narrow, sorted, type WideNode, wide } from '../../../types/text-search/query-order.js';
import { type QueryNode, TsQuery } from '../../../types/text-search/tsquery.js';

/** Replaces parts of a query, one replacement after the other. */
export class Rewriting {
  #tree: WideNode | undefined;

  constructor({ root }: TsQuery) {
    this.#tree = root === undefined ? undefined : sorted(wide(root));
  }

  get result(): TsQuery {
    return new TsQuery(this.#tree === undefined ? undefined : narrow(this.#tree));
  }
  get isEmpty(): boolean {
    return this.#tree === undefined;
  }

  /** Every part that is `target`, or a chain that has its operands, becomes `by`, or goes where that is empty. */
  replace(target: TsQuery, by: TsQuery): void {
    if (this.#tree === undefined || target.root === undefined) return;
    this.#tree = replaced(this.#tree, sorted(wide(target.root)), by.root === undefined ? undefined : wide(by.root));
  }

  /** As another replacement wants it. */
  sort(): void {
    if (this.#tree !== undefined) this.#tree = sorted(this.#tree);
  }
}

function replaced(node: WideNode, target: WideNode, by: WideNode | undefined): WideNode | undefined {
  if (compareNodes(node, target) === 0) return by;
  if (node.kind === 'word') return node;
  if (target.kind === node.kind && node.parts.length > target.parts.length) {
    const rest = without(node.parts, target.parts);
    if (rest !== undefined) {
      const placed = by === undefined ? undefined : sortedInside(by);
      const left = placed === undefined ? rest : inOrder([...rest, placed]);
      // What was put there is not looked into.
      return joined(
        node,
        left.map((part) => (part === placed ? part : replaced(part, target, by))),
      );
    }
  }
  return joined(
    node,
    node.parts.map((part) => replaced(part, target, by)),
  );
}

/** What is left without one of each; undefined: not all are there. Both in order. */
function without(parts: readonly WideNode[], taken: readonly WideNode[]): readonly WideNode[] | undefined {
  const rest: WideNode[] = [];
  let next = 0;
  for (const part of parts) {
    const wanted = taken[next];
    if (wanted !== undefined && compareNodes(part, wanted) === 0) next++;
    else rest.push(part);
  }
  return next === taken.length ? rest : undefined;
}

/** In order, but not flattened. */
function sortedInside(node: WideNode): WideNode {
  if (node.kind === 'word') return node;
  const parts = node.parts.map(sortedInside);
  return { ...node, parts: node.kind === 'and' || node.kind === 'or' ? inOrder(parts) : parts };
}

/** Without operands that have gone. */
function joined(node: Exclude<WideNode, { readonly kind: 'word' }>, parts: readonly (WideNode | undefined)[]): WideNode | undefined {
  const left = parts.filter((part) => part !== undefined);
  return left.length === 1 && node.kind !== 'not' ? left[0] : left.length === 0 ? undefined : { ...node, parts: left };
}

export function rewriteQuery(query: TsQuery, target: TsQuery, by: TsQuery): TsQuery {
  if (query.root === undefined || target.root === undefined) return query;
  const rewriting = new Rewriting(query);
  rewriting.replace(target, by);
  return rewriting.result;
}

/** querytree: what an index can look for; `T` when that is nothing. */
export function indexablePart(query: TsQuery): string {
  if (query.root === undefined) return '';
  const left = cleaned(query.root);
  return left === undefined ? 'T' : new TsQuery(left).exactText();
}

/** Without what must not be there; | with such a side can't be looked for at all. */
function cleaned(node: QueryNode): QueryNode | undefined {
  if (node.kind === 'word') return node;
  if (node.kind === 'not') return undefined;
  const left = cleaned(node.left);
  const right = cleaned(node.right);
  if (left !== undefined && right !== undefined) return { ...node, left, right };
  return node.kind === 'or' ? undefined : (left ?? right);
}

/** The words of a query, each once. */
export function wordSet(query: TsQuery): ReadonlySet<string> {
  const words = new Set<string>();
  const visit = (node: QueryNode): void => {
    if (node.kind === 'word') words.add(node.word);
    else if (node.kind === 'not') visit(node.arg);
    else {
      visit(node.left);
      visit(node.right);
    }
  };
  if (query.root !== undefined) visit(query.root);
  return words;
}
