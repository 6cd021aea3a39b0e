import { isPolymorphic } from '../../catalog/builtin/index.js';
import type { CatalogSnapshot } from '../../catalog/catalog.js';
import type { RoutineDescriptor } from '../../catalog/descriptors.js';
import { inputParameters } from '../../catalog/made-routines.js';
import { isMemberOf } from '../../catalog/privileges.js';
import { assert } from '../../commons/assert.js';
import type { Oid } from '../../commons/ids.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { RoleOid } from '../../commons/system-names.js';
import type { Row, SqlValue } from '../../types/value.js';
import type { ExecutionContext } from '../context.js';
import type { CallTypes } from '../functions/implementation.js';
import { drive, type Waiting, wait } from '../waiting.js';
import type { CompiledRoutine, RoutineCall, RowSink, TransitionTable, TriggerCall } from './routine.js';
import type { StatementHost } from './statements.js';

/** Calls within calls (law 6): PostgreSQL's default of max_stack_depth is reached about there. */
const MAX_DEPTH = 1000;
/** So many levels share a piece of the native stack; then a call begins on a fresh one, where it may wait. */
const LEVELS_PER_STACK = 16;
/** What can't wait has to do with one piece. */
const MAX_SYNCHRONOUS_DEPTH = 64;

/** One place that calls a user's routine, whatever the language. Made with the plan; holds nothing of a call. */
export class RoutineSite {
  readonly #oid: Oid;
  readonly #types: CallTypes;
  #polymorphicKey: string | undefined;
  /** As last found, and where: most calls are of one statement. */
  #routine: RoutineDescriptor | undefined;
  #catalog: CatalogSnapshot | undefined;

  constructor(oid: Oid, types: CallTypes) {
    this.#oid = oid;
    this.#types = types;
  }

