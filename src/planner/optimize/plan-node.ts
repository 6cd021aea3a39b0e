import type { LogicalPlan } from '../bind/logical.js';
import { planAggregate } from './nodes/aggregate.js';
import { planDelete, planInsert, planLockRows, planUpdate } from './nodes/change.js';
import { planRecursive, planSetOperation, planWith } from './nodes/combine.js';
import { planInstead } from './nodes/instead.js';
import { planFilter, planJoin } from './nodes/join.js';
import { planCteScan, planFunctionScan, planOneRow, planValues, planWorkTable } from './nodes/leaves.js';
import { planMerge } from './nodes/merge.js';
import { planDistinct, planLimit, planSort } from './nodes/order.js';
import { planProject, planProjectSet } from './nodes/project.js';
import { planSample } from './nodes/sample.js';
import { planScan } from './nodes/scan.js';
import { planWindow } from './nodes/window.js';
import type { Alternatives, Planning, Request } from './planning.js';

type NodeByKind = { [P in LogicalPlan as P['kind']]: P };
type Planners = { readonly [K in keyof NodeByKind]: (node: NodeByKind[K], request: Request, planning: Planning) => Alternatives };

const PLANNERS: Planners = {
  'one row': planOneRow,
  scan: planScan,
  sample: planSample,
  'function scan': planFunctionScan,
  values: planValues,
  'cte scan': planCteScan,
  with: planWith,
  recursive: planRecursive,
  'work table': planWorkTable,
  filter: planFilter,
  project: planProject,
  'project set': planProjectSet,
  join: planJoin,
  aggregate: planAggregate,
  window: planWindow,
  distinct: planDistinct,
  sort: planSort,
  limit: planLimit,
  'set operation': planSetOperation,
  'lock rows': planLockRows,
  insert: planInsert,
  update: planUpdate,
  delete: planDelete,
  merge: planMerge,
  instead: planInstead,
};

/** Plans a logical node for what its consumer wants of it. */
export function planNode(node: LogicalPlan, request: Request, planning: Planning): Alternatives {
  return dispatch(node.kind, node, request, planning);
}

function dispatch<K extends keyof NodeByKind>(kind: K, node: NodeByKind[K], request: Request, planning: Planning): Alternatives {
  return PLANNERS[kind](node, request, planning);
}
