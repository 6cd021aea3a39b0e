import type { BuiltinProc } from '../../../catalog/builtin/index.js';
import type { Oid } from '../../../commons/ids.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { ExprCall } from '../../parse/ast.js';
import { clauseRules } from '../clause.js';
import { coerceToBoolean, resolveUnknown } from '../coerce.js';
import { errorAt, locationOf } from '../errors.js';
import type { BoundExpr, ColumnId } from '../expression.js';
import type { Aggregate, SortKey } from '../logical.js';
import { columnNode } from '../nodes.js';
import type { Scope } from '../scope/scope.js';
import { requireEquality, sortKey } from '../sort-key.js';
import type { AggregateProbe } from '../state.js';
import { sameExpr, sameTarget } from '../tree/same.js';
import { someExpr, startOf } from '../tree/walk.js';
import { aggregateImplementation } from './aggregate-implementation.js';
import { collationOfArgs, requireExecute } from './make-call.js';
import { firstSet } from './set-function.js';
import { windowColumnIn } from './window.js';

/** Starts to watch what the arguments of an aggregate (or a call that may be one) refer to. Ends with `closeProbe`. */
export function openProbe(scope: Scope): AggregateProbe {
  const probe: AggregateProbe = { depth: scope.depth, columnDepth: -1, aggregateDepth: -1, aggregateLocation: undefined, added: [] };
  scope.state.probes.push(probe);
  return probe;
}

export function closeProbe(scope: Scope): void {
  scope.state.probes.pop();
}

/**
 * An aggregate belongs to the innermost query whose columns it is over. There it is computed; the expression gets a reference to its result.
 * @throws SqlError 42803 …
 */
export function bindAggregate(
  scope: Scope,
  node: ExprCall,
  proc: BuiltinProc,
  given: readonly BoundExpr[],
  returnType: Oid,
  probe: AggregateProbe,
): BoundExpr {
  const { state } = scope;
  const location = locationOf(node);
  if (given.length === 0 && node.star !== true) {
    throw errorAt(SqlState.wrongObjectType, `${proc.name}(*) must be used to call a parameterless aggregate function`, location);
  }
  // A literal that meets a parameter of any type has to become something that can be compared.
  const args = node.distinct === true ? given.map((arg) => resolveUnknown(state, arg)) : given;
  const orderBy = bindOrder(scope, node, args);
  const filter = node.filter === undefined ? undefined : coerceToBoolean(state, scope.bindIn('FILTER', node.filter), 'FILTER');
  closeProbe(scope);
  if (node.distinct === true) for (const arg of args) requireEquality(state, arg.type, startOf(arg));
  refuseSetsIn(args);
  refuseWindowsIn(scope, args);
  return addAggregate(scope, node, proc, { args, orderBy, filter, type: returnType }, probe);
}

/** What of an aggregate's call has been bound. */
export interface AggregateParts {
  readonly args: readonly BoundExpr[];
  readonly orderBy: readonly SortKey[];
  readonly direct?: readonly BoundExpr[];
  readonly filter: BoundExpr | undefined;
  readonly type: Oid;
}

/** Gives the aggregate to the query that it belongs to. @returns a reference to its result */
export function addAggregate(scope: Scope, node: ExprCall, proc: BuiltinProc, parts: AggregateParts, probe: AggregateProbe): BoundExpr {
  const { args, orderBy, direct, filter, type } = parts;
  const location = locationOf(node);
  const owner = ownerOf(scope, probe, (level) => {
    const forbidden = clauseRules[level.clause].noAggregates;
    if (forbidden !== undefined) throw errorAt(SqlState.groupingError, `aggregate functions are not allowed in ${forbidden}`, location);
    if (level.isRecursiveTerm) {
      throw errorAt(SqlState.invalidRecursion, "aggregate functions are not allowed in a recursive query's recursive term", location);
    }
  });
  requireExecute(scope.state, proc);
  const aggregate: Aggregate = {
    id: scope.state.newColumn(),
    name: proc.name,
    type,
    typmod: -1,
    proc: proc.oid,
    implementation: aggregateImplementation(scope.state, proc, false),
    args,
    star: node.star === true,
    distinct: node.distinct === true,
    orderBy,
    ...(direct === undefined ? {} : { direct }),
    ...(filter === undefined ? {} : { filter }),
    ...collation(args),
  };
  const same = isVolatile(aggregate) ? undefined : owner.aggregates.find((other) => sameAggregate(other, aggregate));
  if (same === undefined) owner.aggregates.push(aggregate);
  owner.aggregateLocation ??= location;
  return resultOf(scope, owner, same ?? aggregate, location);
}

