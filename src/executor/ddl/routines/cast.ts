import { coercionPath, isPolymorphic } from '../../../catalog/builtin/index.js';
import type { CastDescriptor } from '../../../catalog/descriptors.js';
import { typeOwner, typeRecord } from '../../../catalog/made-types.js';
import { isSuperuser } from '../../../catalog/privileges.js';
import type { Oid } from '../../../commons/ids.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { TypeLookup } from '../../../planner/bind/type-lookup.js';
import type { CastRef, CreateCastStatement, DropCastStatement, RoutineRef } from '../../../planner/parse/ast.js';
import { TypeOid } from '../../../types/oids.js';
import type { UtilityContext, UtilityResult, UtilityStatement } from '../context.js';
import { catalogOf, lockName, ownedBy } from '../names.js';
import { notice, warning } from '../notices.js';
import { writtenType } from './drop.js';
import { findProc, shownType, typeOfRef } from './find.js';

const invalid = (message: string): SqlError => new SqlError(SqlState.invalidObjectDefinition, message);

/** CREATE CAST. PostgreSQL: CreateCast. */
export async function createCast(statement: CreateCastStatement, cx: UtilityContext): Promise<UtilityResult> {
  const { source, target } = typesOf(statement.cast, cx);
  for (const [type, what] of [
    [source, 'source'],
    [target, 'target'],
  ] as const) {
    if (typeRecord(catalogOf(cx), type)?.kind === 'p') {
      throw new SqlError(SqlState.wrongObjectType, `${what} data type ${shownType(type, cx)} is a pseudo-type`);
    }
  }
  if (!owns(source, cx) && !owns(target, cx)) throw mustOwn(source, target, cx);
  const isDomain = (type: Oid): boolean => typeRecord(catalogOf(cx), type)?.kind === 'd';
  if (isDomain(source)) warning(cx, 'cast will be ignored because the source data type is a domain', SqlState.wrongObjectType);
  else if (isDomain(target)) warning(cx, 'cast will be ignored because the target data type is a domain', SqlState.wrongObjectType);
  const method = statement.routine !== undefined ? 'function' : statement.inout === true ? 'inout' : 'binary';
  const routine = statement.routine === undefined ? 0 : castFunction(statement.routine, source, target, cx);
  if (method === 'binary') requireBinary(source, target, cx);
  if (source === target && method !== 'function') throw invalid('source data type and target data type are the same');
  const isSame = source === target;
  if (isSame && routine === 0) throw invalid('source data type and target data type are the same');
  await lockName('cast', `${source} ${target}`, cx);
  const catalog = catalogOf(cx);
  if (catalog.builtin.castBetween(source, target) !== undefined || catalog.cast(source, target) !== undefined) {
    const shown = `cast from type ${shownType(source, cx)} to type ${shownType(target, cx)}`;
    throw new SqlError(SqlState.duplicateObject, `${shown} already exists`);
  }
  const cast: CastDescriptor = {
    kind: 'cast',
    oid: cx.session.catalog.allocateOid(),
    source,
    target,
    routine,
    context: statement.context,
    method,
  };
  cx.session.catalog.put(cx.transaction, cast);
  return { tag: 'CREATE CAST' };
}

function typesOf({ source, target }: CastRef, cx: UtilityContext): { readonly source: Oid; readonly target: Oid } {
  return { source: typeOfRef(source, cx), target: typeOfRef(target, cx) };
}

function owns(type: Oid, cx: UtilityContext): boolean {
  const owner = typeOwner(catalogOf(cx), type);
  return owner === undefined ? isSuperuser(catalogOf(cx), cx.session.currentRole) : ownedBy(owner, cx);
}

function mustOwn(source: Oid, target: Oid, cx: UtilityContext): SqlError {
  return new SqlError(SqlState.insufficientPrivilege, `must be owner of type ${shownType(source, cx)} or type ${shownType(target, cx)}`);
}

