import { SqlState } from '../../commons/sqlstates.js';
import type { Variable } from '../context.js';
import type { ExprRef } from '../parse/ast.js';
import { fieldOf } from './bind-expression/fields.js';
import { at, errorAt, locationOf } from './errors.js';
import type { BoundExpr } from './expression.js';
import { findColumn, findItem } from './scope/columns.js';
import type { Scope } from './scope/scope.js';

/** What a routine's parameters and variables are in its statements. Undefined: the name is none of them, or a column is meant. @throws SqlError 42702 */
export function bindVariable(scope: Scope, node: ExprRef): BoundExpr | undefined {
  const { environment, state } = scope;
  const inlined = environment.arguments;
  if (inlined !== undefined) return isColumn(scope, node) ? undefined : inlined.named(namesOf(node));
  const { variables } = state.cx;
  if (variables === undefined || !environment.hasParameters) return undefined;
  const names = namesOf(node);
  const variable = variables.find(names);
  if (variable === undefined) return undefined;
  if (variables.precedence !== 'variable' && isColumn(scope, node)) {
    if (variables.precedence === 'column') return undefined;
    throw errorAt(SqlState.ambiguousColumn, `column reference "${names.join('.')}" is ambiguous`, locationOf(node), {
      detail: 'It could refer to either a PL/pgSQL variable or a table column.',
    });
  }
  return valueOfVariable(scope, variable, node);
}

function valueOfVariable(scope: Scope, variable: Variable, node: ExprRef): BoundExpr {
  const location = locationOf(node);
  const { index, type, typmod, collation, row } = variable;
  let value: BoundExpr = {
    kind: 'param',
    source: 'param',
    index,
    type,
    typmod,
    ...(collation === undefined ? {} : { collation }),
    ...(row === undefined ? {} : { rowFields: row }),
    ...at(location),
  };
  for (const field of variable.fields ?? []) value = fieldOf(scope, value, field, location);
  return value;
}

/** `x` or `row.*` as the names that are written, without the star. */
function namesOf({ table, name, star }: ExprRef): readonly string[] {
  const names: string[] = [];
  if (table?.schema !== undefined) names.push(table.schema);
  if (table !== undefined) names.push(table.name);
  if (star !== true) names.push(name);
  return names;
}

function isColumn(scope: Scope, { table, name, star, ...node }: ExprRef): boolean {
  const location = locationOf(node);
  if (table === undefined) return findColumn(scope, name, location) !== undefined || findItem(scope, { name }, location) !== undefined;
  const found = findItem(scope, table, location);
  return found !== undefined && (star === true || found.item.find(name) !== -1 || found.item.system(name, location) !== undefined);
}
