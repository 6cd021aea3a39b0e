/**
 * Life of a PL/pgSQL body: planner/parse/plpgsql reads it → its statements are compiled to steps (steps/), its variables to slots → a call is
 * an activation: its slots, and the step under way → an expression is planned when it is first evaluated, and if it is simple it is a closure
 * over the slots (expression.ts); other SQL is a prepared statement whose parameters are the slots (sql-statement.ts). A step that need not
 * wait returns at once; else it returns the rest of its work.
 */
import { isPolymorphic } from '../../../catalog/builtin/index.js';
import type { RoutineDescriptor } from '../../../catalog/descriptors.js';
import { typeRecord } from '../../../catalog/made-types.js';
import type { Oid } from '../../../commons/ids.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { typeNameIn } from '../../../planner/bind/bind.js';
import { TypeOid } from '../../../types/oids.js';
import type { CompileContext, RoutineLanguage } from '../routine.js';
import { compileBody, compileInline } from './compile-routine.js';
import { runnable } from './run-routine.js';

const TRIGGER = 2279;
const EVENT_TRIGGER = 3838;

export const plpgsqlLanguage: RoutineLanguage = {
  name: 'plpgsql',
  validate(routine, cx) {
    checkTypes(routine, cx);
    compileBody(routine, { args: [], result: 0 }, cx, { validates: true });
  },
  compile(routine, types, cx) {
    return runnable(compileBody(routine, types, cx, { validates: false }));
  },
  inline(source, cx) {
    return runnable(compileInline(source, cx));
  },
};

/** @throws SqlError 0A000, 42P13 */
function checkTypes(routine: RoutineDescriptor, cx: CompileContext): void {
  const { returnType, parameters } = routine;
  const isTrigger = returnType === TRIGGER || returnType === EVENT_TRIGGER;
  if (
    isPseudo(returnType, cx) &&
    !isTrigger &&
    returnType !== TypeOid.record &&
    returnType !== TypeOid.void &&
    !isPolymorphic(returnType)
  ) {
    throw new SqlError(SqlState.featureNotSupported, `PL/pgSQL functions cannot return type ${typeNameIn(returnType, cx.planner)}`);
  }
  for (const { type } of parameters) {
    if (!isPseudo(type, cx) || type === TypeOid.record || isPolymorphic(type)) continue;
    throw new SqlError(SqlState.featureNotSupported, `PL/pgSQL functions cannot accept type ${typeNameIn(type, cx.planner)}`);
  }
  if (isTrigger && parameters.length > 0) {
    throw new SqlError(SqlState.invalidFunctionDefinition, 'trigger functions cannot have declared arguments', {
      hint: 'The arguments of the trigger can be accessed through TG_NARGS and TG_ARGV instead.',
      where: `compilation of PL/pgSQL function "${routine.name}" near line 1`,
    });
  }
}

function isPseudo(type: Oid, { catalog }: CompileContext): boolean {
  return typeRecord(catalog, type)?.kind === 'p';
}
