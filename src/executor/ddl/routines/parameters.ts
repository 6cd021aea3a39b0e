import type { RoutineParameter } from '../../../catalog/descriptors.js';
import { typeRecord } from '../../../catalog/made-types.js';
import type { Oid } from '../../../commons/ids.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { bindScalar } from '../../../planner/bind/bind.js';
import { withoutPosition } from '../../../planner/bind/stored-text.js';
import type { CreateRoutineStatement, DataTypeDef, ParameterDef } from '../../../planner/parse/ast.js';
import { deparseExpression } from '../../../planner/parse/deparse.js';
import { keptExpression } from '../../../planner/print/definitions.js';
import { TypeOid } from '../../../types/oids.js';
import type { UtilityContext } from '../context.js';
import { catalogOf, findRelation } from '../names.js';
import { notice } from '../notices.js';
import { dataType } from '../scalar.js';
import { shownType } from './find.js';

/** The parameters and the result of a routine that is being made. PostgreSQL: interpret_function_parameter_list, ProcedureCreate. */

const invalid = (message: string, more: { readonly detail?: string; readonly hint?: string } = {}): SqlError =>
  new SqlError(SqlState.invalidFunctionDefinition, message, more);

export function routineType(def: DataTypeDef, cx: UtilityContext): Oid {
  if (def.percentType !== true) {
    const { setof: _setof, ...plain } = def;
    return dataType(plain, cx).type;
  }
  const path = def.schema?.split('.') ?? [];
  const relationName = path.at(-1) ?? '';
  const schema = path.at(-2);
  const relation = findRelation(schema === undefined ? { name: relationName } : { schema, name: relationName }, cx);
  const column = 'columns' in relation && relation.kind !== 'index' ? relation.columns.find(({ name }) => name === def.name) : undefined;
  if (column === undefined || !('type' in column)) {
    throw new SqlError(SqlState.undefinedColumn, `column "${def.name}" of relation "${relation.name}" does not exist`);
  }
  notice(cx, `type reference ${def.schema}.${def.name}%TYPE converted to ${shownType(column.type, cx)}`);
  return column.type;
}

/** A type that is only announced is fit for functions that it will be read and written by. */
function noteShell(oid: Oid, what: 'argument type' | 'return type', cx: UtilityContext): void {
  const type = catalogOf(cx).typeByOid(oid);
  if (type?.form === 'base' && type.oid === oid && type.like === undefined) notice(cx, `${what} ${type.name} is only a shell`);
}

export function routineParameters(
  definitions: readonly ParameterDef[],
  form: 'function' | 'procedure' | 'aggregate',
  cx: UtilityContext,
): readonly RoutineParameter[] {
  const parameters: RoutineParameter[] = [];
  let hasDefaults = false;
  let hasVariadic = false;
  for (const definition of definitions) {
    const { name, mode, dataType: def } = definition;
    const isInput = mode === 'in' || mode === 'inout' || mode === 'variadic';
    if (def.setof === true) {
      throw invalid(form === 'aggregate' ? 'aggregates cannot accept set arguments' : `${form}s cannot accept set arguments`);
    }
    const type = routineType(def, cx);
    noteShell(type, 'argument type', cx);
    if (isInput) {
      if (hasVariadic) throw invalid('VARIADIC parameter must be the last input parameter');
    } else if (form === 'procedure') {
      if (hasVariadic) throw invalid('VARIADIC parameter must be the last parameter');
      if (hasDefaults) throw invalid('procedure OUT parameters cannot appear after one with a default value');
    }
    if (mode === 'variadic') {
      hasVariadic = true;
      if (type !== TypeOid.any && typeRecord(catalogOf(cx), type)?.isArray !== true && !ANY_ARRAYS.has(type)) {
        throw invalid('VARIADIC parameter must be an array');
      }
    }
    if (name !== undefined) requireFreeParameter(parameters, name, mode);
    let defaultText: string | undefined;
    if (definition.default !== undefined) {
      if (!isInput) throw invalid('only input parameters can have default values');
      const planner = { ...cx.planner, catalog: catalogOf(cx) };
      const options = { clause: 'parameter default', ...(isPseudo(type) ? {} : { parameterType: type }) } as const;
      bindScalar(definition.default, planner, options);
      defaultText = keptExpression(definition.default, planner, options) ?? deparseExpression(definition.default);
      hasDefaults = true;
    } else if (isInput && hasDefaults) {
      throw invalid('input parameters after one with a default value must also have defaults');
    }
    parameters.push({
      ...(name === undefined ? {} : { name }),
      mode,
      type,
      ...(defaultText === undefined ? {} : { defaultText }),
    });
  }
  return parameters;
}

const ANY_ARRAYS: ReadonlySet<Oid> = new Set([TypeOid.anyarray, TypeOid.anycompatiblearray]);

/** A default of a polymorphic parameter may be of any type. */
function isPseudo(type: Oid): boolean {
  return POLYMORPHIC.has(type) || type === TypeOid.any;
}

