import { isRoutineSource } from '../../catalog/made-routines.js';
import type { Oid } from '../../commons/ids.js';
import { notSupported, SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { isPartitioned } from '../../executor/access/index.js';
import { optimizeOptions } from '../../executor/constant-evaluator.js';
import type { FunctionLibrary } from '../../executor/functions/implementation.js';
import { Scope } from '../../executor/scope.js';
import type { BoundExpr } from '../../planner/bind/expression.js';
import type { BoundStatement } from '../../planner/bind/logical.js';
import { someExpr, walkExpression } from '../../planner/bind/tree/walk.js';
import type { PlannerContext } from '../../planner/context.js';
import { optimize } from '../../planner/optimize/optimize.js';
import type { PlannedQuery } from '../../planner/optimize/physical.js';
import type { FormatContext } from '../../types/format-context.js';
import type { ListenOptions } from '../listen-options.js';
import { payloadColumn } from '../payload.js';
import { compileLive } from './compile-live.js';
import { LiveCompiler } from './live-compiler.js';
import { LiveProgram } from './live-program.js';
import { expressionsOf, walkPlans } from './plan-columns.js';
import { KeyWriter } from './row-identity.js';
import { withOrder } from './row-order.js';

/** What is listened to: its name for messages, and all that it reads. */
export interface Listened {
  readonly name: string;
  readonly relations: readonly Oid[];
}

export interface ProgramContext {
  readonly planner: PlannerContext;
  readonly library: FunctionLibrary;
  /** Settings that shape values in payloads. */
  readonly format: FormatContext;
}

/**
 * Compiles a query to be kept up to date.
 * @throws SqlError 0A000 for what can't be, with what stands in the way
 */
export function compileProgram(
  bound: BoundStatement,
  { name, relations }: Listened,
  options: ListenOptions,
  cx: ProgramContext,
): LiveProgram {
  const planned = optimize(bound, planningByHash(cx.planner), optimizeOptions(cx.library, cx.planner.format));
  refuseShared(planned, name, options);
  refuseUnstable(planned);
  const parameters: BoundExpr[] = [];
  const compiler = new LiveCompiler(cx.library, planned.subqueries, (part) => parameterFor(part, parameters));
  const { plan, order } = withOrder(planned.plan, () => compiler.newColumn());
  const root = compileLive(plan, { scope: new Scope(), loop: undefined }, compiler);
  return new LiveProgram({
    root,
    order,
    columns: bound.columns.map((column) => payloadColumn(column.name, column.type)),
    keys: new KeyWriter(root.identity, root.output),
    sources: compiler.sources,
    slotCount: compiler.slotCount,
    parameters,
    format: cx.format,
    relations,
    reads: bound.reads,
    privileges: bound.privileges,
  });
}

/** What depends on the session alone (its settings, who it is) is asked once, at LISTEN: so all sessions share one program. */
function parameterFor(expr: BoundExpr, parameters: BoundExpr[]): BoundExpr | undefined {
  if (!someExpr(expr, (part) => part.kind === 'call' && part.volatility === 's') || hasColumns(expr)) return undefined;
  return { kind: 'param', source: 'param', index: parameters.push(expr) - 1, type: expr.type, typmod: expr.typmod };
}

/** Plans that scan tables and join by hash: they say where rows come from, and nothing of how they would best be found. */
export function planningByHash(cx: PlannerContext): PlannerContext {
  return {
    ...cx,
    planning: {
      ...cx.planning,
      enableHashJoin: true,
      enableMergeJoin: false,
      enableNestedLoop: false,
      enableSequentialScan: true,
      enableIndexScan: false,
      enableHashAggregate: true,
      enableSort: true,
    },
  };
}

function hasColumns(expr: BoundExpr): boolean {
  return someExpr(expr, ({ kind }) => kind === 'column' || kind === 'placeholder' || kind === 'subquery');
}

const SHARED_HINT =
  'A live query follows user and stream tables only. Copy what each user needs into a user table, or use NOTIFY on a channel of your own; LISTEN … WITH (snapshot_shared = true) reads shared tables once.';

/** A shared table anywhere, even in a sub-query, refuses the whole: its every change would have to be offered to every user. */
function refuseShared(planned: PlannedQuery, relation: string, { snapshotShared }: ListenOptions): void {
  walkPlans(planned.plan, planned.subqueries, (plan) => {
    if (plan.kind === 'virtual scan') throw sharedRefused(relation, plan.table.name);
    if (plan.kind === 'table scan' && !snapshotShared && !isPartitioned(plan.table)) throw sharedRefused(relation, plan.table.name);
  });
}

export function sharedRefused(relation: string, shared: string): SqlError {
  const message =
    relation === shared ? `cannot listen to shared table "${shared}"` : `cannot listen to "${relation}": it reads shared table "${shared}"`;
  return new SqlError(SqlState.featureNotSupported, message, { hint: SHARED_HINT });
}

/** Functions whose result is another one later, though no row has changed. */
export const OF_TIME: ReadonlySet<string> = new Set([
  'now',
  'statement_timestamp',
  'transaction_timestamp',
  'clock_timestamp',
  'timeofday',
]);

function refuseUnstable(planned: PlannedQuery): void {
  walkPlans(planned.plan, planned.subqueries, (plan) => {
    for (const expr of expressionsOf(plan)) refuseIn(expr);
  });
}

function refuseIn(expr: BoundExpr): void {
  walkExpression(expr, (node) => {
    if (node.kind !== 'call') return;
    if (isRoutineSource(node.source)) throw notSupported(`a live query with ${node.name}(), which may be replaced,`);
    if (node.volatility === 'v' || OF_TIME.has(node.source)) {
      throw notSupported(`a live query with ${node.name}(), whose result changes without a change of rows,`);
    }
  });
}
