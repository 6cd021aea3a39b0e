import { Privilege, type RuleDescriptor } from '../../../catalog/descriptors.js';
import { notSupported, SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { SelectStatement, Statement } from '../../parse/ast.js';
import { hasInsteadTrigger } from '../change/instead.js';
import { bindReturning } from '../change/returning.js';
import { cannotChange, refusalOf } from '../change/view-row.js';
import { asRole, findRelation } from '../from/relation.js';
import { viewEnvironment } from '../from/view.js';
import type { BoundStatement, LogicalPlan } from '../logical.js';
import { conjunction, referenceTo } from '../nodes.js';
import { ListItem } from '../scope/relation-item.js';
import { entryOf, Scope } from '../scope/scope.js';
import type { BindState, BoundQuery } from '../state.js';
import { storedQuery, withoutPosition } from '../stored-text.js';
import { actionStatement } from './action-statement.js';
import {
  changedIn,
  isNotTrue,
  liveColumns,
  type RuledRelation,
  type RuledStatement,
  ruleCondition,
  ruleScope,
  type StatementRows,
  statementRows,
} from './rule-rows.js';
import { ruleActions } from './rule-text.js';

/** A statement in the place where it is bound: a client's, or a rule's command beside the rows that the rule is about. */
export interface RuledChange {
  readonly statement: RuledStatement;
  /** The scope that it stands in, made anew for each statement that comes of it. */
  open(state: BindState): Scope;
  /** It is a rule's command: places in its text mean nothing to the client. */
  readonly isAction?: true;
}

/** One of the statements that rules make of one. */
export interface Product {
  readonly command: BoundStatement['command'];
  readonly bind: (state: BindState) => BoundQuery;
  /** It is the statement itself, or what an INSTEAD rule put in its place. */
  readonly role: 'original' | 'instead' | 'also';
  readonly returns: boolean;
}

/** What rules of a relation apply to an event, in the order of their names. */
export function rulesFor(relation: RuledRelation, event: RuledStatement['type']): readonly RuleDescriptor[] {
  return relation.rules?.filter((rule) => rule.event === event && (rule.firing === undefined || rule.firing === 'always')) ?? [];
}

/**
 * The relation whose rules apply to a statement: what it names, or what lies below the views that it names. Undefined: none has any.
 */
export function ruledRelation(scope: Scope, statement: RuledStatement): RuledRelation | undefined {
  const event = statement.type;
  const name = statement.type === 'insert' ? statement.into : statement.type === 'update' ? statement.table : statement.from;
  let current = findRelation(scope, name);
  for (let { environment } = scope; current !== undefined; ) {
    if (current.kind !== 'table' && current.kind !== 'view') return undefined;
    if (rulesFor(current, event).length > 0) return current;
    if (current.kind === 'table' || hasInsteadTrigger(current, event)) return undefined;
    const query = storedQuery(scope.state.cx.parser, current, current.queryText);
    const [from] = query.type === 'select' ? (query.from ?? []) : [];
    if (refusalOf(query) !== undefined || from?.type !== 'table') return undefined;
    environment = viewEnvironment(scope, current, environment);
    const below = new Scope(scope.state, undefined, environment);
    current = withoutPosition(() => findRelation(below, from.name));
  }
  return undefined;
}

/**
 * Rules (PostgreSQL manual, "The Rule System"): a statement becomes those that its relation's rules make of it, and they are expanded in turn.
 * Each of them reads the rows that the statement is about anew.
 * @param active rules' relations and events on the way here
 * @throws SqlError 42P17, 0A000, 55000
 */
export function expandRules(change: RuledChange, newState: () => BindState, active: readonly string[] = []): readonly Product[] {
  const { statement } = change;
  const relation = ruledRelation(change.open(newState()), statement);
  const rules = relation === undefined ? [] : rulesFor(relation, statement.type);
  if (relation === undefined || rules.length === 0) return [original(change)];
  const key = `${relation.oid} ${statement.type}`;
  if (active.includes(key))
    throw new SqlError(SqlState.invalidObjectDefinition, `infinite recursion detected in rules for relation "${relation.name}"`);
  if (statement.type === 'insert' && statement.onConflict !== undefined)
    throw notSupportedAs('INSERT with ON CONFLICT clause cannot be used with table that has INSERT or UPDATE rules');
  if (statement.returning !== undefined) requireReturning(statement, relation, rules, newState());
  const products: Product[] = [];
  const conditional: RuleDescriptor[] = [];
  let isReplaced = false;
  for (const rule of rules) {
    if (rule.instead && rule.whereText === undefined) isReplaced = true;
    if (rule.instead && rule.whereText !== undefined) conditional.push(rule);
    products.push(...ruleProducts(change, relation, rule, newState, [...active, key]));
  }
  if (isReplaced) return products;
  if (relation.kind === 'view' && conditional.length > 0)
    throw cannotChange(relation.name, statement.type, 'Views with conditional DO INSTEAD rules are not automatically updatable.');
  const own = conditional.length === 0 ? original(change) : exempted(change, relation, conditional, newState);
  return statement.type === 'insert' ? [own, ...products] : [...products, own];
}

const COMMANDS = { insert: 'INSERT', update: 'UPDATE', delete: 'DELETE' } as const;

function original(change: RuledChange): Product {
  const { statement } = change;
  return {
    command: COMMANDS[statement.type],
    bind: (state) => {
      const scope = change.open(state);
      return change.isAction === true ? withoutPosition(() => bindIn(scope, statement)) : bindIn(scope, statement);
    },
    role: 'original',
    returns: statement.returning !== undefined,
  };
}

function bindIn(scope: Scope, statement: RuledStatement): BoundQuery {
  const wrap = scope.ruleRows?.wrap;
  const query = scope.state.binders.change(scope, statement);
  return wrap === undefined ? query : { ...query, plan: wrap(query.plan) };
}

/** The statement for the rows that conditional INSTEAD rules leave to it. */
function exempted(change: RuledChange, relation: RuledRelation, rules: readonly RuleDescriptor[], newState: () => BindState): Product {
  const { statement } = change;
  const scratch = change.open(newState());
  if (changedIn(scratch, statement, relation).relation.oid !== relation.oid)
    throw notSupported('a conditional INSTEAD rule of a relation that is changed through a view');
  const product = original(change);
  if (statement.type !== 'insert') {
    return {
      ...product,
      bind: (state) => {
        const scope = change.open(state);
        scope.exempt = (old, row) => conjunction(rules.map((rule) => isNotTrue(ruleCondition(state, rule, relation, { old, new: row }))));
        return bindIn(scope, statement);
      },
    };
  }
  const columns = liveColumns(relation).filter((column) => column.generatedText === undefined);
  const { with: _with, insert: _source, ...rest } = statement;
  const selected: SelectStatement = {
    type: 'select',
    columns: columns.map(({ name }) => ({ expr: { type: 'ref', table: { name: 'new' }, name } })),
  };
  return {
    ...product,
    bind: (state) => {
      const parent = change.open(state);
      const rows = statementRows(parent, statement, relation);
      const condition = conjunction(rules.map((rule) => isNotTrue(ruleCondition(state, rule, relation, rows))));
      const scope = new Scope(state, undefined, parent.environment);
      scope.ruleRows = condition === undefined ? rows : { ...rows, plan: { kind: 'filter', input: rows.plan, condition } };
      return bindIn(scope, { ...rest, columns: columns.map(({ name }) => ({ name })), overriding: 'system', insert: selected });
    },
  };
}

function ruleProducts(
  change: RuledChange,
  relation: RuledRelation,
  rule: RuleDescriptor,
  newState: () => BindState,
  active: readonly string[],
): readonly Product[] {
  const role = rule.instead ? 'instead' : 'also';
  return ruleActions(newState().cx.parser, rule).flatMap((action): readonly Product[] => {
    const open = (state: BindState): Scope => actionScope(state, change, relation, rule);
    const prepared = actionStatement(action);
    switch (prepared.type) {
      case 'notify':
        return [{ command: 'SELECT', role, returns: false, bind: (state) => notification(state, prepared) }];
      case 'select':
      case 'set operation':
      case 'values':
        return [{ command: 'SELECT', role, returns: false, bind: (state) => selection(open(state), prepared) }];
      case 'insert':
      case 'update':
      case 'delete': {
        const wanted = rule.instead && rule.whereText === undefined ? change.statement.returning : undefined;
        const { returning, ...silent } = prepared;
        refuseWith(change.statement, action);
        const isWanted = wanted !== undefined && returning !== undefined;
        const inner: RuledChange = { statement: isWanted ? prepared : (silent as RuledStatement), open, isAction: true };
        return expandRules(inner, newState, active).map((product) => ({
          ...product,
          role: product.role === 'original' ? role : product.role,
          ...(isWanted && product.returns ? { bind: (state: BindState) => returned(change, relation, product, state) } : {}),
        }));
      }
      default:
        throw notSupported(`${action.type.toUpperCase()} in a rule`);
    }
  });
}

/** An action of a rule stands beside the statement's rows that the rule is about. */
function actionScope(state: BindState, change: RuledChange, relation: RuledRelation, rule: RuleDescriptor): Scope {
  const rows: StatementRows = statementRows(change.open(state), change.statement, relation);
  const condition = rule.whereText === undefined ? undefined : ruleCondition(state, rule, relation, rows);
  const scope = ruleScope(state, rule, relation);
  scope.ruleRows = condition === undefined ? rows : { ...rows, plan: { kind: 'filter', input: rows.plan, condition } };
  return scope;
}

function selection(scope: Scope, statement: SelectStatement): BoundQuery {
  const wrap = scope.ruleRows?.wrap;
  const query = scope.query(statement).finish();
  return wrap === undefined ? query : { ...query, plan: wrap(query.plan) };
}

function notification(state: BindState, { channel, payload }: Extract<Statement, { readonly type: 'notify' }>): BoundQuery {
  const call: SelectStatement = {
    type: 'select',
    columns: [
      {
        expr: {
          type: 'call',
          function: { schema: 'pg_catalog', name: 'pg_notify' },
          args: [
            { type: 'string', value: channel },
            { type: 'string', value: payload ?? '' },
          ],
        },
      },
    ],
  };
  return new Scope(state, undefined).query(call).finish();
}

/** The statement's RETURNING over what the rule's command returns, whose columns stand for the relation's. */
function returned(change: RuledChange, relation: RuledRelation, product: Product, state: BindState): BoundQuery {
  const query = product.bind(state);
  const { alias, returning } = change.statement;
  const outer = change.open(state);
  const changed = changedIn(new Scope(state, outer), change.statement, relation);
  const named = changed.relation;
  const live = liveColumns(relation);
  const scope = new Scope(state, undefined, outer.environment);
  const names = changed.columns.map((column) => column.name);
  const privilege = state.requires({
    objectKind: 'table',
    oid: named.oid,
    privileges: Privilege.select,
    columns: new Set(),
    isOptional: true,
    ...asRole(outer),
  });
  const shown = changed.columns.map(({ column }) => {
    const output = query.columns[live.findIndex(({ number }) => number === column?.number)];
    if (output === undefined) throw notSupported('RETURNING an expression of a view over a table with rules');
    return referenceTo(output);
  });
  const item = new ListItem(alias ?? named.name, alias !== undefined, names, shown, {
    relation: named,
    rowType: named.rowType,
    privilege,
  });
  scope.add(entryOf(item));
  const columns = bindReturning(scope, returning) ?? [];
  const plan: LogicalPlan = { kind: 'project', input: query.plan, columns };
  return { plan, columns, outerColumns: [] };
}

function notSupportedAs(message: string): SqlError {
  return new SqlError(SqlState.featureNotSupported, message);
}

/** Where a rule stands in a statement's place, one must say what its RETURNING gives. @throws SqlError 0A000 */
export function requireReturning(
  { type }: RuledStatement,
  relation: RuledRelation,
  rules: readonly RuleDescriptor[],
  { cx }: BindState,
): void {
  if (!rules.some(({ instead }) => instead)) return;
  const isReturning = (rule: RuleDescriptor): boolean =>
    rule.instead &&
    rule.whereText === undefined &&
    ruleActions(cx.parser, rule).some((action) => 'returning' in action && action.returning !== undefined);
  if (rules.some(isReturning)) return;
  const command = type.toUpperCase();
  throw new SqlError(SqlState.featureNotSupported, `cannot perform ${command} RETURNING on relation "${relation.name}"`, {
    hint: `You need an unconditional ON ${command} DO INSTEAD rule with a RETURNING clause.`,
  });
}

/** Changes in a statement's WITH must happen once. */
function refuseWith(statement: RuledStatement, action: Statement): void {
  const changes =
    statement.with?.ctes.some(({ statement: { type } }) => type === 'insert' || type === 'update' || type === 'delete') === true;
  const isQuery = action.type === 'insert' && action.insert?.type !== undefined && action.insert.type !== 'values';
  if (changes && isQuery)
    throw notSupportedAs('INSERT...SELECT rule actions are not supported for queries having data-modifying statements in WITH');
}
