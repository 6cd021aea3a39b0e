import { FIRST_USER_OID, type Oid } from '../commons/ids.js';
import { SchemaOid } from '../commons/system-names.js';
import type { ArgumentMode, BuiltinAggregate, BuiltinCast, BuiltinOperator, BuiltinProc, CastContext, ProcKind } from './builtin/index.js';
import type { CatalogSnapshot } from './catalog.js';
import type { AggregateDefinition, CastDescriptor, OperatorDescriptor, RoutineDescriptor, RoutineParameter } from './descriptors.js';
import { numberedConstructors } from './range-constructors.js';

/**
 * Users' functions, aggregates, operators and casts in the same shape as PostgreSQL's own, so that resolution and pg_catalog know no
 * difference, and look-ups over both.
 */

const FORMS: Readonly<Record<RoutineDescriptor['form'], ProcKind>> = { function: 'f', procedure: 'p', aggregate: 'a', window: 'w' };
const MODES: Readonly<Record<RoutineParameter['mode'], ArgumentMode>> = { in: 'i', out: 'o', inout: 'b', variadic: 'v', table: 't' };

const procs = new WeakMap<RoutineDescriptor, BuiltinProc>();

/** The parameters that a caller gives values for; a procedure's OUT parameters stand in its calls too, but nothing comes in by them. */
export function inputParameters(routine: RoutineDescriptor): readonly RoutineParameter[] {
  return routine.parameters.filter(({ mode }) => mode === 'in' || mode === 'inout' || mode === 'variadic');
}

export function outputParameters(routine: RoutineDescriptor): readonly RoutineParameter[] {
  return routine.parameters.filter(({ mode }) => mode === 'out' || mode === 'inout' || mode === 'table');
}

/** What a call of a user's routine is compiled by, in place of the name of a built-in implementation. */
export function routineSource(oid: Oid): string {
  return `routine ${oid}`;
}

export function isRoutineSource(source: string): boolean {
  return source.startsWith('routine ');
}

export function routineProc(catalog: CatalogSnapshot, routine: RoutineDescriptor): BuiltinProc {
  const known = procs.get(routine);
  if (known !== undefined) return known;
  const { parameters } = routine;
  const inputs = inputParameters(routine);
  const variadic = parameters.find(({ mode }) => mode === 'variadic');
  const defaults = inputs.flatMap(({ defaultText }) => (defaultText === undefined ? [] : [defaultText]));
  const isPlain = parameters.every(({ mode }) => mode === 'in');
  const proc: BuiltinProc = Object.freeze({
    oid: routine.oid,
    name: routine.name,
    namespace: routine.schema,
    language: languageOid(catalog, routine.language),
    source: isOwnCode(routine) ? routineSource(routine.oid) : routine.source,
    kind: FORMS[routine.form],
    returnsSet: routine.returnsSet,
    volatility: routine.volatility === 'immutable' ? 'i' : routine.volatility === 'stable' ? 's' : 'v',
    strict: routine.strict,
    returnType: routine.returnType,
    argTypes: inputs.map(({ type }) => type),
    allArgTypes: isPlain ? undefined : parameters.map(({ type }) => type),
    argModes: isPlain ? undefined : parameters.map(({ mode }) => MODES[mode]),
    argNames: parameters.some(({ name }) => name !== undefined) ? parameters.map(({ name }) => name ?? '') : undefined,
    variadic: variadic === undefined ? 0 : variadicElement(catalog, variadic.type),
    defaults: defaults.length,
    defaultTexts: defaults,
    cost: routine.cost,
    rows: routine.rows,
    support: routine.support ?? 0,
    securityDefiner: routine.securityDefiner,
    leakproof: routine.leakproof,
    parallel: routine.parallel === 'safe' ? 's' : routine.parallel === 'restricted' ? 'r' : 'u',
    acl: undefined,
  });
  procs.set(routine, proc);
  return proc;
}

/** It has code of its own; an internal function only another name for one of the server's. */
export function isOwnCode(routine: RoutineDescriptor): boolean {
  return routine.language !== 'internal' && routine.language !== 'c';
}

export function languageOid(catalog: CatalogSnapshot, name: string): Oid {
  return catalog.builtin.languages().find((language) => language.name === name)?.oid ?? 0;
}

const ANY = 2276;
const ANYARRAY = 2277;
const ANYELEMENT = 2283;
const ANYCOMPATIBLEARRAY = 5078;
const ANYCOMPATIBLE = 5077;

function variadicElement(catalog: CatalogSnapshot, type: Oid): Oid {
  if (type === ANY) return ANY;
  if (type === ANYARRAY) return ANYELEMENT;
  if (type === ANYCOMPATIBLEARRAY) return ANYCOMPATIBLE;
  const builtin = catalog.builtin.typeByOid(type);
  if (builtin !== undefined) return builtin.element;
  const made = catalog.typeByOid(type);
  if (made !== undefined) return made.form === 'range' && type === made.multirangeArrayType ? made.multirangeType : made.oid;
  const relation = catalog.relationOfRowType(type);
  return relation !== undefined && 'rowType' in relation ? relation.rowType : 0;
}

