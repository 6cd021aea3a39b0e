import type { BoundExpr } from '../../bind/expression.js';
import type { LogicalCteScan, LogicalFunctionScan, LogicalOneRow, LogicalValues, LogicalWorkTable } from '../../bind/logical.js';
import { cost, Price } from '../cost/costs.js';
import { widthOf } from '../cost/facts.js';
import { selectivityOf } from '../cost/selectivity.js';
import { rowsOfCall } from '../cost/set-rows.js';
import { conjoin, isNeverTrue } from '../expressions.js';
import type { PhysicalPlan } from '../physical.js';
import type { Alternatives, Planning, Request } from '../planning.js';
import { hoistAsync, stepsOf } from './async-calls.js';
import { filtered, nothing, only, unordered } from './build.js';
import { Hoisting } from './hoisting.js';

/** PostgreSQL's guess. */
const CTE_ROWS = 100;

export function planOneRow(_node: LogicalOneRow, request: Request, planning: Planning): Alternatives {
  const plan: PhysicalPlan = { kind: 'result', output: [], cost: cost(0, Price.row, 1, 0) };
  return only(filtered(unordered(plan), request.predicates, planning));
}

export function planValues(node: LogicalValues, request: Request, planning: Planning): Alternatives {
  const rows = node.rows.map((row) => row.map((expr) => planning.use(planning.fold(expr))));
  const width = node.columns.reduce((sum, column) => sum + widthOf(column.type, undefined), 0);
  const output = node.columns.map((column) => column.id);
  // A row that waits stands in a projection of its own.
  if (rows.some((row) => row.some((expr) => planning.isAsync(expr)))) {
    const inputs = rows.map((row) => {
      const { plan, exprs } = hoistAsync({ kind: 'result', output: [], cost: cost(0, Price.row, 1, 0) }, row, planning);
      const columns = node.columns.map((column, i) => ({
        ...column,
        expr: exprs[i] ?? { kind: 'const' as const, value: null, type: column.type, typmod: -1 },
      }));
      return { plan: { kind: 'project' as const, input: plan, columns, output, cost: plan.cost }, outputs: output };
    });
    const append: PhysicalPlan = { kind: 'append', inputs, output, cost: cost(0, inputs.length * Price.row, inputs.length, width) };
    return only(filtered(unordered(append), request.predicates, planning));
  }
  const plan: PhysicalPlan = {
    kind: 'values',
    rows,
    ...(node.isRepeated === true && { isRepeated: true }),
    output,
    cost: cost(0, rows.length * (Price.row + Price.operator), rows.length, width),
  };
  return only(filtered(unordered(plan), request.predicates, planning));
}

export function planFunctionScan(node: LogicalFunctionScan, request: Request, planning: Planning): Alternatives {
  const columns = node.functions.flatMap((each) => each.columns);
  const all = node.ordinality === undefined ? columns : [...columns, node.ordinality];
  const output = all.map((column) => column.id);
  if (request.predicates.some(isNeverTrue)) return only(unordered(nothing(output)));
  const functions = node.functions.map((each) => ({ ...each, call: planning.use(planning.fold(each.call)) }));
  const [first] = functions;
  const [column] = columns;
  // FROM pg_sleep(1): a row whose one column is waited for.
  if (
    first !== undefined &&
    column !== undefined &&
    functions.length === 1 &&
    columns.length === 1 &&
    !first.composite &&
    !(first.call.kind === 'call' && first.call.returnsSet) &&
    planning.isAsync(first.call) &&
    node.ordinality === undefined
  ) {
    const { plan, exprs } = hoistAsync({ kind: 'result', output: [], cost: cost(0, Price.row, 1, 0) }, [first.call], planning);
    const [expr] = exprs;
    const project: PhysicalPlan = {
      kind: 'project',
      input: plan,
      columns: [{ ...column, expr: expr ?? first.call }],
      output,
      cost: plan.cost,
    };
    return only(filtered(unordered(project), request.predicates, planning));
  }
  const rows = Math.max(1, ...functions.map(({ call }) => rowsOfCall(call, planning.catalog.builtin)));
  const { now, waiting } = byWaiting(request.predicates, planning);
  const filter = conjoin(now);
  const width = all.reduce((sum, each) => sum + widthOf(each.type, undefined), 0);
  const hoisting = new Hoisting(planning);
  const calls = functions.map((each) => ({ ...each, call: hoistArguments(each.call, hoisting) }));
  const plan: PhysicalPlan = {
    kind: 'function scan',
    functions: calls,
    ...stepsOf(hoisting),
    ...(node.ordinality === undefined ? {} : { ordinality: node.ordinality }),
    alias: node.alias,
    ...(filter === undefined ? {} : { filter: planning.use(filter) }),
    output,
    cost: cost(0, rows * Price.row, rows * selectivityOf(now, planning), width),
  };
  return only(filtered(unordered(plan), waiting, planning));
}

/** What a scan can ask itself, and what may have to be waited for. */
function byWaiting(
  predicates: readonly BoundExpr[],
  planning: Planning,
): { readonly now: readonly BoundExpr[]; readonly waiting: readonly BoundExpr[] } {
  const waiting = predicates.filter((predicate) => planning.isAsync(predicate));
  return waiting.length === 0
    ? { now: predicates, waiting }
    : { now: predicates.filter((predicate) => !waiting.includes(predicate)), waiting };
}

/** The call itself may wait where it stands. */
function hoistArguments(call: BoundExpr, hoisting: Hoisting): BoundExpr {
  return call.kind === 'call' ? { ...call, args: call.args.map((arg) => hoisting.hoist(arg, undefined)) } : hoisting.hoist(call, undefined);
}

export function planCteScan(node: LogicalCteScan, request: Request, planning: Planning): Alternatives {
  const output = node.columns.map((column) => column.id);
  if (request.predicates.some(isNeverTrue)) return only(unordered(nothing(output)));
  const rows = planning.cteRows.get(node.cte) ?? CTE_ROWS;
  const width = node.columns.reduce((sum, column) => sum + widthOf(column.type, undefined), 0);
  const { now, waiting } = byWaiting(request.predicates, planning);
  const filter = conjoin(now);
  const plan: PhysicalPlan = {
    kind: 'cte scan',
    cte: node.cte,
    name: node.name,
    ...(filter === undefined ? {} : { filter: planning.use(filter) }),
    output,
    cost: cost(0, rows * Price.row, rows * selectivityOf(now, planning), width),
  };
  return only(filtered(unordered(plan), waiting, planning));
}

export function planWorkTable(node: LogicalWorkTable, request: Request, planning: Planning): Alternatives {
  const width = node.columns.reduce((sum, column) => sum + widthOf(column.type, undefined), 0);
  const output = node.columns.map((column) => column.id);
  const plan: PhysicalPlan = {
    kind: 'work table',
    workTable: node.workTable,
    output,
    cost: cost(0, CTE_ROWS * Price.row, CTE_ROWS, width),
  };
  return only(filtered(unordered(plan), request.predicates, planning));
}
