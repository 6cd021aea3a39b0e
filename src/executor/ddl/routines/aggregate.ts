import { coercionPath, isPolymorphic } from '../../../catalog/builtin/index.js';
import type { AggregateDefinition, RoutineDescriptor, RoutineParameter } from '../../../catalog/descriptors.js';
import { inputParameters, operatorsNamed } from '../../../catalog/made-routines.js';
import { typeRecord } from '../../../catalog/made-types.js';
import { isSuperuser } from '../../../catalog/privileges.js';
import type { Oid } from '../../../commons/ids.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { TypeLookup } from '../../../planner/bind/type-lookup.js';
import type { CreateAggregateStatement, DataTypeDef, QName } from '../../../planner/parse/ast.js';
import { TypeOid } from '../../../types/oids.js';
import { codecOf } from '../../expression/comparators.js';
import type { UtilityContext, UtilityResult } from '../context.js';
import { catalogOf, creationSchema, lockName } from '../names.js';
import { initialPrivileges } from '../privileges/default-privileges.js';
import { temporaryIn } from '../types/find.js';
import { type AggregateOptions, aggregateOptions } from './aggregate-options.js';
import { isSame, requireExecute, requireRoutineOwner, shownType, signature, typeOfRef } from './find.js';
import { routineParameters } from './parameters.js';
import { type SupportFunction, supportFunction } from './support-function.js';

const invalid = (message: string, detail?: string): SqlError =>
  new SqlError(SqlState.invalidFunctionDefinition, message, detail === undefined ? {} : { detail });
const mismatch = (message: string): SqlError => new SqlError(SqlState.datatypeMismatch, message);

/** CREATE [OR REPLACE] AGGREGATE. PostgreSQL: DefineAggregate, AggregateCreate. */
export async function createAggregate(statement: CreateAggregateStatement, cx: UtilityContext): Promise<UtilityResult> {
  const { name } = statement;
  const schema = creationSchema(name, false, cx);
  const options = aggregateOptions(statement.options, cx);
  requireOptions(options);
  const parameters = parametersOf(statement, options, cx);
  const argTypes = parameters.map(({ type }) => type);
  const maker = new AggregateMaker(options, parameters, statement.directCount, cx);
  const aggregate = maker.make();
  const { transition, final, combine, serialize, deserialize, movingTransition, movingInverse, movingFinal } = aggregate;
  requireExecute([transition, final, combine, serialize, deserialize, movingTransition, movingInverse, movingFinal], cx);
  await lockName('routine', `${schema.oid} ${name.name}`, cx);
  const before = catalogOf(cx)
    .routinesNamed(schema.oid, name.name)
    .find((other) => isSame(inputTypes(other), argTypes));
  if (before !== undefined) requireReplaceable(before, statement, maker.returnType, aggregate, cx);
  const routine: RoutineDescriptor = {
    kind: 'routine',
    form: 'aggregate',
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
    returnType: maker.returnType,
    returnsSet: false,
    language: 'internal',
    source: 'aggregate_dummy',
    volatility: 'immutable',
    strict: false,
    securityDefiner: false,
    leakproof: false,
    parallel: options.parallel,
    cost: 1,
    rows: 0,
    settings: {},
    dependsOn: [],
    aggregate,
  };
  cx.session.catalog.put(cx.transaction, routine);
  return { tag: 'CREATE AGGREGATE' };
}

function inputTypes(routine: RoutineDescriptor): readonly Oid[] {
  return inputParameters(routine).map(({ type }) => type);
}

