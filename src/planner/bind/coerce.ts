import {
  type BuiltinType,
  baseTypeOf,
  type CoercionContext,
  type CoercionPath,
  coercionPath,
  elementTypeOf,
  isPolymorphic,
  kindOf,
  typmodCoercion,
} from '../../catalog/builtin/index.js';
import { assert } from '../../commons/assert.js';
import { FIRST_USER_OID, type Oid } from '../../commons/ids.js';
import { notSupported } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { ArrayOid, TypeOid } from '../../types/oids.js';
import { requireExecute } from './call/make-call.js';
import { cannotCast, wrongArgument } from './coerce-errors.js';
import { at, errorAt } from './errors.js';
import type { BoundExpr } from './expression.js';
import { readLiteral } from './literal.js';
import { booleanNode, constNode } from './nodes.js';
import { outputFields } from './row-type.js';
import type { BindState } from './state.js';
import { startOf } from './tree/walk.js';

export interface TargetType {
  readonly type: Oid;
  readonly typmod: number;
}

/**
 * The expression as a value of a type, where the context allows it; undefined: it doesn't.
 * @param location of the cast itself, for errors of literals it is the literal's
 */
export function coerceTo(
  state: BindState,
  expr: BoundExpr,
  target: TargetType,
  context: CoercionContext,
  location?: number,
): BoundExpr | undefined {
  const result = coerceType(state, expr, target, context, location);
  return result === undefined ? undefined : coerceTypmod(state, result, target, context === 'explicit');
}

/** Without fitting it to the type's modifier. */
export function coerceType(
  state: BindState,
  expr: BoundExpr,
  target: TargetType,
  context: CoercionContext,
  location?: number,
): BoundExpr | undefined {
  const { type, typmod } = target;
  if (expr.type === type || type === TypeOid.any || isPolymorphic(type)) return expr;
  if (type >= FIRST_USER_OID) {
    const domain = state.types.typeByOid(type);
    if (domain?.kind === 'd') return coerceToDomain(state, expr, domain, context, location);
  }
  if (expr.type === TypeOid.unknown) return coerceUnknown(state, expr, type, typmod);
  const path = coercionPath(state.types, expr.type, type, context);
  return path === undefined ? undefined : follow(state, expr, path, target, context, location);
}

/** To the base type with its modifier, then through the domain's checks. */
function coerceToDomain(
  state: BindState,
  expr: BoundExpr,
  domain: BuiltinType,
  context: CoercionContext,
  location: number | undefined,
): BoundExpr | undefined {
  let base = domain;
  while (base.kind === 'd') {
    const next = state.types.typeByOid(base.baseType);
    if (next === undefined || base.baseTypeModifier >= 0) break;
    base = next;
  }
  const target = { type: baseTypeOf(state.types, domain.oid), typmod: base.kind === 'd' ? base.baseTypeModifier : -1 };
  const arg = coerceTo(state, expr, target, context, location);
  if (arg === undefined) return undefined;
  return {
    kind: 'domain cast',
    arg,
    explicit: context === 'explicit',
    type: domain.oid,
    typmod: -1,
    ...collationOf(arg),
    ...at(location ?? expr.location),
  };
}

/** What has no type yet takes any. */
function coerceUnknown(state: BindState, expr: BoundExpr, type: Oid, typmod: number): BoundExpr {
  switch (expr.kind) {
    case 'const':
      return readLiteral(state, expr, type, typmod);
    case 'param': {
      if (expr.source === 'param') return state.parameters.decide(expr, type);
      return state.lifted.decide(expr, type, baseTypeOf(state.types, type) === TypeOid.interval ? typmod : -1);
    }
    case 'relabel':
      // COLLATE on an untyped literal.
      return { ...expr, arg: coerceUnknown(state, expr.arg, type, typmod), type };
    default:
      return { kind: 'io cast', arg: expr, explicit: false, type, typmod: -1, ...at(expr.location) };
  }
}

function follow(
  state: BindState,
  expr: BoundExpr,
  path: CoercionPath,
  target: TargetType,
  context: CoercionContext,
  location: number | undefined,
): BoundExpr | undefined {
  const explicit = context === 'explicit';
  const where = at(location ?? expr.location);
  const { type } = target;
  switch (path.kind) {
    case 'none':
    case 'literal':
      return expr;
    case 'relabel':
      return { kind: 'relabel', arg: expr, explicit, type, typmod: -1, ...collationOf(expr), ...where };
    case 'io':
      return { kind: 'io cast', arg: expr, explicit, type, typmod: -1, ...where };
    case 'function':
      return castCall(state, expr, path.proc, target, explicit, location);
    case 'array':
      return castArray(state, expr, path.element, target, context, location);
    case 'row':
      return castRow(state, expr, type, context, location);
  }
}

