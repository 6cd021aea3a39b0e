import { SqlState } from '../../../commons/sqlstates.js';
import { clauseRules } from '../clause.js';
import { errorAt } from '../errors.js';
import type { BoundExpr } from '../expression.js';
import type { Scope } from '../scope/scope.js';
import { someExpr } from '../tree/walk.js';

const HINT = 'You might be able to move the set-returning function into a LATERAL FROM item.';

/** A call that returns a set is only allowed where rows can come out of it. @throws SqlError 0A000 */
export function noteSetFunction(scope: Scope, location: number | undefined): void {
  const forbidden = clauseRules[scope.clause].noSets;
  if (forbidden !== undefined) {
    throw errorAt(SqlState.featureNotSupported, `set-returning functions are not allowed in ${forbidden}`, location);
  }
  if (scope.clause !== 'FROM function') scope.hasSetFunctions = true;
}

export function returnsSet(expr: BoundExpr): boolean {
  return someExpr(expr, (part) => part.kind === 'call' && part.returnsSet);
}

/** CASE and COALESCE must not evaluate some of their parts: a set can't be told so. @throws SqlError 0A000 */
export function refuseSets(parts: readonly BoundExpr[], construct: string): void {
  for (const part of parts) {
    const call = firstSet(part);
    if (call === undefined) continue;
    throw errorAt(SqlState.featureNotSupported, `set-returning functions are not allowed in ${construct}`, call.location, { hint: HINT });
  }
}

export function firstSet(expr: BoundExpr): BoundExpr | undefined {
  let found: BoundExpr | undefined;
  someExpr(expr, (part) => {
    if (part.kind !== 'call' || !part.returnsSet) return false;
    found = part;
    return true;
  });
  return found;
}
