import { SqlState } from '../../../commons/sqlstates.js';
import { TypeOid } from '../../../types/oids.js';
import type { ExprGrouping } from '../../parse/ast.js';
import { clauseRules } from '../clause.js';
import { errorAt, locationOf } from '../errors.js';
import type { BoundExpr } from '../expression.js';
import { columnNode } from '../nodes.js';
import type { Scope } from '../scope/scope.js';
import { sameExpr } from '../tree/same.js';
import { closeProbe, noteLevels, openProbe, ownerOf } from './aggregate.js';

const MAX_ARGUMENTS = 31;

/** GROUPING(a, b): belongs to the query that groups by its arguments, as an aggregate over them would. @throws SqlError 42803, 54023 */
export function bindGroupingMask(scope: Scope, node: ExprGrouping): BoundExpr {
  const { state } = scope;
  const location = locationOf(node);
  if (node.args.length > MAX_ARGUMENTS) throw errorAt(SqlState.tooManyArguments, 'GROUPING must have fewer than 32 arguments', location);
  const probe = openProbe(scope);
  const args = node.args.map((arg) => scope.bind(arg));
  closeProbe(scope);
  const owner = ownerOf(scope, probe, (level) => {
    const forbidden = clauseRules[level.clause].noAggregates;
    if (forbidden !== undefined) throw errorAt(SqlState.groupingError, `grouping operations are not allowed in ${forbidden}`, location);
  });
  const same = owner.masks.find((mask) => mask.args.length === args.length && mask.args.every((arg, i) => isSame(arg, args[i])));
  const column = columnNode(same?.column.id ?? state.newColumn(), 'grouping', TypeOid.int4, -1, undefined, location);
  if (same === undefined) owner.masks.push({ column, args });
  owner.computed.set(column.id, column);
  noteLevels(scope, owner, column.id, location);
  return column;
}

function isSame(a: BoundExpr, b: BoundExpr | undefined): boolean {
  return b !== undefined && sameExpr(a, b);
}
