import type { BuiltinCatalog } from '../../../catalog/builtin/index.js';
import type { InvertedClass } from '../../../catalog/descriptors.js';
import type { BoundExpr } from '../../bind/expression.js';
import { sameExpr } from '../../bind/tree/same.js';
import { asOperator, type ColumnSet, isVolatile, usesAny, withoutRelabel } from '../expressions.js';
import type { InvertedCondition } from '../physical.js';
import type { IndexView } from './match-index.js';

/** Sources of the operators that entries of a class can lead to, with the indexed value on the left. */
const OPERATORS: Readonly<Record<InvertedClass, ReadonlySet<string>>> = {
  array: new Set(['arraycontains', 'arrayoverlap', 'array_eq']),
  jsonb: new Set(['jsonb_contains', 'jsonb_exists', 'jsonb_exists_any', 'jsonb_exists_all']),
  'jsonb path': new Set(['jsonb_contains']),
  tsvector: new Set(['ts_match_vq']),
  trigram: new Set(['textlike', 'texticlike', 'similarity_op']),
};

export interface InvertedMatch {
  readonly view: IndexView;
  readonly conditions: readonly InvertedCondition[];
  /** What they come from. */
  readonly matched: readonly BoundExpr[];
}

/** The conditions that an inverted index can find candidates for. */
export function matchInverted(
  view: IndexView,
  predicates: readonly BoundExpr[],
  own: ColumnSet,
  builtin: BuiltinCatalog,
): InvertedMatch | undefined {
  const conditions: InvertedCondition[] = [];
  const matched: BoundExpr[] = [];
  for (const predicate of predicates) {
    const condition = conditionOf(predicate, view, own, builtin);
    if (condition === undefined) continue;
    conditions.push(condition);
    matched.push(predicate);
  }
  return conditions.length === 0 ? undefined : { view, conditions, matched };
}

function conditionOf(
  predicate: BoundExpr,
  { index, keys }: IndexView,
  own: ColumnSet,
  builtin: BuiltinCatalog,
): InvertedCondition | undefined {
  const compare = asOperator(predicate);
  if (compare === undefined) return undefined;
  const leftIsOwn = usesAny(compare.left, own);
  if (leftIsOwn === usesAny(compare.right, own)) return undefined;
  const target = withoutRelabel(leftIsOwn ? compare.left : compare.right);
  const value = leftIsOwn ? compare.right : compare.left;
  if (isVolatile(value)) return undefined;
  const source = leftIsOwn ? compare.call.source : commuted(compare.operator, builtin);
  if (source === undefined) return undefined;
  const column = keys.findIndex((key, i) => isSame(target, key) && OPERATORS[index.inverted?.[i] ?? 'array'].has(source));
  return column < 0 ? undefined : { column, source, value };
}

function commuted(operator: number, builtin: BuiltinCatalog): string | undefined {
  const commutator = builtin.operatorByOid(builtin.operatorByOid(operator)?.commutator ?? 0);
  return builtin.procByOid(commutator?.proc ?? 0)?.source;
}

function isSame(target: BoundExpr, key: BoundExpr): boolean {
  if (key.kind === 'column') return target.kind === 'column' && target.id === key.id;
  return target.kind === key.kind && sameExpr(target, key);
}