/** A change of type that isn't one of value keeps what comparisons go by. */
function collationOf(expr: BoundExpr): { readonly collation?: Oid } {
  return expr.collation === undefined ? {} : { collation: expr.collation };
}

function castCall(
  state: BindState,
  expr: BoundExpr,
  procOid: Oid,
  target: TargetType,
  explicit: boolean,
  location: number | undefined,
): BoundExpr {
  const proc = state.procByOid(procOid);
  assert(proc !== undefined, 'a cast has its function');
  requireExecute(state, proc);
  const args: BoundExpr[] = [expr];
  const source = proc.argTypes[0];
  // varchar's casts to name and the like are declared on text.
  if (source !== undefined && source !== expr.type) {
    const relabeled = coerceType(state, expr, { type: source, typmod: -1 }, 'implicit');
    if (relabeled !== undefined) args[0] = relabeled;
  }
  if (proc.argTypes.length > 1) args.push(constNode(TypeOid.int4, -1, target.typmod));
  if (proc.argTypes.length > 2) args.push(booleanNode(explicit));
  const call: BoundExpr = {
    kind: 'call',
    proc: proc.oid,
    source: proc.source,
    name: proc.name,
    args,
    strict: proc.strict,
    volatility: proc.volatility,
    returnsSet: false,
    cast: explicit ? 'explicit' : 'implicit',
    type: proc.returnType,
    typmod: proc.argTypes.length > 1 ? target.typmod : -1,
    ...at(location ?? expr.location),
  };
  return call.type === target.type ? call : { kind: 'relabel', arg: call, explicit, type: target.type, typmod: call.typmod };
}

function castArray(
  state: BindState,
  expr: BoundExpr,
  element: CoercionPath,
  target: TargetType,
  context: CoercionContext,
  location: number | undefined,
): BoundExpr | undefined {
  const explicit = context === 'explicit';
  const from = elementTypeOf(state.types, baseTypeOf(state.types, expr.type));
  const to = elementTypeOf(state.types, baseTypeOf(state.types, target.type));
  // ARRAY[…] is cast element by element where it is written, as PostgreSQL does, so that its elements show errors and fold.
  const isDomain = kindOf(state.types, to) === 'd';
  if (element.kind === 'relabel' && target.typmod < 0 && !isDomain) {
    return { kind: 'relabel', arg: expr, explicit, type: target.type, typmod: -1, ...at(location ?? expr.location) };
  }
  const slot = state.newSlot();
  const placeholder: BoundExpr = { kind: 'placeholder', slot, type: from, typmod: -1 };
  const cast = isDomain
    ? coerceType(state, placeholder, { type: to, typmod: -1 }, context, location)
    : follow(state, placeholder, element, { type: to, typmod: target.typmod }, context, location);
  if (cast === undefined) return undefined;
  const fitted = coerceTypmod(state, cast, { type: to, typmod: target.typmod }, explicit);
  return {
    kind: 'array cast',
    arg: expr,
    slot,
    element: fitted,
    ...(explicit ? { explicit } : {}),
    type: target.type,
    typmod: target.typmod,
    ...at(location ?? expr.location),
  };
}

/** Between records and composite types: column by column where the columns are known. */
function castRow(
  state: BindState,
  expr: BoundExpr,
  type: Oid,
  context: CoercionContext,
  location: number | undefined,
): BoundExpr | undefined {
  if (type === TypeOid.record || type === ArrayOid.record) {
    return { kind: 'relabel', arg: expr, explicit: context === 'explicit', type, typmod: -1 };
  }
  const relation = state.types.relationOf(baseTypeOf(state.types, type));
  if (relation === undefined || !('columns' in relation) || relation.kind === 'index') throw notSupported('a cast between row types');
  const fields = expr.kind === 'row' ? expr.fields : expr.kind === 'whole row' ? expr.columns : computedFields(state, expr);
  if (fields === undefined) return undefined;
  const columns = relation.columns.filter((column) => column.dropped !== true);
  const refuse = (detail: string) =>
    errorAt(SqlState.cannotCoerce, `cannot cast type record to ${state.typeName(type)}`, location ?? expr.location, { detail });
  if (fields.length < columns.length) throw refuse('Input has too few columns.');
  if (fields.length > columns.length) throw refuse('Input has too many columns.');
  const cast = fields.map((field, i) => {
    const column = columns[i];
    assert(column !== undefined, 'as many fields as columns');
    const result = coerceTo(state, field, column, context, location);
    if (result === undefined) {
      throw refuse(`Cannot cast type ${state.typeName(field.type)} to ${state.typeName(column.type)} in column ${i + 1}.`);
    }
    return result;
  });
  return { kind: 'row', fields: cast, names: columns.map((column) => column.name), type, typmod: -1, ...at(expr.location) };
}

