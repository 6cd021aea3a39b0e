import { quoteIdentifier } from '../../catalog/definitions/index.js';
import type { BoundExpr } from '../../planner/bind/expression.js';
import { printExpression } from '../../planner/optimize/explain/print-expression.js';

/** Conditions as SQL, for system.live_queries. */
export function printConditions(conditions: readonly BoundExpr[]): string {
  const names = { column: (_id: unknown, name: string) => quoteIdentifier(name), subquery: () => '(…)' };
  return conditions.map((condition) => printExpression(condition, names)).join(' AND ');
}