const POLYMORPHIC: ReadonlySet<Oid> = new Set<Oid>([
  TypeOid.anyelement,
  TypeOid.anyarray,
  TypeOid.anynonarray,
  TypeOid.anyenum,
  TypeOid.anyrange,
  TypeOid.anymultirange,
  TypeOid.anycompatible,
  TypeOid.anycompatiblearray,
  TypeOid.anycompatiblenonarray,
  TypeOid.anycompatiblerange,
  TypeOid.anycompatiblemultirange,
]);

/** Input names are told apart from each other, output names too; INOUT counts as both. */
function requireFreeParameter(before: readonly RoutineParameter[], name: string, mode: RoutineParameter['mode']): void {
  const isOutput = (other: RoutineParameter['mode']) => other === 'out' || other === 'table';
  const isInput = (other: RoutineParameter['mode']) => other === 'in' || other === 'variadic';
  for (const other of before) {
    if (other.name !== name) continue;
    if ((isInput(mode) && isOutput(other.mode)) || (isOutput(mode) && isInput(other.mode))) continue;
    throw invalid(`parameter name "${name}" used more than once`);
  }
}

export interface RoutineResult {
  readonly returnType: Oid;
  readonly returnsSet: boolean;
}

/** What RETURNS says, or the OUT parameters do. */
export function routineResult(
  statement: CreateRoutineStatement,
  parameters: readonly RoutineParameter[],
  cx: UtilityContext,
): RoutineResult {
  const outputs = parameters.filter(({ mode }) => mode === 'out' || mode === 'inout' || mode === 'table');
  const [output] = outputs;
  const required = output === undefined ? undefined : statement.form === 'procedure' || outputs.length > 1 ? TypeOid.record : output.type;
  if (statement.form === 'procedure') return { returnType: required ?? TypeOid.void, returnsSet: false };
  const { returns } = statement;
  if (returns === undefined) {
    if (required === undefined) throw invalid('function result type must be specified');
    return { returnType: required, returnsSet: false };
  }
  const isTable = parameters.some(({ mode }) => mode === 'table');
  const returnType = isTable && required !== undefined ? required : withoutPosition(() => routineType(returns, cx));
  noteShell(returnType, 'return type', cx);
  if (required !== undefined && returnType !== required) {
    throw invalid(`function result type must be ${shownType(required, cx)} because of OUT parameters`);
  }
  return { returnType, returnsSet: returns.setof === true || isTable };
}

/** A polymorphic result is told by a polymorphic argument. @throws SqlError 42P13 */
export function requireKnownResult(parameters: readonly RoutineParameter[], { returnType }: RoutineResult, cx: UtilityContext): void {
  const inputs = parameters.filter(({ mode }) => mode === 'in' || mode === 'inout' || mode === 'variadic').map(({ type }) => type);
  const outputs = [...parameters.filter(({ mode }) => mode === 'out' || mode === 'table').map(({ type }) => type), returnType];
  for (const type of outputs) {
    const detail = missingSource(type, inputs, cx);
    if (detail !== undefined) throw invalid('cannot determine result data type', { detail });
    if (type === TypeOid.internal && !inputs.includes(TypeOid.internal)) {
      throw invalid('unsafe use of pseudo-type "internal"', {
        detail: 'A function returning "internal" must have at least one "internal" argument.',
      });
    }
  }
}

const SIMPLE: readonly Oid[] = [
  TypeOid.anyelement,
  TypeOid.anyarray,
  TypeOid.anynonarray,
  TypeOid.anyenum,
  TypeOid.anyrange,
  TypeOid.anymultirange,
];
const COMPATIBLE: readonly Oid[] = [
  TypeOid.anycompatible,
  TypeOid.anycompatiblearray,
  TypeOid.anycompatiblenonarray,
  TypeOid.anycompatiblerange,
  TypeOid.anycompatiblemultirange,
];

function missingSource(type: Oid, inputs: readonly Oid[], cx: UtilityContext): string | undefined {
  if (type === TypeOid.anyrange || type === TypeOid.anymultirange) {
    if (inputs.includes(TypeOid.anyrange) || inputs.includes(TypeOid.anymultirange)) return undefined;
    return `A result of type ${shownType(type, cx)} requires at least one input of type anyrange or anymultirange.`;
  }
  if (type === TypeOid.anycompatiblerange || type === TypeOid.anycompatiblemultirange) {
    if (inputs.includes(TypeOid.anycompatiblerange) || inputs.includes(TypeOid.anycompatiblemultirange)) return undefined;
    return `A result of type ${shownType(type, cx)} requires at least one input of type anycompatiblerange or anycompatiblemultirange.`;
  }
  if (SIMPLE.includes(type) && !inputs.some((input) => SIMPLE.includes(input))) {
    return `A result of type ${shownType(type, cx)} requires at least one input of type anyelement, anyarray, anynonarray, anyenum, anyrange, or anymultirange.`;
  }
  if (COMPATIBLE.includes(type) && !inputs.some((input) => COMPATIBLE.includes(input))) {
    return `A result of type ${shownType(type, cx)} requires at least one input of type anycompatible, anycompatiblearray, anycompatiblenonarray, anycompatiblerange, or anycompatiblemultirange.`;
  }
  return undefined;
}
