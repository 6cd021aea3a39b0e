import { arrayTypeOf, baseTypeOf, elementTypeOf, fixedPartTypeOf } from '../../../catalog/builtin/index.js';
import { assert } from '../../../commons/assert.js';
import type { Oid } from '../../../commons/ids.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { TypeOid } from '../../../types/oids.js';
import type { Expr, ExprArray, ExprArrayIndex } from '../../parse/ast.js';
import { makeCall } from '../call/make-call.js';
import { makeOperator } from '../call/operator.js';
import { coerceArgument, coerceExplicitly, coerceTo, coerceType, type TargetType } from '../coerce.js';
import { cannotCast } from '../coerce-errors.js';
import { coerceToCommon, commonType, commonTypmod } from '../common-type.js';
import { at, errorAt, locationOf } from '../errors.js';
import type { BoundExpr, BoundSubscript } from '../expression.js';
import { constNode } from '../nodes.js';
import type { Scope } from '../scope/scope.js';
import { startOf } from '../tree/walk.js';

/** PostgreSQL's MAXDIM. */
const MAX_DIMENSIONS = 6;

/** ARRAY[…]: its elements' common type. @throws SqlError 42P18 for an empty one */
export function bindArray(scope: Scope, node: ExprArray): BoundExpr {
  const { state } = scope;
  const location = locationOf(node);
  if (node.expressions.length === 0) {
    throw errorAt(SqlState.indeterminateDatatype, 'cannot determine type of empty array', location, {
      hint: 'Explicitly cast to the desired type, for example ARRAY[]::integer[].',
    });
  }
  const elements = node.expressions.map((element) => scope.bind(element));
  const nested = isNested(scope, node.expressions, elements);
  const common = commonType(state, elements, 'ARRAY');
  const type = nested ? arrayOf(scope, common, location) : arrayTypeOf(state.types, common);
  if (type === 0) throw errorAt(SqlState.undefinedObject, `could not find array type for data type ${state.typeName(common)}`, location);
  const coerced = elements.map((element) => coerceToCommon(state, element, common, 'ARRAY'));
  const typmod = commonTypmod(coerced, common);
  return { kind: 'array', elements: coerced, nested, type, typmod, ...at(location) };
}

/** Elements that are arrays make an array of more dimensions. */
function isNested(scope: Scope, nodes: readonly Expr[], elements: readonly BoundExpr[]): boolean {
  const { types } = scope.state;
  return (
    nodes.some((node) => node.type === 'array') || elements.some(({ type }) => !isVector(type) && types.typeByOid(type)?.isArray === true)
  );
}

/** Their rules (one dimension, from 0, no NULLs) are not those of a part of an array: they are elements. */
export function isVector(type: Oid): boolean {
  return type === TypeOid.int2vector || type === TypeOid.oidvector;
}

function arrayOf(scope: Scope, type: Oid, location: number | undefined): Oid {
  if (elementTypeOf(scope.state.types, type) !== 0) return type;
  throw errorAt(SqlState.undefinedObject, `could not find element type for data type ${scope.state.typeName(type)}`, location);
}

/** ARRAY[…]::T[]: each element is cast, nested ones with their own. @throws SqlError 42846 */
export function bindArrayAs(scope: Scope, node: ExprArray, target: TargetType): BoundExpr {
  const { state } = scope;
  const elementTarget = { type: elementTypeOf(state.types, target.type), typmod: target.typmod };
  const elements = node.expressions.map((element) =>
    element.type === 'array' ? bindArrayAs(scope, element, target) : scope.bind(element),
  );
  const nested = isNested(scope, node.expressions, elements);
  const coerced = elements.map((element) => {
    const wanted = nested ? target : elementTarget;
    const result = coerceTo(state, element, wanted, 'explicit', startOf(element));
    if (result === undefined) throw cannotCast(state, element.type, wanted.type, startOf(element));
    return result;
  });
  return { kind: 'array', elements: coerced, nested, type: target.type, typmod: target.typmod, ...at(locationOf(node)) };
}

