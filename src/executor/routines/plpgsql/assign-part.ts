import { typeRecord } from '../../../catalog/made-types.js';
import { assert } from '../../../commons/assert.js';
import type { Oid } from '../../../commons/ids.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { typeNameIn } from '../../../planner/bind/bind.js';
import type { Expr, Indirection } from '../../../planner/parse/ast.js';
import type { SqlText } from '../../../planner/parse/plpgsql/ast.js';
import { checkMade } from '../../../types/array/operations.js';
import { arrayAssignElement, arrayAssignSlice, arrayElement } from '../../../types/array/subscripts.js';
import { type JsonSubscript, jsonbAssign } from '../../../types/json/assign.js';
import { elementOidOf, TypeOid } from '../../../types/oids.js';
import { Jsonb, SqlArray, SqlRecord, type SqlValue } from '../../../types/value.js';
import type { Waiting } from '../../waiting.js';
import type { Activation } from './activation.js';
import { heldBy } from './assign.js';
import { baseTypeIn } from './declared-types.js';
import { Expression, LATER } from './expression.js';
import { shapeOfType } from './shape.js';

/** Subscripts as expressions of their own, a field's name, in the order written. */
type PartStep = { readonly field: string } | { readonly index: Expression } | { readonly lower?: Expression; readonly upper?: Expression };
type GivenStep = { readonly field: string } | { readonly index: SqlValue } | { readonly lower?: SqlValue; readonly upper?: SqlValue };

/** A variable's new value. */
export interface AssignedPart {
  readonly value: SqlValue;
  readonly type: Oid;
}

/** `variable[…].field := value`: what is assigned to within a variable. */
export class PartTarget {
  readonly #steps: readonly PartStep[];

  /** @param type of the variable */
  constructor(steps: readonly Indirection[], sql: SqlText, shift: number, type: Oid) {
    const target = type === TypeOid.jsonb ? undefined : SUBSCRIPT;
    const expression = (expr: Expr): Expression => Expression.ofTree(expr, sql, shift, target);
    this.#steps = steps.map((step): PartStep => {
      if ('field' in step) return step;
      if ('index' in step) return { index: expression(step.index) };
      return {
        ...(step.lower === undefined ? {} : { lower: expression(step.lower) }),
        ...(step.upper === undefined ? {} : { upper: expression(step.upper) }),
      };
    });
  }

  /** @returns the variable's new value; undefined: it has been assigned to already */
  *assigned(a: Activation, variable: number, value: SqlValue, type: Oid, typmod: number): Waiting<AssignedPart | undefined> {
    const given: GivenStep[] = [];
    for (const step of this.#steps) {
      if ('field' in step) given.push(step);
      else if ('index' in step) given.push({ index: yield* subscript(step.index, a) });
      else {
        given.push({
          ...(step.lower === undefined ? {} : { lower: yield* subscript(step.lower, a) }),
          ...(step.upper === undefined ? {} : { upper: yield* subscript(step.upper, a) }),
        });
      }
    }
    if (assignInPlace(a, variable, given, value, type, typmod)) return undefined;
    const held = heldBy(a, variable);
    return {
      value: assignWithin(a, held.value, held.type, held.typmod, given, { value, type, typmod }),
      type: baseTypeIn(a.compile.catalog, held.type),
    };
  }
}

/** One element of an array of one dimension: without a copy of all others each time. */
function assignInPlace(a: Activation, variable: number, given: readonly GivenStep[], value: SqlValue, type: Oid, typmod: number): boolean {
  const [step, second] = given;
  const current = a.slots[variable];
  if (step === undefined || second !== undefined || !('index' in step) || typeof step.index !== 'number') return false;
  if (!(current instanceof SqlArray) || current.dimensions.length !== 1) return false;
  const datum = a.body.datum(variable);
  const element = datum.kind === 'scalar' ? elementOidOf(datum.type.oid) : undefined;
  if (datum.kind !== 'scalar' || element === undefined) return false;
  const lower = current.lowerBounds[0] ?? 1;
  const place = step.index - lower;
  const length = current.elements.length;
  if (place < 0 || place > length) return false;
  const cast = a.casts.cast(value, type, typmod, element, datum.type.typmod);
  const owned = a.owned(variable);
  const elements = owned?.array === current ? owned.elements : [...current.elements];
  if (place < length) {
    elements[place] = cast;
    if (owned?.array !== current) a.own(variable, { array: new SqlArray(elements, [length], [lower]), elements });
    return true;
  }
  checkMade(length + 1);
  elements.push(cast);
  a.own(variable, { array: new SqlArray(elements, [length + 1], [lower]), elements });
  return true;
}

function* subscript(expression: Expression, a: Activation): Waiting<SqlValue> {
  const now = expression.evaluate(a);
  const value = now === LATER ? yield* expression.later(a) : now;
  return typeof value === 'string' ? value : a.casts.cast(value, expression.type, expression.typmod, TypeOid.int4, -1);
}

const SUBSCRIPT = { oid: TypeOid.int4, typmod: -1 };

