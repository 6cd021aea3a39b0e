import type { OperatorDescriptor, SchemaDescriptor } from '../../../catalog/descriptors.js';
import { operatorsNamed } from '../../../catalog/made-routines.js';
import { FIRST_USER_OID, type Oid } from '../../../commons/ids.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type {
  AlterOperatorStatement,
  CreateOperatorStatement,
  DataTypeDef,
  DefElement,
  DropOperatorStatement,
  OperatorRef,
  QName,
} from '../../../planner/parse/ast.js';
import { TypeOid } from '../../../types/oids.js';
import type { UtilityContext, UtilityResult, UtilityStatement } from '../context.js';
import { callsOf } from '../extensions/calls.js';
import type { ExtensionUse } from '../extensions/uses.js';
import { catalogOf, creationSchema, findRole, findSchema, lockName, nameText, ownedBy } from '../names.js';
import { notice, warning } from '../notices.js';
import { temporaryIn } from '../types/find.js';
import { dropWithUses } from './drop.js';
import { requireExecute, searched, shownType, typeOfRef } from './find.js';
import { optionFlag, optionName, supportFunction } from './support-function.js';
import { describeOperator } from './uses.js';

const invalid = (message: string, detail?: string): SqlError =>
  new SqlError(SqlState.invalidFunctionDefinition, message, detail === undefined ? {} : { detail });

interface OperatorOptions {
  readonly left: Oid;
  readonly right: Oid;
  readonly routine: QName | undefined;
  readonly commutator: QName | undefined;
  readonly negator: QName | undefined;
  readonly restrict: QName | undefined;
  readonly join: QName | undefined;
  readonly canHash: boolean;
  readonly canMerge: boolean;
}

const KNOWN: ReadonlySet<string> = new Set([
  'leftarg',
  'rightarg',
  'function',
  'procedure',
  'commutator',
  'negator',
  'restrict',
  'join',
  'hashes',
  'merges',
  'sort1',
  'sort2',
  'ltcmp',
  'gtcmp',
]);
const MERGES: readonly string[] = ['merges', 'sort1', 'sort2', 'ltcmp', 'gtcmp'];

function optionsOf(elements: readonly DefElement[], cx: UtilityContext): OperatorOptions {
  const found = new Map<string, DefElement>();
  for (const element of elements) {
    if (KNOWN.has(element.name)) found.set(element.name, element);
    else warning(cx, `operator attribute "${element.name}" not recognized`, SqlState.syntaxError);
  }
  const type = (name: string): Oid => {
    const def = typeOption(found.get(name));
    if (def === undefined) return 0;
    if (def.setof === true) throw invalid('SETOF type not allowed for operator argument');
    return typeOfRef(def, cx);
  };
  const name = (option: string): QName | undefined => {
    const element = found.get(option);
    return element?.value === undefined ? undefined : optionName(element.value);
  };
  const flag = (option: string): boolean => {
    const element = found.get(option);
    return element !== undefined && optionFlag(element);
  };
  return {
    left: type('leftarg'),
    right: type('rightarg'),
    routine: name('function') ?? name('procedure'),
    commutator: name('commutator'),
    negator: name('negator'),
    restrict: name('restrict'),
    join: name('join'),
    canHash: flag('hashes'),
    canMerge: flag('merges') || MERGES.slice(1).some((option) => found.has(option)),
  };
}

function typeOption(element: DefElement | undefined): DataTypeDef | undefined {
  if (element?.value === undefined) return undefined;
  if (element.value.type === 'type') return element.value.dataType;
  return element.value.type === 'string' && element.value.value !== 'none' ? { name: element.value.value } : undefined;
}

