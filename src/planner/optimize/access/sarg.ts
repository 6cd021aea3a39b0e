import type { BuiltinCatalog } from '../../../catalog/builtin/index.js';
import { TypeOid } from '../../../types/oids.js';
import type { BoundExpr } from '../../bind/expression.js';
import { booleanNode, constNode } from '../../bind/nodes.js';
import { asOperator, type ColumnSet, isVolatile, usesAny, withoutRelabel } from '../expressions.js';

/** A condition as an index may serve it: what is compared, how, and with what. Named after System R's search arguments. */
export type Sarg = {
  /** The condition it comes from. */
  readonly condition: BoundExpr;
  /** For EXPLAIN: the same with the table's side on the left. */
  readonly shown: BoundExpr;
  /** The side over the table's columns, without relabelling. */
  readonly target: BoundExpr;
} & (
  | { readonly kind: 'compare'; readonly operator: number; readonly value: BoundExpr }
  | { readonly kind: 'any'; readonly operator: number; readonly array: BoundExpr; readonly elementType: number }
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean'; readonly value: BoundExpr }
  /** LIKE 'abc%': a range that all matches lie in; the condition is checked all the same. */
  | { readonly kind: 'prefix'; readonly lower: BoundExpr; readonly upper: BoundExpr | undefined }
);

/** @param own the table's columns */
export function sargOf(condition: BoundExpr, own: ColumnSet, builtin: BuiltinCatalog): Sarg | undefined {
  switch (condition.kind) {
    case 'call':
      return compareSarg(condition, own, builtin);
    case 'quantified': {
      if (condition.quantifier !== 'any') return undefined;
      const compare = asOperator(condition.compare);
      if (compare === undefined || compare.right.kind !== 'placeholder') return undefined;
      if (!usesAny(compare.left, own) || usesAny(condition.array, own) || isVolatile(condition.array)) return undefined;
      const target = withoutRelabel(compare.left);
      return {
        kind: 'any',
        condition,
        shown: condition,
        target,
        operator: compare.operator,
        array: condition.array,
        elementType: compare.right.type,
      };
    }
    case 'null test':
      if (condition.negated || condition.rowwise || !usesAny(condition.arg, own)) return undefined;
      return { kind: 'null', condition, shown: condition, target: withoutRelabel(condition.arg) };
    case 'column':
      return own.has(condition.id)
        ? { kind: 'boolean', condition, shown: condition, target: condition, value: booleanNode(true) }
        : undefined;
    case 'not':
      return condition.arg.kind === 'column' && own.has(condition.arg.id)
        ? { kind: 'boolean', condition, shown: condition, target: condition.arg, value: booleanNode(false) }
        : undefined;
    default:
      return undefined;
  }
}

function compareSarg(condition: BoundExpr, own: ColumnSet, builtin: BuiltinCatalog): Sarg | undefined {
  const compare = asOperator(condition);
  if (compare === undefined) return undefined;
  const leftIsOwn = usesAny(compare.left, own);
  const rightIsOwn = usesAny(compare.right, own);
  if (leftIsOwn === rightIsOwn) return undefined;
  const target = withoutRelabel(leftIsOwn ? compare.left : compare.right);
  const value = leftIsOwn ? compare.right : compare.left;
  if (isVolatile(value)) return undefined;
  if (leftIsOwn && (compare.call.source === 'textlike' || compare.call.source === 'namelike')) return prefixSarg(condition, target, value);
  if (leftIsOwn) return { kind: 'compare', condition, shown: condition, target, operator: compare.operator, value };
  const commutator = builtin.operatorByOid(builtin.operatorByOid(compare.operator)?.commutator ?? 0);
  if (commutator === undefined) return undefined;
  const turned = { ...compare.call, args: [compare.right, compare.left], operator: { oid: commutator.oid, symbol: commutator.name } };
  return { kind: 'compare', condition, shown: turned, target, operator: commutator.oid, value };
}

/** The text before the first wildcard of a constant pattern. */
function prefixSarg(condition: BoundExpr, target: BoundExpr, pattern: BoundExpr): Sarg | undefined {
  if (pattern.kind !== 'const' || typeof pattern.value !== 'string') return undefined;
  let prefix = '';
  for (let i = 0; i < pattern.value.length; i++) {
    const char = pattern.value.charAt(i);
    if (char === '%' || char === '_') break;
    if (char === '\\') i++;
    prefix += pattern.value.charAt(i);
  }
  if (prefix === '') return undefined;
  const last = prefix.codePointAt(prefix.length - 1) ?? 0;
  // The code point after the last one; surrogates are no text, and the end of Unicode has no successor.
  const next = last >= 0xd7ff ? undefined : prefix.slice(0, -1) + String.fromCodePoint(last + 1);
  return {
    kind: 'prefix',
    condition,
    shown: condition,
    target,
    lower: constNode(TypeOid.text, -1, prefix),
    upper: next === undefined ? undefined : constNode(TypeOid.text, -1, next),
  };
}

/** The strategy that an operator has in an index column's operator family; undefined when the index can't serve it. */
export function strategyOf(operator: number, family: number, builtin: BuiltinCatalog): number | undefined {
  return builtin.amopsByOperator(operator).find((amop) => amop.family === family && amop.purpose === 's')?.strategy;
}
