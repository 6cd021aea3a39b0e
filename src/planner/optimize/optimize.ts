import type { BoundStatement, OutputColumn } from '../bind/logical.js';
import type { PlannerContext } from '../context.js';
import { withOutput } from './nodes/build.js';
import type { OptimizeOptions } from './options.js';
import type { PlannedQuery } from './physical.js';
import { planNode } from './plan-node.js';
import { Planning } from './planning.js';

/**
 * Life of a plan: each logical node is asked for its rows with the conditions from above, the columns that are used, and an order that would
 * be welcome (plan-node.ts) → conditions sink to where rows are read (nodes/), sub-queries become joins (rewrite/), indexes are matched
 * (access/), joins are put in order (join/), all by what it costs (cost/) → expressions that reach the physical plan have their sub-queries
 * planned beside it. The plan's output is the statement's columns, in their order.
 */
export function optimize(bound: BoundStatement, cx: PlannerContext, options: OptimizeOptions): PlannedQuery {
  const planning = new Planning(cx, options, planNode);
  const keys = bound.cursorKeys;
  const columns: readonly OutputColumn[] = keys === undefined ? bound.columns : [...bound.columns, ...keys.columns];
  const needed = new Set(columns.map((column) => column.id));
  const { plan } = planning.planAll(bound.plan, needed);
  return {
    kind: 'query',
    command: bound.command,
    plan: columns.length === 0 ? plan : withOutput(plan, columns),
    subqueries: planning.subqueries,
    columns: bound.columns,
    paramTypes: bound.paramTypes,
    privileges: bound.privileges,
    writes: bound.writes,
    reads: bound.reads,
    volatile: bound.volatile,
    ...(keys === undefined ? {} : { cursorKeys: keys }),
  };
}

export type { OptimizeOptions } from './options.js';
