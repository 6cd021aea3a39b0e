import type { BuiltinProc } from '../../../catalog/builtin/index.js';
import { Privilege } from '../../../catalog/descriptors.js';
import { CatalogOid } from '../../../catalog/virtual/class-oids.js';
import { FIRST_USER_OID, type Oid } from '../../../commons/ids.js';
import { at } from '../errors.js';
import type { BoundCall, BoundExpr } from '../expression.js';
import type { BindState } from '../state.js';

/** A call with its arguments complete and of the right types. Notes what the statement must know of it: volatility and privilege. */
export function makeCall(
  state: BindState,
  proc: BuiltinProc,
  args: readonly BoundExpr[],
  returnType: Oid,
  location: number | undefined,
  operator?: { readonly oid: Oid; readonly symbol: string },
): BoundCall {
  if (proc.volatility === 'v') state.isVolatile = true;
  requireExecute(state, proc);
  const collation = collationOfArgs(args);
  const call: BoundCall = {
    kind: 'call',
    proc: proc.oid,
    source: proc.source,
    name: proc.name,
    args,
    strict: proc.strict,
    volatility: proc.volatility,
    returnsSet: proc.returnsSet,
    type: returnType,
    typmod: -1,
    ...at(location),
  };
  if (operator === undefined && collation === undefined) return call;
  return {
    ...call,
    ...(operator === undefined ? {} : { operator }),
    ...(collation === undefined ? {} : { collation }),
  };
}

/** Most of PostgreSQL's own are everyone's. A view's functions run with the rights of whoever reads the view, so that no other role is put in. */
export function requireExecute(state: BindState, proc: BuiltinProc): void {
  if (proc.acl !== undefined || proc.oid >= FIRST_USER_OID || isChanged(state, proc.oid))
    state.requires({ objectKind: 'function', oid: proc.oid, privileges: Privilege.execute });
}

function isChanged({ catalog }: BindState, oid: Oid): boolean {
  return catalog.hasObjectPrivileges && catalog.objectPrivileges(CatalogOid.pgProc, oid) !== undefined;
}

/** An explicit COLLATE wins, else the first that an argument brings. */
export function collationOfArgs(args: readonly BoundExpr[]): Oid | undefined {
  let found: Oid | undefined;
  for (const arg of args) {
    if (arg.collation === undefined) continue;
    if (arg.kind === 'relabel' && arg.explicit && arg.type === arg.arg.type) return arg.collation;
    found ??= arg.collation;
  }
  return found;
}
