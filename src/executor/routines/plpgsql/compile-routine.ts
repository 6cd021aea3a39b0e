import { isPolymorphic, resolvePolymorphic } from '../../../catalog/builtin/index.js';
import type { RoutineDescriptor, RoutineParameter } from '../../../catalog/descriptors.js';
import { inputParameters, outputParameters } from '../../../catalog/made-routines.js';
import { placed, withContext } from '../../../commons/error-context.js';
import type { Oid } from '../../../commons/ids.js';
import { SqlError } from '../../../commons/sql-error.js';
import { TypeLookup } from '../../../planner/bind/type-lookup.js';
import type { PlFunction, VariableType } from '../../../planner/parse/plpgsql/ast.js';
import type { BodyReader, ResultRules } from '../../../planner/parse/plpgsql/body-reader.js';
import { BodyError, readBody } from '../../../planner/parse/plpgsql/read-body.js';
import { ArrayOid, TypeOid } from '../../../types/oids.js';
import type { CallTypes } from '../../functions/implementation.js';
import type { CompileContext } from '../routine.js';
import { Body } from './body.js';
import { compileSteps } from './compile-steps.js';
import { isRowType, TypesOfBody } from './declared-types.js';
import { levelOf } from './extra-levels.js';
import type { ResultForm } from './result-form.js';
import { Shape, shapeOfType } from './shape.js';
import { signatureOf } from './signature.js';
import type { Step } from './step.js';
import { declareTriggerVariables, type TriggerNumbers } from './trigger-variables.js';

/** A body compiled for one set of types. */
export interface CompiledBody {
  readonly body: Body;
  readonly block: Step;
  readonly result: ResultForm;
  /** Numbers of the variables that arguments go to, with their types as given. */
  readonly inputs: readonly { readonly number: number; readonly type: Oid }[];
  readonly trigger?: TriggerNumbers;
}

const TRIGGER = 2279;
const EVENT_TRIGGER = 3838;

export interface CompileOptions {
  /** At CREATE: all SQL is shown to the grammar, and polymorphic types are stood in for. */
  readonly validates: boolean;
}

/** @throws SqlError of the body; places count within it */
export function compileBody(routine: RoutineDescriptor, types: CallTypes, cx: CompileContext, options: CompileOptions): CompiledBody {
  const isTrigger = routine.returnType === TRIGGER || routine.returnType === EVENT_TRIGGER;
  const settle = typeSettler(routine, types, cx, options.validates);
  const inputs: { number: number; type: Oid }[] = [];
  const typesOf = new TypesOfBody(cx.planner, options.validates, shadowCheck(cx, options));
  const returnType = settle(routine.returnType);
  let trigger: TriggerNumbers | undefined;
  let outVariable: number | undefined;
  let found = 0;
  const prepare = (reader: BodyReader): ResultRules => {
    reader.pushLabel(routine.name, 'block');
    if (isTrigger) {
      trigger = declareTriggerVariables(reader, rowTypeOf(cx));
    } else {
      const outputs: { name: string; number: number }[] = [];
      for (const [i, parameter] of routine.parameters.entries()) {
        const type = settle(parameter.type);
        const datum = reader.declare(parameter.name ?? `$${i + 1}`, 0, typesOf.ofType(type));
        if (parameter.name !== undefined) reader.addName(`$${i + 1}`, datum);
        if (isInput(parameter)) inputs.push({ number: datum.number, type });
        if (isOutput(parameter)) outputs.push({ name: parameter.name ?? `column${outputs.length + 1}`, number: datum.number });
      }
      const isList = outputs.length > 1 || (outputs.length === 1 && routine.form === 'procedure');
      if (outputs.length === 0 && isPolymorphic(routine.returnType)) reader.declare('$0', 0, typesOf.ofType(returnType));
      outVariable = isList ? reader.newList(0, outputs).number : outputs[0]?.number;
    }
    found = reader.declare('found', 0, { oid: TypeOid.bool, typmod: -1, isRecord: false }).number;
    return {
      returnsSet: routine.returnsSet,
      returnsVoid: routine.returnType === TypeOid.void,
      isProcedure: routine.form === 'procedure',
      ...(outVariable === undefined ? {} : { outVariable }),
    };
  };
  const parsed = read(routine, typesOf, prepare);
  const result: ResultForm = {
    kind: isTrigger ? 'trigger' : routine.form === 'procedure' ? 'procedure' : 'function',
    returnsSet: routine.returnsSet,
    type: returnType,
    returnsVoid: routine.returnType === TypeOid.void,
    isRow: isTrigger || isRowType(cx.catalog, returnType),
    shape: resultShape(routine, returnType, types, cx, settle),
    ...(outVariable === undefined ? {} : { outVariable }),
  };
  return {
    ...finish(parsed, signatureOf(routine, cx), found, routine.parameters.length, result, cx),
    inputs,
    ...(trigger === undefined ? {} : { trigger }),
  };
}

/** DO. */
export function compileInline(source: string, cx: CompileContext): CompiledBody {
  const typesOf = new TypesOfBody(cx.planner, true, shadowCheck(cx, { validates: true }));
  let found = 0;
  const prepare = (reader: BodyReader): ResultRules => {
    reader.pushLabel('inline_code_block', 'block');
    found = reader.declare('found', 0, { oid: TypeOid.bool, typmod: -1, isRecord: false }).number;
    return { returnsSet: false, returnsVoid: true, isProcedure: false };
  };
  const parsed = read({ name: 'inline_code_block', source }, typesOf, prepare);
  const result: ResultForm = { kind: 'block', returnsSet: false, type: TypeOid.void, returnsVoid: true, isRow: false, shape: undefined };
  return { ...finish(parsed, 'inline_code_block', found, 0, result, cx), inputs: [] };
}

