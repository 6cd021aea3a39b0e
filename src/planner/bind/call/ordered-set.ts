import { type BuiltinProc, type FunctionCall, formatSignature } from '../../../catalog/builtin/index.js';
import { aggregateByProc } from '../../../catalog/made-routines.js';
import type { Oid } from '../../../commons/ids.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { ExprCall } from '../../parse/ast.js';
import { coerceToBoolean, resolveUnknown } from '../coerce.js';
import { coerceToCommon, commonType } from '../common-type.js';
import { errorAt, locationOf } from '../errors.js';
import type { BoundExpr } from '../expression.js';
import type { Scope } from '../scope/scope.js';
import { sortKey } from '../sort-key.js';
import type { AggregateProbe } from '../state.js';
import { addAggregate, closeProbe, refuseSetsIn, refuseWindowsIn } from './aggregate.js';

/**
 * percentile_cont(0.5) WITHIN GROUP (ORDER BY x): an ordered-set or a hypothetical-set aggregate. @param given the direct arguments, then the
 * ordered ones @throws SqlError 42883, 42809, 42804
 */
export function bindOrderedSet(
  scope: Scope,
  node: ExprCall,
  proc: BuiltinProc,
  given: readonly BoundExpr[],
  call: FunctionCall,
  returnType: Oid,
  written: string,
  probe: AggregateProbe,
): BoundExpr {
  const { state } = scope;
  const location = locationOf(node);
  const found = aggregateByProc(state.catalog, proc.oid);
  const orderBy = node.orderBy ?? [];
  const directCount = given.length - orderBy.length;
  const undefinedFunction = (hint: string) =>
    errorAt(
      SqlState.undefinedFunction,
      `function ${formatSignature(written, call.argTypes, call.argNames, (oid) => state.typeName(oid))} does not exist`,
      location,
      { hint },
    );
  if (node.withinGroup !== true) {
    throw errorAt(SqlState.wrongObjectType, `WITHIN GROUP is required for ordered-set aggregate ${written}`, location);
  }
  if (node.over !== undefined) {
    throw errorAt(SqlState.featureNotSupported, `OVER is not supported for ordered-set aggregate ${written}`, location);
  }
  const isHypothetical = found?.kind === 'h';
  if (isHypothetical) {
    if (directCount !== orderBy.length) {
      throw undefinedFunction(
        `To use the hypothetical-set aggregate ${written}, the number of hypothetical direct arguments (here ${directCount}) must match the number of ordering columns (here ${orderBy.length}).`,
      );
    }
  } else if (directCount !== found?.numDirectArgs) {
    const wanted = found?.numDirectArgs ?? 0;
    throw undefinedFunction(
      `There is an ordered-set aggregate ${written}, but it requires ${wanted} direct argument${wanted === 1 ? '' : 's'}, not ${directCount}.`,
    );
  }
  const args: BoundExpr[] = [];
  const direct: BoundExpr[] = [];
  given.forEach((arg, i) => {
    if (i < directCount) {
      direct.push(isHypothetical ? hypothetical(scope, arg, given[i + directCount]) : arg);
      return;
    }
    const other = isHypothetical ? given[i - directCount] : undefined;
    args.push(resolveUnknown(state, other === undefined ? arg : hypothetical(scope, arg, other, true)));
  });
  const keys = orderBy.flatMap((order, i) => {
    const arg = args[i];
    return arg === undefined ? [] : [sortKey(state, arg, order)];
  });
  const filter = node.filter === undefined ? undefined : coerceToBoolean(state, scope.bindIn('FILTER', node.filter), 'FILTER');
  closeProbe(scope);
  refuseSetsIn(given);
  refuseWindowsIn(scope, given);
  return addAggregate(scope, node, proc, { args, orderBy: keys, direct, filter, type: returnType }, probe);
}

/** A hypothetical value and the column that it stands for take one type. */
function hypothetical(scope: Scope, arg: BoundExpr, other: BoundExpr | undefined, isOrdered = false): BoundExpr {
  const { state } = scope;
  if (other === undefined) return arg;
  const type = commonType(state, isOrdered ? [arg, other] : [other, arg], 'WITHIN GROUP');
  return coerceToCommon(state, arg, type, 'WITHIN GROUP');
}
