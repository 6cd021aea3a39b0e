import { assert } from '../../../commons/assert.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { typmodOut } from '../../../types/typmod.js';
import type { CommonTableExpr, SetOperation } from '../../parse/ast.js';
import { coerceToCommon, commonType, commonTypmod } from '../common-type.js';
import { errorAt, locationOf } from '../errors.js';
import type { LogicalRecursive, OutputColumn } from '../logical.js';
import { outputColumn } from '../nodes.js';
import { Scope } from '../scope/scope.js';
import type { QueryShape } from '../shape.js';
import { requireHashable } from '../sort-key.js';
import type { BoundQuery, PendingQuery } from '../state.js';
import { castOutputs, requireSameWidth } from './arms.js';
import { columnStandIn, finishQuery } from './pending.js';
import { usesOfCte } from './references.js';
import { addedColumns, expandSearchAndCycle } from './search-cycle.js';
import { bindWith, type WithClause } from './with.js';

/** `WITH RECURSIVE name AS (initial UNION [ALL] step)` whose step reads `name`. @param body the level that the WITH query is bound on */
export function bindRecursive(body: Scope, cte: CommonTableExpr): BoundQuery {
  const { state } = body;
  const written = recursiveUnion(cte);
  const scope = new Scope(state, body);
  const withClause = bindWith(scope, written);
  const union = expandSearchAndCycle(scope, cte, written);
  const initial = scope.query(union.left);
  const names = initial.columns.map((column, i) => cte.columns?.[i] ?? column.name);
  if ((cte.columns?.length ?? 0) > names.length) {
    const message = `WITH query "${cte.name}" has ${names.length} columns available but ${cte.columns?.length} columns specified`;
    throw errorAt(SqlState.invalidColumnReference, message, locationOf(cte));
  }
  const workTable = state.newCte();
  scope.ctes.set(cte.name, {
    name: cte.name,
    order: -1,
    reference() {
      const columns = initial.columns.map((column, i) => {
        const id = state.newColumn();
        if (column.fields !== undefined) state.recordFields.set(id, column.fields);
        return outputColumn(id, names[i] ?? column.name, column);
      });
      return { plan: { kind: 'work table', workTable, columns }, columns, starSize: columns.length - addedColumns(cte) };
    },
  });
  const step = scope.query(union.right, { resolveUnknown: false, isRecursiveTerm: true });
  const columns = matchColumns(scope, cte, union, initial, step, names);
  const types = columns.map((column) => column.type);
  const first = initial.finish();
  const second = step.finish();
  const next = castOutputs(scope, second, types, 'UNION');
  const plan: LogicalRecursive = {
    kind: 'recursive',
    workTable,
    initial: first.plan,
    initialOutputs: first.columns.map((column) => column.id),
    step: next.plan,
    stepOutputs: next.columns.map((column) => column.id),
    all: union.all === true,
    columns,
  };
  const shape = state.keepsShapes ? shapeOf(scope, cte, written, { initial: first.shape, step: second.shape, withClause }) : undefined;
  return finishQuery(scope, withClause === undefined ? plan : withClause.wrap(plan), columns, shape);
}

/** As it was before SEARCH and CYCLE added their columns. */
function shapeOf(
  scope: Scope,
  cte: CommonTableExpr,
  written: SetOperation,
  bound: { readonly initial: QueryShape | undefined; readonly step: QueryShape | undefined; readonly withClause: WithClause | undefined },
): QueryShape | undefined {
  const isPlain = cte.search === undefined && cte.cycle === undefined;
  const left = isPlain ? bound.initial : scope.query(written.left).finish().shape;
  const right = isPlain ? bound.step : scope.query(written.right, { isRecursiveTerm: true }).finish().shape;
  if (left === undefined || right === undefined) return undefined;
  return {
    kind: 'set operation',
    scope,
    op: 'UNION',
    all: written.all === true,
    left,
    right,
    names: [],
    targets: [],
    sort: [],
    ...(bound.withClause === undefined ? {} : { with: bound.withClause.shape() }),
  };
}

/** @throws SqlError 42P19, 0A000 for what has not the form or uses itself where it may not */
function recursiveUnion(cte: CommonTableExpr): SetOperation {
  const { statement, name } = cte;
  if (statement.type === 'insert' || statement.type === 'update' || statement.type === 'delete') {
    throw errorAt(SqlState.invalidRecursion, `recursive query "${name}" must not contain data-modifying statements`, locationOf(cte));
  }
  if (statement.type !== 'set operation' || statement.op !== 'UNION') {
    throw errorAt(
      SqlState.invalidRecursion,
      `recursive query "${name}" does not have the form non-recursive-term UNION [ALL] recursive-term`,
      locationOf(cte),
    );
  }
  const refuse = (where: string, location: number | undefined) =>
    errorAt(SqlState.invalidRecursion, `recursive reference to query "${name}" must not appear ${where}`, location);
  const [early] = usesOfCte(statement.left, name);
  if (early !== undefined) throw refuse('within its non-recursive term', early.location);
  const uses = usesOfCte(statement.right, name);
  for (const [i, use] of uses.entries()) {
    if (use.within !== undefined) throw refuse(`within ${use.within}`, use.location);
    if (i > 0) throw refuse('more than once', use.location);
  }
  const [inWith] = usesOfCte(statement.with, name);
  if (inWith !== undefined) throw refuse('within a subquery', inWith.location);
  const [order] = statement.orderBy ?? [];
  const unfit =
    order !== undefined
      ? (['ORDER BY', locationOf(order.by)] as const)
      : statement.offset !== undefined
        ? (['OFFSET', locationOf(statement.offset)] as const)
        : statement.limit !== undefined
          ? (['LIMIT', locationOf(statement.limit)] as const)
          : statement.locking !== undefined
            ? (['FOR UPDATE/SHARE', undefined] as const)
            : undefined;
  if (unfit !== undefined) throw errorAt(SqlState.featureNotSupported, `${unfit[0]} in a recursive query is not implemented`, unfit[1]);
  return statement;
}

/** The initial term decides the types; the step must not need others. @throws SqlError 42804 */
function matchColumns(
  scope: Scope,
  cte: CommonTableExpr,
  union: SetOperation,
  initial: PendingQuery,
  step: PendingQuery,
  names: readonly string[],
): OutputColumn[] {
  const { state } = scope;
  requireSameWidth('UNION', initial, step);
  return initial.columns.map((left, i) => {
    const right = step.columns[i];
    assert(right !== undefined, 'both terms have the same columns');
    const type = commonType(state, [columnStandIn(left), columnStandIn(right)], 'UNION');
    const typmod = commonTypmod([left, right.untyped === undefined ? right : { type, typmod: -1 }], type);
    if (right.untyped !== undefined) step.replace(i, coerceToCommon(state, right.untyped, type, 'UNION'));
    if (type !== left.type || typmod !== left.typmod) {
      const written = (oid: number, modifier: number) => state.typeName(oid) + (modifier < 0 ? '' : typmodOut(oid, modifier));
      throw errorAt(
        SqlState.datatypeMismatch,
        `recursive query "${cte.name}" column ${i + 1} has type ${written(left.type, left.typmod)} in non-recursive term but type ${written(type, typmod)} overall`,
        left.location,
        { hint: 'Cast the output of the non-recursive term to the correct type.' },
      );
    }
    if (union.all !== true) requireHashable(state, type, left.location);
    return outputColumn(state.newColumn(), names[i] ?? left.name, { ...left, type, typmod });
  });
}
