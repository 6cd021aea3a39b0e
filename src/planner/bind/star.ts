import { SqlState } from '../../commons/sqlstates.js';
import { TypeOid } from '../../types/oids.js';
import type { Expr, ExprField, ExprRef } from '../parse/ast.js';
import { selectField } from './bind-expression/fields.js';
import { errorAt, locationOf } from './errors.js';
import type { BoundExpr } from './expression.js';
import { outputFields } from './row-type.js';
import { referTo, requireItem } from './scope/columns.js';
import type { Scope } from './scope/scope.js';
import { bindVariable } from './variables.js';

export interface StarColumn {
  readonly expr: BoundExpr;
  readonly name: string;
}

type Star = (ExprRef | ExprField) & { readonly star?: true };

export function isStar(node: Expr): node is Star {
  return (node.type === 'ref' || node.type === 'field') && node.star === true;
}

/** `*`, `t.*` or `(row).*` as the columns that it stands for. */
export function expandStar(scope: Scope, node: Star): StarColumn[] {
  const location = locationOf(node);
  if (node.type === 'field') return expandRow(scope, scope.bind(node.operand), location);
  if (node.table !== undefined) {
    const variable = scope.state.cx.variables === undefined ? undefined : bindVariable(scope, node);
    if (variable !== undefined) return expandRow(scope, variable, location);
    const found = requireItem(scope, node.table, location);
    const columns: StarColumn[] = [];
    if (found.level === scope) {
      for (let i = 0; i < found.item.starSize; i++)
        columns.push({ expr: referTo(scope, found.item, i, location), name: found.item.nameAt(i) });
      return columns;
    }
    return expandRow(scope, scope.bind(node), location);
  }
  const visible = scope.namespace.filter((entry) => entry.areColumnsVisible && !entry.isLateralOnly);
  if (visible.length === 0) throw errorAt(SqlState.syntaxError, 'SELECT * with no tables specified is not valid', location);
  return visible.flatMap(({ item }) => {
    const columns: StarColumn[] = [];
    for (let i = 0; i < item.starSize; i++) columns.push({ expr: referTo(scope, item, i, location), name: item.nameAt(i) });
    return columns;
  });
}

function expandRow(scope: Scope, row: BoundExpr, location: number | undefined): StarColumn[] {
  const fields = outputFields(scope.state, row);
  if (fields === undefined) {
    if (row.type === TypeOid.record) throw errorAt(SqlState.syntaxError, 'record type has not been registered', location);
    throw errorAt(SqlState.wrongObjectType, `type ${scope.state.typeName(row.type)} is not composite`, location);
  }
  return fields.map((field, i) => ({ expr: selectField(row, field, i, location), name: field.name }));
}