/** The fields of a row that only its value has. */
function computedFields(state: BindState, expr: BoundExpr): readonly BoundExpr[] | undefined {
  return outputFields(state, expr)?.map(({ name, type, typmod }, index) => ({ kind: 'field', arg: expr, index, name, type, typmod }));
}

/** Fits a value of the type to its modifier, unless it is known to fit. */
export function coerceTypmod(state: BindState, expr: BoundExpr, target: TargetType, explicit: boolean): BoundExpr {
  const { type, typmod } = target;
  if (typmod < 0 || typmod === expr.typmod || typmodCoercion(state.types, baseTypeOf(state.types, type)) === undefined) return expr;
  return { kind: 'typmod cast', arg: expr, explicit, type, typmod, ...collationOf(expr), ...at(expr.location) };
}

/** @param construct "WHERE", "AND" … @throws SqlError 42804 */
export function coerceToBoolean(state: BindState, expr: BoundExpr, construct: string): BoundExpr {
  if (expr.type !== TypeOid.bool) {
    const result = coerceTo(state, expr, { type: TypeOid.bool, typmod: -1 }, 'assignment');
    if (result === undefined) throw wrongArgument(state, expr, construct, 'boolean');
    return result;
  }
  if (expr.kind === 'call' && expr.returnsSet) throw setError(expr, construct);
  return expr;
}

/** For LIMIT and the like. @throws SqlError 42804 */
export function coerceToSpecific(state: BindState, expr: BoundExpr, type: Oid, construct: string): BoundExpr {
  const result = coerceTo(state, expr, { type, typmod: -1 }, 'assignment');
  if (result === undefined) throw wrongArgument(state, expr, construct, state.typeName(type));
  if (result.kind === 'call' && result.returnsSet) throw setError(expr, construct);
  return result;
}

function setError(expr: BoundExpr, construct: string) {
  return errorAt(SqlState.datatypeMismatch, `argument of ${construct} must not return a set`, startOf(expr));
}

/** A cast that the user wrote. @throws SqlError 42846 */
export function coerceExplicitly(state: BindState, expr: BoundExpr, target: TargetType, location: number | undefined): BoundExpr {
  const result = coerceTo(state, expr, target, 'explicit', location);
  if (result === undefined) throw cannotCast(state, expr.type, target.type, location);
  // A cast to the type without a modifier takes the modifier away.
  if (result === expr && target.typmod < 0 && expr.typmod >= 0)
    return { kind: 'relabel', arg: expr, explicit: true, type: expr.type, typmod: -1, ...collationOf(expr), ...at(location) };
  return result;
}

/** An argument of a function or operator, to a type that resolution has found reachable. */
export function coerceArgument(state: BindState, expr: BoundExpr, type: Oid): BoundExpr {
  const result = coerceType(state, expr, { type, typmod: -1 }, 'implicit');
  if (result === undefined) throw cannotCast(state, expr.type, type, startOf(expr));
  return result;
}

/** The value of a column: of INSERT, UPDATE, or a default. @throws SqlError 42804 */
export function coerceToColumn(
  state: BindState,
  expr: BoundExpr,
  column: {
    readonly name: string;
    readonly type: Oid;
    readonly typmod: number;
    readonly part?: { readonly location: number | undefined; readonly field?: string };
  },
): BoundExpr {
  const result = coerceTo(state, expr, column, 'assignment');
  if (result !== undefined) return result;
  throw errorAt(
    SqlState.datatypeMismatch,
    column.part === undefined
      ? `column "${column.name}" is of type ${state.typeName(column.type)} but expression is of type ${state.typeName(expr.type)}`
      : column.part.field !== undefined
        ? `subfield "${column.part.field}" is of type ${state.typeName(column.type)} but expression is of type ${state.typeName(expr.type)}`
        : `subscripted assignment to "${column.name}" requires type ${state.typeName(column.type)} but expression is of type ${state.typeName(expr.type)}`,
    column.part === undefined ? startOf(expr) : column.part.location,
    { hint: 'You will need to rewrite or cast the expression.' },
  );
}

/** The value of a parameter of EXECUTE. @throws SqlError 42804 */
export function coerceToParameter(state: BindState, expr: BoundExpr, target: TargetType & { readonly name: string }): BoundExpr {
  const result = coerceTo(state, expr, target, 'assignment');
  if (result !== undefined) return result;
  throw errorAt(
    SqlState.datatypeMismatch,
    `parameter ${target.name} of type ${state.typeName(expr.type)} cannot be coerced to the expected type ${state.typeName(target.type)}`,
    startOf(expr),
    { hint: 'You will need to rewrite or cast the expression.' },
  );
}

/** What is still untyped when nobody else has decided is text. */
export function resolveUnknown(state: BindState, expr: BoundExpr): BoundExpr {
  return expr.type === TypeOid.unknown ? coerceUnknown(state, expr, TypeOid.text, -1) : expr;
}
