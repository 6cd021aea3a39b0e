import { Privilege, type ViewDescriptor } from '../../../catalog/descriptors.js';
import type { Oid } from '../../../commons/ids.js';
import type { TableAlias } from '../../parse/ast.js';
import type { OutputColumn } from '../logical.js';
import { itemOf } from '../scope/relation-item.js';
import { Scope } from '../scope/scope.js';
import { storedQuery, withoutPosition } from '../stored-text.js';
import { aliasNames } from './alias.js';
import { type BoundFrom, single } from './bound-from.js';
import type { Locks } from './locks.js';
import { asRole } from './relation.js';

/** A view is its query, with the names of when it was made and the rights of its owner. */
export function bindView(scope: Scope, view: ViewDescriptor, alias: TableAlias | undefined, locks: Locks): BoundFrom {
  const { state } = scope;
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
    state.requires({ objectKind: 'table', oid: view.oid, privileges: Privilege.update, ...asRole(scope) });
  }
  const query = withoutPosition(() => {
    const stored = storedQuery(state.cx.parser, view, view.queryText);
    const statement = locks.isEmpty ? stored : locks.pushInto(stored, name);
    const inner = new Scope(
      state,
      undefined,
      {
        searchPath: schemasNamed(scope, view.searchPath),
        hasParameters: false,
        ...(view.securityInvoker === true ? asRole(scope) : { asRole: view.owner }),
      },
      scope.depth,
    );
    return state.binders.query(inner, statement).finish();
  });
  const outputs = columnsOfView(view, query.columns);
  const names = aliasNames(
    name,
    alias?.columns ?? [],
    view.columns.map((column) => column.name),
  );
  const columns = outputs.map((column, i) => ({ ...column, name: names[i] ?? column.name }));
  for (const [i, column] of outputs.entries()) state.noteOrigin(column.id, { relation: view.oid, number: i + 1 });
  const item = itemOf(name, alias !== undefined, columns, { relation: view, rowType: view.rowType, privilege });
  return single(scope, query.plan, item);
}

function schemasNamed(scope: Scope, names: readonly string[]): Oid[] {
  const oids: Oid[] = [];
  for (const name of names) {
    const schema = scope.state.catalog.schema(name);
    if (schema !== undefined) oids.push(schema.oid);
  }
  return oids;
}

/** A `*` in the view's text may have grown with its table since: the view keeps the columns that it was made with. */
function columnsOfView(view: ViewDescriptor, outputs: readonly OutputColumn[]): readonly OutputColumn[] {
  const { columns } = view;
  if (outputs.length <= columns.length) return outputs;
  const byName = columns.map((column) => outputs.find((output) => output.name === column.name));
  const found = byName.filter((output) => output !== undefined);
  return found.length === columns.length ? found : outputs.slice(0, columns.length);
}
