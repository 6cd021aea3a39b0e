import type { BoundExpr, ColumnId } from '../../bind/expression.js';
import type { LogicalPlan, LogicalRecursive, LogicalSetOperation, LogicalWith, OutputColumn } from '../../bind/logical.js';
import { columnNode } from '../../bind/nodes.js';
import { cost, Price } from '../cost/costs.js';
import { widthOf } from '../cost/facts.js';
import type { PhysicalPlan } from '../physical.js';
import type { Alternatives, Planned, Planning, Request } from '../planning.js';
import { both, filtered, only, unordered } from './build.js';
import { pushThrough } from './project.js';

/** Conditions go into both arms, in the arms' own columns. */
export function planSetOperation(node: LogicalSetOperation, request: Request, planning: Planning): Alternatives {
  const left = armPredicates(request.predicates, node.columns, node.leftOutputs);
  const right = armPredicates(request.predicates, node.columns, node.rightOutputs);
  const isPushed = left !== undefined && right !== undefined;
  const limit = node.op === 'union' && node.all ? request.limit : undefined;
  const arm = (plan: LogicalPlan, outputs: readonly ColumnId[], predicates: readonly BoundExpr[] | undefined): Planned =>
    planning.plan(plan, { predicates: isPushed ? (predicates ?? []) : [], needed: new Set(outputs), limit }).best;
  const output = node.columns.map((column) => column.id);
  const width = node.columns.reduce((sum, column) => sum + widthOf(column.type, undefined), 0);
  const first = arm(node.left, node.leftOutputs, left).plan;
  const second = arm(node.right, node.rightOutputs, right).plan;
  const total = first.cost.total + second.cost.total;
  const rows = first.cost.rows + second.cost.rows;
  let plan: PhysicalPlan;
  if (node.op === 'union' && node.all) {
    const inputs = [...flattened(first, node.leftOutputs), ...flattened(second, node.rightOutputs)];
    plan = { kind: 'append', inputs, output, cost: cost(first.cost.startup, total + rows * Price.operator, rows, width) };
  } else {
    plan = {
      kind: 'set operation',
      op: node.op,
      all: node.all,
      left: first,
      leftOutputs: node.leftOutputs,
      right: second,
      rightOutputs: node.rightOutputs,
      columns: node.columns,
      output,
      cost: cost(node.op === 'union' ? 0 : total, total + rows * Price.hashBuild, node.op === 'union' ? rows : first.cost.rows, width),
    };
  }
  return only(filtered(unordered(plan), isPushed ? [] : request.predicates, planning));
}

/** UNION ALL of UNION ALL is one. */
function flattened(
  plan: PhysicalPlan,
  outputs: readonly ColumnId[],
): readonly { readonly plan: PhysicalPlan; readonly outputs: readonly ColumnId[] }[] {
  const isSame = plan.output.length === outputs.length && plan.output.every((id, i) => id === outputs[i]);
  return plan.kind === 'append' && isSame ? plan.inputs : [{ plan, outputs }];
}

function armPredicates(
  predicates: readonly BoundExpr[],
  columns: readonly OutputColumn[],
  outputs: readonly ColumnId[],
): readonly BoundExpr[] | undefined {
  const map = new Map<ColumnId, { readonly expr: BoundExpr }>();
  columns.forEach((column, i) => {
    const id = outputs[i];
    if (id !== undefined) map.set(column.id, { expr: columnNode(id, column.name, column.type, column.typmod, column.collation) });
  });
  const { pushed, kept } = pushThrough(predicates, map);
  return kept.length === 0 ? pushed : undefined;
}

export function planWith(node: LogicalWith, request: Request, planning: Planning): Alternatives {
  const ctes = node.ctes.map(({ cte, name, plan, outputs }) => {
    const ids = outputs.map((column) => column.id);
    const planned = planning.planAll(plan, new Set(ids)).plan;
    planning.cteRows.set(cte, planned.cost.rows);
    return { cte, name, plan: planned, outputs: ids, changes: changesData(plan) };
  });
  const before = ctes.reduce((sum, cte) => sum + cte.plan.cost.total, 0);
  return both(planning.plan(node.body, request), ({ plan: body, order }) => ({
    plan: {
      kind: 'with',
      ctes,
      body,
      output: body.output,
      cost: cost(body.cost.startup + before, body.cost.total + before, body.cost.rows, body.cost.width),
    },
    order,
  }));
}

function changesData(plan: LogicalPlan): boolean {
  if (plan.kind === 'with') return changesData(plan.body);
  return plan.kind === 'insert' || plan.kind === 'update' || plan.kind === 'delete';
}

/** Rounds that a recursive query is taken to make. */
const ROUNDS = 10;

export function planRecursive(node: LogicalRecursive, request: Request, planning: Planning): Alternatives {
  const initial = planning.planAll(node.initial, new Set(node.initialOutputs)).plan;
  const step = planning.planAll(node.step, new Set(node.stepOutputs)).plan;
  const plan: PhysicalPlan = {
    kind: 'recursive',
    workTable: node.workTable,
    initial,
    initialOutputs: node.initialOutputs,
    step,
    stepOutputs: node.stepOutputs,
    all: node.all,
    columns: node.columns,
    output: node.columns.map((column) => column.id),
    cost: cost(
      initial.cost.startup,
      initial.cost.total + step.cost.total * ROUNDS,
      initial.cost.rows + step.cost.rows * ROUNDS,
      node.columns.reduce((sum, column) => sum + widthOf(column.type, undefined), 0),
    ),
  };
  return only(filtered(unordered(plan), request.predicates, planning));
}
