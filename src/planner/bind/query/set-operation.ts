import { SqlState } from '../../../commons/sqlstates.js';
import { TypeOid } from '../../../types/oids.js';
import type { SetOperation } from '../../parse/ast.js';
import { coerceToCommon, commonType, commonTypmod } from '../common-type.js';
import { errorAt } from '../errors.js';
import type { LogicalSetOperation, OutputColumn } from '../logical.js';
import { constNode, outputColumn } from '../nodes.js';
import { referTo } from '../scope/columns.js';
import { itemOf, ListItem } from '../scope/relation-item.js';
import { entryOf, Scope } from '../scope/scope.js';
import type { QueryShape } from '../shape.js';
import { requireEquality } from '../sort-key.js';
import type { BoundQuery, PendingColumn, PendingQuery, QueryOptions } from '../state.js';
import { startOf } from '../tree/walk.js';
import { castOutputs, requireSameWidth } from './arms.js';
import { bindOrderBy } from './clauses.js';
import { bindLimit } from './limit.js';
import { buildOutput } from './output.js';
import { columnStandIn, finishQuery } from './pending.js';
import type { Target } from './target.js';
import { bindWith } from './with.js';

const OPERATIONS = { UNION: 'union', INTERSECT: 'intersect', EXCEPT: 'except' } as const;

/** UNION, INTERSECT, EXCEPT, with ORDER BY and LIMIT over the result. */
export function bindSetOperation(parent: Scope, statement: SetOperation, options: QueryOptions): PendingQuery {
  const scope = new Scope(parent.state, parent);
  const withClause = bindWith(scope, statement);
  const [lock] = statement.locking ?? [];
  if (lock !== undefined) {
    throw errorAt(SqlState.featureNotSupported, `FOR ${lock.strength} is not allowed with UNION/INTERSECT/EXCEPT`, undefined);
  }
  const armOptions = { resolveUnknown: false, isRecursiveTerm: options.isRecursiveTerm === true };
  const left = scope.query(statement.left, armOptions);
  const right = scope.query(statement.right, armOptions);
  const columns = matchColumns(scope, statement.op, left, right, statement.all !== true);
  const item = itemOf('', false, columns);
  scope.add(entryOf(item));
  const arms = [...armsOf(left), ...armsOf(right)];
  // Hints of errors may speak of the arms by PostgreSQL's names.
  if (statement.orderBy !== undefined)
    arms.forEach((names, i) => {
      scope.items.push(
        new ListItem(
          `*SELECT* ${i + 1}`,
          true,
          names,
          names.map(() => constNode(TypeOid.unknown, -1, null)),
        ),
      );
    });
  const targets = columns.map((column, i): Target => ({ expr: referTo(scope, item, i), name: column.name, isHidden: false }));
  const sort = bindOrderBy(scope, statement.orderBy ?? [], targets);
  refuseExpressions(targets, columns.length);
  const limit = bindLimit(scope, statement);
  return {
    columns: columns.map((column, i) => withLocation(column, left.columns[i])),
    ...(statement.orderBy === undefined && limit === undefined && withClause === undefined ? { arms } : {}),
    replace() {},
    finish() {
      const first = left.finish();
      const second = right.finish();
      const shape: QueryShape | undefined =
        first.shape === undefined || second.shape === undefined
          ? undefined
          : {
              kind: 'set operation',
              scope,
              op: statement.op,
              all: statement.all === true,
              left: first.shape,
              right: second.shape,
              names: columns.map((column) => column.name),
              targets,
              sort,
              ...(withClause === undefined ? {} : { with: withClause.shape() }),
              ...(limit === undefined ? {} : { limit }),
            };
      const operation: LogicalSetOperation = {
        kind: 'set operation',
        op: OPERATIONS[statement.op],
        all: statement.all === true,
        ...armPlans(scope, first, second, columns, statement.op),
        columns,
      };
      const isPlain = sort.length === 0 && limit === undefined;
      const output = isPlain
        ? { plan: operation, columns }
        : buildOutput(scope, operation, { targets, sort, distinct: 'none', limit, lock: undefined });
      return finishQuery(scope, withClause === undefined ? output.plan : withClause.wrap(output.plan), output.columns, shape);
    },
  };
}

function armsOf(query: PendingQuery): readonly (readonly string[])[] {
  return query.arms ?? [query.columns.map((column) => column.name)];
}

function withLocation(column: OutputColumn, of: PendingColumn | undefined): PendingColumn {
  return of?.location === undefined ? column : { ...column, location: of.location };
}

/** The result's columns: named by the left arm, of the types that both arms take. @throws SqlError 42601, 42804 */
function matchColumns(scope: Scope, op: string, left: PendingQuery, right: PendingQuery, needsEquality: boolean): OutputColumn[] {
  const { state } = scope;
  requireSameWidth(op, left, right);
  return left.columns.map((l, i) => {
    const r = right.columns[i] ?? l;
    const arms = [columnStandIn(l), columnStandIn(r)];
    const type = commonType(state, arms, op);
    const typmod = commonTypmod([l, r], type);
    for (const [arm, query] of [
      [l, left],
      [r, right],
    ] as const) {
      if (arm.untyped !== undefined) query.replace(i, coerceToCommon(state, arm.untyped, type, op));
      else coerceToCommon(state, columnStandIn(arm), type, op);
    }
    if (needsEquality) requireEquality(state, type, l.location);
    const collation = l.collation ?? r.collation;
    return outputColumn(state.newColumn(), l.name, { type, typmod, ...(collation === undefined ? {} : { collation }) });
  });
}

function armPlans(scope: Scope, left: BoundQuery, right: BoundQuery, columns: readonly OutputColumn[], op: string) {
  const types = columns.map((column) => column.type);
  const l = castOutputs(scope, left, types, op);
  const r = castOutputs(scope, right, types, op);
  return { left: l.plan, leftOutputs: l.columns.map(idOf), right: r.plan, rightOutputs: r.columns.map(idOf) };
}

function idOf(column: OutputColumn) {
  return column.id;
}

/** @throws SqlError 0A000 when ORDER BY needed more than the result's columns */
function refuseExpressions(targets: readonly Target[], width: number): void {
  const added = targets[width];
  if (added === undefined) return;
  throw errorAt(SqlState.featureNotSupported, 'invalid UNION/INTERSECT/EXCEPT ORDER BY clause', startOf(added.expr), {
    detail: 'Only result column names can be used, not expressions or functions.',
    hint: 'Add the expression/function to every SELECT, or move the UNION into a FROM clause.',
  });
}