function finish(
  parsed: PlFunction,
  signature: string,
  found: number,
  parameterCount: number,
  result: ResultForm,
  cx: CompileContext,
): Omit<CompiledBody, 'inputs' | 'trigger'> {
  const shapes = parsed.datums.map((datum) =>
    datum.kind === 'record' && datum.type.oid !== TypeOid.record ? shapeOfType(cx.catalog, datum.type.oid) : undefined,
  );
  const body = new Body(signature, parsed, shapes, {
    precedence: precedenceOf(parsed, cx),
    printStrictParams: parsed.printStrictParams ?? setting(cx, 'plpgsql.print_strict_params') === 'on',
    found,
    parameterCount,
  });
  const [block] = compileSteps([parsed.body], body, result);
  if (block === undefined) throw new Error('a body without a block');
  return { body, block, result };
}

function precedenceOf(parsed: PlFunction, cx: CompileContext): Body['precedence'] {
  const conflict = parsed.variableConflict ?? setting(cx, 'plpgsql.variable_conflict');
  return conflict === 'use_variable' ? 'variable' : conflict === 'use_column' ? 'column' : 'error';
}

function setting(cx: CompileContext, name: string): string | undefined {
  return cx.statements.setting(name);
}

/** plpgsql.extra_warnings: only where the body is written, not whenever it is compiled. */
function shadowCheck(cx: CompileContext, { validates }: CompileOptions): ((name: string, position: number) => void) | undefined {
  if (!validates) return undefined;
  const level = levelOf('shadowed_variables', cx.statements);
  if (level === undefined) return undefined;
  return (name, position) => {
    const message = `variable "${name}" shadows a previously defined variable`;
    if (level === 'ERROR') throw new SqlError(SHADOWED, message, { position });
    const place = cx.sourceStart === undefined ? {} : { position: cx.sourceStart + position };
    cx.statements.notice({ severity: 'WARNING', code: SHADOWED, message, ...place });
  };
}

const SHADOWED = '42712';

function read(
  { name, source }: { readonly name: string; readonly source: string },
  types: TypesOfBody,
  prepare: (reader: BodyReader) => ResultRules,
): PlFunction {
  try {
    return readBody(source, types, prepare);
  } catch (thrown) {
    if (!(thrown instanceof BodyError)) throw thrown;
    const { error, line } = thrown;
    if (!(error instanceof SqlError) || error.fields.position !== undefined) throw placed(error, source);
    throw withContext(error, `compilation of PL/pgSQL function "${name}" near line ${line}`);
  }
}

function isInput({ mode }: RoutineParameter): boolean {
  return mode === 'in' || mode === 'inout' || mode === 'variadic';
}

function isOutput({ mode }: RoutineParameter): boolean {
  return mode === 'out' || mode === 'inout' || mode === 'table';
}

function rowTypeOf({ trigger }: CompileContext): VariableType {
  const relation = trigger?.relation;
  const oid = relation !== undefined && 'rowType' in relation ? relation.rowType : TypeOid.record;
  return { oid, typmod: -1, isRecord: true };
}

/** Types of parameters and result as this call has them. */
function typeSettler(routine: RoutineDescriptor, types: CallTypes, cx: CompileContext, validates: boolean): (type: Oid) => Oid {
  const declared = inputParameters(routine).map(({ type }) => type);
  const lookup = new TypeLookup(cx.catalog);
  return (type) => {
    if (!isPolymorphic(type)) return type;
    if (validates) return STAND_INS[type] ?? TypeOid.int4;
    const found = resolvePolymorphic(lookup, types.args, declared, type);
    return found.kind === 'types' ? found.returnType : type;
  };
}

/** What polymorphic types are while a body is only looked at. */
const STAND_INS: Readonly<Record<Oid, Oid>> = {
  [TypeOid.anyarray]: ArrayOid.int4,
  [TypeOid.anycompatiblearray]: ArrayOid.int4,
  [TypeOid.anyrange]: TypeOid.int4range,
  [TypeOid.anycompatiblerange]: TypeOid.int4range,
  [TypeOid.anymultirange]: TypeOid.int4multirange,
  [TypeOid.anycompatiblemultirange]: TypeOid.int4multirange,
};

function resultShape(
  routine: RoutineDescriptor,
  returnType: Oid,
  types: CallTypes,
  cx: CompileContext,
  settle: (type: Oid) => Oid,
): Shape | undefined {
  const outputs = outputParameters(routine);
  if (outputs.length > 0 && (returnType === TypeOid.record || outputs.length > 1)) {
    return new Shape(
      outputs.map(({ name }, i) => name ?? `column${i + 1}`),
      outputs.map(({ type }) => settle(type)),
      outputs.map(() => -1),
    );
  }
  if (returnType === TypeOid.record) {
    const { columns } = types;
    if (columns === undefined) return undefined;
    return new Shape(
      columns.map(({ name }) => name),
      columns.map(({ type }) => type),
      columns.map(({ typmod }) => typmod),
    );
  }
  return shapeOfType(cx.catalog, returnType) ?? (routine.returnsSet ? new Shape([routine.name], [returnType], [-1]) : undefined);
}
