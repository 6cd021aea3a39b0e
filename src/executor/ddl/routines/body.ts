import type { RoutineDescriptor } from '../../../catalog/descriptors.js';
import type { Oid } from '../../../commons/ids.js';
import { bindStatement } from '../../../planner/bind/bind.js';
import type { CreateRoutineStatement, Statement } from '../../../planner/parse/ast.js';
import { isQuery } from '../../../planner/plan.js';
import { argumentScope } from '../../routines/sql/argument-scope.js';
import type { UtilityContext } from '../context.js';
import { catalogOf } from '../names.js';

/** The relations and functions that a BEGIN ATOMIC body refers to: it is bound when it is made, so they can't go without it. */
export function bodyDependencies(
  routine: RoutineDescriptor,
  body: NonNullable<CreateRoutineStatement['body']>,
  cx: UtilityContext,
): readonly Oid[] {
  const scope = argumentScope(routine, undefined);
  const planner = { ...cx.planner, catalog: catalogOf(cx), paramTypes: scope.types, paramsFixed: true, variables: scope };
  const statements: readonly Statement[] =
    body.returns === undefined ? body.statements : [{ type: 'select', columns: [{ expr: body.returns }] }];
  const found = new Set<Oid>();
  for (const statement of statements) {
    if (!isQuery(statement)) continue;
    const bound = bindStatement(statement, planner);
    for (const { objectKind, oid } of bound.privileges) if (objectKind !== 'schema' && oid !== routine.oid) found.add(oid);
    for (const oid of bound.writes) found.add(oid);
  }
  return [...found];
}
