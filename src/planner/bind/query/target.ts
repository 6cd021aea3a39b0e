import { SqlState } from '../../../commons/sqlstates.js';
import type { SelectedColumn } from '../../parse/ast.js';
import { figureColumnName } from '../../parse/column-name.js';
import { resolveUnknown } from '../coerce.js';
import { errorAt } from '../errors.js';
import type { BoundExpr } from '../expression.js';
import type { Scope } from '../scope/scope.js';
import { expandStar, isStar } from '../star.js';

const MAX_TARGETS = 1664;

/** An entry of the select list, or an expression that only sorting or grouping needs (`isHidden`). */
export interface Target {
  expr: BoundExpr;
  readonly name: string;
  readonly isHidden: boolean;
  /** Its number among those that ORDER BY, GROUP BY and windows name, in that order. */
  sortReference?: number;
}

/** The select list (or RETURNING), with stars spread. */
export function bindTargets(scope: Scope, columns: readonly SelectedColumn[]): Target[] {
  const targets: Target[] = [];
  for (const { expr, alias } of columns) {
    if (isStar(expr)) {
      for (const column of expandStar(scope, expr)) targets.push({ expr: column.expr, name: column.name, isHidden: false });
    } else {
      targets.push({ expr: scope.bind(expr), name: alias ?? figureColumnName(expr), isHidden: false });
    }
  }
  if (targets.length > MAX_TARGETS) {
    throw errorAt(SqlState.tooManyColumns, `target lists can have at most ${MAX_TARGETS} entries`, undefined);
  }
  return targets;
}

/** Literals that nobody gave a type are texts. */
export function resolveTargets(scope: Scope, targets: readonly Target[]): void {
  for (const target of targets) target.expr = resolveUnknown(scope.state, target.expr);
}
