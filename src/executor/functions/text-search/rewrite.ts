import { compareQueries, type QueryNode, TsQuery } from '../../../types/text-search/tsquery.js';

/** Operands of a chain of one operator, in any order: & and | take them as sets. */
function operands(node: QueryNode, kind: 'and' | 'or'): QueryNode[] {
  return node.kind === kind ? [...operands(node.left, kind), ...operands(node.right, kind)] : [node];
}

function isSame(a: QueryNode, b: QueryNode): boolean {
  if (a.kind === 'word' && b.kind === 'word')
    return a.word === b.word && a.prefix === b.prefix && (a.weights === b.weights || b.weights === 0);
  if ((a.kind === 'and' || a.kind === 'or') && a.kind === b.kind) {
    const left = operands(a, a.kind);
    const right = operands(b, a.kind);
    return left.length === right.length && right.every((node) => left.some((other) => isSame(other, node)));
  }
  return compareQueries(new TsQuery(a), new TsQuery(b)) === 0;
}

function chain(kind: 'and' | 'or', nodes: readonly QueryNode[]): QueryNode | undefined {
  return [...nodes]
    .sort((a, b) => compareQueries(new TsQuery(a), new TsQuery(b)))
    .reduce<QueryNode | undefined>((left, right) => (left === undefined ? right : { kind, left, right }), undefined);
}

/** Every part of a query that is `target`, or a chain that has its operands, becomes `by`, or goes. */
function replaced(node: QueryNode, target: QueryNode, by: QueryNode | undefined): QueryNode | undefined {
  if (isSame(node, target)) return by;
  if (node.kind === 'word') return node;
  if (node.kind === 'not') {
    const arg = replaced(node.arg, target, by);
    return arg === undefined ? undefined : { kind: 'not', arg };
  }
  if (node.kind === 'phrase') {
    const left = replaced(node.left, target, by);
    const right = replaced(node.right, target, by);
    if (left === undefined || right === undefined) return left ?? right;
    return { ...node, left, right };
  }
  const parts = operands(node, node.kind);
  if (target.kind === node.kind) {
    const wanted = operands(target, node.kind);
    const found = wanted.map((item) => parts.find((part) => isSame(part, item)));
    if (found.every((part) => part !== undefined)) {
      const rest = parts.filter((part) => !found.includes(part)).map((part) => replaced(part, target, by));
      return chain(
        node.kind,
        [...rest, by].filter((part) => part !== undefined),
      );
    }
  }
  const { kind } = node;
  return chain(
    kind,
    parts.map((part) => replaced(part, target, by)).filter((part) => part !== undefined),
  );
}

export function rewriteQuery(query: TsQuery, target: TsQuery, by: TsQuery): TsQuery {
  if (query.root === undefined || target.root === undefined) return query;
  return new TsQuery(replaced(query.root, target.root, by.root));
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
