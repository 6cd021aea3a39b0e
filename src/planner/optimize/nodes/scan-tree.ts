import type { TableDescriptor } from '../../../catalog/descriptors.js';
import type { ColumnId } from '../../bind/expression.js';
import type { LogicalScan, ScanColumn } from '../../bind/logical.js';
import { columnNode } from '../../bind/nodes.js';
import { numbersOf } from '../../partitions/column-numbers.js';
import { inheritors } from '../../partitions/descendants.js';
import { partitionMapOf } from '../../partitions/partition-map.js';
import { matchingPartitions, type PruneStep, type ValueOf } from '../../partitions/prune.js';
import { pruneStep } from '../access/prune-step.js';
import { cost, Price } from '../cost/costs.js';
import type { ColumnFacts } from '../cost/facts.js';
import type { OrderKey } from '../expressions.js';
import type { PhysicalPlan, PruneNode, TreeScan } from '../physical.js';
import type { Alternatives, Planned, Planning, Request } from '../planning.js';
import { neededWith, nothing, satisfies, unordered } from './build.js';

/** A table that may have rows of the scan. */
interface Member {
  readonly table: TableDescriptor;
  readonly columns: readonly ScanColumn[];
}

/**
 * A table with those that inherit from it, or the partitions of a partitioned one: each is scanned by itself, in the way that is best for it,
 * under the parent's column ids. Partitions that the conditions exclude are left out, now where their values are known, else in each execution.
 */
export function planScanTree(node: LogicalScan, request: Request, planning: Planning): Alternatives {
  const { table } = node;
  if (table.kind === 'virtual') return { best: unordered(nothing([])) };
  const members: Member[] = [];
  const memberOf = (member: TableDescriptor): number => members.push({ table: member, columns: memberColumns(node, table, member) }) - 1;
  const prune = table.partitionKey === undefined ? undefined : expandPartitions({ ...node, table }, table, request, planning, memberOf);
  if (table.partitionKey === undefined) for (const member of inheritors(table, planning.catalog)) memberOf(member);
  const used = neededWith(request.needed, request.predicates);
  const columns = node.columns.filter((column) => used.has(column.id));
  const output = columns.map((column) => column.id);
  if (members.length === 0) return { best: unordered(nothing(output)) };
  const isSingle = members.length === 1;
  const planned = members.map((member, i) => {
    const alias = isSingle ? node.alias : `${node.alias}_${i + 1}`;
    const { descendants: _tree, ...plain } = node;
    return planning.plan({ ...plain, table: member.table, alias, columns: member.columns }, request);
  });
  noteFacts(node, table, planned, planning);
  const [first] = planned;
  if (isSingle && first !== undefined) return first;
  const tree: TreeScan = { alias: node.alias, columns: node.columns, ...(prune !== undefined && needsStep(prune) ? { prune } : {}) };
  const best = append(
    planned.map(({ best }) => best),
    output,
    tree,
  );
  const ordered = request.order === undefined ? undefined : orderedAppend(planned, request.order, output, tree, planning);
  return ordered === undefined ? { best } : { best, ordered };
}

function expandPartitions(
  root: LogicalScan & { readonly table: TableDescriptor },
  table: TableDescriptor,
  request: Request,
  planning: Planning,
  memberOf: (member: TableDescriptor) => number,
): PruneNode {
  const map = partitionMapOf(table, planning.catalog);
  const step = pruneStep(root, table, request.predicates, planning);
  const matching = step === undefined ? undefined : matchingPartitions(map, step, CONSTANTS);
  const wanted = matching === undefined ? undefined : new Set(matching);
  const children = map.ordered.map((partition, i) => {
    if (wanted?.has(i) === false) return undefined;
    if (partition.partitionKey === undefined) return memberOf(partition);
    return expandPartitions(root, partition, request, planning, memberOf);
  });
  return { map, children, ...(step !== undefined && !isConstant(step) ? { step } : {}) };
}

const CONSTANTS: ValueOf = (expr) => (expr.kind === 'const' ? expr.value : undefined);

function isConstant(step: PruneStep): boolean {
  switch (step.kind) {
    case 'compare':
      return step.value.kind === 'const';
    case 'any':
    case 'all':
      return step.array.kind === 'const';
    case 'null':
      return true;
    default:
      return step.steps.every(isConstant);
  }
}

function needsStep(node: PruneNode): boolean {
  return node.step !== undefined || node.children.some((child) => typeof child === 'object' && needsStep(child));
}

function memberColumns(node: LogicalScan, root: TableDescriptor, member: TableDescriptor): readonly ScanColumn[] {
  if (root === member) return node.columns;
  const numbers = numbersOf(root, member);
  return node.columns.map((column) => ('number' in column ? { ...column, number: numbers[column.number - 1] ?? 0 } : column));
}

/** What is known of the columns of all of them together: the members' scans have noted their own under the same ids. */
function noteFacts(node: LogicalScan, table: TableDescriptor, planned: readonly Alternatives[], planning: Planning): void {
  const rows = planned.reduce((sum, { best }) => sum + best.plan.cost.rows, 0);
  for (const column of node.columns) {
    if (!('number' in column)) continue;
    const of = table.columns[column.number - 1];
    const { unique: _unique, ...known }: ColumnFacts = planning.facts.get(column.id) ?? {
      type: column.type,
      notNull: of?.notNull === true,
      rows,
      unique: false,
    };
    planning.noteFacts(column, { ...known, rows, unique: false });
  }
}

function append(inputs: readonly Planned[], output: readonly ColumnId[], tree: TreeScan): Planned {
  const rows = inputs.reduce((sum, { plan }) => sum + plan.cost.rows, 0);
  const total = inputs.reduce((sum, { plan }) => sum + plan.cost.total, 0);
  const [first] = inputs;
  return unordered({
    kind: 'append',
    inputs: inputs.map(({ plan }) => ({ plan, outputs: output })),
    tree,
    output,
    cost: cost(first?.plan.cost.startup ?? 0, total + rows * Price.operator, rows, first?.plan.cost.width ?? 0),
  });
}

/** Where each part comes in the wanted order: one after the other if their bounds are in that order, else merged. */
function orderedAppend(
  planned: readonly Alternatives[],
  order: readonly OrderKey[],
  output: readonly ColumnId[],
  tree: TreeScan,
  planning: Planning,
): Planned | undefined {
  const inputs: Planned[] = [];
  for (const { best, ordered } of planned) {
    const input = satisfies(best.order, order, planning) ? best : ordered;
    if (input === undefined || !satisfies(input.order, order, planning)) return undefined;
    inputs.push(input);
  }
  const width = inputs[0]?.plan.cost.width ?? 0;
  const rows = inputs.reduce((sum, { plan }) => sum + plan.cost.rows, 0);
  const total = inputs.reduce((sum, { plan }) => sum + plan.cost.total, 0);
  const startup = inputs.reduce((sum, { plan }) => sum + plan.cost.startup, 0);
  const types = new Map(tree.columns.map((column) => [column.id, column]));
  const keys = order.map(({ id, descending, nullsFirst }) => {
    const column = types.get(id);
    return {
      expr: columnNode(id, column?.name ?? '', column?.type ?? 0, column?.typmod ?? -1, column?.collation),
      descending,
      nullsFirst,
    };
  });
  const plan: PhysicalPlan = {
    kind: 'merge append',
    inputs: inputs.map(({ plan: input }) => ({ plan: input, outputs: output })),
    keys,
    tree,
    output,
    cost: cost(startup, total + rows * Math.log2(inputs.length + 1) * Price.compare, rows, width),
  };
  return { plan, order };
}
