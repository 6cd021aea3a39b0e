import type { BoundExpr } from '../../planner/bind/expression.js';

/** Conditions as SQL, for system.live_queries. */
export function printConditions(_conditions: readonly BoundExpr[]): string {
  return '';
}
