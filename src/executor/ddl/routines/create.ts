import { mayUseLanguage } from '../../../catalog/born-privileges.js';
import type { RoutineDescriptor, RoutineParameter, SchemaDescriptor } from '../../../catalog/descriptors.js';
import { inputParameters, outputParameters } from '../../../catalog/made-routines.js';
import type { Oid } from '../../../commons/ids.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { CreateRoutineStatement } from '../../../planner/parse/ast.js';
import { TypeOid } from '../../../types/oids.js';
import { languageNamed } from '../../routines/languages.js';
import type { UtilityContext, UtilityResult } from '../context.js';
import { catalogOf, creationSchema, lockName } from '../names.js';
import { initialPrivileges } from '../privileges/default-privileges.js';
import { temporaryIn } from '../types/find.js';
import { bodyDependencies } from './body.js';
import { formWord, isSame, requireRoutineOwner } from './find.js';
import { type RoutineOptions, routineOptions, routineSettings } from './options.js';
import { type RoutineResult, requireKnownResult, routineParameters, routineResult } from './parameters.js';
import { describeRoutine } from './uses.js';

const invalid = (message: string, more: { readonly detail?: string; readonly hint?: string } = {}): SqlError =>
  new SqlError(SqlState.invalidFunctionDefinition, message, more);

/** CREATE [OR REPLACE] FUNCTION and PROCEDURE. */
export async function createRoutine(statement: CreateRoutineStatement, cx: UtilityContext): Promise<UtilityResult> {
  const { form, name } = statement;
  const tag = `CREATE ${form.toUpperCase()}`;
  const schema = creationSchema(name, false, cx);
  const options = routineOptions(statement.options, form === 'procedure', cx);
  const language = languageOf(statement, options, cx);
  const parameters = routineParameters(statement.parameters, form, cx);
  const result = routineResult(statement, parameters, cx);
  requireKnownResult(parameters, result, cx);
  const code = codeOf(statement, options, language);
  if (options.rows !== undefined && !result.returnsSet) {
    throw new SqlError(SqlState.invalidParameterValue, 'ROWS is not applicable when function does not return a set');
  }
  const settings = routineSettings({}, statement.settings, cx);
  await lockName('routine', `${schema.oid} ${name.name}`, cx);
  const before = sameSignature(schema, name.name, parameters, cx);
  if (before !== undefined) requireReplaceable(before, statement, parameters, result, cx);
  const isBuiltin = language === 'internal' || language === 'c';
  const routine: RoutineDescriptor = {
    kind: 'routine',
    form: options.window === true ? 'window' : form,
    oid: before?.oid ?? cx.session.catalog.allocateOid(),
    name: name.name,
    owner: before?.owner ?? cx.session.currentRole,
    ...(before === undefined
      ? initialPrivileges('routine', cx.session.currentRole, schema.oid, cx)
      : before.acl === undefined
        ? {}
        : { acl: before.acl }),
    ...(before?.comment === undefined ? {} : { comment: before.comment }),
    schema: schema.oid,
    ...temporaryIn(schema, cx),
    parameters,
    ...result,
    language,
    ...code,
    volatility: options.volatility ?? 'volatile',
    strict: options.strict ?? false,
    securityDefiner: options.securityDefiner ?? false,
    leakproof: options.leakproof ?? false,
    parallel: options.parallel ?? 'unsafe',
    cost: options.cost ?? (isBuiltin ? 1 : 100),
    rows: result.returnsSet ? (options.rows ?? 1000) : 0,
    settings,
    dependsOn: [],
  };
  cx.session.catalog.put(cx.transaction, routine);
  validate(routine, statement.sourceStart, cx);
  if (statement.body !== undefined) {
    const dependsOn = bodyDependencies(routine, statement.body, cx);
    if (dependsOn.length > 0) cx.session.catalog.put(cx.transaction, { ...routine, dependsOn });
  }
  return { tag };
}

/** @throws SqlError 42P13, 42704, 42501 */
function languageOf(statement: CreateRoutineStatement, options: RoutineOptions, cx: UtilityContext): string {
  const name = options.language ?? (statement.body === undefined ? undefined : 'sql');
  if (name === undefined) throw invalid('no language specified');
  const language = catalogOf(cx)
    .builtin.languages()
    .find((candidate) => candidate.name === name);
  if (language === undefined) throw new SqlError(SqlState.undefinedObject, `language "${name}" does not exist`);
  const mayUse = mayUseLanguage(catalogOf(cx), cx.session.currentRole, language);
  if (!mayUse) throw new SqlError(SqlState.insufficientPrivilege, `permission denied for language ${name}`);
  return name;
}

type Code = Pick<RoutineDescriptor, 'source' | 'library' | 'body' | 'searchPath'>;

function codeOf({ body, name }: CreateRoutineStatement, { source }: RoutineOptions, language: string): Code {
  if (body !== undefined) {
    if (language !== 'sql') throw invalid('inline SQL function body only valid for language SQL');
    if (source !== undefined) throw invalid('duplicate function body specified');
    return { source: '', body: body.text };
  }
  if (source === undefined) throw invalid('no function body specified');
  const [first = '', second] = source;
  if (language === 'c') return { source: second ?? name.name, library: first };
  if (second !== undefined) throw invalid(`only one AS item needed for language "${language}"`);
  // An empty AS of an internal function means the function's own name.
  return { source: language === 'internal' && first === '' ? name.name : first };
}

