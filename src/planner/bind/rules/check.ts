import type { RuleDescriptor } from '../../../catalog/descriptors.js';
import type { Oid } from '../../../commons/ids.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { SelectedColumn, Statement } from '../../parse/ast.js';
import { errorAt, locationOf } from '../errors.js';
import { constNode } from '../nodes.js';
import { ListItem } from '../scope/relation-item.js';
import type { Scope } from '../scope/scope.js';
import type { BindState, BoundQuery, PrivilegeUse } from '../state.js';
import { actionStatement } from './action-statement.js';
import { liveColumns, type RuledRelation, ruleCondition, ruleScope, type StatementRows } from './rule-rows.js';
import { ruleActions } from './rule-text.js';

const unsupported = (message: string, hint?: string): SqlError =>
  new SqlError(SqlState.featureNotSupported, message, hint === undefined ? {} : { hint });
const invalid = (message: string): SqlError => new SqlError(SqlState.invalidObjectDefinition, message);

/** Errors point into the whole statement, not into the command. */
function placed<T>(offset: number, bind: () => T): T {
  try {
    return bind();
  } catch (error) {
    if (!(error instanceof SqlError) || error.fields.position === undefined) throw error;
    throw new SqlError(error.code, error.message, { ...error.fields, position: error.fields.position + offset });
  }
}

/** Binds all of a new rule over rows of nothing. @param offsets of its commands in the statement's text @returns the relations that it names @throws SqlError 42P17, 0A000, and what binding raises */
export function checkRuleIn(
  rule: RuleDescriptor,
  relation: RuledRelation,
  offsets: readonly number[],
  newState: () => BindState,
): readonly Oid[] {
  const named = new Set<Oid>();
  const note = (state: BindState): void => {
    for (const { objectKind, oid } of state.privileges) if (objectKind === 'table' && oid !== relation.oid) named.add(oid);
  };
  if (rule.whereText !== undefined) {
    const state = newState();
    const rows = emptyRows(rule, relation);
    ruleCondition(state, rule, relation, rows);
    rows.check();
    note(state);
  }
  let lists = 0;
  for (const [i, action] of ruleActions(newState().cx.parser, rule).entries()) {
    if (rule.whereText !== undefined && action.type === 'notify')
      throw invalid('rules with WHERE conditions can only have SELECT, INSERT, UPDATE, or DELETE actions');
    if ('returning' in action && action.returning !== undefined && ++lists > 0) checkReturning(rule, lists);
    const state = newState();
    const bound = placed(offsets[i] ?? 0, () => bindAction(state, rule, relation, action));
    note(state);
    if (bound !== undefined && 'returning' in action && action.returning !== undefined) checkReturned(bound, relation, action.returning);
  }
  return [...named];
}

function checkReturning(rule: RuleDescriptor, lists: number): void {
  if (lists > 1) throw unsupported('cannot have multiple RETURNING lists in a rule');
  if (rule.whereText !== undefined) throw unsupported('RETURNING lists are not supported in conditional rules');
  if (!rule.instead) throw unsupported('RETURNING lists are not supported in non-INSTEAD rules');
}

function checkReturned(bound: BoundQuery, relation: RuledRelation, list: readonly SelectedColumn[]): void {
  const live = liveColumns(relation);
  for (const [i, column] of bound.columns.entries()) {
    const wanted = live[i];
    const first = list[0];
    if (wanted === undefined)
      throw errorAt(SqlState.invalidObjectDefinition, 'RETURNING list has too many entries', first && locationOf(first));
    if (column.type !== wanted.type) throw invalid(`RETURNING list's entry ${i + 1} has different type from column "${wanted.name}"`);
    if (column.typmod !== wanted.typmod) throw invalid(`RETURNING list's entry ${i + 1} has different size from column "${wanted.name}"`);
  }
  if (bound.columns.length < live.length) throw invalid('RETURNING list has too few entries');
}

function bindAction(state: BindState, rule: RuleDescriptor, relation: RuledRelation, action: Statement): BoundQuery | undefined {
  const scope = ruleScope(state, rule, relation);
  const rows = emptyRows(rule, relation);
  scope.ruleRows = rows;
  const bound = bindPrepared(scope, actionStatement(action));
  rows.check();
  return bound;
}

function bindPrepared(scope: Scope, prepared: Statement): BoundQuery | undefined {
  switch (prepared.type) {
    case 'select':
    case 'set operation':
    case 'values':
      return scope.query(prepared).finish();
    case 'insert':
    case 'update':
    case 'delete':
      return bindOrTrust(scope, prepared);
    default:
      return undefined;
  }
}

/** A view that can't be changed may get rules or triggers yet. */
function bindOrTrust(
  scope: Scope,
  statement: Extract<Statement, { readonly type: 'insert' | 'update' | 'delete' }>,
): BoundQuery | undefined {
  try {
    return scope.state.binders.change(scope, statement);
  } catch (error) {
    if (error instanceof SqlError && error.code === SqlState.objectNotInPrerequisiteState) return undefined;
    throw error;
  }
}

/** OLD and NEW as nothing but names and types, which note whether they are used. */
function emptyRows(rule: RuleDescriptor, relation: RuledRelation): StatementRows & { readonly check: () => void } {
  const live = liveColumns(relation);
  const use = (): PrivilegeUse & { readonly columns: Set<number> } => ({
    objectKind: 'table',
    oid: relation.oid,
    privileges: 0,
    columns: new Set(),
  });
  const item = (name: string, privilege: PrivilegeUse): ListItem =>
    new ListItem(
      name,
      true,
      live.map((column) => column.name),
      live.map((column) => constNode(column.type, column.typmod, null)),
      { relation, rowType: relation.rowType, privilege },
    );
  const uses = { old: use(), new: use() };
  const rows = { old: item('old', uses.old), new: item('new', uses.new) };
  const entries = [rows.old, rows.new].map((row) => ({
    item: row,
    isRelationVisible: true,
    areColumnsVisible: false,
    isLateralOnly: true,
    isLateralAllowed: true,
  }));
  return {
    ...rows,
    entries,
    plan: { kind: 'one row' },
    wrap: (plan) => plan,
    check: () => {
      if (rule.event === 'insert' && uses.old.columns.size > 0) throw invalid('ON INSERT rule cannot use OLD');
      if (rule.event === 'delete' && uses.new.columns.size > 0) throw invalid('ON DELETE rule cannot use NEW');
    },
  };
}
