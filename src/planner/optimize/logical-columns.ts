import type { BoundExpr, ColumnId } from '../bind/expression.js';
import type { LogicalPlan, OutputColumn, WindowStep } from '../bind/logical.js';
import { addColumns } from './expressions.js';

/** The columns that a logical plan gives. */
export function outputsOf(node: LogicalPlan, into: Map<ColumnId, OutputColumn> = new Map()): Map<ColumnId, OutputColumn> {
  const add = (columns: readonly OutputColumn[]): Map<ColumnId, OutputColumn> => {
    for (const column of columns) into.set(column.id, column);
    return into;
  };
  switch (node.kind) {
    case 'one row':
      return into;
    case 'scan':
    case 'values':
    case 'cte scan':
    case 'work table':
    case 'recursive':
    case 'project':
    case 'project set':
    case 'set operation':
      return add(node.columns);
    case 'function scan':
      for (const each of node.functions) add(each.columns);
      return node.ordinality === undefined ? into : add([node.ordinality]);
    case 'aggregate':
      add(node.groups);
      add(node.masks ?? []);
      return add(node.aggregates);
    case 'window':
      for (const step of node.steps) add(step.calls);
      return outputsOf(node.input, into);
    case 'with':
      return outputsOf(node.body, into);
    case 'sample':
    case 'filter':
    case 'distinct':
    case 'sort':
    case 'limit':
    case 'lock rows':
      return outputsOf(node.input, into);
    case 'join':
      outputsOf(node.left, into);
      return node.type === 'semi' || node.type === 'anti' ? into : outputsOf(node.right, into);
    case 'insert':
    case 'update':
    case 'delete':
    case 'instead':
      return add(node.returning ?? []);
    case 'merge':
      return into;
  }
}

/** A node's direct inputs. */
export function inputsOf(node: LogicalPlan): readonly LogicalPlan[] {
  switch (node.kind) {
    case 'one row':
    case 'scan':
    case 'function scan':
    case 'values':
    case 'cte scan':
    case 'work table':
      return [];
    case 'with':
      return [...node.ctes.map((cte) => cte.plan), node.body];
    case 'recursive':
      return [node.initial, node.step];
    case 'join':
    case 'set operation':
      return [node.left, node.right];
    default:
      return [node.input];
  }
}

/** The expressions of a node itself. */
function expressionsOf(node: LogicalPlan): readonly BoundExpr[] {
  switch (node.kind) {
    case 'function scan':
      return node.functions.map((each) => each.call);
    case 'values':
      return node.rows.flat();
    case 'sample':
      return node.seed === undefined ? [node.percent] : [node.percent, node.seed];
    case 'filter':
      return [node.condition];
    case 'project':
    case 'project set':
      return node.columns.map((column) => column.expr);
    case 'join':
      return node.on === undefined ? [] : [node.on];
    case 'aggregate':
      return [
        ...node.groups.map((group) => group.expr),
        ...node.aggregates.flatMap((aggregate) => [
          ...aggregate.args,
          ...(aggregate.direct ?? []),
          ...aggregate.orderBy.map((key) => key.expr),
          ...(aggregate.filter === undefined ? [] : [aggregate.filter]),
        ]),
      ];
    case 'window':
      return node.steps.flatMap(windowExpressions);
    case 'sort':
      return node.keys.map((key) => key.expr);
    case 'limit':
      return [...(node.limit === undefined ? [] : [node.limit]), ...(node.offset === undefined ? [] : [node.offset])];
    default:
      return [];
  }
}

/** All that a window and the calls over it are computed from. */
export function windowExpressions({ partitionBy, orderBy, frame, calls }: WindowStep): readonly BoundExpr[] {
  const exprs: BoundExpr[] = [...partitionBy, ...orderBy.map((key) => key.expr)];
  for (const { offset } of [frame.start, frame.end]) if (offset !== undefined) exprs.push(offset);
  for (const { args, filter } of calls) {
    exprs.push(...args);
    if (filter !== undefined) exprs.push(filter);
  }
  return exprs;
}

/** Columns that a plan uses and nothing in it gives: those of the queries around it, or of its left neighbours. */
export function freeColumnsOf(node: LogicalPlan): Set<ColumnId> {
  const used = new Set<ColumnId>();
  const given = new Set<ColumnId>();
  const visit = (each: LogicalPlan): void => {
    for (const expr of expressionsOf(each)) addColumns(expr, used);
    for (const id of outputsOf(each).keys()) given.add(id);
    for (const input of inputsOf(each)) visit(input);
  };
  visit(node);
  for (const id of given) used.delete(id);
  return used;
}
