import { baseTypeOf, elementTypeOf } from '../../../catalog/builtin/index.js';
import type { ColumnDescriptor } from '../../../catalog/descriptors.js';
import type { Oid } from '../../../commons/ids.js';
import { notSupported } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { TypeOid } from '../../../types/oids.js';
import type { Expr, Indirection } from '../../parse/ast.js';
import { coerceTo, coerceType } from '../coerce.js';
import { errorAt, locationOf } from '../errors.js';
import type { BoundCall, BoundExpr } from '../expression.js';
import { constNode } from '../nodes.js';
import type { Scope } from '../scope/scope.js';
import { startOf } from '../tree/walk.js';

/**
 * A part of a column as the target of an assignment: `a[1]`, `a[1:2]`, `doc['k'][0]`. The column gets what a call makes of its old value,
 * the subscripts and the new part, so that nothing beyond the binder has to know of parts.
 */
export interface AssignedPart {
  readonly source: keyof typeof NAMES;
  /** Of the value that is assigned. */
  readonly type: Oid;
  readonly typmod: number;
  /** One for each subscript; for slices two, with '' where a bound is left out. */
  readonly subscripts: readonly BoundExpr[];
  readonly location: number | undefined;
}

/** The executor's functions; nobody can call them by name. */
const NAMES = { assign_array_element: 'array element', assign_array_slice: 'array slice', assign_jsonb_element: 'jsonb element' } as const;

/** A column as it is written to: whole, or a part of it; the type is that of what is assigned. */
export type AssignedColumn = ColumnDescriptor & { readonly part?: AssignedPart };

/** @throws SqlError 42804, 0A000 */
export function assignedColumn(
  scope: Scope,
  column: ColumnDescriptor,
  indirection: readonly Indirection[] | undefined,
  location: number | undefined,
): AssignedColumn {
  if (indirection === undefined) return column;
  const part = bindPart(scope, column, indirection, location);
  return { ...column, type: part.type, typmod: part.typmod, part };
}

function bindPart(scope: Scope, column: ColumnDescriptor, indirection: readonly Indirection[], location: number | undefined): AssignedPart {
  const { types } = scope.state;
  const container = baseTypeOf(types, column.type);
  const steps = indirection.map((step) => {
    if ('field' in step) throw notSupported('assignment to a field of a column', { position: location });
    return step;
  });
  if (container === TypeOid.jsonb) {
    const subscripts = steps.map((step) => jsonbSubscript(scope, step, location));
    return { source: 'assign_jsonb_element', type: TypeOid.jsonb, typmod: -1, subscripts, location };
  }
  const element = elementTypeOf(types, container);
  if (element === 0 || types.typeByOid(container)?.isArray !== true) {
    const name = scope.state.typeName(column.type);
    throw errorAt(SqlState.datatypeMismatch, `cannot subscript type ${name} because it does not support subscripting`, location);
  }
  if (steps.every((step) => 'index' in step)) {
    const subscripts = steps.map((step) => integerSubscript(scope, step.index));
    return { source: 'assign_array_element', type: element, typmod: column.typmod, subscripts, location };
  }
  // Within a slice, a plain subscript i means 1:i.
  const subscripts = steps.flatMap((step) =>
    'index' in step
      ? [constNode(TypeOid.int4, -1, 1), integerSubscript(scope, step.index)]
      : [bound(scope, step.lower), bound(scope, step.upper)],
  );
  return { source: 'assign_array_slice', type: container, typmod: column.typmod, subscripts, location };
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

/** The column's new value: its old one with the part changed. */
export function withPart(column: ColumnDescriptor, part: AssignedPart, old: BoundExpr, value: BoundExpr): BoundCall {
  return {
    kind: 'call',
    proc: 0,
    source: part.source,
    name: NAMES[part.source],
    args: [old, value, ...part.subscripts],
    strict: false,
    volatility: 'i',
    returnsSet: false,
    type: column.type,
    typmod: column.typmod,
    ...(column.collation === undefined ? {} : { collation: column.collation }),
  };
}
