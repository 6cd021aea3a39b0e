import type { BoundExpr } from '../expression.js';
import type { LogicalPlan } from '../logical.js';
import type { RelationItem } from '../scope/relation-item.js';
import { entryOf, type NamespaceEntry, type Scope } from '../scope/scope.js';
import type { FromShape } from '../shape.js';

/** A FROM item with everything below it. */
export interface BoundFrom {
  readonly plan: LogicalPlan;
  readonly entries: readonly NamespaceEntry[];
  /** All that it names, visible or not. */
  readonly items: readonly RelationItem[];
  /** Conditions of inner joins, which hold for every row. */
  readonly conditions: readonly BoundExpr[];
  readonly shape?: FromShape;
}

/** One item that is all that there is to see of a plan. */
export function single<T extends RelationItem>(scope: Scope, plan: BoundFrom['plan'], item: T, shape: (item: T) => FromShape): BoundFrom {
  scope.items.push(item);
  const kept = scope.state.keepsShapes ? { shape: shape(item) } : {};
  return { plan, entries: [entryOf(item)], items: [item], conditions: [], ...kept };
}
