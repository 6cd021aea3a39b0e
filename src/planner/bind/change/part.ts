import { baseTypeOf, elementTypeOf, fixedPartTypeOf } from '../../../catalog/builtin/index.js';
import type { ColumnDescriptor } from '../../../catalog/descriptors.js';
import type { Oid } from '../../../commons/ids.js';
import { notSupported, type SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { TypeOid } from '../../../types/oids.js';
import type { Expr, Indirection } from '../../parse/ast.js';
import { fixedSlice } from '../bind-expression/arrays.js';
import { coerceTo, coerceType } from '../coerce.js';
import { errorAt, locationOf } from '../errors.js';
import type { BoundCall, BoundExpr } from '../expression.js';
import { constNode } from '../nodes.js';
import { fieldsOfType } from '../row-type.js';
import type { Scope } from '../scope/scope.js';
import { startOf } from '../tree/walk.js';

/**
 * A part of a column as the target of an assignment: `a[1]`, `a[1:2]`, `doc['k'][0]`, `c.f`, `a[1].f`. The column gets what calls make of its
 * old value, the subscripts and the new part, so that nothing beyond the binder has to know of parts.
 */
export interface AssignedPart {
  readonly steps: readonly Step[];
  /** Of the value that is assigned. */
  readonly type: Oid;
  readonly typmod: number;
  /** The last step is a field of that name. */
  readonly field?: string;
  readonly location: number | undefined;
}

/** One step into a value: the subscripts of an array (or jsonb) at once, or a field of a row. */
interface Step {
  readonly source: keyof typeof NAMES;
  /** The type of what is stepped into, perhaps a domain. */
  readonly container: Oid;
  /** The type of the part. */
  readonly type: Oid;
  readonly typmod: number;
  /** One for each subscript; for slices two, with '' where a bound is left out; a field's index. */
  readonly subscripts: readonly BoundExpr[];
}

/** The executor's functions; nobody can call them by name. */
const NAMES = {
  assign_array_element: 'array element',
  assign_array_slice: 'array slice',
  assign_fixed_element: 'array element',
  assign_jsonb_element: 'jsonb element',
  assign_record_field: 'record field',
} as const;

/** A column as it is written to: whole, or a part of it; the type is that of what is assigned. */
export type AssignedColumn = ColumnDescriptor & { readonly part?: AssignedPart };

/** @throws SqlError 42804, 42703 */
export function assignedColumn(
  scope: Scope,
  column: ColumnDescriptor,
  indirection: readonly Indirection[] | undefined,
  location: number | undefined,
): AssignedColumn {
  if (indirection === undefined) return column;
  const steps: Step[] = [];
  let { type, typmod } = column;
  for (let at = 0; at < indirection.length; ) {
    const taken = takeStep(scope, column, type, typmod, indirection.slice(at), location);
    steps.push(taken.step);
    at += taken.count;
    ({ type, typmod } = taken.step);
  }
  const last = indirection.at(-1);
  const field = last !== undefined && 'field' in last ? { field: last.field } : {};
  return { ...column, type, typmod, part: { steps, type, typmod, location, ...field } };
}

interface Taken {
  readonly step: Step;
  /** How many of the written steps it is. */
  readonly count: number;
}

function takeStep(
  scope: Scope,
  column: ColumnDescriptor,
  container: Oid,
  typmod: number,
  written: readonly Indirection[],
  location: number | undefined,
): Taken {
  const { types } = scope.state;
  const base = baseTypeOf(types, container);
  const baseTypmod = base === container ? typmod : domainTypmod(scope, container);
  const [first] = written;
  if (first !== undefined && 'field' in first) return { step: fieldStep(scope, column, container, first.field, location), count: 1 };
  const end = written.findIndex((step) => 'field' in step);
  const subscripts = written.slice(0, end < 0 ? written.length : end).flatMap((step) => ('field' in step ? [] : [step]));
  const count = subscripts.length;
  if (base === TypeOid.jsonb) {
    const keys = subscripts.map((step) => jsonbSubscript(scope, step, location));
    return { step: { source: 'assign_jsonb_element', container, type: TypeOid.jsonb, typmod: -1, subscripts: keys }, count };
  }
  const fixed = fixedPartTypeOf(types, base);
  if (fixed !== 0) {
    const places = subscripts.map((step) => {
      if (!('index' in step)) throw fixedSlice();
      return integerSubscript(scope, step.index);
    });
    return { step: { source: 'assign_fixed_element', container, type: fixed, typmod: -1, subscripts: places }, count };
  }
  const element = elementTypeOf(types, base);
  if (element === 0 || types.typeByOid(base)?.isArray !== true) {
    const name = scope.state.typeName(container);
    throw errorAt(SqlState.datatypeMismatch, `cannot subscript type ${name} because it does not support subscripting`, location);
  }
  if (subscripts.every((step) => 'index' in step)) {
    const places = subscripts.map((step) => integerSubscript(scope, step.index));
    return { step: { source: 'assign_array_element', container, type: element, typmod: baseTypmod, subscripts: places }, count };
  }
  // Within a slice, a plain subscript i means 1:i.
  const bounds = subscripts.flatMap((step) =>
    'index' in step
      ? [constNode(TypeOid.int4, -1, 1), integerSubscript(scope, step.index)]
      : [bound(scope, step.lower), bound(scope, step.upper)],
  );
  return { step: { source: 'assign_array_slice', container, type: base, typmod: baseTypmod, subscripts: bounds }, count };
}

function domainTypmod(scope: Scope, oid: Oid): number {
  for (let type = scope.state.types.typeByOid(oid); type?.kind === 'd'; type = scope.state.types.typeByOid(type.baseType)) {
    if (type.baseTypeModifier >= 0) return type.baseTypeModifier;
  }
  return -1;
}

function fieldStep(scope: Scope, column: ColumnDescriptor, container: Oid, name: string, location: number | undefined): Step {
  const fields = fieldsOfType(scope.state, container);
  const what = `cannot assign to field "${name}" of column "${column.name}"`;
  const type = scope.state.typeName(container);
  if (fields === undefined) {
    throw errorAt(SqlState.datatypeMismatch, `${what} because its type ${type} is not a composite type`, location);
  }
  const index = fields.findIndex((field) => field.name === name);
  const field = fields[index];
  if (field === undefined) {
    throw errorAt(SqlState.undefinedColumn, `${what} because there is no such column in data type ${type}`, location);
  }
  return {
    source: 'assign_record_field',
    container,
    type: field.type,
    typmod: field.typmod,
    subscripts: [constNode(TypeOid.int4, -1, index)],
  };
}

function bound(scope: Scope, node: Expr | undefined): BoundExpr {
  return node === undefined ? constNode(TypeOid.text, -1, '') : integerSubscript(scope, node);
}

function integerSubscript(scope: Scope, node: Expr): BoundExpr {
  const expr = scope.bindIn('UPDATE', node);
  const result = coerceTo(scope.state, expr, { type: TypeOid.int4, typmod: -1 }, 'assignment');
  if (result === undefined) throw errorAt(SqlState.datatypeMismatch, 'array subscript must have type integer', startOf(expr));
  return result;
}

function jsonbSubscript(scope: Scope, step: Exclude<Indirection, { readonly field: string }>, location: number | undefined): BoundExpr {
  if (!('index' in step)) {
    const written = step.upper ?? step.lower;
    throw errorAt(
      SqlState.datatypeMismatch,
      'jsonb subscript does not support slices',
      written === undefined ? location : locationOf(written),
    );
  }
  const { state } = scope;
  const expr = scope.bindIn('UPDATE', step.index);
  const isInteger = expr.type === TypeOid.int2 || expr.type === TypeOid.int4 || expr.type === TypeOid.int8;
  const result = coerceType(state, expr, { type: isInteger ? TypeOid.int4 : TypeOid.text, typmod: -1 }, 'assignment');
  if (result !== undefined) return result;
  throw errorAt(SqlState.datatypeMismatch, `subscript type ${state.typeName(expr.type)} is not supported`, startOf(expr), {
    hint: 'jsonb subscript must be coercible to either integer or text.',
  });
}

/** A part has no default. */
export function defaultOfPart({ steps, location }: AssignedPart): SqlError {
  const what = steps[0]?.source === 'assign_record_field' ? 'a subfield' : 'an array element';
  return errorAt(SqlState.featureNotSupported, `cannot set ${what} to DEFAULT`, location);
}

/** The column's new value: its old one with the part changed. A domain is checked when all parts are in place. */
export function withPart(scope: Scope, column: ColumnDescriptor, part: AssignedPart, old: BoundExpr, value: BoundExpr): BoundExpr {
  const whole = old.kind === 'domain cast' && isPartAssignment(old) ? old.arg : old;
  const expr = assign(scope, part.steps, whole, value);
  return column.collation === undefined ? expr : { ...expr, collation: column.collation };
}

/** Is it a column's value with some parts assigned already? */
export function isPartAssignment(expr: BoundExpr): boolean {
  if (expr.kind === 'domain cast') return isPartAssignment(expr.arg);
  return expr.kind === 'call' && expr.proc === 0;
}

function assign(scope: Scope, steps: readonly Step[], old: BoundExpr, value: BoundExpr): BoundExpr {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  const part = rest.length === 0 ? value : assign(scope, rest, partOf(step, old), value);
  const base = baseTypeOf(scope.state.types, step.container);
  const call: BoundCall = {
    kind: 'call',
    proc: 0,
    source: step.source,
    name: NAMES[step.source],
    args: [old, part, ...step.subscripts],
    strict: false,
    volatility: 'i',
    returnsSet: false,
    type: base,
    typmod: -1,
  };
  const { container } = step;
  return base === container ? call : { kind: 'domain cast', arg: call, explicit: false, type: container, typmod: -1 };
}

/** What is there before the assignment. */
function partOf(step: Step, old: BoundExpr): BoundExpr {
  const { type, typmod } = step;
  if (step.source === 'assign_record_field') {
    const [index] = step.subscripts;
    return {
      kind: 'field',
      arg: old,
      index: index?.kind === 'const' && typeof index.value === 'number' ? index.value : 0,
      name: '',
      type,
      typmod,
    };
  }
  if (step.source !== 'assign_array_element' && step.source !== 'assign_fixed_element')
    throw notSupported('assignment to a part of a slice or of a jsonb value');
  return {
    kind: 'subscript',
    container: 'array',
    arg: old,
    slice: false,
    subscripts: step.subscripts.map((upper) => ({ upper })),
    type,
    typmod,
  };
}
