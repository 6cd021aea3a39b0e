import { SqlState } from '../../../commons/sqlstates.js';
import type { Expr, ValuesStatement } from '../../parse/ast.js';
import { coerceArms } from '../common-type.js';
import { errorAt, locationOf } from '../errors.js';
import type { BoundExpr } from '../expression.js';
import type { LogicalValues, OutputColumn } from '../logical.js';
import { outputColumn } from '../nodes.js';
import { referTo } from '../scope/columns.js';
import { itemOf } from '../scope/relation-item.js';
import { entryOf, Scope } from '../scope/scope.js';
import type { QueryShape } from '../shape.js';
import { expandStar, isStar } from '../star.js';
import type { PendingQuery } from '../state.js';
import { bindOrderBy } from './clauses.js';
import { bindLimit } from './limit.js';
import { buildOutput } from './output.js';
import { finishQuery } from './pending.js';
import type { Target } from './target.js';
import { bindWith } from './with.js';

/** VALUES as a query of its own: each column takes the common type of its rows. */
export function bindValues(parent: Scope, statement: ValuesStatement): PendingQuery {
  const scope = new Scope(parent.state, parent);
  const withClause = bindWith(scope, statement);
  const [lock] = statement.locking ?? [];
  if (lock !== undefined) throw errorAt(SqlState.featureNotSupported, `FOR ${lock.strength} cannot be applied to VALUES`, undefined);
  const rows = bindRows(scope, statement.values);
  const values = valuesPlan(scope, rows);
  const item = itemOf('*VALUES*', true, values.columns);
  scope.add(entryOf(item));
  const targets = values.columns.map((column, i): Target => ({ expr: referTo(scope, item, i), name: column.name, isHidden: false }));
  const sort = bindOrderBy(scope, statement.orderBy ?? [], targets);
  const limit = bindLimit(scope, statement);
  const isPlain = sort.length === 0 && limit === undefined;
  const output = isPlain ? values : buildOutput(scope, values.plan, { targets, sort, distinct: 'none', limit, lock: undefined });
  return {
    columns: values.columns,
    replace() {},
    finish() {
      const shape: QueryShape | undefined = scope.state.keepsShapes
        ? {
            kind: 'values',
            scope,
            rows: values.plan.rows,
            names: values.columns.map((column) => column.name),
            targets,
            sort,
            ...(withClause === undefined ? {} : { with: withClause.shape() }),
            ...(limit === undefined ? {} : { limit }),
          }
        : undefined;
      return finishQuery(scope, withClause === undefined ? output.plan : withClause.wrap(output.plan), output.columns, shape);
    },
  };
}

function bindRows(scope: Scope, nodes: readonly (readonly Expr[])[]): BoundExpr[][] {
  scope.clause = 'VALUES';
  const rows = nodes.map((row) => bindValuesRow(scope, row));
  scope.clause = 'SELECT';
  requireOneLength(rows, nodes);
  return rows;
}

export function bindValuesRow(scope: Scope, row: readonly Expr[]): BoundExpr[] {
  return row.flatMap((node) => (isStar(node) ? expandStar(scope, node).map((column) => column.expr) : [scope.bind(node)]));
}

/** @throws SqlError 42601 */
export function requireOneLength(rows: readonly (readonly unknown[])[], nodes: readonly (readonly Expr[])[]): void {
  const width = rows[0]?.length ?? 0;
  const odd = rows.findIndex((row) => row.length !== width);
  if (odd === -1) return;
  const [first] = nodes[odd] ?? [];
  throw errorAt(SqlState.syntaxError, 'VALUES lists must all be the same length', first === undefined ? undefined : locationOf(first));
}

function valuesPlan(scope: Scope, rows: readonly (readonly BoundExpr[])[]): { plan: LogicalValues; columns: readonly OutputColumn[] } {
  const { state } = scope;
  const coerced: BoundExpr[][] = rows.map(() => []);
  const columns = (rows[0] ?? []).map((_, i) => {
    const { arms, target } = coerceArms(
      state,
      rows.flatMap((row) => row[i] ?? []),
      'VALUES',
    );
    for (const [row, arm] of arms.entries()) coerced[row]?.push(arm);
    return outputColumn(state.newColumn(), `column${i + 1}`, target);
  });
  return { plan: { kind: 'values', columns, rows: coerced }, columns };
}
