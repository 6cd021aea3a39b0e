import {
  type ExclusionConstraint,
  type IndexDescriptor,
  type KeyConstraint,
  Privilege,
  type TableDescriptor,
} from '../../../catalog/descriptors.js';
import type { Oid } from '../../../commons/ids.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { Expr, IndexElement, OnConflict } from '../../parse/ast.js';
import { coerceToBoolean } from '../coerce.js';
import { errorAt, locationOf } from '../errors.js';
import type { BoundExpr } from '../expression.js';
import type { LogicalInsert } from '../logical.js';
import { missingColumn } from '../scope/missing.js';
import type { RelationItem, TableItem } from '../scope/relation-item.js';
import { entryOf, Scope } from '../scope/scope.js';
import { sameExpr } from '../tree/same.js';
import type { ChangedRelation } from './changed-relation.js';
import { bindSets } from './sets.js';
import { bindStored, refuseStream } from './target.js';

type Conflict = NonNullable<LogicalInsert['onConflict']>;

/** ON CONFLICT: which unique indexes it is about, and what is done instead. @throws SqlError 42P10, 42704, 42601 */
export function bindConflict(scope: Scope, node: OnConflict, changed: ChangedRelation): Conflict {
  const { table, row } = changed;
  const excluded = changed.again('excluded', row.base.firstId);
  excluded.base.hasSystemColumns = false;
  const findArbiters = arbitersOf(scope, node, changed, excluded.item);
  if (node.do === 'nothing') return { arbiters: findArbiters() };
  if (node.target === undefined) {
    throw errorAt(SqlState.syntaxError, 'ON CONFLICT DO UPDATE requires inference specification or constraint name', locationOf(node), {
      hint: 'For example, ON CONFLICT (column_name).',
    });
  }
  refuseStream(table);
  const inner = new Scope(scope.state, scope);
  const existing = changed.again();
  const guard = changed.guardOf(existing);
  inner.add(entryOf(existing.item));
  inner.add(entryOf(excluded.item));
  inner.changedItem = existing.item;
  const { sets, indexes } = bindSets(inner, changed, existing.item, node.do.sets);
  const where = node.do.where === undefined ? undefined : coerceToBoolean(scope.state, inner.bindIn('WHERE', node.do.where), 'WHERE');
  // Hints of errors in RETURNING may speak of it.
  scope.items.push(excluded.item);
  changed.requireChange(Privilege.update, indexes);
  existing.base.useAll();
  return {
    arbiters: findArbiters(),
    update: {
      existing: existing.base.columns,
      excluded: row.base.columns,
      sets,
      ...(where === undefined ? {} : { where }),
      ...(guard === undefined ? {} : { guard }),
    },
  };
}

/** Binds what says which indexes; they are looked for when everything else is bound. */
function arbitersOf(scope: Scope, node: OnConflict, changed: ChangedRelation, excluded: RelationItem): () => readonly Oid[] {
  const { target } = node;
  const { table } = changed;
  const row = changed.row.base;
  if (target === undefined) return () => [];
  if (target.type === 'constraint') {
    const constraint = namedKey(table, target.name, node.do !== 'nothing');
    for (const number of constraint.columns) changed.readColumn(number);
    return () => [constraint.index];
  }
  const columns = new Set<number>();
  const exprs: BoundExpr[] = [];
  for (const element of target.elements) {
    const column = plainColumn(scope, changed, element, node.do === 'nothing' ? [] : [excluded], locationOf(target));
    if (column === undefined) exprs.push(bindOverRow(scope, changed, element.expr));
    else columns.add(column);
  }
  const where = target.where === undefined ? undefined : bindOverRow(scope, changed, target.where);
  return () => {
    const matching = scope.state.catalog
      .indexesOf(table.oid)
      .filter((index) => index.unique && matches(scope, table, row, index, columns, exprs, where));
    const usable = matching.filter((index) => !isDeferrable(table, index));
    if (usable.length > 0) return usable.map((index) => index.oid);
    if (matching.length > 0) {
      throw new SqlError(
        SqlState.objectNotInPrerequisiteState,
        'ON CONFLICT does not support deferrable unique constraints/exclusion constraints as arbiters',
      );
    }
    throw new SqlError(
      SqlState.invalidColumnReference,
      'there is no unique or exclusion constraint matching the ON CONFLICT specification',
    );
  };
}