function sameSignature(
  schema: SchemaDescriptor,
  name: string,
  parameters: readonly RoutineParameter[],
  cx: UtilityContext,
): RoutineDescriptor | undefined {
  const types = parameters.filter(({ mode }) => mode === 'in' || mode === 'inout' || mode === 'variadic').map(({ type }) => type);
  return catalogOf(cx)
    .routinesNamed(schema.oid, name)
    .find((other) => isSame(inputTypes(other), types));
}

function inputTypes(routine: RoutineDescriptor): readonly Oid[] {
  return inputParameters(routine).map(({ type }) => type);
}

/** OR REPLACE may change what callers don't see. @throws SqlError 42723, 42501, 42809, 42P13 */
function requireReplaceable(
  before: RoutineDescriptor,
  statement: CreateRoutineStatement,
  parameters: readonly RoutineParameter[],
  result: RoutineResult,
  cx: UtilityContext,
): void {
  if (statement.orReplace !== true) {
    throw new SqlError(SqlState.duplicateFunction, `function "${before.name}" already exists with same argument types`);
  }
  requireRoutineOwner(before, cx);
  const wanted = statement.form;
  if (before.form !== wanted && !(before.form === 'window' && wanted === 'function')) {
    const kind =
      before.form === 'aggregate' ? 'an aggregate function' : before.form === 'window' ? 'a window function' : `a ${before.form}`;
    throw new SqlError(SqlState.wrongObjectType, 'cannot change routine kind', { detail: `"${before.name}" is ${kind}.` });
  }
  const hint = `Use DROP ${formWord(before).toUpperCase()} ${describeRoutine(before, cx).slice('function '.length)} first.`;
  const outputs = outputParameters(before);
  const newOutputs = parameters.filter(({ mode }) => mode === 'out' || mode === 'inout' || mode === 'table');
  if (before.returnType !== result.returnType || before.returnsSet !== result.returnsSet) {
    throw invalid(
      before.form === 'procedure'
        ? 'cannot change whether a procedure has output parameters'
        : 'cannot change return type of existing function',
      { hint },
    );
  }
  // One OUT parameter alone is just the result.
  const rowChanged =
    before.returnType === TypeOid.record &&
    (outputs.length !== newOutputs.length ||
      outputs.some((output, i) => output.type !== newOutputs[i]?.type || output.name !== newOutputs[i]?.name));
  if (outputs.length + newOutputs.length > 0 && rowChanged) {
    throw invalid('cannot change return type of existing function', { detail: 'Row type defined by OUT parameters is different.', hint });
  }
  const newInputs = parameters.filter(({ mode }) => mode === 'in' || mode === 'inout' || mode === 'variadic');
  for (const [i, old] of inputParameters(before).entries()) {
    if (old.name !== undefined && old.name !== newInputs[i]?.name) {
      throw invalid(`cannot change name of input parameter "${old.name}"`, { hint });
    }
    if (old.defaultText !== undefined && newInputs[i]?.defaultText === undefined) {
      throw invalid('cannot remove parameter defaults from existing function', { hint });
    }
  }
}

/** What the language says of the code, unless check_function_bodies is off. */
function validate(routine: RoutineDescriptor, sourceStart: number | undefined, cx: UtilityContext): void {
  switch (routine.language) {
    case 'internal':
      if (!hasImplementation(routine, cx)) {
        throw new SqlError(SqlState.undefinedFunction, `there is no built-in function named "${routine.source}"`);
      }
      return;
    case 'c':
      throw new SqlError(SqlState.undefinedFile, `could not access file "${routine.library ?? ''}": No such file or directory`);
    default:
      if (cx.session.getSetting('check_function_bodies', true) === 'off') return;
      validateCode(routine, sourceStart, cx);
  }
}

function validateCode(routine: RoutineDescriptor, sourceStart: number | undefined, cx: UtilityContext): void {
  const { statements } = cx.session;
  const language = languageNamed(routine.language);
  if (language === undefined) return;
  const leave = statements.stack.enter(undefined, routine.settings);
  try {
    language.validate(routine, { ...statements.compileContext(), sourceStart });
  } catch (error) {
    throw error instanceof SqlError ? inDefinition(error, routine, sourceStart) : error;
  } finally {
    leave();
  }
}

/** A place in the code is shown in the statement that defines it. */
function inDefinition(error: SqlError, routine: RoutineDescriptor, sourceStart: number | undefined): SqlError {
  const { internalPosition, internalQuery, ...fields } = error.fields;
  if (internalPosition === undefined || sourceStart === undefined || internalQuery !== routine.source) return error;
  return new SqlError(error.code, error.message, { ...fields, position: sourceStart + internalPosition });
}

function hasImplementation({ source }: RoutineDescriptor, cx: UtilityContext): boolean {
  return catalogOf(cx)
    .builtin.procs()
    .some((proc) => proc.source === source && proc.language === 12);
}
