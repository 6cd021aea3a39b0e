import {
  type ColumnDescriptor,
  Privilege,
  type RuleDescriptor,
  type TableDescriptor,
  type ViewDescriptor,
} from '../../../catalog/descriptors.js';
import { assert } from '../../../commons/assert.js';
import { TypeOid } from '../../../types/oids.js';
import type { DeleteStatement, InsertStatement, UpdateStatement } from '../../parse/ast.js';
import { bindTarget, ChangedRelation } from '../change/changed-relation.js';
import { joinRuleRows } from '../change/changed-row.js';
import { bindChangeWhere, changedScan } from '../change/current-of.js';
import { insertColumns, insertedValue } from '../change/insert.js';
import { bindSource } from '../change/insert-source.js';
import { bindSets } from '../change/sets.js';
import { requireChangeable } from '../change/target.js';
import { viewPath } from '../change/view-row.js';
import { coerceToBoolean } from '../coerce.js';
import type { BoundExpr } from '../expression.js';
import { bindFrom } from '../from/index.js';
import { Locks } from '../from/locks.js';
import { schemasNamed } from '../from/view.js';
import type { LogicalPlan, ProjectedColumn } from '../logical.js';
import { outputColumn, referenceTo } from '../nodes.js';
import { bindWith } from '../query/with.js';
import { referTo } from '../scope/columns.js';
import { ListItem, type RelationItem } from '../scope/relation-item.js';
import { entryOf, type NamespaceEntry, type RuleRows, Scope } from '../scope/scope.js';
import type { BindState } from '../state.js';
import { storedExpression, withoutPosition } from '../stored-text.js';

export type RuledStatement = InsertStatement | UpdateStatement | DeleteStatement;
export type RuledRelation = TableDescriptor | ViewDescriptor;

/** The rows that a statement is about, as a rule's commands speak of them: OLD and NEW. */
export interface StatementRows extends RuleRows {
  readonly old: ListItem | undefined;
  readonly new: ListItem | undefined;
}

/** Binds what a statement would change, in the place where it stands, without the change. */
export function statementRows(parent: Scope, statement: RuledStatement, relation: RuledRelation): StatementRows {
  const { state } = parent;
  const scope = new Scope(state, parent);
  const below = parent.takeRuleRows();
  const withClause = bindWith(scope, statement);
  const changed = changedIn(scope, statement, relation);
  const live = liveColumns(relation);
  const bound = statement.type === 'insert' ? insertRows(scope, changed, statement, below) : existingRows(scope, changed, statement, below);
  const columns: ProjectedColumn[] = [];
  const item = (name: string, exprs: readonly BoundExpr[] | undefined): ListItem | undefined => {
    if (exprs === undefined) return undefined;
    const own = exprs.map((expr, i): ProjectedColumn => ({ ...outputColumn(state.newColumn(), live[i]?.name ?? '', expr), expr }));
    columns.push(...own);
    const names = live.map((column) => column.name);
    return new ListItem(
      name,
      true,
      names,
      own.map((column) => referenceTo(column)),
      { relation, rowType: relation.rowType },
    );
  };
  const rows = { old: item('old', bound.old), new: item('new', bound.new) };
  const wrapBelow = below?.wrap;
  return {
    ...rows,
    plan: { kind: 'project', input: bound.plan, columns },
    entries: [rows.old, rows.new].flatMap((row) => (row === undefined ? [] : [hiddenEntry(row)])),
    wrap: (plan) => {
      const own = withClause === undefined ? plan : withClause.wrap(plan);
      return wrapBelow === undefined ? own : wrapBelow(own);
    },
  };
}

/** What the statement names, as far as the relation that has the rules. */
export function changedIn(scope: Scope, statement: RuledStatement, relation: RuledRelation): ChangedRelation {
  const [name, command] =
    statement.type === 'insert'
      ? ([statement.into, 'insert'] as const)
      : statement.type === 'update'
        ? ([statement.table, 'update'] as const)
        : ([statement.from, 'delete'] as const);
  const { alias } = statement;
  const named = requireChangeable(scope, name);
  if (named.kind === 'table') return bindTarget(scope, name, alias, command);
  const path = viewPath(scope, named, command, (view) => view.oid === relation.oid);
  return new ChangedRelation(scope, named, path, { name, alias, command });
}

