import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { Expr, InsertColumn, SetClause } from '../../parse/ast.js';
import { bindRowFields } from '../bind-expression/rows.js';
import { fieldsOfRow } from '../bind-expression/subqueries.js';
import { coerceToColumn } from '../coerce.js';
import { errorAt, locationOf } from '../errors.js';
import type { BoundExpr } from '../expression.js';
import type { LogicalUpdate } from '../logical.js';
import { referTo } from '../scope/columns.js';
import type { RelationItem } from '../scope/relation-item.js';
import type { Scope } from '../scope/scope.js';
import { isStar } from '../star.js';
import type { ChangedRelation } from './changed-relation.js';
import { columnDefault, onlyDefaultDetail, updatesOnlyDefault } from './default.js';
import { assignedColumn, defaultOfPart, isPartAssignment, withPart } from './part.js';

interface Assignment {
  readonly column: InsertColumn;
  /** 'default', or the bound value. */
  readonly value: BoundExpr | 'default';
}

export interface BoundSets {
  readonly sets: LogicalUpdate['sets'];
  /** Their places among the target's columns. */
  readonly indexes: readonly number[];
}

/** SET a = …, (b, c) = …: one expression a column, of the column's type. @throws SqlError 42703, 42601, 42804, 428C9 */
export function bindSets(scope: Scope, changed: ChangedRelation, row: RelationItem, clauses: readonly SetClause[]): BoundSets {
  const sets: { number: number; expr: BoundExpr }[] = [];
  const indexes: number[] = [];
  for (const { column: written, value } of clauses.flatMap((clause) => assignments(scope, clause))) {
    const index = changed.find(written.name, locationOf(written), true);
    const column = changed.assignable(index, 'update');
    indexes.push(index);
    const target = assignedColumn(scope, column, written.indirection, locationOf(written));
    const detail = onlyDefaultDetail(column);
    if (value !== 'default' && detail !== undefined) throw updatesOnlyDefault(column, detail);
    const before = sets.findIndex((set) => set.number === column.number);
    if (target.part !== undefined) {
      if (value === 'default') throw defaultOfPart(target.part);
      const known = sets[before];
      // Parts of one column are assigned one after the other.
      const old = known === undefined ? referTo(scope, row, index) : known.expr;
      if (known !== undefined && !isPartAssignment(known.expr)) throw assignedTwice(column.name);
      const expr = withPart(scope, column, target.part, old, coerceToColumn(scope.state, value, target));
      if (known === undefined) sets.push({ number: column.number, expr });
      else sets[before] = { number: column.number, expr };
      continue;
    }
    if (before >= 0) throw assignedTwice(changed.table.columns[column.number - 1]?.name ?? column.name);
    // A generated column is computed anew anyway.
    if (value === 'default' && column.generatedText !== undefined) continue;
    const expr = value === 'default' ? columnDefault(scope, column) : coerceToColumn(scope.state, value, column);
    sets.push({ number: column.number, expr });
  }
  return { sets, indexes };
}

function assignedTwice(name: string): SqlError {
  return new SqlError(SqlState.syntaxError, `multiple assignments to same column "${name}"`);
}

function assignments(scope: Scope, clause: SetClause): Assignment[] {
  if (clause.type === 'set') {
    const { column: name, value, type: _, ...rest } = clause;
    return [{ column: { ...rest, name }, value: bindValue(scope, value) }];
  }
  const { columns, value } = clause;
  if (value.type === 'row') {
    const values = value.expressions.flatMap((node) => (isStar(node) ? bindStar(scope, node) : [bindValue(scope, node)]));
    requireWidth(columns, values.length, value);
    return columns.map((column, i) => ({ column, value: values[i] ?? 'default' }));
  }
  if (value.type !== 'subquery') {
    throw errorAt(
      SqlState.featureNotSupported,
      'source for a multiple-column UPDATE item must be a sub-SELECT or ROW() expression',
      locationOf(value),
    );
  }
  const clauseBefore = scope.clause;
  scope.clause = 'UPDATE';
  const query = scope.query(value.select).finish();
  scope.clause = clauseBefore;
  requireWidth(columns, query.columns.length, value);
  const fields = fieldsOfRow(query, locationOf(value));
  return columns.flatMap((column, i) => {
    const field = fields[i];
    return field === undefined ? [] : [{ column, value: field }];
  });
}

function requireWidth(columns: readonly InsertColumn[], width: number, value: Expr): void {
  if (columns.length === width) return;
  throw errorAt(SqlState.syntaxError, 'number of columns does not match number of values', locationOf(value));
}

/** ROW(v.*) */
function bindStar(scope: Scope, node: Expr): BoundExpr[] {
  const { clause } = scope;
  scope.clause = 'UPDATE';
  const fields = bindRowFields(scope, [node]);
  scope.clause = clause;
  return fields;
}

function bindValue(scope: Scope, node: Expr): BoundExpr | 'default' {
  return node.type === 'default' ? 'default' : scope.bindIn('UPDATE', node);
}