/** CREATE OPERATOR. PostgreSQL: DefineOperator, OperatorCreate. */
export async function createOperator(statement: CreateOperatorStatement, cx: UtilityContext): Promise<UtilityResult> {
  const schema = creationSchema(statement.name, false, cx);
  const options = optionsOf(statement.options, cx);
  const { left, right } = options;
  if (options.routine === undefined) throw invalid('operator function must be specified');
  if (left === 0 && right === 0) throw invalid('operator argument types must be specified');
  if (right === 0) throw invalid('operator right argument type must be specified', 'Postfix operators are not supported.');
  const { proc, returnType } = supportFunction(options.routine, left === 0 ? [right] : [left, right], cx);
  requireSense(options, returnType);
  const { name } = statement.name;
  await lockName('operator', `${schema.oid} ${name}`, cx);
  const before = ownOperator(schema.oid, name, left, right, cx);
  if (before !== undefined && before.routine !== 0) throw new SqlError(SqlState.duplicateFunction, `operator ${name} already exists`);
  const oid = before?.oid ?? cx.session.catalog.allocateOid();
  const restrict = options.restrict === undefined ? 0 : estimator(options.restrict, 'restriction', cx);
  const join = options.join === undefined ? 0 : estimator(options.join, 'join', cx);
  const self = { oid, name, schema };
  const commutator = options.commutator === undefined ? 0 : relative(options.commutator, right, left, self, 'commutator', cx);
  const negator = options.negator === undefined ? 0 : relative(options.negator, left, right, self, 'negator', cx);
  if (negator === oid) throw invalid('operator cannot be its own negator or sort operator');
  requireExecute([proc.oid], cx);
  const operator: OperatorDescriptor = {
    kind: 'operator',
    oid,
    name,
    owner: cx.session.currentRole,
    schema: schema.oid,
    ...temporaryIn(schema, cx),
    left,
    right,
    result: returnType,
    routine: proc.oid,
    commutator: commutator || (before?.commutator ?? 0),
    negator: negator || (before?.negator ?? 0),
    restrict,
    join,
    canHash: options.canHash,
    canMerge: options.canMerge,
  };
  cx.session.catalog.put(cx.transaction, operator);
  pointBack(operator, cx);
  return { tag: 'CREATE OPERATOR' };
}

/** @throws SqlError 42P13 */
function requireSense(options: OperatorOptions, result: Oid): void {
  const { left, right } = options;
  if (!(left !== 0 && right !== 0)) {
    if (options.commutator !== undefined) throw invalid('only binary operators can have commutators');
    if (options.join !== undefined) throw invalid('only binary operators can have join selectivity');
    if (options.canMerge) throw invalid('only binary operators can merge join');
    if (options.canHash) throw invalid('only binary operators can hash');
  }
  if (result === TypeOid.bool) return;
  if (options.negator !== undefined) throw invalid('only boolean operators can have negators');
  if (options.restrict !== undefined) throw invalid('only boolean operators can have restriction selectivity');
  if (options.join !== undefined) throw invalid('only boolean operators can have join selectivity');
  if (options.canMerge) throw invalid('only boolean operators can merge join');
  if (options.canHash) throw invalid('only boolean operators can hash');
}

function estimator(name: QName, what: 'restriction' | 'join', cx: UtilityContext): Oid {
  const { internal, oid: oidType, int2, int4 } = TypeOid;
  const long = [internal, oidType, internal, int2, internal];
  const argTypes = what === 'restriction' ? [internal, oidType, internal, int4] : long;
  const found = what === 'join' ? joinEstimator(name, long, cx) : supportFunction(name, argTypes, cx);
  if (found.returnType !== TypeOid.float8) {
    throw invalid(`${what} estimator function ${name.name} must return type double precision`);
  }
  return found.proc.oid;
}

/** The older ones do without the last argument. */
function joinEstimator(name: QName, argTypes: readonly Oid[], cx: UtilityContext) {
  try {
    return supportFunction(name, argTypes, cx);
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    return supportFunction(name, argTypes.slice(0, 4), cx);
  }
}

function ownOperator(schema: Oid, name: string, left: Oid, right: Oid, cx: UtilityContext): OperatorDescriptor | undefined {
  return catalogOf(cx)
    .operatorsNamed(name)
    .find((other) => other.schema === schema && other.left === left && other.right === right);
}

/** The commutator or negator: an operator that is there, this one itself, or a shell for one that is still to be made. */
function relative(
  name: QName,
  left: Oid,
  right: Oid,
  self: { readonly oid: Oid; readonly name: string; readonly schema: SchemaDescriptor },
  _what: 'commutator' | 'negator',
  cx: UtilityContext,
): Oid {
  const schemas = name.schema === undefined ? cx.planner.searchPath : [findSchema(name.schema, cx).oid];
  const known = operatorsNamed(catalogOf(cx), schemas, name.name).find((other) => other.left === left && other.right === right);
  if (known !== undefined) return known.oid;
  if (name.name === self.name && left === right) return self.oid;
  const schema = creationSchema(name, false, cx);
  const shell: OperatorDescriptor = {
    kind: 'operator',
    oid: cx.session.catalog.allocateOid(),
    name: name.name,
    owner: cx.session.currentRole,
    schema: schema.oid,
    ...temporaryIn(schema, cx),
    left,
    right,
    result: 0,
    routine: 0,
    commutator: 0,
    negator: 0,
    restrict: 0,
    join: 0,
    canHash: false,
    canMerge: false,
  };
  cx.session.catalog.put(cx.transaction, shell);
  return shell.oid;
}

