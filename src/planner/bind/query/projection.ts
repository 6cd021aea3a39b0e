import { returnsSet } from '../call/set-function.js';
import type { BoundColumn, BoundExpr, ColumnId } from '../expression.js';
import type { LogicalPlan, OutputColumn, ProjectedColumn } from '../logical.js';
import { columnNode, outputColumn, referenceTo } from '../nodes.js';
import { noteFields } from '../row-type.js';
import type { Scope } from '../scope/scope.js';
import { forEachChild, mapExpr, someExpr } from '../tree/walk.js';

export interface Projection {
  readonly plan: LogicalPlan;
  /** One per expression, in order. */
  readonly columns: readonly OutputColumn[];
}

/** Puts a projection on a plan. A column that comes from this level's plan keeps its id; set-returning functions are expanded on the way. */
export function project(
  scope: Scope,
  input: LogicalPlan,
  exprs: readonly { readonly expr: BoundExpr; readonly name: string }[],
): Projection {
  let plan = input;
  let current = exprs;
  if (scope.hasSetFunctions) {
    let nested = expandInner(scope, plan, current);
    while (nested !== undefined) {
      plan = nested.plan;
      current = nested.exprs;
      nested = expandInner(scope, plan, current);
    }
  }
  const hasSets = scope.hasSetFunctions && current.some(({ expr }) => returnsSet(expr));
  const columns = projectedColumns(scope, current);
  return { plan: { kind: hasSets ? 'project set' : 'project', input: plan, columns }, columns };
}

function projectedColumns(scope: Scope, exprs: readonly { readonly expr: BoundExpr; readonly name: string }[]): ProjectedColumn[] {
  const { state } = scope;
  const taken = new Set<ColumnId>();
  return exprs.map(({ expr, name }) => {
    const keeps = expr.kind === 'column' && isLocal(scope, expr.id) && !taken.has(expr.id);
    const id = keeps ? expr.id : state.newColumn();
    if (!keeps && expr.kind === 'column') state.noteOrigin(id, state.originOf(expr.id));
    taken.add(id);
    noteFields(state, id, expr);
    return { ...outputColumn(id, name, expr), expr };
  });
}

/** Does this level's own plan give the column, so that no outer row has it too? */
function isLocal(scope: Scope, id: ColumnId): boolean {
  return scope.referenced.has(id) || scope.computed.has(id);
}

function isSet(expr: BoundExpr): boolean {
  return expr.kind === 'call' && expr.returnsSet;
}

/**
 * Set-returning functions that stand inside of other expressions are expanded first, all innermost ones of a level in step; what is above
 * them sees their results as columns. Undefined when there is none.
 */
function expandInner(
  scope: Scope,
  input: LogicalPlan,
  exprs: readonly { readonly expr: BoundExpr; readonly name: string }[],
): { readonly plan: LogicalPlan; readonly exprs: { readonly expr: BoundExpr; readonly name: string }[] } | undefined {
  if (!exprs.some(({ expr }) => hasInnerSet(expr))) return undefined;
  const sets: ProjectedColumn[] = [];
  const replaced = exprs.map(({ expr, name }) => ({ name, expr: mapExpr(expr, (part) => replaceInnermost(scope, part, sets)) }));
  const passed = new Map<ColumnId, BoundColumn>();
  const own = new Set(sets.map((column) => column.id));
  for (const { expr } of replaced) collectColumns(scope, expr, passed);
  const through = [...passed.values()].filter((column) => !own.has(column.id));
  const columns: ProjectedColumn[] = [
    ...through.map((column) => ({ ...outputColumn(column.id, column.name, column), expr: referenceTo(column) })),
    ...sets,
  ];
  return { plan: { kind: 'project set', input, columns }, exprs: replaced };
}

function hasInnerSet(expr: BoundExpr): boolean {
  let found = false;
  forEachChild(expr, (child) => {
    found ||= returnsSet(child);
  });
  return found;
}

function replaceInnermost(scope: Scope, expr: BoundExpr, sets: ProjectedColumn[]): BoundExpr | undefined {
  if (!isSet(expr) || hasInnerSet(expr)) return undefined;
  const id = scope.state.newColumn();
  const name = expr.kind === 'call' ? expr.name : '';
  sets.push({ ...outputColumn(id, name, expr), expr });
  noteFields(scope.state, id, expr);
  const column = columnNode(id, name, expr.type, expr.typmod, expr.collation);
  scope.computed.set(id, column);
  return column;
}

function collectColumns(scope: Scope, expr: BoundExpr, into: Map<ColumnId, BoundColumn>): void {
  someExpr(expr, (part) => {
    if (part.kind === 'column' && isLocal(scope, part.id)) into.set(part.id, part);
    if (part.kind === 'subquery') {
      for (const id of part.outerColumns) {
        const column = scope.referenced.get(id)?.column ?? scope.computed.get(id);
        if (column !== undefined) into.set(id, column);
      }
    }
    return false;
  });
}