function requireReplaceable(
  before: RoutineDescriptor,
  statement: CreateAggregateStatement,
  returnType: Oid,
  aggregate: AggregateDefinition,
  cx: UtilityContext,
): void {
  if (statement.orReplace !== true) {
    throw new SqlError(SqlState.duplicateFunction, `function "${before.name}" already exists with same argument types`);
  }
  requireRoutineOwner(before, cx);
  if (before.aggregate === undefined) {
    const kind = before.form === 'window' ? 'a window function' : `a ${before.form}`;
    throw new SqlError(SqlState.wrongObjectType, 'cannot change routine kind', { detail: `"${before.name}" is ${kind}.` });
  }
  const shown = signature(before.name, inputTypes(before), cx).replaceAll(', ', ',');
  if (before.returnType !== returnType) {
    throw new SqlError(SqlState.invalidFunctionDefinition, 'cannot change return type of existing function', {
      hint: `Use DROP AGGREGATE ${shown} first.`,
    });
  }
  if (before.aggregate.form !== aggregate.form) {
    const kinds = { normal: 'an ordinary aggregate', 'ordered set': 'an ordered-set', 'hypothetical set': 'a hypothetical-set' } as const;
    throw new SqlError(SqlState.wrongObjectType, 'cannot change routine kind', {
      detail: `"${before.name}" is ${kinds[before.aggregate.form]} aggregate.`,
    });
  }
}

/** @throws SqlError 42P13 */
function requireOptions({ names, types, msspace, minitcond }: AggregateOptions): void {
  if (types.stype === undefined) throw invalid('aggregate stype must be specified');
  if (names.sfunc === undefined) throw invalid('aggregate sfunc must be specified');
  if (types.mstype !== undefined) {
    if (names.msfunc === undefined) throw invalid('aggregate msfunc must be specified when mstype is specified');
    if (names.minvfunc === undefined) throw invalid('aggregate minvfunc must be specified when mstype is specified');
    return;
  }
  const without = (what: string): SqlError => invalid(`aggregate ${what} must not be specified without mstype`);
  if (names.msfunc !== undefined) throw without('msfunc');
  if (names.minvfunc !== undefined) throw without('minvfunc');
  if (names.mfinalfunc !== undefined) throw without('mfinalfunc');
  if (msspace !== 0) throw without('msspace');
  if (minitcond !== undefined) throw without('minitcond');
}

function parametersOf(statement: CreateAggregateStatement, { types }: AggregateOptions, cx: UtilityContext): readonly RoutineParameter[] {
  const { basetype } = types;
  if (statement.parameters !== undefined) {
    if (basetype !== undefined) throw invalid('basetype is redundant with aggregate input type specification');
    return routineParameters(statement.parameters, 'aggregate', cx);
  }
  if (basetype === undefined) throw invalid('aggregate input type must be specified');
  if (/^any$/i.test(basetype.name)) return [];
  return [{ mode: 'in', type: typeOfRef(basetype, cx) }];
}

class AggregateMaker {
  readonly #options: AggregateOptions;
  readonly #parameters: readonly RoutineParameter[];
  readonly #directCount: number;
  readonly #cx: UtilityContext;
  returnType: Oid = 0;

  constructor(options: AggregateOptions, parameters: readonly RoutineParameter[], directCount: number, cx: UtilityContext) {
    this.#options = options;
    this.#parameters = parameters;
    this.#directCount = directCount;
    this.#cx = cx;
  }