/** A commutator and a negator know their other half, unless they have one already. */
function pointBack({ oid, commutator, negator }: OperatorDescriptor, cx: UtilityContext): void {
  const catalog = catalogOf(cx);
  const commuted = commutator === oid ? undefined : catalog.operator(commutator);
  if (commuted !== undefined && commuted.commutator === 0) cx.session.catalog.put(cx.transaction, { ...commuted, commutator: oid });
  const negated = catalogOf(cx).operator(negator);
  if (negated !== undefined && negated.negator === 0) cx.session.catalog.put(cx.transaction, { ...negated, negator: oid });
}

/** @throws SqlError 42883, 42704 */
function findOperator(ref: OperatorRef, cx: UtilityContext): OperatorDescriptor | undefined {
  if (ref.right === undefined) throw new SqlError(SqlState.syntaxError, 'postfix operators are not supported');
  const left = ref.left === undefined ? 0 : typeOfRef(ref.left, cx);
  const right = typeOfRef(ref.right, cx);
  const found = operatorsNamed(catalogOf(cx), searched(ref.name, cx), ref.name.name).find(
    (operator) => operator.left === left && operator.right === right && searched(ref.name, cx).includes(operator.namespace),
  );
  if (found === undefined) return undefined;
  const own = catalogOf(cx).operator(found.oid);
  if (own !== undefined) return own;
  throw new SqlError(
    SqlState.dependentObjectsStillExist,
    `cannot drop operator ${found.name}(${[left, right].map((type) => (type === 0 ? 'none' : shownType(type, cx))).join(',')}) because it is required by the database system`,
  );
}

function missing(ref: OperatorRef, cx: UtilityContext): SqlError {
  const right = ref.right === undefined ? 'none' : shownType(typeOfRef(ref.right, cx), cx);
  const left = ref.left === undefined ? undefined : shownType(typeOfRef(ref.left, cx), cx);
  const shown = left === undefined ? `${nameText(ref.name)} ${right}` : `${left} ${nameText(ref.name)} ${right}`;
  return new SqlError(SqlState.undefinedFunction, `operator does not exist: ${shown}`);
}

export async function dropOperators(statement: DropOperatorStatement, cx: UtilityContext): Promise<UtilityResult> {
  const targets: OperatorDescriptor[] = [];
  for (const ref of statement.operators) {
    const operator = findUnlessMissing(ref, statement, cx);
    if (operator === undefined) continue;
    requireOwner(operator, cx);
    await lockName('operator', `${operator.schema} ${operator.name}`, cx);
    targets.push(operator);
  }
  const [only] = targets;
  const what = targets.length === 1 && only !== undefined ? describeOperator(only, cx) : 'desired object(s)';
  const uses = targets.flatMap((operator) => usesOfOperator(operator, cx));
  await dropWithUses(what, uses, statement.cascade === true, cx);
  for (const { oid } of targets) {
    cx.session.catalog.remove(cx.transaction, 'operator', oid);
    forget(oid, cx);
  }
  return { tag: 'DROP OPERATOR' };
}

/** Nobody keeps an operator that is gone as commutator or negator. */
function forget(oid: Oid, cx: UtilityContext): void {
  for (const operator of [...catalogOf(cx).operators()]) {
    if (operator.commutator !== oid && operator.negator !== oid) continue;
    cx.session.catalog.put(cx.transaction, {
      ...operator,
      commutator: operator.commutator === oid ? 0 : operator.commutator,
      negator: operator.negator === oid ? 0 : operator.negator,
    });
  }
}

