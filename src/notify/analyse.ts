import type { TableDescriptor } from '../catalog/descriptors.js';
import { isRoutineSource } from '../catalog/made-routines.js';
import { notSupported, SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import type { BoundExpr } from '../planner/bind/expression.js';
import type { BoundStatement, LogicalPlan, LogicalScan, ProjectedColumn } from '../planner/bind/logical.js';
import { walkExpression } from '../planner/bind/tree/walk.js';

/** A query that can be live: columns and conditions over the rows of one user or stream table. */
export interface LivePlan {
  readonly table: TableDescriptor;
  readonly scan: LogicalScan;
  readonly conditions: readonly BoundExpr[];
  /** Over the scan's columns. */
  readonly columns: readonly ProjectedColumn[];
}

const SHARED_HINT =
  'A live query reads user and stream tables only. Copy what each user needs into a user table, or use NOTIFY on a channel of your own.';

/**
 * Decides whether a query can be live.
 * @throws SqlError 0A000 naming what stands in the way
 */
export function analyseLiveQuery(bound: BoundStatement, relation: string): LivePlan {
  refuseShared(bound.plan, relation);
  let columns: readonly ProjectedColumn[] | undefined;
  const conditions: BoundExpr[] = [];
  let plan = bound.plan;
  while (plan.kind !== 'scan') {
    if (plan.kind === 'project') {
      columns = columns === undefined ? plan.columns : columns.map((column) => substituteColumn(column, plan));
    } else if (plan.kind === 'filter') {
      conditions.push(plan.condition);
    } else {
      throw notSupported(`a live query with ${NOT_YET[plan.kind]}`, {
        hint: 'A live query may have columns and a WHERE over one user or stream table.',
      });
    }
    plan = plan.input;
  }
  const table = plan.table;
  if (table.kind !== 'table') throw sharedRefused(relation, table.name);
  const scan = plan;
  if (scan.security !== undefined) conditions.push(scan.security);
  if (scan.descendants === true)
    throw notSupported(
      table.partitionKey === undefined
        ? `a live query over table "${table.name}" and those that inherit from it`
        : `a live query over partitioned table "${table.name}"`,
      { hint: table.partitionKey === undefined ? 'A view of ONLY that table can be live.' : 'Its partitions can be listened to.' },
    );
  const output =
    columns ??
    scan.columns
      .filter((column) => 'number' in column)
      .map((column) => ({
        ...column,
        expr: { kind: 'column', id: column.id, name: column.name, type: column.type, typmod: column.typmod } as const,
      }));
  for (const expr of [...conditions, ...output.map((column) => column.expr)]) refuseUnstable(expr);
  return { table, scan, conditions, columns: output };
}

/** A projection over a projection: only plain references pass, which is what views over views give. */
function substituteColumn(column: ProjectedColumn, below: LogicalPlan): ProjectedColumn {
  if (below.kind !== 'project' || column.expr.kind !== 'column') throw notSupported('a live query with an expression over a view');
  const { id } = column.expr;
  const source = below.columns.find((candidate) => candidate.id === id);
  if (source === undefined) throw notSupported('a live query with an expression over a view');
  return { ...column, expr: source.expr };
}

const NOT_YET: Readonly<Record<Exclude<LogicalPlan['kind'], 'scan' | 'project' | 'filter'>, string>> = {
  'one row': 'no table',
  sample: 'TABLESAMPLE',
  'function scan': 'a function in FROM',
  values: 'VALUES',
  'cte scan': 'WITH',
  with: 'WITH',
  recursive: 'WITH RECURSIVE',
  'work table': 'WITH RECURSIVE',
  'project set': 'set-returning functions',
  join: 'a join',
  aggregate: 'GROUP BY or aggregates',
  window: 'window functions',
  distinct: 'DISTINCT',
  sort: 'ORDER BY',
  limit: 'LIMIT',
  'set operation': 'UNION, INTERSECT or EXCEPT',
  'lock rows': 'FOR UPDATE',
  insert: 'INSERT',
  update: 'UPDATE',
  delete: 'DELETE',
  merge: 'MERGE',
  instead: 'a change of a view',
};

/** A shared table anywhere, even in a sub-query, refuses the whole: its every change would have to be offered to every user. */
function refuseShared(plan: LogicalPlan, relation: string): void {
  walkPlan(plan, (node) => {
    if (node.kind !== 'scan') return;
    if (node.table.kind !== 'table' || (node.table.tableType !== 'user' && node.table.tableType !== 'stream'))
      throw sharedRefused(relation, node.table.name);
  });
}

export function sharedRefused(relation: string, shared: string): SqlError {
  const message =
    relation === shared ? `cannot listen to shared table "${shared}"` : `cannot listen to "${relation}": it reads shared table "${shared}"`;
  return new SqlError(SqlState.featureNotSupported, message, { hint: SHARED_HINT });
}

function refuseUnstable(expr: BoundExpr): void {
  walkExpression(expr, (node) => {
    if (node.kind === 'subquery') throw notSupported('a live query with a sub-query');
    if (node.kind === 'call' && isRoutineSource(node.source))
      throw notSupported(`a live query with ${node.name}(), which may be replaced,`);
    if (node.kind === 'call' && node.volatility !== 'i')
      throw notSupported(`a live query with ${node.name}(), whose result changes without a change of rows,`);
  });
}

function walkPlan(plan: LogicalPlan, visit: (node: LogicalPlan) => void): void {
  visit(plan);
  for (const child of childrenOf(plan)) walkPlan(child, visit);
}

function childrenOf(plan: LogicalPlan): readonly LogicalPlan[] {
  const children: LogicalPlan[] = [];
  if ('input' in plan) children.push(plan.input);
  if (plan.kind === 'join' || plan.kind === 'set operation') children.push(plan.left, plan.right);
  if (plan.kind === 'with') children.push(...plan.ctes.map((cte) => cte.plan), plan.body);
  if (plan.kind === 'recursive') children.push(plan.initial, plan.step);
  for (const expr of expressionsOf(plan))
    walkExpression(expr, (node) => {
      if (node.kind === 'subquery') children.push(node.plan);
    });
  return children;
}

function expressionsOf(plan: LogicalPlan): readonly BoundExpr[] {
  switch (plan.kind) {
    case 'filter':
      return [plan.condition];
    case 'project':
    case 'project set':
      return plan.columns.map((column) => column.expr);
    case 'join':
      return plan.on === undefined ? [] : [plan.on];
    case 'function scan':
      return plan.functions.map((f) => f.call);
    case 'aggregate':
      return [
        ...plan.groups.map((g) => g.expr),
        ...plan.aggregates.flatMap((a) => [...a.args, ...(a.filter === undefined ? [] : [a.filter])]),
      ];
    case 'sort':
      return plan.keys.map((key) => key.expr);
    case 'limit':
      return [plan.limit, plan.offset].filter((expr) => expr !== undefined);
    case 'values':
      return plan.rows.flat();
    default:
      return [];
  }
}