/** a[i], a[i][j], a[lo:hi], j['key']: one node for all subscripts that follow each other. */
export function bindSubscript(scope: Scope, node: ExprArrayIndex): BoundExpr {
  const { state } = scope;
  const chain: ExprArrayIndex[] = [];
  let base: Expr = node;
  while (base.type === 'arrayIndex') {
    chain.unshift(base);
    const { apart } = base;
    base = base.array;
    if (apart) break;
  }
  const written = scope.bind(base);
  const container = baseTypeOf(state.types, written.type);
  const arg = container === written.type ? written : (coerceType(state, written, { type: container, typmod: -1 }, 'implicit') ?? written);
  if (container === TypeOid.jsonb) return jsonbSubscript(scope, arg, chain, locationOf(node));
  if (container === TypeOid.name) return nameSubscript(scope, arg, chain, locationOf(node));
  const fixed = fixedPartTypeOf(state.types, container);
  const element = fixed === 0 ? elementTypeOf(state.types, container) : fixed;
  if (element === 0) {
    throw errorAt(
      SqlState.datatypeMismatch,
      `cannot subscript type ${state.typeName(written.type)} because it does not support subscripting`,
      startOf(written),
    );
  }
  if (chain.length > MAX_DIMENSIONS) {
    const message = `number of array dimensions (${chain.length}) exceeds the maximum allowed (${MAX_DIMENSIONS})`;
    throw errorAt(SqlState.programLimitExceeded, message, undefined);
  }
  const slice = chain.some((step) => step.slice === true);
  if (slice && fixed !== 0) throw fixedSlice();
  const subscripts = chain.map((step) => arrayBounds(scope, step, slice));
  return {
    kind: 'subscript',
    container: 'array',
    arg,
    slice,
    subscripts,
    type: slice ? container : element,
    typmod: fixed === 0 ? arg.typmod : -1,
    ...(arg.collation === undefined ? {} : { collation: arg.collation }),
    ...at(locationOf(node)),
  };
}

/** Within a slice, a plain subscript i means 1:i. */
function arrayBounds(scope: Scope, step: ExprArrayIndex, slice: boolean): BoundSubscript['subscripts'][number] {
  const index = step.index === undefined ? undefined : integerSubscript(scope, step.index);
  if (!slice) {
    assert(index !== undefined, 'a subscript has an index');
    return { upper: index };
  }
  if (step.slice !== true) return { lower: constNode(TypeOid.int4, -1, 1), ...(index === undefined ? {} : { upper: index }) };
  const upper = step.upper === undefined ? undefined : integerSubscript(scope, step.upper);
  return { ...(index === undefined ? {} : { lower: index }), ...(upper === undefined ? {} : { upper }) };
}

function integerSubscript(scope: Scope, node: Expr): BoundExpr {
  const expr = scope.bind(node);
  const result = coerceTo(scope.state, expr, { type: TypeOid.int4, typmod: -1 }, 'assignment');
  if (result === undefined) throw errorAt(SqlState.datatypeMismatch, 'array subscript must have type integer', startOf(expr));
  return result;
}

export function fixedSlice(): SqlError {
  return new SqlError(SqlState.featureNotSupported, 'slices of fixed-length arrays not implemented');
}

/** typname[0]: a letter of a name, counted from 0. */
function nameSubscript(scope: Scope, arg: BoundExpr, chain: readonly ExprArrayIndex[], location: number | undefined): BoundExpr {
  const { state } = scope;
  const [step] = chain;
  if (step?.index === undefined || step.slice === true || chain.length > 1) {
    throw fixedSlice();
  }
  const first = makeOperator(scope, '+', integerSubscript(scope, step.index), constNode(TypeOid.int4, -1, 1), location);
  const substr = state.builtin
    .procsByName('substr')
    .find(({ argTypes: [text, from, count] }) => text === TypeOid.text && from === TypeOid.int4 && count === TypeOid.int4);
  assert(substr !== undefined, 'pg_catalog has substr(text, int4, int4)');
  const text = coerceArgument(state, arg, TypeOid.text);
  const letter = makeCall(state, substr, [text, first, constNode(TypeOid.int4, -1, 1)], TypeOid.text, location);
  return coerceExplicitly(state, letter, { type: TypeOid.char, typmod: -1 }, location);
}

function jsonbSubscript(scope: Scope, arg: BoundExpr, chain: readonly ExprArrayIndex[], location: number | undefined): BoundExpr {
  const { state } = scope;
  const subscripts = chain.map((step) => {
    if (step.slice === true || step.index === undefined) {
      const bound = step.upper ?? step.index;
      const position = bound === undefined ? locationOf(step) : locationOf(bound);
      throw errorAt(SqlState.datatypeMismatch, 'jsonb subscript does not support slices', position);
    }
    const expr = scope.bind(step.index);
    const type = expr.type === TypeOid.unknown ? TypeOid.text : expr.type;
    const upper =
      coerceType(state, expr, { type: type === TypeOid.int8 || type === TypeOid.int2 ? TypeOid.int4 : type, typmod: -1 }, 'assignment') ??
      expr;
    if (upper.type === TypeOid.int4 || upper.type === TypeOid.text) return { upper };
    const text = coerceType(state, upper, { type: TypeOid.text, typmod: -1 }, 'implicit');
    if (text === undefined) {
      throw errorAt(SqlState.datatypeMismatch, `subscript type ${state.typeName(expr.type)} is not supported`, startOf(expr), {
        hint: 'jsonb subscript must be coercible to either integer or text.',
      });
    }
    return { upper: text };
  });
  return { kind: 'subscript', container: 'jsonb', arg, slice: false, subscripts, type: TypeOid.jsonb, typmod: -1, ...at(location) };
}
