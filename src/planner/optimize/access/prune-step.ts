import type { TableDescriptor } from '../../../catalog/descriptors.js';
import type { SqlValue } from '../../../types/value.js';
import type { BoundExpr } from '../../bind/expression.js';
import type { LogicalScan, ScanColumn } from '../../bind/logical.js';
import { booleanNode, columnNode, constNode } from '../../bind/nodes.js';
import { sameExpr } from '../../bind/tree/same.js';
import { mapExpr } from '../../bind/tree/walk.js';
import { numbersOf } from '../../partitions/column-numbers.js';
import type { PruneOperator, PruneStep } from '../../partitions/prune.js';
import { areAlike, asOperator, type ColumnSet, hasSubquery, isVolatile, usesAny, withoutRelabel } from '../expressions.js';
import type { Planning } from '../planning.js';
import { sargOf } from './sarg.js';

const OPERATORS: ReadonlySet<string> = new Set(['<', '<=', '=', '>=', '>', '<>']);

/** What the conditions of a scan say about the key of one partitioned table of its tree. */
export function pruneStep(
  scan: LogicalScan & { readonly table: TableDescriptor },
  table: TableDescriptor,
  predicates: readonly BoundExpr[],
  planning: Planning,
): PruneStep | undefined {
  if (predicates.length === 0) return undefined;
  const keys = keysOf(scan, table, planning);
  const own = new Set(scan.columns.map((column) => column.id));
  const bounds = boundSteps(table, table, planning);
  const steps = predicates.flatMap((predicate) => withBounds(stepOf(predicate, keys, own, planning), bounds) ?? []);
  return steps.length === 0 ? undefined : { kind: 'and', steps: [...steps, ...bounds] };
}

/** All rows are within the table's own bounds: each alternative of a condition is looked at together with them. */
function withBounds(step: PruneStep | undefined, bounds: readonly PruneStep[]): PruneStep | undefined {
  if (step?.kind !== 'or' || bounds.length === 0) return step;
  return { kind: 'or', steps: step.steps.map((arm) => ({ kind: 'and', steps: [arm, ...bounds] })) };
}

/** The bounds of a partition that is partitioned itself, and of those above it, as far as they are about columns of its own key. */
function boundSteps(table: TableDescriptor, partition: TableDescriptor, planning: Planning): readonly PruneStep[] {
  const { partitionBound: bound } = partition;
  const parent = bound === undefined ? undefined : planning.catalog.relationByOid(partition.parents?.[0] ?? 0);
  if (bound === undefined || parent?.kind !== 'table' || parent.partitionKey === undefined) return [];
  const above = boundSteps(table, parent, planning);
  const [first, second] = parent.partitionKey.columns;
  const number = first === undefined ? 0 : (numbersOf(parent, table)[first.column - 1] ?? 0);
  const column = table.partitionKey?.columns.findIndex((key) => key.column !== 0 && key.column === number) ?? -1;
  if (column === -1 || first === undefined) return above;
  const compare = (op: PruneOperator, value: SqlValue): PruneStep => ({
    kind: 'compare',
    column,
    op,
    value: constNode(first.type, -1, value),
  });
  if (bound.kind === 'list' && !bound.values.includes(null))
    return [...above, { kind: 'or', steps: bound.values.map((value) => compare('=', value)) }];
  if (bound.kind !== 'range') return above;
  const [from] = bound.from;
  const [to] = bound.to;
  return [
    ...above,
    { kind: 'null', column, negated: true },
    ...(from?.kind === 'value' ? [compare('>=', from.value)] : []),
    ...(to?.kind === 'value' ? [compare(second === undefined ? '<' : '<=', to.value)] : []),
  ];
}

interface Key {
  readonly expr: BoundExpr;
  readonly type: number;
}