function findUnlessMissing(ref: OperatorRef, statement: DropOperatorStatement, cx: UtilityContext): OperatorDescriptor | undefined {
  const missingOk = statement.ifExists === true;
  try {
    const found = findOperator(ref, cx);
    if (found !== undefined) return found;
    if (!missingOk) throw missing(ref, cx);
    notice(cx, `operator ${nameText(ref.name)} does not exist, skipping`);
  } catch (error) {
    const isMissing = error instanceof SqlError && (error.code === SqlState.undefinedObject || error.code === SqlState.invalidSchemaName);
    if (!missingOk || !isMissing) throw error;
    notice(cx, `${error.message}, skipping`);
  }
  return undefined;
}

function requireOwner(operator: OperatorDescriptor, cx: UtilityContext): void {
  if (!ownedBy(operator.owner, cx)) throw new SqlError(SqlState.insufficientPrivilege, `must be owner of operator ${operator.name}`);
}

const NO_CLASSES = { opclasses: [] } as const;

/** What is written with the operator; who calls its function by name stays. */
function usesOfOperator(operator: OperatorDescriptor, cx: UtilityContext): readonly ExtensionUse[] {
  if (operator.routine === 0 || operator.routine < FIRST_USER_OID) return [];
  const wanted = { objects: NO_CLASSES, procs: new Set([operator.routine]), types: new Map<Oid, Oid>() };
  const planner = { ...cx.planner, keepsCalls: true };
  const on = describeOperator(operator, cx);
  return [...catalogOf(cx).relations()].flatMap((relation) =>
    [...callsOf(relation, wanted, { ...cx, planner })].map(({ use }) => use).filter((use) => use.on === on),
  );
}

/** ALTER OPERATOR … SET (RESTRICT = …, JOIN = …). */
export async function alterOperator(statement: AlterOperatorStatement, cx: UtilityContext): Promise<UtilityResult> {
  const operator = findOperator(statement.operator, cx);
  if (operator === undefined) throw missing(statement.operator, cx);
  requireOwner(operator, cx);
  let { restrict, join } = operator;
  for (const { name, value } of statement.options) {
    const isNone = value === undefined || (value.type === 'string' && value.value === 'none');
    if (name === 'restrict') restrict = isNone ? 0 : estimator(optionName(value), 'restriction', cx);
    else if (name === 'join') join = isNone ? 0 : estimator(optionName(value), 'join', cx);
    else if (['leftarg', 'rightarg', 'function', 'procedure', 'commutator', 'negator', 'hashes', 'merges'].includes(name)) {
      throw new SqlError(SqlState.syntaxError, `operator attribute "${name}" cannot be changed`);
    } else {
      throw new SqlError(SqlState.syntaxError, `operator attribute "${name}" not recognized`);
    }
  }
  if (operator.left === 0 && join !== 0) throw invalid('only binary operators can have join selectivity');
  if (operator.result !== TypeOid.bool && restrict !== 0) throw invalid('only boolean operators can have restriction selectivity');
  if (operator.result !== TypeOid.bool && join !== 0) throw invalid('only boolean operators can have join selectivity');
  cx.session.catalog.put(cx.transaction, { ...operator, restrict, join });
  return { tag: 'ALTER OPERATOR' };
}

export async function setOperatorOwner(statement: UtilityStatement<'alter owner'>, cx: UtilityContext): Promise<UtilityResult> {
  const operator = ownedOperator(statement.operator, cx);
  cx.session.catalog.put(cx.transaction, { ...operator, owner: findRole(statement.to, cx) });
  return { tag: 'ALTER OPERATOR' };
}

export async function setOperatorSchema(statement: UtilityStatement<'alter object schema'>, cx: UtilityContext): Promise<UtilityResult> {
  const operator = ownedOperator(statement.operator, cx);
  cx.session.catalog.put(cx.transaction, { ...operator, schema: findSchema(statement.schema, cx).oid });
  return { tag: 'ALTER OPERATOR' };
}

export async function commentOnOperator(statement: UtilityStatement<'comment'>, cx: UtilityContext): Promise<void> {
  const { comment: _before, ...operator } = ownedOperator(statement.operator, cx);
  cx.session.catalog.put(cx.transaction, { ...operator, ...(statement.comment ? { comment: statement.comment } : {}) });
}

function ownedOperator(ref: OperatorRef | undefined, cx: UtilityContext): OperatorDescriptor {
  const operator = ref === undefined ? undefined : findOperator(ref, cx);
  if (operator === undefined)
    throw ref === undefined ? new SqlError(SqlState.undefinedFunction, 'operator does not exist') : missing(ref, cx);
  requireOwner(operator, cx);
  return operator;
}