  /** A function that returns no set. */
  *value(args: readonly SqlValue[], cx: ExecutionContext): Waiting<SqlValue> {
    const { routine, compiled } = this.#find(cx);
    return yield* entered(routine, cx, compiled.value(args, callOf(routine, this.#types, cx, true)));
  }

  /** A function that returns a set, or one value as a set. */
  *set(args: readonly SqlValue[], cx: ExecutionContext, out: RowSink): Waiting<void> {
    const { routine, compiled } = this.#find(cx);
    assert(compiled.set !== undefined, 'a set-returning routine gives a set');
    yield* entered(routine, cx, compiled.set(args, callOf(routine, this.#types, cx, true), out));
  }

  /** CALL. @param isAtomic it may not end the transaction */
  *procedure(args: readonly SqlValue[], cx: ExecutionContext, isAtomic: boolean): Waiting<SqlValue> {
    const { routine, compiled } = this.#find(cx);
    const atomic = isAtomic || routine.securityDefiner || Object.keys(routine.settings).length > 0;
    return yield* entered(routine, cx, compiled.value(args, callOf(routine, this.#types, cx, atomic)));
  }

  #find(cx: ExecutionContext): { readonly routine: RoutineDescriptor; readonly compiled: CompiledRoutine } {
    const { catalog } = cx;
    if (this.#catalog !== catalog) {
      this.#routine = catalog.routine(this.#oid);
      this.#catalog = catalog;
    }
    const routine = this.#routine;
    if (routine === undefined) throw lost(this.#oid);
    return { routine, compiled: cx.session.statements.compiled(routine, this.#key(routine), this.#types) };
  }

  /** What is compiled for one call of a polymorphic function serves others of the same types only. */
  #key(routine: RoutineDescriptor): string {
    if (this.#polymorphicKey !== undefined) return this.#polymorphicKey;
    const { args, result, columns } = this.#types;
    const isGeneric =
      inputParameters(routine).some(({ type }) => isPolymorphic(type) || type === ANY) ||
      isPolymorphic(routine.returnType) ||
      columns !== undefined;
    const own = isGeneric
      ? `${routine.oid}:${args.join()}:${result}:${columns?.map(({ name, type, typmod }) => `${name} ${type} ${typmod}`).join()}`
      : String(routine.oid);
    this.#polymorphicKey = own;
    return own;
  }
}

const ANY = 2276;
/** Why a definition over a user table may not call a routine. */
export const ALL_USERS_HINT = 'Only superusers and members of role kalamdb_admin may let a function see the rows of all users.';
const VOID = 2278;

/** A trigger's function, for one row or statement. @returns the row to go on with; null: nothing is to be done */
export function* callTrigger(oid: Oid, trigger: TriggerCall, cx: ExecutionContext): Waiting<Row | null> {
  const routine = cx.catalog.routine(oid);
  if (routine === undefined) throw lost(oid);
  const { relation } = trigger;
  const tables = trigger.transitionTables;
  // Its statements are bound with the transition tables' names.
  const key = `${oid} trigger ${relation.oid}${tables === undefined ? '' : ` ${tables.map(({ name }) => JSON.stringify(name)).join()}`}`;
  const compiled = cx.session.statements.compiled(routine, key, NO_TYPES, { relation });
  if (compiled.trigger === undefined) {
    throw new SqlError(SqlState.wrongObjectType, `function ${routine.name} can't be called as a trigger`);
  }
  return yield* entered(routine, cx, compiled.trigger(trigger, callOf(routine, NO_TYPES, cx, true)), tables);
}

/** DO. @param isAtomic it may not end the transaction */
export function* callInline(compiled: CompiledRoutine, cx: ExecutionContext, isAtomic: boolean): Waiting<void> {
  yield* entered(INLINE, cx, compiled.value([], callOf(INLINE, NO_TYPES, cx, isAtomic)));
}

/** A built-in function that runs statements of its own: they change nothing, and see what its caller sees. */
export function* callBuiltin<T>(name: string, cx: ExecutionContext, work: (call: RoutineCall) => Waiting<T>): Waiting<T> {
  const routine: RoutineDescriptor = { ...INLINE, name, form: 'function', volatility: 'stable' };
  return yield* entered(routine, cx, work(callOf(routine, NO_TYPES, cx, true)));
}

/** Code without a routine. */
const INLINE: RoutineDescriptor = Object.freeze({
  kind: 'routine',
  oid: 0,
  name: 'inline_code_block',
  schema: 0,
  owner: 0,
  form: 'procedure',
  parameters: [],
  returnType: VOID,
  returnsSet: false,
  language: '',
  source: '',
  volatility: 'volatile',
  strict: false,
  securityDefiner: false,
  leakproof: false,
  parallel: 'unsafe',
  cost: 1,
  rows: 0,
  settings: {},
  dependsOn: [],
});

const NO_TYPES: CallTypes = Object.freeze({ args: Object.freeze([]), result: 0 });

function lost(oid: Oid): SqlError {
  return new SqlError(SqlState.internalError, `cache lookup failed for function ${oid}`);
}

function callOf(routine: RoutineDescriptor, types: CallTypes, cx: ExecutionContext, isAtomic: boolean): RoutineCall {
  return { routine, types, statements: cx.session.statements, cx, isReadOnly: routine.volatility !== 'volatile', isAtomic };
}

/** Runs a routine's work with its rights and settings, and within the limit of depth. */
/** @param transitions what its statements may read by name besides the catalog's relations */
function* entered<T>(
  routine: RoutineDescriptor,
  cx: ExecutionContext,
  work: Waiting<T>,
  transitions?: readonly TransitionTable[],
): Waiting<T> {
  const { stack } = cx.session.statements;
  if (stack.depth >= (stack.synchronous > 0 ? MAX_SYNCHRONOUS_DEPTH : MAX_DEPTH)) throw tooDeep();
  cx.interrupt.check();
  if (stack.overAllUsers > 0) requireMaySeeAll(routine, cx);
  const leave = routine.securityDefiner || hasSettings(routine) ? stack.enter(ownerOf(routine), routine.settings) : undefined;
  stack.depth++;
  const { depth, transitions: before } = stack;
  stack.transitions = transitions;
  try {
    if (depth % LEVELS_PER_STACK === 0 && stack.synchronous === 0) return yield* wait(Promise.resolve().then(() => drive(work)));
    return yield* work;
  } finally {
    stack.depth = depth - 1;
    stack.transitions = before;
    leave?.();
  }
}

/** @throws SqlError 42501 */
function requireMaySeeAll({ name }: RoutineDescriptor, cx: ExecutionContext): void {
  if (isMemberOf(cx.catalog, cx.session.currentRole, RoleOid.admin)) return;
  throw new SqlError(SqlState.insufficientPrivilege, `permission denied to run function ${name} over the rows of all users`, {
    hint: ALL_USERS_HINT,
  });
}

function hasSettings({ settings }: RoutineDescriptor): boolean {
  for (const _name in settings) return true;
  return false;
}

function ownerOf(routine: RoutineDescriptor): Oid | undefined {
  return routine.securityDefiner ? routine.owner : undefined;
}

function tooDeep(): SqlError {
  return new SqlError(SqlState.statementTooComplex, 'stack depth limit exceeded', {
    hint: 'Increase the configuration parameter "max_stack_depth" (currently 2048kB), after ensuring the platform\'s stack depth limit is adequate.',
  });
}

/** Runs what may wait where nothing can. @throws SqlError 0A000 when it really has to */
export function runNow<T>(work: Waiting<T>, statements: StatementHost): T {
  const { stack } = statements;
  stack.synchronous++;
  try {
    const step = work.next();
    if (step.done === true) return step.value;
    step.value.catch(() => undefined);
    const refusal = new SqlError(SqlState.featureNotSupported, 'a function that has to wait is not supported in this place', {
      hint: 'Call it in the select list, in WHERE or in FROM.',
    });
    const end = work.throw(refusal);
    if (end.done === true) return end.value;
    end.value.catch(() => undefined);
    throw refusal;
  } finally {
    stack.synchronous--;
  }
}
