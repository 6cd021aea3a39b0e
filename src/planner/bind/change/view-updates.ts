import type { ViewDescriptor } from '../../../catalog/descriptors.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { findRelation } from '../from/relation.js';
import { viewEnvironment } from '../from/view.js';
import { outputColumn } from '../nodes.js';
import { itemOf } from '../scope/relation-item.js';
import { Scope } from '../scope/scope.js';
import type { BindState } from '../state.js';
import { storedQuery } from '../stored-text.js';
import { bindViewRow, NO_COLUMNS, refusalOf, ViewLayer } from './view-row.js';

/** What rows a view's changes would change, if it is simple enough, or why it is not. */
export type ViewUpdates = { readonly updates: NonNullable<ViewDescriptor['updates']> } | { readonly refusal: string };

/** As far as the view itself goes: whether what it reads can be changed is another question. */
export function viewUpdatesIn(state: BindState, view: ViewDescriptor, needsColumns: boolean): ViewUpdates {
  const scope = new Scope(state, undefined);
  const statement = storedQuery(state.cx.parser, view, view.queryText);
  const refusal = refusalOf(statement);
  const [from] = statement.type === 'select' ? (statement.from ?? []) : [];
  if (refusal !== undefined || statement.type !== 'select' || from?.type !== 'table') return { refusal: refusal ?? '' };
  const layer = new ViewLayer(scope, view, statement, from, viewEnvironment(scope, view, scope.environment));
  const base = findRelation(layer.scope(), from.name);
  if (base?.kind !== 'table' && base?.kind !== 'view') {
    return { refusal: 'Views that do not select from a single table or view are not automatically updatable.' };
  }
  const live = base.columns.filter((column) => column.dropped !== true);
  const names = layer.names(live.map((column) => column.name));
  const below =
    base.kind === 'table'
      ? layer.tableItem(base, undefined, false)
      : itemOf(
          from.alias?.name ?? base.name,
          from.alias !== undefined,
          live.map((column, i) => outputColumn(state.newColumn(), names[i] ?? column.name, column)),
          { relation: base, rowType: base.rowType },
        );
  try {
    const { columns } = bindViewRow(
      scope,
      layer,
      below,
      live.map((column) => ({ name: column.name, column })),
      undefined,
      undefined,
      'delete',
    );
    if (needsColumns && columns.every(({ column }) => column === undefined)) return { refusal: NO_COLUMNS };
    return { updates: { relation: base.oid, columns: columns.map(({ column }) => column?.number ?? 0) } };
  } catch (error) {
    if (error instanceof SqlError && error.code === SqlState.objectNotInPrerequisiteState) return { refusal: error.fields.detail ?? '' };
    throw error;
  }
}