interface Rows {
  readonly plan: LogicalPlan;
  readonly old: readonly BoundExpr[] | undefined;
  readonly new: readonly BoundExpr[] | undefined;
}

function insertRows(scope: Scope, changed: ChangedRelation, statement: InsertStatement, below: RuleRows | undefined): Rows {
  const columns = insertColumns(scope, changed, statement);
  scope.items.push(changed.row.item);
  scope.ruleRows = below;
  const source = bindSource(scope, statement, columns);
  changed.requireChange(Privilege.insert, columns.indexes.slice(0, source.given.length));
  const values = changed.stored.map((column) => insertedValue(scope, column, columns.list, source));
  return { plan: source.plan, old: undefined, new: values };
}

function existingRows(
  scope: Scope,
  changed: ChangedRelation,
  statement: UpdateStatement | DeleteStatement,
  below: RuleRows | undefined,
): Rows {
  const { item } = changed.row;
  const entry = entryOf(item);
  entry.isLateralOnly = true;
  entry.isLateralAllowed = false;
  scope.changedItem = item;
  scope.add(entry);
  const scan = joinRuleRows(scope, changedScan(scope, changed, statement.where), below);
  const from = bindFrom(scope, (statement.type === 'update' ? statement.from : statement.using) ?? [], new Locks(), scan);
  const where = bindChangeWhere(scope, statement.where);
  const plan: LogicalPlan = where === undefined ? from.plan : { kind: 'filter', input: from.plan, condition: where };
  const { base } = changed.row;
  const live = liveColumns(changed.table);
  const old = live.map((_, i) => referTo(scope, base, i));
  if (statement.type === 'delete') {
    changed.requireChange(Privilege.delete);
    return { plan, old, new: undefined };
  }
  const { sets, indexes } = bindSets(scope, changed, item, statement.sets);
  changed.requireChange(Privilege.update, indexes);
  const set = old.map((expr, i) => {
    const number = live[i]?.number;
    return sets.find((candidate) => candidate.number === number)?.expr ?? expr;
  });
  return { plan, old, new: set };
}

function hiddenEntry(item: RelationItem): NamespaceEntry {
  return { item, isRelationVisible: true, areColumnsVisible: false, isLateralOnly: true, isLateralAllowed: true };
}

export function liveColumns(relation: RuledRelation): readonly ColumnDescriptor[] {
  return relation.columns.filter((column) => column.dropped !== true);
}

/** Where a rule's texts are bound: under the names of when it was made, with the rights of the relation's owner. */
export function ruleScope(state: BindState, rule: Pick<RuleDescriptor, 'searchPath'>, relation: RuledRelation): Scope {
  const outer = new Scope(state, undefined);
  return new Scope(state, undefined, {
    searchPath: schemasNamed(outer, rule.searchPath),
    hasParameters: false,
    asRole: relation.owner,
  });
}

/** A rule's WHERE over rows. */
export function ruleCondition(
  state: BindState,
  rule: RuleDescriptor,
  relation: RuledRelation,
  rows: Pick<StatementRows, 'old' | 'new'>,
): BoundExpr {
  assert(rule.whereText !== undefined, 'a rule with a condition');
  const scope = ruleScope(state, rule, relation);
  for (const item of [rows.old, rows.new]) if (item !== undefined) scope.add(entryOf(item));
  const { whereText } = rule;
  return withoutPosition(() => coerceToBoolean(state, scope.bindIn('WHERE', storedExpression(state.cx.parser, rule, whereText)), 'WHERE'));
}

export function isNotTrue(condition: BoundExpr): BoundExpr {
  return { kind: 'boolean test', arg: condition, test: 'true', negated: true, type: TypeOid.bool, typmod: -1 };
}