function namedKey(table: TableDescriptor, name: string, isUpdate: boolean): KeyConstraint | ExclusionConstraint {
  const constraint = table.constraints.find((candidate) => candidate.name === name);
  if (constraint === undefined) {
    throw new SqlError(SqlState.undefinedObject, `constraint "${name}" for table "${table.name}" does not exist`);
  }
  if (constraint.kind === 'exclusion' && isUpdate)
    throw new SqlError(SqlState.wrongObjectType, 'ON CONFLICT DO UPDATE not supported with exclusion constraints');
  if (constraint.kind === 'check' || constraint.kind === 'foreign key') {
    throw new SqlError(SqlState.wrongObjectType, 'constraint in ON CONFLICT clause has no associated index');
  }
  if (constraint.deferrable === true) {
    throw new SqlError(
      SqlState.objectNotInPrerequisiteState,
      'ON CONFLICT does not support deferrable unique constraints/exclusion constraints as arbiters',
    );
  }
  return constraint;
}

/** The number of the column that an element is, unless it is an expression. */
function plainColumn(
  scope: Scope,
  changed: ChangedRelation,
  element: IndexElement,
  others: readonly RelationItem[],
  location: number | undefined,
): number | undefined {
  if (element.order !== undefined) {
    throw errorAt(SqlState.invalidColumnReference, 'ASC/DESC is not allowed in ON CONFLICT clause', locationOf(element));
  }
  if (element.nulls !== undefined) {
    throw errorAt(SqlState.invalidColumnReference, 'NULLS FIRST/LAST is not allowed in ON CONFLICT clause', locationOf(element));
  }
  const { expr } = element;
  if (expr.type !== 'ref' || expr.table !== undefined || expr.star === true) return undefined;
  const { item } = changed.row;
  const index = item.find(expr.name);
  if (index >= 0) {
    const column = changed.columns[index]?.column;
    if (column !== undefined) item.refer(index);
    return column?.number;
  }
  const inner = new Scope(scope.state, undefined);
  inner.add(entryOf(item));
  inner.items.push(...others);
  throw missingColumn(inner, undefined, expr.name, location);
}

function bindOverRow(scope: Scope, changed: ChangedRelation, node: Expr): BoundExpr {
  const inner = new Scope(scope.state, scope);
  inner.add(entryOf(changed.again(undefined, changed.row.base.firstId).item));
  return inner.bindIn('ON CONFLICT', node);
}

/** Exactly these columns and expressions make the index, and what is not in it is not in the conflict's WHERE either. */
function matches(
  scope: Scope,
  table: TableDescriptor,
  row: TableItem,
  index: IndexDescriptor,
  columns: ReadonlySet<number>,
  exprs: readonly BoundExpr[],
  where: BoundExpr | undefined,
): boolean {
  const own = new Set(index.columns.filter((key) => key.exprText === undefined).map((key) => key.column));
  if (own.size !== columns.size || ![...own].every((number) => columns.has(number))) return false;
  const indexed = index.columns.flatMap((key) =>
    key.exprText === undefined ? [] : [bindStored(scope, table, row.firstId, key, key.exprText, 'index expression')],
  );
  if (!indexed.every((expr) => exprs.some((other) => sameExpr(expr, other)))) return false;
  if (!exprs.every((expr) => indexed.some((other) => sameExpr(expr, other)))) return false;
  if (index.predicateText === undefined) return true;
  const predicate = bindStored(scope, table, row.firstId, index, index.predicateText, 'index predicate');
  const given = conjuncts(where);
  return conjuncts(predicate).every((part) => given.some((other) => sameExpr(part, other)));
}

function conjuncts(expr: BoundExpr | undefined): readonly BoundExpr[] {
  if (expr === undefined) return [];
  return expr.kind === 'and' ? expr.args : [expr];
}

function isDeferrable(table: TableDescriptor, index: IndexDescriptor): boolean {
  const constraint = table.constraints.find((candidate) => candidate.oid === index.constraint);
  return constraint !== undefined && 'deferrable' in constraint && constraint.deferrable === true;
}
