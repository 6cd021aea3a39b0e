import type { LogicalSample } from '../../bind/logical.js';
import { Price, perRow } from '../cost/costs.js';
import type { PhysicalPlan } from '../physical.js';
import type { Alternatives, Planning, Request } from '../planning.js';
import { filtered, neededWith, only, unordered } from './build.js';

/** PostgreSQL's guess for a percentage that isn't known. */
const UNKNOWN_FRACTION = 0.1;

/** The sample is of all rows: conditions stay above it. */
export function planSample(node: LogicalSample, request: Request, planning: Planning): Alternatives {
  const percent = planning.use(planning.fold(node.percent));
  const seed = node.seed === undefined ? undefined : planning.use(planning.fold(node.seed));
  const { plan } = planning.planAll(node.input, neededWith(request.needed, request.predicates));
  const fraction = percent.kind === 'const' && percent.value !== null ? Number(percent.value) / 100 : UNKNOWN_FRACTION;
  const sample: PhysicalPlan = {
    kind: 'sample',
    input: plan,
    method: node.method,
    percent,
    ...(seed === undefined ? {} : { seed }),
    name: node.name,
    alias: node.alias,
    output: plan.output,
    cost: perRow(plan.cost, Price.operator, plan.cost.rows * fraction),
  };
  return only(filtered(unordered(sample), request.predicates, planning));
}