/** The key's columns and expressions over the scan's columns. */
function keysOf(scan: LogicalScan & { readonly table: TableDescriptor }, table: TableDescriptor, planning: Planning): readonly Key[] {
  const columns = table.partitionKey?.columns ?? [];
  const numbers = numbersOf(table, scan.table);
  const byNumber = (number: number): ScanColumn | undefined => {
    const ofRoot = numbers[number - 1] ?? 0;
    return scan.columns.find((column) => 'number' in column && column.number === ofRoot);
  };
  const bound = columns.some((column) => column.exprText !== undefined)
    ? planning.options.bindIndex?.(table, { name: table.name, columns })
    : undefined;
  return columns.map((key, i) => {
    const expr = key.exprText === undefined ? undefined : bound?.keys[i];
    if (expr !== undefined) {
      const over = mapExpr(expr, (part) => {
        if (part.kind !== 'column') return undefined;
        const column = byNumber(part.id);
        if (column === undefined) return columnNode(planning.newColumn(), part.name, part.type, part.typmod, part.collation);
        return columnNode(column.id, part.name, column.type, column.typmod, column.collation);
      });
      return { expr: planning.fold(over), type: key.type };
    }
    const column = key.column === 0 ? undefined : byNumber(key.column);
    if (column === undefined) return { expr: columnNode(planning.newColumn(), '', key.type, -1), type: key.type };
    return { expr: columnNode(column.id, column.name, column.type, column.typmod, column.collation), type: key.type };
  });
}

function stepOf(condition: BoundExpr, keys: readonly Key[], own: ColumnSet, planning: Planning): PruneStep | undefined {
  switch (condition.kind) {
    case 'and': {
      const steps = condition.args.flatMap((arg) => stepOf(arg, keys, own, planning) ?? []);
      return steps.length === 0 ? undefined : { kind: 'and', steps };
    }
    case 'or': {
      const steps = condition.args.map((arg) => stepOf(arg, keys, own, planning));
      const known = steps.filter((step) => step !== undefined);
      return known.length < steps.length ? undefined : { kind: 'or', steps: known };
    }
    case 'null test': {
      if (condition.rowwise) return undefined;
      const column = keyIndex(condition.arg, keys);
      return column === -1 ? undefined : { kind: 'null', column, negated: condition.negated };
    }
    case 'quantified':
      return quantifiedStep(condition, keys, own);
    default:
      return compareStep(condition, keys, own, planning);
  }
}

function keyIndex(expr: BoundExpr, keys: readonly Key[]): number {
  const plain = withoutRelabel(expr);
  return keys.findIndex((key) => sameExpr(withoutRelabel(key.expr), plain));
}

function isUsable(value: BoundExpr, own: ColumnSet): boolean {
  return !usesAny(value, own) && !hasSubquery(value) && !isVolatile(value);
}

function compareStep(condition: BoundExpr, keys: readonly Key[], own: ColumnSet, planning: Planning): PruneStep | undefined {
  // A condition on a boolean key column is the column itself.
  const direct = keyIndex(condition, keys);
  if (direct !== -1) return { kind: 'compare', column: direct, op: '=', value: booleanNode(true) };
  if (condition.kind === 'not') {
    const negated = keyIndex(condition.arg, keys);
    return negated === -1 ? undefined : { kind: 'compare', column: negated, op: '=', value: booleanNode(false) };
  }
  const unequal = asOperator(condition);
  if (unequal?.call.operator?.symbol === '<>') {
    const { left, right } = unequal;
    for (const [side, value] of [
      [left, right],
      [right, left],
    ] as const) {
      const column = keyIndex(side, keys);
      if (column !== -1 && isUsable(value, own) && areAlike(keys[column]?.type ?? 0, value.type))
        return { kind: 'compare', column, op: '<>', value };
    }
    return undefined;
  }
  const sarg = sargOf(condition, own, planning.catalog.builtin);
  if (sarg?.kind !== 'compare') return undefined;
  const column = keyIndex(sarg.target, keys);
  const symbol = planning.catalog.builtin.operatorByOid(sarg.operator)?.name ?? '';
  if (column === -1 || !isOperator(symbol) || !isUsable(sarg.value, own)) return undefined;
  return areAlike(keys[column]?.type ?? 0, sarg.value.type) ? { kind: 'compare', column, op: symbol, value: sarg.value } : undefined;
}

function isOperator(symbol: string): symbol is PruneOperator {
  return OPERATORS.has(symbol);
}

function quantifiedStep(
  condition: Extract<BoundExpr, { kind: 'quantified' }>,
  keys: readonly Key[],
  own: ColumnSet,
): PruneStep | undefined {
  const compare = asOperator(condition.compare);
  if (compare === undefined || compare.right.kind !== 'placeholder' || !isUsable(condition.array, own)) return undefined;
  const column = keyIndex(compare.left, keys);
  const symbol = compare.call.operator?.symbol ?? '';
  if (column === -1 || !isOperator(symbol) || !areAlike(keys[column]?.type ?? 0, compare.right.type)) return undefined;
  return { kind: condition.quantifier === 'any' ? 'any' : 'all', column, op: symbol, array: condition.array };
}
