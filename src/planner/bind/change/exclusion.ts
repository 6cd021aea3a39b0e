import { operatorByOid, procByOid } from '../../../catalog/made-routines.js';
import { assert } from '../../../commons/assert.js';
import type { Oid } from '../../../commons/ids.js';
import { TypeOid } from '../../../types/oids.js';
import type { BoundCall, BoundExpr } from '../expression.js';
import type { BoundExclusion } from '../logical.js';
import { columnNode } from '../nodes.js';
import type { Scope } from '../scope/scope.js';

/** The operators of an EXCLUDE constraint between the keys of two rows. @param keys of the constraint's index */
export function boundExclusion({ state }: Scope, keys: readonly BoundExpr[], operators: readonly Oid[]): BoundExclusion {
  const one = keys.map(() => state.newColumn());
  const other = keys.map(() => state.newColumn());
  const conditions = keys.map((key, i): BoundCall => {
    const operator = operatorByOid(state.catalog, operators[i] ?? 0);
    const proc = procByOid(state.catalog, operator?.proc ?? 0);
    const [left, right] = [one[i], other[i]];
    assert(operator !== undefined && proc !== undefined && left !== undefined && right !== undefined, 'an exclusion has its operators');
    const column = (id: typeof left) => columnNode(id, 'key', key.type, key.typmod, key.collation);
    return {
      kind: 'call',
      proc: proc.oid,
      source: proc.source,
      name: proc.name,
      args: [column(left), column(right)],
      strict: proc.strict,
      volatility: proc.volatility,
      returnsSet: false,
      operator: { oid: operator.oid, symbol: operator.name },
      type: TypeOid.bool,
      typmod: -1,
    };
  });
  return { one, other, conditions };
}
