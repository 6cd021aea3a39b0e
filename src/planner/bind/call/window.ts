import type { BuiltinProc } from '../../../catalog/builtin/index.js';
import type { Oid } from '../../../commons/ids.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { ExprCall, WindowDef } from '../../parse/ast.js';
import { clauseRules } from '../clause.js';
import { coerceToBoolean } from '../coerce.js';
import { errorAt, locationOf } from '../errors.js';
import type { BoundColumn, BoundExpr } from '../expression.js';
import type { WindowCall } from '../logical.js';
import { columnNode } from '../nodes.js';
import type { Scope } from '../scope/scope.js';
import { sameExpr, sameText } from '../tree/same.js';
import { someExpr } from '../tree/walk.js';
import { aggregateImplementation } from './aggregate-implementation.js';
import { collationOfArgs, requireExecute } from './make-call.js';
import { firstSet } from './set-function.js';

/**
 * A call with OVER. The window functions of a query are computed above its groups; the expression gets a reference to the result.
 * @throws SqlError 42P20, 42704, 0A000
 */
export function bindWindowCall(
  scope: Scope,
  node: ExprCall,
  over: WindowDef,
  proc: BuiltinProc,
  args: readonly BoundExpr[],
  returnType: Oid,
  written: string,
): BoundExpr {
  const { state } = scope;
  const location = locationOf(node);
  const isAggregate = proc.kind === 'a';
  const filter = node.filter === undefined ? undefined : coerceToBoolean(state, scope.bindIn('FILTER', node.filter), 'FILTER');
  refuseSyntax(node, proc, written);
  refuseSets(args);
  const nested = args.map((arg) => windowColumnIn(scope, arg)).find((column) => column !== undefined);
  if (nested !== undefined) throw errorAt(SqlState.windowingError, 'window function calls cannot be nested', nested.location);
  const rules = clauseRules[scope.clause];
  const forbidden = rules.noWindows ?? rules.noAggregates;
  if (forbidden !== undefined) throw errorAt(SqlState.windowingError, `window functions are not allowed in ${forbidden}`, location);
  const window = windowOf(scope, over);
  const collation = collationOfArgs(args);
  requireExecute(state, proc);
  const call: WindowCall = {
    id: state.newColumn(),
    proc: proc.oid,
    source: proc.source,
    ...(isAggregate ? { aggregate: aggregateImplementation(state, proc, losesRows(scope, window) && !args.some(changes)) } : {}),
    name: proc.name,
    args,
    star: node.star === true,
    ...(filter === undefined ? {} : { filter }),
    type: returnType,
    typmod: -1,
    ...(collation === undefined ? {} : { collation }),
  };
  const same = isVolatile(call) ? undefined : scope.windowCalls.find((other) => other.window === window && sameCall(other.call, call));
  if (same === undefined) scope.windowCalls.push({ call, window });
  const used = same?.call ?? call;
  const column = columnNode(used.id, used.name, used.type, -1, used.collation, location);
  scope.computed.set(used.id, column);
  return column;
}

function refuseSyntax(node: ExprCall, proc: BuiltinProc, written: string): void {
  const location = locationOf(node);
  const refuse = (message: string) => errorAt(SqlState.featureNotSupported, message, location);
  if (proc.kind === 'a' && node.args.length === 0 && node.star !== true) {
    throw errorAt(SqlState.wrongObjectType, `${written}(*) must be used to call a parameterless aggregate function`, location);
  }
  if (node.distinct === true) throw refuse('DISTINCT is not implemented for window functions');
  if (node.orderBy !== undefined) throw refuse('aggregate ORDER BY is not implemented for window functions');
  if (node.filter !== undefined && proc.kind === 'w') throw refuse('FILTER is not implemented for non-aggregate window functions');
}

function refuseSets(args: readonly BoundExpr[]): void {
  for (const arg of args) {
    const set = firstSet(arg);
    if (set === undefined) continue;
    throw errorAt(SqlState.featureNotSupported, 'window function calls cannot contain set-returning function calls', set.location, {
      hint: 'You might be able to move the set-returning function into a LATERAL FROM item.',
    });
  }
}

/** OVER name is that window; OVER (…) shares one that says the same. @throws SqlError 42704 */
function windowOf(scope: Scope, over: WindowDef): WindowDef {
  if (over.name !== undefined) {
    const named = scope.windows.find((window) => window.name === over.name);
    if (named === undefined) throw errorAt(SqlState.undefinedObject, `window "${over.name}" does not exist`, locationOf(over));
    return named;
  }
  const same = scope.windows.find((window) => window.name === undefined && sameText(window, over));
  if (same !== undefined) return same;
  scope.windows.push(over);
  return over;
}

/** The result of a window function of this query in an expression. */
export function windowColumnIn(scope: Scope, expr: BoundExpr): BoundColumn | undefined {
  if (scope.windowCalls.length === 0) return undefined;
  let found: BoundColumn | undefined;
  someExpr(expr, (part) => {
    if (part.kind !== 'column' || !scope.windowCalls.some(({ call }) => call.id === part.id)) return false;
    found = part;
    return true;
  });
  return found;
}

function sameCall(a: WindowCall, b: WindowCall): boolean {
  return (
    a.proc === b.proc &&
    a.type === b.type &&
    a.star === b.star &&
    a.args.length === b.args.length &&
    a.args.every((arg, i) => sameOptional(arg, b.args[i])) &&
    sameOptional(a.filter, b.filter)
  );
}

function sameOptional(a: BoundExpr | undefined, b: BoundExpr | undefined): boolean {
  return a === undefined || b === undefined ? a === b : sameExpr(a, b);
}

/** Two that draw random numbers are two. */
function isVolatile(call: WindowCall): boolean {
  return call.args.some((arg) => someExpr(arg, (part) => part.kind === 'call' && part.volatility === 'v'));
}

/** Its value can't be taken back, since it may be another one by then. */
function changes(arg: BoundExpr): boolean {
  return someExpr(arg, (part) => part.kind === 'subquery' || (part.kind === 'call' && part.volatility === 'v'));
}

/** Whether rows leave the frame while it moves. */
function losesRows(scope: Scope, { frame, name, refName }: WindowDef): boolean {
  const own = frame ?? scope.windows.find((window) => window.name !== undefined && window.name === (refName ?? name))?.frame;
  return own !== undefined && own.start !== 'UNBOUNDED PRECEDING';
}