/** The type of what is assigned to; undefined: it can't be told, or there is no such part. */
export function typeOfPart(a: Activation, type: Oid, steps: readonly Indirection[]): Oid | undefined {
  const [first] = steps;
  if (first === undefined) return type;
  const { catalog } = a.compile;
  const base = baseTypeIn(catalog, type);
  if ('field' in first) {
    const shape = shapeOfType(catalog, base);
    const field = shape?.types[shape.indexOf(first.field)];
    return field === undefined ? undefined : typeOfPart(a, field, steps.slice(1));
  }
  if (base === TypeOid.jsonb) return base;
  const end = steps.findIndex((step) => 'field' in step);
  const subscripts = end < 0 ? steps : steps.slice(0, end);
  const record = typeRecord(catalog, base);
  if (record?.isArray !== true) return undefined;
  if (!subscripts.every((step) => 'index' in step)) return base;
  return end < 0 ? record.element : typeOfPart(a, record.element, steps.slice(end));
}

interface New {
  readonly value: SqlValue;
  readonly type: Oid;
  readonly typmod: number;
}

function assignWithin(a: Activation, old: SqlValue, type: Oid, typmod: number, steps: readonly GivenStep[], to: New): SqlValue {
  const [first] = steps;
  if (first === undefined) return a.casts.cast(to.value, to.type, to.typmod, type, typmod);
  const { catalog, planner } = a.compile;
  const base = baseTypeIn(catalog, type);
  if ('field' in first) {
    const shape = shapeOfType(catalog, base);
    const index = shape?.indexOf(first.field) ?? -1;
    if (shape === undefined || index < 0) {
      const message =
        shape === undefined
          ? `cannot assign to field "${first.field}" of column "" because its type ${typeNameIn(type, planner)} is not a composite type`
          : `cannot assign to field "${first.field}" of column "" because there is no such column in data type ${typeNameIn(type, planner)}`;
      throw new SqlError(shape === undefined ? SqlState.datatypeMismatch : SqlState.undefinedColumn, message);
    }
    const record = old instanceof SqlRecord ? old : undefined;
    const part = assignWithin(a, record?.values[index] ?? null, shape.types[index] ?? 0, shape.typmods[index] ?? -1, steps.slice(1), to);
    const values = shape.types.map((_, i) => (i === index ? part : (record?.values[i] ?? null)));
    return new SqlRecord(values, shape.types, shape.names);
  }
  const end = steps.findIndex((step) => 'field' in step);
  const subscripts = (end < 0 ? steps : steps.slice(0, end)).flatMap((step) => ('field' in step ? [] : [step]));
  const rest = end < 0 ? [] : steps.slice(end);
  if (base === TypeOid.jsonb) return assignJsonb(a, old, subscripts, to);
  const element = typeRecord(catalog, base)?.isArray === true ? (elementOidOf(base) ?? typeRecord(catalog, base)?.element ?? 0) : 0;
  if (element === 0) {
    throw new SqlError(
      SqlState.datatypeMismatch,
      `cannot subscript type ${typeNameIn(type, planner)} because it does not support subscripting`,
      { position: 0 },
    );
  }
  const array = old instanceof SqlArray ? old : new SqlArray([]);
  if (subscripts.every((step) => 'index' in step)) {
    const places = subscripts.map((step) => requireSubscript('index' in step ? step.index : null));
    // Assigning NULL to a fixed place of what is NULL is as for any array.
    const before = rest.length === 0 ? null : arrayElement(array, places);
    return arrayAssignElement(array, places, assignWithin(a, before, element, typmod, rest, to));
  }
  const lower: (number | undefined)[] = [];
  const upper: (number | undefined)[] = [];
  for (const step of subscripts) {
    if ('index' in step) {
      lower.push(1);
      upper.push(requireSubscript(step.index));
    } else {
      lower.push(step.lower === undefined ? undefined : requireSubscript(step.lower));
      upper.push(step.upper === undefined ? undefined : requireSubscript(step.upper));
    }
  }
  const source = a.casts.cast(to.value, to.type, to.typmod, base, typmod);
  return source instanceof SqlArray ? arrayAssignSlice(array, lower, upper, source) : old;
}

function requireSubscript(value: SqlValue): number {
  if (typeof value === 'number') return value;
  assert(value === null || typeof value === 'string', 'a subscript is an integer');
  throw new SqlError(SqlState.nullValueNotAllowed, 'array subscript in assignment must not be null');
}

function assignJsonb(a: Activation, old: SqlValue, subscripts: readonly Exclude<GivenStep, { field: string }>[], to: New): SqlValue {
  const path = subscripts.map((step): JsonSubscript => {
    const index = 'index' in step ? step.index : null;
    if (typeof index === 'number' || typeof index === 'string') return index;
    throw new SqlError(SqlState.nullValueNotAllowed, 'jsonb subscript in assignment must not be null');
  });
  const value = a.casts.cast(to.value, to.type, to.typmod, TypeOid.jsonb, -1);
  return jsonbAssign(old instanceof Jsonb ? old : null, path, value instanceof Jsonb ? value.node : null);
}
