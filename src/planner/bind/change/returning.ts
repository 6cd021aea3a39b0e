import type { SelectedColumn } from '../../parse/ast.js';
import type { ProjectedColumn } from '../logical.js';
import { outputColumn } from '../nodes.js';
import { bindTargets, resolveTargets } from '../query/target.js';
import type { Scope } from '../scope/scope.js';

/** RETURNING over what the scope shows: the new row, and for UPDATE and DELETE the tables that were joined. */
export function bindReturning(scope: Scope, nodes: readonly SelectedColumn[] | undefined): readonly ProjectedColumn[] | undefined {
  if (nodes === undefined) return undefined;
  const { state, clause } = scope;
  scope.clause = 'RETURNING';
  const targets = bindTargets(scope, nodes);
  resolveTargets(scope, targets);
  scope.clause = clause;
  return targets.map(({ expr, name }) => {
    const id = state.newColumn();
    if (expr.kind === 'column') state.noteOrigin(id, state.originOf(expr.id));
    return { ...outputColumn(id, name, expr), expr };
  });
}
