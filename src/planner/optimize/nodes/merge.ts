import type { BoundExpr, ColumnId } from '../../bind/expression.js';
import type { LogicalMerge, MergeAction } from '../../bind/logical.js';
import { Price, perRow } from '../cost/costs.js';
import { addColumns } from '../expressions.js';
import type { PhysicalPlan, PlanMergeAction } from '../physical.js';
import type { Alternatives, Planning, Request } from '../planning.js';
import { stepsOf } from './async-calls.js';
import { filtered, only, unordered } from './build.js';
import { usedTarget } from './change.js';
import { Hoisting } from './hoisting.js';

export function planMerge(node: LogicalMerge, request: Request, planning: Planning): Alternatives {
  const needed = new Set<ColumnId>([node.rowKey]);
  if (node.tableId !== undefined) needed.add(node.tableId);
  for (const column of node.existing) needed.add(column.id);
  if (node.recheck !== undefined) addColumns(node.recheck, needed);
  for (const action of node.actions) for (const expr of expressionsOf(action)) addColumns(expr, needed);
  const input = planning.planAll(node.input, needed).plan;
  const plan: PhysicalPlan = {
    kind: 'merge',
    input,
    target: usedTarget(node.target, planning),
    rowKey: node.rowKey,
    ...(node.tableId === undefined ? {} : { tableId: node.tableId }),
    existing: node.existing,
    actions: node.actions.map((action) => planAction(action, planning)),
    ...(node.recheck === undefined ? {} : { recheck: planning.use(planning.fold(node.recheck)) }),
    output: [],
    cost: perRow(input.cost, Price.fetch * 2),
  };
  return only(filtered(unordered(plan), request.predicates, planning));
}

function assignedBy(action: MergeAction): readonly { readonly number: number; readonly expr: BoundExpr }[] {
  return action.kind === 'update' ? action.sets : action.kind === 'insert' ? action.values : [];
}

function expressionsOf(action: MergeAction): readonly BoundExpr[] {
  const assigned = assignedBy(action).map(({ expr }) => expr);
  return action.condition === undefined ? assigned : [action.condition, ...assigned];
}

function planAction(action: MergeAction, planning: Planning): PlanMergeAction {
  const hoisting = new Hoisting(planning);
  const used = (expr: BoundExpr, guard: BoundExpr | undefined): BoundExpr => hoisting.hoist(planning.use(planning.fold(expr)), guard);
  const condition = action.condition === undefined ? undefined : used(action.condition, undefined);
  const assigned = assignedBy(action).map(({ number, expr }) => ({ number, expr: used(expr, condition) }));
  const common = { matched: action.matched, ...(condition === undefined ? {} : { condition }), ...stepsOf(hoisting) };
  switch (action.kind) {
    case 'update':
      return { ...common, kind: 'update', sets: assigned };
    case 'insert':
      return { ...common, kind: 'insert', values: assigned };
    default:
      return { ...common, kind: action.kind };
  }
}