/** PostgreSQL's own and users' functions, aggregates and procedures. */
export function procByOid(catalog: CatalogSnapshot, oid: Oid): BuiltinProc | undefined {
  if (oid < FIRST_USER_OID) return catalog.builtin.procByOid(oid);
  const routine = catalog.routine(oid);
  if (routine !== undefined) return routineProc(catalog, routine);
  for (const { proc } of numberedConstructors(catalog)) if (proc.oid === oid) return proc;
  return undefined;
}

/** All of a name in one schema. */
export function procsNamed(catalog: CatalogSnapshot, schema: Oid, name: string): readonly BuiltinProc[] {
  const builtin = catalog.builtin.procsByName(name, schema);
  const made = catalog.routinesNamed(schema, name);
  return made.length === 0 ? builtin : [...builtin, ...made.map((routine) => routineProc(catalog, routine))];
}

export function* allProcs(catalog: CatalogSnapshot): Iterable<BuiltinProc> {
  yield* catalog.builtin.procs();
  for (const routine of catalog.routines()) yield routineProc(catalog, routine);
}

const aggregates = new WeakMap<AggregateDefinition, BuiltinAggregate>();
const AGGREGATE_FORMS: Readonly<Record<AggregateDefinition['form'], BuiltinAggregate['kind']>> = {
  normal: 'n',
  'ordered set': 'o',
  'hypothetical set': 'h',
};

export function aggregateByProc(catalog: CatalogSnapshot, proc: Oid): BuiltinAggregate | undefined {
  if (proc < FIRST_USER_OID) return catalog.builtin.aggregateByProc(proc);
  const definition = catalog.routine(proc)?.aggregate;
  return definition === undefined ? undefined : aggregateRecord(proc, definition);
}

export function aggregateRecord(proc: Oid, definition: AggregateDefinition): BuiltinAggregate {
  const known = aggregates.get(definition);
  if (known !== undefined) return known;
  const record: BuiltinAggregate = Object.freeze({
    proc,
    kind: AGGREGATE_FORMS[definition.form],
    numDirectArgs: definition.directArguments,
    transitionFunction: definition.transition,
    finalFunction: definition.final,
    combineFunction: definition.combine,
    serialFunction: definition.serialize,
    deserialFunction: definition.deserialize,
    movingTransitionFunction: definition.movingTransition,
    movingInverseFunction: definition.movingInverse,
    movingFinalFunction: definition.movingFinal,
    finalExtra: definition.finalExtra,
    movingFinalExtra: definition.movingFinalExtra,
    finalModify: definition.finalModify,
    movingFinalModify: definition.movingFinalModify,
    sortOperator: definition.sortOperator,
    transitionType: definition.stateType,
    transitionSpace: definition.stateSpace,
    movingTransitionType: definition.movingStateType,
    movingTransitionSpace: definition.movingStateSpace,
    initialValue: definition.initial,
    movingInitialValue: definition.movingInitial,
  });
  aggregates.set(definition, record);
  return record;
}

const operators = new WeakMap<OperatorDescriptor, BuiltinOperator>();

export function operatorRecord(operator: OperatorDescriptor): BuiltinOperator {
  const known = operators.get(operator);
  if (known !== undefined) return known;
  const record: BuiltinOperator = Object.freeze({
    oid: operator.oid,
    name: operator.name,
    namespace: operator.schema,
    kind: operator.left === 0 ? 'l' : 'b',
    left: operator.left,
    right: operator.right,
    result: operator.result,
    commutator: operator.commutator,
    negator: operator.negator,
    proc: operator.routine,
    restrict: operator.restrict,
    join: operator.join,
    canHash: operator.canHash,
    canMerge: operator.canMerge,
  });
  operators.set(operator, record);
  return record;
}

export function operatorByOid(catalog: CatalogSnapshot, oid: Oid): BuiltinOperator | undefined {
  if (oid < FIRST_USER_OID) return catalog.builtin.operatorByOid(oid);
  const operator = catalog.operator(oid);
  return operator === undefined ? undefined : operatorRecord(operator);
}

/** All of a symbol that stand in the schemas of the path, in its order: pg_catalog's first unless it is named. */
export function operatorsNamed(catalog: CatalogSnapshot, path: readonly Oid[], name: string): readonly BuiltinOperator[] {
  const builtin = catalog.builtin.operatorsByName(name);
  const made = catalog.operatorsNamed(name);
  // Operators of extensions come last, and may stand in any schema.
  if (made.length === 0 && builtin.at(-1)?.namespace === SchemaOid.pgCatalog) return builtin;
  const all = [...builtin, ...made.map(operatorRecord)];
  return path.flatMap((schema) => all.filter(({ namespace }) => namespace === schema));
}

const CONTEXTS: Readonly<Record<CastDescriptor['context'], CastContext>> = { implicit: 'i', assignment: 'a', explicit: 'e' };
const METHODS: Readonly<Record<CastDescriptor['method'], BuiltinCast['method']>> = { function: 'f', inout: 'i', binary: 'b' };

export function castRecord(cast: CastDescriptor): BuiltinCast {
  const { oid, source, target } = cast;
  return { oid, source, target, func: cast.routine, context: CONTEXTS[cast.context], method: METHODS[cast.method] };
}
