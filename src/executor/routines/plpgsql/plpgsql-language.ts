/**
 * Life of a PL/pgSQL body: planner/parse/plpgsql reads it → its statements are compiled to steps (steps/), its variables to slots → a call is
 * an activation: its slots, and the step under way → an expression is planned when it is first evaluated, and if it is simple it is a closure
 * over the slots (expression.ts); other SQL is a prepared statement whose parameters are the slots (sql-statement.ts). A step that need not
 * wait returns at once; else it returns the rest of its work.
 */
import { isPolymorphic } from '../../../catalog/builtin/index.js';
import type { RoutineDescriptor } from '../../../catalog/descriptors.js';
import { typeRecord } from '../../../catalog/made-types.js';
import { assert } from '../../../commons/assert.js';
import type { Oid } from '../../../commons/ids.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { typeNameIn } from '../../../planner/bind/bind.js';
import { TypeOid } from '../../../types/oids.js';
import type { Row, SqlValue } from '../../../types/value.js';
import type { Waiting } from '../../waiting.js';
import type { CompileContext, CompiledRoutine, RoutineCall, RoutineLanguage, RowSink, TriggerCall } from '../routine.js';
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
    const compiled = (now: CompileContext): CompiledRoutine => runnable(compileBody(routine, types, now, { validates: false }));
    return hasSettings(routine) ? new UnderSettings(routine.returnsSet, cx, compiled) : compiled(cx);
  },
  inline(source, cx) {
    return runnable(compileInline(source, cx));
  },
};

function hasSettings({ settings }: RoutineDescriptor): boolean {
  return Object.keys(settings).length > 0;
}

/** A routine with SET clauses: they are in force only when it is called, and its types are looked up under them. */
class UnderSettings implements CompiledRoutine {
  readonly #trigger: CompileContext['trigger'];
  readonly #compile: (cx: CompileContext) => CompiledRoutine;
  #compiled: CompiledRoutine | undefined;
  readonly set?: NonNullable<CompiledRoutine['set']>;

  constructor(returnsSet: boolean, { trigger }: CompileContext, compile: (cx: CompileContext) => CompiledRoutine) {
    this.#trigger = trigger;
    this.#compile = compile;
    if (returnsSet) this.set = (args, call, out) => this.#set(args, call, out);
  }

  // Generators: nothing is done before they are run, which is under the settings.
  *value(args: readonly SqlValue[], call: RoutineCall): Waiting<SqlValue> {
    return yield* this.#now(call).value(args, call);
  }

  *trigger(given: TriggerCall, call: RoutineCall): Waiting<Row | null> {
    return yield* required(this.#now(call).trigger)(given, call);
  }

  *#set(args: readonly SqlValue[], call: RoutineCall, out: RowSink): Waiting<void> {
    yield* required(this.#now(call).set)(args, call, out);
  }

  #now(call: RoutineCall): CompiledRoutine {
    this.#compiled ??= this.#compile({ ...call.statements.compileContext(), trigger: this.#trigger });
    return this.#compiled;
  }
}

function required<T>(part: T | undefined): T {
  assert(part !== undefined, 'a routine is called as what it is');
  return part;
}

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
