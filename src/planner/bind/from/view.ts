import { Privilege, type ViewDescriptor } from '../../../catalog/descriptors.js';
import type { Oid } from '../../../commons/ids.js';
import type { FromTable } from '../../parse/ast.js';
import { itemOf } from '../scope/relation-item.js';
import { Scope } from '../scope/scope.js';
import type { Environment } from '../state.js';
import { storedQuery, withoutPosition } from '../stored-text.js';
import { aliasNames } from './alias.js';
import { type BoundFrom, single } from './bound-from.js';
import type { Locks } from './locks.js';
import { asRole } from './relation.js';

/** A view is its query, with the names of when it was made and the rights of its owner. */
export function bindView(scope: Scope, view: ViewDescriptor, node: FromTable, locks: Locks): BoundFrom {
  const { state } = scope;
  const { alias } = node;
  const privilege = state.requires({
    objectKind: 'table',
    oid: view.oid,
    privileges: Privilege.select,
    columns: new Set(),
    ...asRole(scope),
  });
  const name = alias?.name ?? view.name;
  state.noteExpansion();
  if (!locks.isEmpty && locks.lockOf(name) !== undefined) {
    state.requires({ objectKind: 'table', oid: view.oid, privileges: Privilege.update, columns: new Set(), ...asRole(scope) });
  }
  const query = withoutPosition(() => {
    const stored = storedQuery(state.cx.parser, view, view.queryText);
    const statement = locks.isEmpty ? stored : locks.pushInto(stored, name);
    const inner = new Scope(state, undefined, viewEnvironment(scope, view, scope.environment), scope.depth);
    return state.binders.query(inner, statement).finish();
  });
  const outputs = shownColumns(view, query.columns);
  const names = aliasNames(
    name,
    alias?.columns ?? [],
    view.columns.map((column) => column.name),
  );
  const columns = outputs.map((column, i) => ({ ...column, name: names[i] ?? column.name }));
  for (const [i, column] of outputs.entries()) state.noteOrigin(column.id, { relation: view.oid, number: i + 1 });
  const item = itemOf(name, alias !== undefined, columns, { relation: view, rowType: view.rowType, privilege });
  return single(scope, query.plan, item, () => ({ kind: 'relation', item, node, relation: view }));
}

/** The names and rights that a view's text is bound with. @param around those of what reads the view */
export function viewEnvironment(scope: Scope, view: ViewDescriptor, around: Environment): Environment {
  const role = view.securityInvoker === true ? around.asRole : view.owner;
  return {
    searchPath: schemasNamed(scope, view.searchPath),
    hasParameters: false,
    ...(role === undefined ? {} : { asRole: role }),
  };
}

export function schemasNamed(scope: Scope, names: readonly string[]): Oid[] {
  const oids: Oid[] = [];
  for (const name of names) {
    const schema = scope.state.catalog.schema(name);
    if (schema !== undefined) oids.push(schema.oid);
  }
  return oids;
}

/** A `*` in the view's text may have grown with its table since: the view keeps the columns that it was made with. */
export function shownColumns<T extends { readonly name: string }>(view: ViewDescriptor, outputs: readonly T[]): readonly T[] {
  const { columns } = view;
  if (outputs.length <= columns.length) return outputs;
  const byName = columns.map((column) => outputs.find((output) => output.name === column.name));
  const found = byName.filter((output) => output !== undefined);
  return found.length === columns.length ? found : outputs.slice(0, columns.length);
}
