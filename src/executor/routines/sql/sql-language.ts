import { isPolymorphic } from '../../../catalog/builtin/index.js';
import { typeName } from '../../../catalog/definitions/type-name.js';
import type { RoutineDescriptor } from '../../../catalog/descriptors.js';
import { inputParameters } from '../../../catalog/made-routines.js';
import { typeOidNamed, typeRecord } from '../../../catalog/made-types.js';
import { withContext } from '../../../commons/error-context.js';
import type { Oid } from '../../../commons/ids.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { ResultColumn } from '../../../planner/bind/logical.js';
import type { ParsedStatement } from '../../../planner/parse/ast.js';
import { TypeOid } from '../../../types/oids.js';
import type { CallTypes } from '../../functions/implementation.js';
import type { CompileContext, CompiledRoutine, RoutineLanguage } from '../routine.js';
import type { RoutineStatement } from '../statements.js';
import { argumentScope } from './argument-scope.js';
import { parseBody, type SqlBody } from './body.js';
import { type ResultShape, resultShape, type TargetType } from './result.js';
import { SqlRoutine } from './sql-routine.js';

/** LANGUAGE sql: one statement after the other; the last one's rows are the result. */
export const sqlLanguage: RoutineLanguage = {
  name: 'sql',
  validate(routine, cx) {
    requireUsableTypes(routine, cx);
    try {
      validate(routine, cx);
    } catch (error) {
      // A place in the code says as much.
      if (!(error instanceof SqlError) || error.fields.internalPosition !== undefined) throw error;
      throw withContext(error, `SQL function "${routine.name}"`);
    }
  },
  compile(routine, types, cx) {
    try {
      return compile(routine, types, cx);
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      throw withContext(error, `SQL function "${routine.name}" during startup`);
    }
  },
};

function validate(routine: RoutineDescriptor, cx: CompileContext): void {
  const body = parseBody(routine, cx.planner.parser);
  // What the arguments' types are is told by the calls.
  if (hasPolymorphism(routine)) return;
  const types = declaredTypes(routine);
  const prepared = prepareAll(routine, types, body, cx);
  for (const statement of prepared.slice(0, -1)) cx.statements.describe(statement);
  shapeOf(routine, types, prepared, cx);
}

function compile(routine: RoutineDescriptor, types: CallTypes, cx: CompileContext): CompiledRoutine {
  const body = parseBody(routine, cx.planner.parser);
  const prepared = prepareAll(routine, types, body, cx);
  if (routine.volatility !== 'volatile') for (const statement of prepared) cx.statements.requireReadOnly(statement);
  const shape = shapeOf(routine, types, prepared, cx);
  const last = body.statements.at(-1);
  const casts = shape.kind === 'nothing' ? undefined : shape.casts;
  if (last === undefined || casts === undefined) return new SqlRoutine(routine, prepared, shape);
  return new SqlRoutine(routine, [...prepared.slice(0, -1), prepare(routine, types, body, last, cx, casts)], shape);
}

function prepareAll(routine: RoutineDescriptor, types: CallTypes, body: SqlBody, cx: CompileContext): readonly RoutineStatement[] {
  return body.statements.map((statement) => prepare(routine, types, body, statement, cx));
}

function prepare(
  routine: RoutineDescriptor,
  types: CallTypes,
  body: SqlBody,
  { statement }: ParsedStatement,
  cx: CompileContext,
  results?: readonly TargetType[],
): RoutineStatement {
  const scope = argumentScope(routine, types.args);
  const searchPath = routine.searchPath?.flatMap((name) => cx.catalog.schema(name)?.oid ?? []);
  return cx.statements.prepare({
    text: body.text,
    statement,
    paramTypes: scope.types,
    variables: scope,
    ...(searchPath === undefined ? {} : { searchPath }),
    ...(results === undefined ? {} : { results }),
  });
}

function shapeOf(routine: RoutineDescriptor, types: CallTypes, prepared: readonly RoutineStatement[], cx: CompileContext): ResultShape {
  const last = prepared.at(-1);
  const columns: readonly ResultColumn[] | undefined = last === undefined ? undefined : cx.statements.describe(last);
  return resultShape(routine, types, columns, cx.catalog, (type) => shown(type, cx));
}

function shown(type: Oid, { catalog, planner }: CompileContext): string {
  return typeName(catalog, type, null, ({ name, schema }) => {
    const found = planner.searchPath.find((candidate) => typeOidNamed(catalog, candidate, name) !== undefined);
    return found === schema;
  });
}

function hasPolymorphism(routine: RoutineDescriptor): boolean {
  return inputParameters(routine).some(({ type }) => isPolymorphic(type));
}

function declaredTypes(routine: RoutineDescriptor): CallTypes {
  return { args: inputParameters(routine).map(({ type }) => type), result: routine.returnType };
}

/** @throws SqlError 42P13 */
function requireUsableTypes(routine: RoutineDescriptor, cx: CompileContext): void {
  const isPseudo = (type: Oid): boolean => typeRecord(cx.catalog, type)?.kind === 'p' && !isPolymorphic(type);
  const { returnType } = routine;
  if (isPseudo(returnType) && returnType !== TypeOid.void && returnType !== TypeOid.record) {
    throw new SqlError(SqlState.invalidFunctionDefinition, `SQL functions cannot return type ${shown(returnType, cx)}`);
  }
  for (const { type } of inputParameters(routine)) {
    if (!isPseudo(type)) continue;
    throw new SqlError(SqlState.invalidFunctionDefinition, `SQL functions cannot have arguments of type ${shown(type, cx)}`);
  }
}