function collation(args: readonly BoundExpr[]): { readonly collation?: Oid } {
  const found = collationOfArgs(args);
  return found === undefined ? {} : { collation: found };
}

function bindOrder(scope: Scope, node: ExprCall, args: readonly BoundExpr[]): readonly SortKey[] {
  if (node.orderBy === undefined) return [];
  return node.orderBy.map((order) => {
    const expr = resolveUnknown(scope.state, scope.bindIn('ORDER BY', order.by));
    if (node.distinct === true && !args.some((arg) => sameTarget(arg, expr))) {
      throw errorAt(
        SqlState.invalidColumnReference,
        'in an aggregate with DISTINCT, ORDER BY expressions must appear in argument list',
        startOf(expr),
      );
    }
    return sortKey(scope.state, expr, order);
  });
}

export function refuseSetsIn(args: readonly BoundExpr[]): void {
  for (const arg of args) {
    const set = firstSet(arg);
    if (set === undefined) continue;
    throw errorAt(SqlState.featureNotSupported, 'aggregate function calls cannot contain set-returning function calls', set.location, {
      hint: 'You might be able to move the set-returning function into a LATERAL FROM item.',
    });
  }
}

export function refuseWindowsIn(scope: Scope, args: readonly BoundExpr[]): void {
  for (const arg of args) {
    const call = windowColumnIn(scope, arg);
    if (call === undefined) continue;
    throw errorAt(SqlState.groupingError, 'aggregate function calls cannot contain window function calls', call.location);
  }
}

/** The level that the aggregate (or GROUPING) is of. @param check that it is allowed there */
export function ownerOf(scope: Scope, probe: AggregateProbe, check: (owner: Scope) => void): Scope {
  const depth = Math.max(probe.columnDepth, probe.aggregateDepth);
  let owner = scope;
  while (depth >= 0 && owner.depth > depth && owner.parent !== undefined) owner = owner.parent;
  if (probe.aggregateDepth === owner.depth) {
    throw errorAt(SqlState.groupingError, 'aggregate function calls cannot be nested', probe.aggregateLocation);
  }
  check(owner);
  if (owner !== scope) for (const { scope: level, id } of probe.added) if (level.depth > owner.depth) level.outerColumns.delete(id);
  return owner;
}

function resultOf(scope: Scope, owner: Scope, aggregate: Aggregate, location: number | undefined): BoundExpr {
  const column = columnNode(aggregate.id, aggregate.name, aggregate.type, -1, aggregate.collation, location);
  owner.computed.set(aggregate.id, column);
  noteLevels(scope, owner, aggregate.id, location);
  return column;
}

/** A result of `owner` is used in `scope`: the levels between depend on it, and aggregates around it have one inside. */
export function noteLevels(scope: Scope, owner: Scope, id: ColumnId, location: number | undefined): void {
  for (let level: Scope | undefined = scope; level !== undefined && level !== owner; level = level.parent) level.outerColumns.add(id);
  for (const probe of scope.state.probes) {
    if (owner.depth > probe.depth || owner.depth <= probe.aggregateDepth) continue;
    probe.aggregateDepth = owner.depth;
    probe.aggregateLocation = location;
  }
}

function sameAggregate(a: Aggregate, b: Aggregate): boolean {
  return (
    a.proc === b.proc &&
    a.type === b.type &&
    a.star === b.star &&
    a.distinct === b.distinct &&
    sameList(a.args, b.args) &&
    sameList(a.direct ?? [], b.direct ?? []) &&
    a.orderBy.length === b.orderBy.length &&
    a.orderBy.every((key, i) => sameKey(key, b.orderBy[i])) &&
    (a.filter === undefined ? b.filter === undefined : b.filter !== undefined && sameExpr(a.filter, b.filter))
  );
}

/** Two that draw random numbers are two. */
function isVolatile(aggregate: Aggregate): boolean {
  return aggregate.args.some((arg) => someExpr(arg, (part) => part.kind === 'call' && part.volatility === 'v'));
}

function sameList(a: readonly BoundExpr[], b: readonly BoundExpr[]): boolean {
  return a.length === b.length && a.every((expr, i) => sameOrAbsent(expr, b[i]));
}

function sameOrAbsent(a: BoundExpr, b: BoundExpr | undefined): boolean {
  return b !== undefined && sameExpr(a, b);
}

function sameKey(a: SortKey, b: SortKey | undefined): boolean {
  return b !== undefined && a.descending === b.descending && a.nullsFirst === b.nullsFirst && sameExpr(a.expr, b.expr);
}
