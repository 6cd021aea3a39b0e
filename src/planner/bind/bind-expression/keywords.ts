import { assert } from '../../../commons/assert.js';
import type { Oid } from '../../../commons/ids.js';
import { TypeOid } from '../../../types/oids.js';
import type { ExprKeyword, Keyword } from '../../parse/ast.js';
import { makeCall } from '../call/make-call.js';
import { coerceType, coerceTypmod } from '../coerce.js';
import { locationOf } from '../errors.js';
import type { BoundExpr } from '../expression.js';
import type { Scope } from '../scope/scope.js';

/** The functions that the words stand for, and the type that their value is brought to. */
const KEYWORDS: Readonly<Record<Keyword, { readonly proc: string; readonly type: Oid }>> = {
  current_date: { proc: 'now', type: TypeOid.date },
  current_time: { proc: 'now', type: TypeOid.timetz },
  current_timestamp: { proc: 'now', type: TypeOid.timestamptz },
  localtime: { proc: 'now', type: TypeOid.time },
  localtimestamp: { proc: 'now', type: TypeOid.timestamp },
  current_role: { proc: 'current_user', type: TypeOid.name },
  current_user: { proc: 'current_user', type: TypeOid.name },
  user: { proc: 'current_user', type: TypeOid.name },
  session_user: { proc: 'session_user', type: TypeOid.name },
  current_catalog: { proc: 'current_database', type: TypeOid.name },
  current_schema: { proc: 'current_schema', type: TypeOid.name },
};
const MAX_PRECISION = 6;

/** CURRENT_DATE, LOCALTIME(3), CURRENT_USER … */
export function bindKeyword(scope: Scope, node: ExprKeyword): BoundExpr {
  const { state } = scope;
  const location = locationOf(node);
  const { proc: name, type } = KEYWORDS[node.keyword];
  const proc = state.builtin.procsByName(name).find((candidate) => candidate.argTypes.length === 0);
  assert(proc !== undefined, `pg_catalog has ${name}()`);
  const call = makeCall(state, proc, [], proc.returnType, location);
  const value = coerceType(state, call, { type, typmod: -1 }, 'explicit', location);
  assert(value !== undefined, 'times are cast to each other');
  const typmod = node.precision === undefined ? -1 : Math.min(node.precision, MAX_PRECISION);
  const bound = coerceTypmod(state, value, { type, typmod }, true);
  if (!state.keepsShapes) return bound;
  const word = node.keyword.toUpperCase();
  return { ...bound, writtenAs: node.precision === undefined ? word : `${word}(${typmod})` };
}
