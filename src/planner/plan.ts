import { bindByRules, bindStatement } from './bind/bind.js';
import type { BoundStatement, LiftedLiteral } from './bind/logical.js';
import type { PlannerContext } from './context.js';
import { type OptimizeOptions, optimize } from './optimize/optimize.js';
import type { PlannedQuery } from './optimize/physical.js';
import type { DeleteStatement, InsertStatement, MergeStatement, SelectStatement, UpdateStatement } from './parse/ast.js';

export type QueryStatement = SelectStatement | InsertStatement | UpdateStatement | DeleteStatement | MergeStatement;

/** A query that is ready to be compiled, and what its lifted literals stand for. */
export interface QueryPlan {
  readonly query: PlannedQuery;
  readonly lifted: readonly LiftedLiteral[];
  /** What rules have run before and after it. */
  readonly ruled?: { readonly before: readonly QueryPlan[]; readonly after: readonly QueryPlan[] };
}

const NOTHING_LIFTED: readonly LiftedLiteral[] = Object.freeze([]);

/**
 * Life of a plan: syntax tree → bind/ (names, types, casts: what it means) → optimize/ (access paths, join order and methods: how).
 * Expects a parsed statement; parse/ makes one of text.
 *
 * @throws SqlError 42xxx for what does not fit the catalog, 0A000
 */
export function planQuery(statement: QueryStatement, cx: PlannerContext, options: OptimizeOptions): QueryPlan {
  const ruled = bindByRules(statement, cx);
  const planned = (bound: BoundStatement): QueryPlan => ({ query: optimize(bound, cx, options), lifted: bound.lifted ?? NOTHING_LIFTED });
  if (ruled === undefined) return planned(bindStatement(statement, cx));
  return { ...planned(ruled.main), ruled: { before: ruled.before.map(planned), after: ruled.after.map(planned) } };
}

export function isQuery(statement: { readonly type: string }): statement is QueryStatement {
  switch (statement.type) {
    case 'select':
    case 'set operation':
    case 'values':
    case 'insert':
    case 'update':
    case 'delete':
    case 'merge':
      return true;
    default:
      return false;
  }
}
