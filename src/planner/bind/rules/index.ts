/**
 * Life of a statement on a relation with rules: expand.ts makes of it the statements that are to be run, each of them bound where the rows that the
 * statement is about (rule-rows.ts) are called OLD and NEW → the session runs one after the other, each on a snapshot of its own; one of them
 * gives the command tag and what is returned.
 */

import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { SelectStatement } from '../../parse/ast.js';
import { requireRelation } from '../from/relation.js';
import type { BoundStatement } from '../logical.js';
import { booleanNode } from '../nodes.js';
import { Scope } from '../scope/scope.js';
import type { BindState, BoundQuery, ChangeStatement } from '../state.js';
import { expandRules, type Product, requireReturning, ruledRelation, rulesFor } from './expand.js';
import { statementRows } from './rule-rows.js';

export type { Product } from './expand.js';

/** The statements that rules make of one, around the one that answers for it. */
export interface RuledStatements {
  readonly before: readonly Product[];
  readonly main: Product;
  readonly after: readonly Product[];
  /** Binds the statement's own expressions, whatever becomes of it: what its parameters' types are. */
  readonly type: (state: BindState) => void;
}

/** Undefined: no rule applies, and the statement is what it is. @throws SqlError 0A000, 42P17 */
export function rewriteByRules(statement: SelectStatement | ChangeStatement, newState: () => BindState): RuledStatements | undefined {
  if (statement.type === 'merge') refuseMerge(statement.into, newState);
  if (statement.type !== 'insert' && statement.type !== 'update' && statement.type !== 'delete') return undefined;
  const scope = new Scope(newState(), undefined);
  const relation = scope.state.catalog.hasRules ? ruledRelation(scope, statement) : undefined;
  if (relation === undefined || rulesFor(relation, statement.type).length === 0) return undefined;
  const products = expandRules({ statement, open: (state) => new Scope(state, undefined) }, newState);
  const command = COMMANDS[statement.type];
  const type = (state: BindState): void => {
    statementRows(new Scope(state, undefined), statement, relation);
  };
  const at = answering(products, command);
  const main = products[at];
  if (main !== undefined) return { before: products.slice(0, at), main, after: products.slice(at + 1), type };
  return { before: products, main: { command, role: 'original', returns: false, bind: () => NOTHING }, after: [], type };
}

const COMMANDS = { insert: 'INSERT', update: 'UPDATE', delete: 'DELETE' } as const;

/** Nothing is left of the statement. */
const NOTHING: BoundQuery = {
  plan: { kind: 'filter', input: { kind: 'one row' }, condition: booleanNode(false) },
  columns: [],
  outerColumns: [],
};

/** The statement itself, else the last of its kind that stands in its place. */
function answering(products: readonly Product[], command: BoundStatement['command']): number {
  const own = products.findIndex(({ role }) => role === 'original');
  if (own >= 0) return own;
  return products.findLastIndex((product) => product.role === 'instead' && product.command === command);
}

function refuseMerge(into: Parameters<typeof requireRelation>[1], newState: () => BindState): void {
  const scope = new Scope(newState(), undefined);
  if (!scope.state.catalog.hasRules) return;
  const relation = requireRelation(scope, into);
  if (relation.kind !== 'table' || relation.rules === undefined) return;
  throw new SqlError(SqlState.featureNotSupported, `cannot execute MERGE on relation "${relation.name}"`, {
    detail: 'MERGE is not supported for relations with rules.',
  });
}

/** A change in WITH. Undefined: no rule applies to it. @throws SqlError 0A000 */
export function ruledWithQuery(scope: Scope, statement: Exclude<ChangeStatement, { readonly type: 'merge' }>): BoundQuery | undefined {
  const { state } = scope;
  const relation = state.catalog.hasRules ? ruledRelation(scope, statement) : undefined;
  const rules = relation === undefined ? [] : rulesFor(relation, statement.type);
  if (rules.length === 0) return undefined;
  const refuse = (what: string): SqlError =>
    new SqlError(SqlState.featureNotSupported, `${what} rules are not supported for data-modifying statements in WITH`);
  if (statement.returning !== undefined && relation !== undefined) requireReturning(statement, relation, rules, state);
  for (const rule of rules) {
    if (!rule.instead) throw refuse('DO ALSO');
    if (rule.whereText !== undefined) throw refuse('conditional DO INSTEAD');
    if (rule.actions.length === 0) throw refuse('DO INSTEAD NOTHING');
    if (rule.actions.length > 1) throw refuse('multi-statement DO INSTEAD');
    if (/^\s*notify\b/i.test(rule.actions[0] ?? '')) throw refuse('DO INSTEAD NOTIFY');
  }
  const products = expandRules({ statement, open: () => scope }, () => state);
  const [only] = products;
  if (only === undefined || products.length > 1) throw refuse('multi-statement DO INSTEAD');
  return only.bind(state);
}
