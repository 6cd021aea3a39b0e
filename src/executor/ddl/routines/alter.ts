import type { RoutineDescriptor } from '../../../catalog/descriptors.js';
import { Privilege } from '../../../catalog/descriptors.js';
import { inputParameters } from '../../../catalog/made-routines.js';
import { isMemberOf, isSuperuser, privilegesOf } from '../../../catalog/privileges.js';
import { assert } from '../../../commons/assert.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { AlterRoutineStatement, RoutineRef, RoutineWord } from '../../../planner/parse/ast.js';
import type { UtilityContext, UtilityResult, UtilityStatement } from '../context.js';
import { catalogOf, findRole, findSchema, lockName } from '../names.js';
import { withNewOwner } from '../privileges/new-owner.js';
import { findOwnedRoutine, isSame, signature } from './find.js';
import { routineOptions, routineSettings } from './options.js';

/** ALTER FUNCTION, PROCEDURE, ROUTINE and AGGREGATE; comments on them. */

async function locked(ref: RoutineRef | undefined, word: RoutineWord, cx: UtilityContext): Promise<RoutineDescriptor> {
  assert(ref !== undefined, 'a routine is named');
  const routine = findOwnedRoutine(ref, word, cx);
  await lockName('routine', `${routine.schema} ${routine.name}`, cx);
  return catalogOf(cx).routine(routine.oid) ?? routine;
}

export async function alterRoutine(statement: AlterRoutineStatement, cx: UtilityContext): Promise<UtilityResult> {
  const { objectType } = statement;
  const routine = await locked(statement.routine, objectType, cx);
  if (routine.form === 'aggregate') throw new SqlError(SqlState.wrongObjectType, `"${routine.name}" is an aggregate function`);
  const options = routineOptions(statement.options, routine.form === 'procedure', cx);
  if (options.rows !== undefined && !routine.returnsSet) {
    throw new SqlError(SqlState.invalidParameterValue, 'ROWS is not applicable when function does not return a set');
  }
  const { language: _language, source: _source, window: _window, ...changes } = options;
  const settings = routineSettings(routine.settings, statement.settings, cx);
  cx.session.catalog.put(cx.transaction, { ...routine, ...changes, settings });
  return { tag: `ALTER ${objectType.toUpperCase()}` };
}

const WORDS: ReadonlySet<string> = new Set<RoutineWord>(['function', 'procedure', 'routine', 'aggregate']);

export function isRoutineWord(word: string): word is RoutineWord {
  return WORDS.has(word);
}

export async function renameRoutine(statement: UtilityStatement<'rename'>, cx: UtilityContext): Promise<string> {
  const word = isRoutineWord(statement.objectType) ? statement.objectType : 'routine';
  const routine = await locked(statement.routine, word, cx);
  requireFree(routine, routine.schema, statement.to, cx);
  cx.session.catalog.put(cx.transaction, { ...routine, name: statement.to });
  return `ALTER ${statement.objectType.toUpperCase()}`;
}

/** @throws SqlError 42723 */
function requireFree(routine: RoutineDescriptor, schema: number, name: string, cx: UtilityContext): void {
  const catalog = catalogOf(cx);
  const types = inputParameters(routine).map(({ type }) => type);
  const same = catalog.routinesNamed(schema, name).some((other) =>
    isSame(
      inputParameters(other).map(({ type }) => type),
      types,
    ),
  );
  if (!same) return;
  const shown = signature(name, types, cx);
  const schemaName = catalog.schemaByOid(schema)?.name ?? '';
  throw new SqlError(SqlState.duplicateFunction, `function ${shown} already exists in schema "${schemaName}"`);
}

export async function setRoutineOwner(statement: UtilityStatement<'alter owner'>, cx: UtilityContext): Promise<UtilityResult> {
  const word = isRoutineWord(statement.objectType) ? statement.objectType : 'routine';
  const routine = await locked(statement.routine, word, cx);
  const owner = findRole(statement.to, cx);
  const catalog = catalogOf(cx);
  if (!isMemberOf(catalog, cx.session.currentRole, owner)) {
    throw new SqlError(SqlState.insufficientPrivilege, `must be member of role "${catalog.roleByOid(owner)?.name ?? ''}"`);
  }
  const schema = catalog.schemaByOid(routine.schema);
  const isExempt = isSuperuser(catalog, cx.session.currentRole);
  if (!isExempt && schema !== undefined && (privilegesOf(catalog, owner, 'schema', schema) & Privilege.create) === 0) {
    throw new SqlError(SqlState.insufficientPrivilege, `permission denied for schema ${schema.name}`);
  }
  cx.session.catalog.put(cx.transaction, withNewOwner(routine, owner));
  return { tag: `ALTER ${statement.objectType.toUpperCase()}` };
}

export async function setRoutineSchema(statement: UtilityStatement<'alter object schema'>, cx: UtilityContext): Promise<UtilityResult> {
  const word = isRoutineWord(statement.objectType) ? statement.objectType : 'routine';
  const routine = await locked(statement.routine, word, cx);
  const schema = findSchema(statement.schema, cx);
  const catalog = catalogOf(cx);
  if ((privilegesOf(catalog, cx.session.currentRole, 'schema', schema) & Privilege.create) === 0) {
    throw new SqlError(SqlState.insufficientPrivilege, `permission denied for schema ${schema.name}`);
  }
  if (schema.oid !== routine.schema) {
    requireFree(routine, schema.oid, routine.name, cx);
    cx.session.catalog.put(cx.transaction, { ...routine, schema: schema.oid });
  }
  return { tag: `ALTER ${statement.objectType.toUpperCase()}` };
}

export async function commentOnRoutine(statement: UtilityStatement<'comment'>, cx: UtilityContext): Promise<void> {
  const word = isRoutineWord(statement.objectType) ? statement.objectType : 'routine';
  const { comment: _before, ...routine } = await locked(statement.routine, word, cx);
  cx.session.catalog.put(cx.transaction, { ...routine, ...(statement.comment ? { comment: statement.comment } : {}) });
}