  get #argTypes(): readonly Oid[] {
    return this.#parameters.map(({ type }) => type);
  }

  /** What the transition function gets behind the state: of an ordered-set aggregate the ordered arguments alone. */
  get #aggregated(): readonly Oid[] {
    if (this.#directCount < 0) return this.#argTypes;
    const direct = this.#parameters.slice(0, this.#directCount);
    const isShared = direct.at(-1)?.mode === 'variadic' && this.#directCount === this.#parameters.length;
    return isShared ? this.#argTypes.slice(-1) : this.#argTypes.slice(this.#directCount);
  }

  make(): AggregateDefinition {
    const { names, types, finalModify, movingFinalModify } = this.#options;
    const isOrdered = this.#directCount >= 0;
    const stateType = this.#stateType(types.stype, 'aggregate transition data type');
    const transition = this.#transition(names.sfunc, stateType, this.#options.initcond, 'transition function');
    const moving = types.mstype === undefined ? undefined : this.#moving(types.mstype);
    const final = this.#final(names.finalfunc, stateType, this.#options.finalExtra, isOrdered);
    const combine = this.#combine(names.combinefunc, stateType);
    this.returnType = final?.returnType ?? stateType;
    this.#requireKnownResult();
    const { serialize, deserialize } = this.#serialization(stateType);
    if (moving !== undefined) {
      const returned = moving.final?.returnType ?? moving.stateType;
      if (returned !== this.returnType) {
        throw invalid(
          `moving-aggregate implementation returns type ${this.#show(returned)}, but plain implementation returns type ${this.#show(this.returnType)}`,
        );
      }
    }
    const usualModify = isOrdered ? 'w' : 'r';
    return {
      form: !isOrdered ? 'normal' : this.#options.hypothetical ? 'hypothetical set' : 'ordered set',
      directArguments: Math.max(this.#directCount, 0),
      transition: transition.proc.oid,
      final: final?.proc.oid ?? 0,
      combine,
      serialize,
      deserialize,
      movingTransition: moving?.transition.proc.oid ?? 0,
      movingInverse: moving?.inverse.proc.oid ?? 0,
      movingFinal: moving?.final?.proc.oid ?? 0,
      finalExtra: this.#options.finalExtra,
      movingFinalExtra: this.#options.movingFinalExtra,
      finalModify: finalModify ?? usualModify,
      movingFinalModify: movingFinalModify ?? usualModify,
      sortOperator: this.#sortOperator(names.sortop),
      stateType,
      stateSpace: this.#options.sspace,
      movingStateType: moving?.stateType ?? 0,
      movingStateSpace: this.#options.msspace,
      ...(this.#options.initcond === undefined ? {} : { initial: this.#options.initcond }),
      ...(this.#options.minitcond === undefined ? {} : { movingInitial: this.#options.minitcond }),
    };
  }

  #show(type: Oid): string {
    return shownType(type, this.#cx);
  }

  #stateType(def: DataTypeDef | undefined, what: string): Oid {
    const type = def === undefined ? 0 : typeOfRef(def, this.#cx);
    const isPseudo = typeRecord(catalogOf(this.#cx), type)?.kind === 'p' && !isPolymorphic(type);
    const mayBe = type === TypeOid.internal && isSuperuser(catalogOf(this.#cx), this.#cx.session.currentRole);
    if (isPseudo && !mayBe) throw invalid(`${what} cannot be ${this.#show(type)}`);
    if (isPolymorphic(type) && !this.#argTypes.some(isPolymorphic)) {
      throw invalid(
        'cannot determine transition data type',
        `A result of type ${this.#show(type)} requires at least one input of type anyelement, anyarray, anynonarray, anyenum, anyrange, or anymultirange.`,
      );
    }
    return type;
  }

  #transition(name: QName | undefined, stateType: Oid, initial: string | undefined, what: string): SupportFunction {
    const found = supportFunction(name ?? { name: '' }, [stateType, ...this.#aggregated], this.#cx);
    if (found.returnType !== stateType) throw mismatch(`return type of ${what} ${name?.name} is not ${this.#show(stateType)}`);
    if (initial !== undefined) this.#requireValue(initial, stateType);
    else if (found.proc.strict && !this.#isCompatibleWithInput(stateType)) {
      throw invalid('must not omit initial value when transition function is strict and transition type is not compatible with input type');
    }
    return found;
  }

  #requireValue(text: string, type: Oid): void {
    if (isPolymorphic(type) || type === TypeOid.internal) return;
    codecOf(type)?.input(text, this.#cx.format, -1);
  }

  #isCompatibleWithInput(stateType: Oid): boolean {
    const [first] = this.#aggregated;
    if (first === undefined) return false;
    const path = coercionPath(new TypeLookup(catalogOf(this.#cx)), first, stateType, 'implicit');
    return first === stateType || path?.kind === 'none' || path?.kind === 'relabel';
  }

  #moving(def: DataTypeDef) {
    const { names, minitcond, movingFinalExtra } = this.#options;
    const stateType = this.#stateType(def, 'aggregate transition data type');
    const transition = this.#transition(names.msfunc, stateType, minitcond, 'transition function');
    const inverse = supportFunction(names.minvfunc ?? { name: '' }, [stateType, ...this.#aggregated], this.#cx);
    if (inverse.returnType !== stateType) {
      throw mismatch(`return type of inverse transition function ${names.minvfunc?.name} is not ${this.#show(stateType)}`);
    }
    if (transition.proc.strict !== inverse.proc.strict) {
      throw invalid("strictness of aggregate's forward and inverse transition functions must match");
    }
    return { stateType, transition, inverse, final: this.#final(names.mfinalfunc, stateType, movingFinalExtra, false) };
  }

  /** An ordered-set aggregate's final function gets the direct arguments too. */
  #final(name: QName | undefined, stateType: Oid, isExtra: boolean, isOrdered: boolean): SupportFunction | undefined {
    if (name === undefined) return undefined;
    const direct = isOrdered ? this.#argTypes.slice(0, this.#directCount) : [];
    const args = isExtra ? [stateType, ...this.#argTypes] : [stateType, ...direct];
    const found = supportFunction(name, args, this.#cx);
    if (isExtra && found.proc.strict) throw invalid('final function with extra arguments must not be declared STRICT');
    return found;
  }

  #combine(name: QName | undefined, stateType: Oid): Oid {
    if (name === undefined) return 0;
    const found = supportFunction(name, [stateType, stateType], this.#cx);
    if (found.returnType !== stateType) throw mismatch(`return type of combine function ${name.name} is not ${this.#show(stateType)}`);
    if (stateType === TypeOid.internal && found.proc.strict) {
      throw invalid(`combine function with transition type ${this.#show(stateType)} must not be declared STRICT`);
    }
    return found.proc.oid;
  }

  #serialization(stateType: Oid): { readonly serialize: Oid; readonly deserialize: Oid } {
    const { serialfunc, deserialfunc } = this.#options.names;
    if (serialfunc === undefined && deserialfunc === undefined) return { serialize: 0, deserialize: 0 };
    if (stateType !== TypeOid.internal) {
      throw invalid(
        `serialization functions may be specified only when the aggregate transition data type is ${this.#show(TypeOid.internal)}`,
      );
    }
    if (serialfunc === undefined || deserialfunc === undefined) {
      throw invalid('must specify both or neither of serialization and deserialization functions');
    }
    const serialize = supportFunction(serialfunc, [TypeOid.internal], this.#cx);
    if (serialize.returnType !== TypeOid.bytea) {
      throw mismatch(`return type of serialization function ${serialfunc.name} is not ${this.#show(TypeOid.bytea)}`);
    }
    const deserialize = supportFunction(deserialfunc, [TypeOid.bytea, TypeOid.internal], this.#cx);
    if (deserialize.returnType !== TypeOid.internal) {
      throw mismatch(`return type of deserialization function ${deserialfunc.name} is not ${this.#show(TypeOid.internal)}`);
    }
    return { serialize: serialize.proc.oid, deserialize: deserialize.proc.oid };
  }

  #requireKnownResult(): void {
    if (!isPolymorphic(this.returnType) || this.#argTypes.some(isPolymorphic)) return;
    throw invalid('cannot determine result data type');
  }

  #sortOperator(name: QName | undefined): Oid {
    if (name === undefined) return 0;
    const [type, second] = this.#argTypes;
    if (type === undefined || second !== undefined) throw invalid('sort operator can only be specified for single-argument aggregates');
    const cx = this.#cx;
    const found = operatorsNamed(catalogOf(cx), cx.planner.searchPath, name.name).find(
      ({ left, right }) => left === type && right === type,
    );
    if (found === undefined) {
      throw new SqlError(SqlState.undefinedFunction, `operator does not exist: ${this.#show(type)} ${name.name} ${this.#show(type)}`);
    }
    return found.oid;
  }
}
