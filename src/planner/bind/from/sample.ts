import type { TableDescriptor, VirtualDescriptor } from '../../../catalog/descriptors.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { TypeOid } from '../../../types/oids.js';
import type { FromTable } from '../../parse/ast.js';
import { coerceToSpecific } from '../coerce.js';
import { errorAt, locationOf } from '../errors.js';
import type { LogicalPlan, LogicalSample } from '../logical.js';
import type { Scope } from '../scope/scope.js';

type TableSample = NonNullable<FromTable['tableSample']>;

/** Only what has rows of its own can be sampled. @throws SqlError 42809 */
export function refuseSample(node: FromTable): void {
  if (node.tableSample === undefined) return;
  const message = 'TABLESAMPLE clause can only be applied to tables and materialized views';
  throw errorAt(SqlState.wrongObjectType, message, locationOf(node));
}

/** TABLESAMPLE method (percent) REPEATABLE (seed). @throws SqlError 42704, 2202H, 42804 */
export function bindSample(
  scope: Scope,
  sample: TableSample,
  table: TableDescriptor | VirtualDescriptor,
  alias: string,
  input: LogicalPlan,
): LogicalSample {
  const { state } = scope;
  const { method, args, repeatable } = sample;
  const location = locationOf(method);
  const known = method.schema === undefined || method.schema === 'pg_catalog' ? methodNamed(method.name) : undefined;
  if (known === undefined) {
    const written = method.schema === undefined ? method.name : `${method.schema}.${method.name}`;
    throw errorAt(SqlState.undefinedObject, `tablesample method ${written} does not exist`, location);
  }
  if (args.length !== 1) {
    const message = `tablesample method ${known} requires 1 argument, not ${args.length}`;
    throw errorAt(SqlState.invalidTablesampleArgument, message, location);
  }
  const { isLateralActive, clause } = scope;
  scope.isLateralActive = true;
  scope.clause = 'FROM function';
  const [first] = args;
  const percent = coerceToSpecific(state, scope.bind(first ?? { type: 'null' }), TypeOid.float4, 'TABLESAMPLE');
  const seed = repeatable === undefined ? undefined : coerceToSpecific(state, scope.bind(repeatable), TypeOid.float8, 'REPEATABLE');
  scope.isLateralActive = isLateralActive;
  scope.clause = clause;
  return { kind: 'sample', input, method: known, percent, ...(seed === undefined ? {} : { seed }), name: table.name, alias };
}

function methodNamed(name: string): LogicalSample['method'] | undefined {
  return name === 'bernoulli' || name === 'system' ? name : undefined;
}