/** @throws SqlError 42883, 42P17 */
function castFunction(ref: RoutineRef, source: Oid, target: Oid, cx: UtilityContext): Oid {
  const proc = findProc(ref, 'function', cx);
  if (proc === undefined) throw new SqlError(SqlState.undefinedFunction, `function ${ref.name.name} does not exist`);
  const { argTypes } = proc;
  if (argTypes.length < 1 || argTypes.length > 3) throw invalid('cast function must take one to three arguments');
  if (!isBinary(source, argTypes[0] ?? 0, cx)) {
    throw invalid('argument of cast function must match or be binary-coercible from source data type');
  }
  if (argTypes.length > 1 && argTypes[1] !== TypeOid.int4) {
    throw invalid('second argument of cast function must be type integer');
  }
  if (argTypes.length > 2 && argTypes[2] !== TypeOid.bool) {
    throw invalid('third argument of cast function must be type boolean');
  }
  if (!isBinary(proc.returnType, target, cx)) {
    throw invalid('return data type of cast function must match or be binary-coercible to target data type');
  }
  if (proc.kind !== 'f') throw invalid('cast function must be a normal function');
  if (proc.returnsSet) throw invalid('cast function must not return a set');
  return proc.oid;
}

function isBinary(from: Oid, to: Oid, cx: UtilityContext): boolean {
  if (from === to || isPolymorphic(to)) return true;
  const path = coercionPath(new TypeLookup(catalogOf(cx)), from, to, 'implicit');
  return path?.kind === 'none' || path?.kind === 'relabel';
}

/** WITHOUT FUNCTION says that the bytes are the same: here that the values are. @throws SqlError 42501, 42P17 */
function requireBinary(source: Oid, target: Oid, cx: UtilityContext): void {
  const catalog = catalogOf(cx);
  if (!isSuperuser(catalog, cx.session.currentRole)) {
    throw new SqlError(SqlState.insufficientPrivilege, 'must be superuser to create a cast WITHOUT FUNCTION');
  }
  const from = typeRecord(catalog, source);
  const to = typeRecord(catalog, target);
  if (from === undefined || to === undefined || from.length !== to.length || from.byValue !== to.byValue || from.align !== to.align) {
    throw invalid('source and target data types are not physically compatible');
  }
  for (const type of [from, to]) {
    if (type.kind === 'c') throw invalid('composite data types are not binary-compatible');
    if (type.kind === 'e') throw invalid('enum data types are not binary-compatible');
    if (type.isArray) throw invalid('array data types are not binary-compatible');
    if (type.kind === 'd') throw invalid('domain data types must not be marked binary-compatible');
  }
}

export async function dropCast(statement: DropCastStatement, cx: UtilityContext): Promise<UtilityResult> {
  const cast = findCast(statement.cast, statement.ifExists === true, cx);
  if (cast !== undefined) cx.session.catalog.remove(cx.transaction, 'cast', cast.oid);
  return { tag: 'DROP CAST' };
}

function findCast(ref: CastRef, missingOk: boolean, cx: UtilityContext): CastDescriptor | undefined {
  let types: ReturnType<typeof typesOf>;
  try {
    types = typesOf(ref, cx);
  } catch (error) {
    const isMissing = error instanceof SqlError && (error.code === SqlState.undefinedObject || error.code === SqlState.invalidSchemaName);
    if (!missingOk || !isMissing) throw error;
    notice(cx, `${error.message}, skipping`);
    return undefined;
  }
  const { source, target } = types;
  const cast = catalogOf(cx).cast(source, target);
  if (cast !== undefined) {
    if (!owns(source, cx) && !owns(target, cx)) throw mustOwn(source, target, cx);
    return cast;
  }
  const shown = `cast from type ${shownType(source, cx)} to type ${shownType(target, cx)}`;
  if (catalogOf(cx).builtin.castBetween(source, target) !== undefined) {
    const what = `cast from ${shownType(source, cx)} to ${shownType(target, cx)}`;
    throw new SqlError(SqlState.dependentObjectsStillExist, `cannot drop ${what} because it is required by the database system`);
  }
  if (!missingOk) throw new SqlError(SqlState.undefinedObject, `${shown} does not exist`);
  notice(cx, `cast from type ${writtenType(ref.source)} to type ${writtenType(ref.target)} does not exist, skipping`);
  return undefined;
}

export async function commentOnCast(statement: UtilityStatement<'comment'>, cx: UtilityContext): Promise<void> {
  const cast = statement.cast === undefined ? undefined : findCast(statement.cast, false, cx);
  if (cast === undefined) return;
  const { comment: _before, ...rest } = cast;
  cx.session.catalog.put(cx.transaction, { ...rest, ...(statement.comment ? { comment: statement.comment } : {}) });
}
