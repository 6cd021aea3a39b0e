import type { Oid } from '../../../commons/ids.js';
import { bindCallStatement } from '../../../planner/bind/bind.js';
import type { ResultColumn } from '../../../planner/bind/logical.js';
import type { CallStatement } from '../../../planner/parse/ast.js';
import { SqlRecord } from '../../../types/value.js';
import { callTypes } from '../../expression/calls.js';
import { evaluateExpression } from '../../expression/compile-expression.js';
import { checkPrivileges } from '../../privileges.js';
import { RoutineSite } from '../../routines/call.js';
import type { Waiting } from '../../waiting.js';
import type { UtilityContext, UtilityResult } from '../context.js';
import { catalogOf } from '../names.js';

/** CALL: a procedure with its arguments; its OUT parameters come back as one row. */
export function* callProcedure(statement: CallStatement, cx: UtilityContext, isAtomic: boolean): Waiting<UtilityResult> {
  const { call, columns, privileges } = bindProcedure(statement, cx);
  checkPrivileges(privileges, { catalog: catalogOf(cx), session: cx.session });
  const args = call.args.map((arg) => evaluateExpression(arg, cx.library, cx));
  const site = new RoutineSite(call.proc, callTypes(call));
  const result = yield* site.procedure(args, cx, isAtomic);
  if (columns.length === 0) return { tag: 'CALL' };
  const row = result instanceof SqlRecord ? [...result.values] : columns.map(() => null);
  return { tag: 'CALL', columns, rows: [row] };
}

function bindProcedure(statement: CallStatement, cx: UtilityContext) {
  return bindCallStatement(statement.call, { ...cx.planner, catalog: catalogOf(cx) });
}

/** The types of its $1 …, as far as the procedure's parameters tell. */
export function callParamTypes(statement: CallStatement, planner: Parameters<typeof bindCallStatement>[1]): readonly Oid[] {
  return bindCallStatement(statement.call, planner).paramTypes;
}

/** The row that a CALL will give, for Describe. */
export function callColumns(
  statement: CallStatement,
  planner: Parameters<typeof bindCallStatement>[1],
): readonly ResultColumn[] | undefined {
  const { columns } = bindCallStatement(statement.call, planner);
  return columns.length === 0 ? undefined : columns;
}
