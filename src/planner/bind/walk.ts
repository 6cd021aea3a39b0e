import type { BoundExpr } from './expression.js';

/** The node type of a kind, also where one type has several kinds. */
type NodeOf<K, E = BoundExpr> = E extends { readonly kind: infer Kinds } ? (K extends Kinds ? E : never) : never;
type ChildrenOf = { readonly [K in BoundExpr['kind']]: (expr: NodeOf<K>) => readonly BoundExpr[] };

const NONE: readonly BoundExpr[] = [];

/** The direct sub-expressions of each kind. A sub-query's plan is not entered: its `compare` is. */
const CHILDREN: ChildrenOf = {
  const: () => NONE,
  param: () => NONE,
  column: () => NONE,
  placeholder: () => NONE,
  call: (e) => e.args,
  and: (e) => e.args,
  or: (e) => e.args,
  not: (e) => [e.arg],
  'null test': (e) => [e.arg],
  'boolean test': (e) => [e.arg],
  distinct: (e) => [e.equal],
  case: (e) => [...(e.operand === undefined ? NONE : [e.operand]), ...e.whens.flatMap((w) => [w.when, w.value]), e.else],
  coalesce: (e) => e.args,
  nullif: (e) => [e.equal],
  minmax: (e) => e.args,
  relabel: (e) => [e.arg],
  'io cast': (e) => [e.arg],
  'array cast': (e) => [e.arg, e.element],
  'typmod cast': (e) => [e.arg],
  array: (e) => e.elements,
  subscript: (e) => [
    e.arg,
    ...e.subscripts.flatMap((s) => [...(s.lower === undefined ? NONE : [s.lower]), ...(s.upper === undefined ? NONE : [s.upper])]),
  ],
  row: (e) => e.fields,
  field: (e) => [e.arg],
  'row compare': (e) => [...e.equal, ...e.less],
  quantified: (e) => [e.array, e.compare],
  subquery: (e) => (e.compare === undefined ? NONE : [e.compare]),
  'whole row': (e) => e.columns,
};

export function childrenOf(expr: BoundExpr): readonly BoundExpr[] {
  const children = CHILDREN[expr.kind] as (expr: BoundExpr) => readonly BoundExpr[];
  return children(expr);
}

/** Visits an expression and all below it, parents first. Plans of sub-queries are not entered. */
export function walkExpression(expr: BoundExpr, visit: (node: BoundExpr) => void): void {
  visit(expr);
  for (const child of childrenOf(expr)) walkExpression(child, visit);
}
