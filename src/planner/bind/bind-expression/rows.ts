import { BTREE_METHOD, Strategy } from '../../../catalog/builtin/index.js';
import { assert } from '../../../commons/assert.js';
import type { Oid } from '../../../commons/ids.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { TypeOid } from '../../../types/oids.js';
import type { Expr, ExprRow } from '../../parse/ast.js';
import { callOperator, makeOperator } from '../call/operator.js';
import { at, errorAt, locationOf } from '../errors.js';
import type { BoundCall, BoundExpr } from '../expression.js';
import { logicNode } from '../nodes.js';
import type { Scope } from '../scope/scope.js';
import { expandStar, isStar } from '../star.js';

const MAX_ROW_FIELDS = 1664;

export function isRowValue(node: Expr): node is ExprRow {
  return node.type === 'row';
}

/** ROW(…) or (a, b) */
export function bindRow(scope: Scope, node: ExprRow): BoundExpr {
  const location = locationOf(node);
  // Literals stay untyped: a cast of the row to a composite type decides them.
  const fields = bindRowFields(scope, node.expressions);
  if (fields.length > MAX_ROW_FIELDS) {
    throw errorAt(SqlState.tooManyColumns, `ROW expressions can have at most ${MAX_ROW_FIELDS} entries`, location);
  }
  return { kind: 'row', fields, type: TypeOid.record, typmod: -1, ...at(location) };
}

/** The fields of a row, with `t.*` spread; literals keep their unknown type, since a comparison decides it. */
export function bindRowFields(scope: Scope, nodes: readonly Expr[]): BoundExpr[] {
  const fields: BoundExpr[] = [];
  for (const node of nodes) {
    if (isStar(node)) for (const column of expandStar(scope, node)) fields.push(column.expr);
    else fields.push(scope.bind(node));
  }
  return fields;
}

/** Row-wise comparison. @throws SqlError 42601, 0A000 */
export function compareRows(
  scope: Scope,
  op: string,
  left: readonly BoundExpr[],
  right: readonly BoundExpr[],
  location: number | undefined,
): BoundExpr {
  if (left.length !== right.length) throw errorAt(SqlState.syntaxError, 'unequal number of entries in row expressions', location);
  if (left.length === 0) throw errorAt(SqlState.featureNotSupported, 'cannot compare rows of zero length', location);
  const calls = left.map((field, i) => {
    const other = right[i];
    assert(other !== undefined, 'rows of one length');
    const call = makeOperator(scope, op, field, other, location);
    if (call.type !== TypeOid.bool) {
      const message = `row comparison operator must yield type boolean, not type ${scope.state.typeName(call.type)}`;
      throw errorAt(SqlState.datatypeMismatch, message, location);
    }
    if (call.returnsSet) throw errorAt(SqlState.datatypeMismatch, 'row comparison operator must not return a set', location);
    return call;
  });
  const [only] = calls;
  if (calls.length === 1 && only !== undefined) return only;
  if (op === '=') return logicNode('and', calls, location);
  if (op === '<>') return logicNode('or', calls, location);
  const families = calls.map((call) => orderOf(scope, call, op, location));
  const strategy = families[0]?.strategy ?? 0;
  if (families.some((family) => family.strategy !== strategy)) throw unorderedError(op, location);
  if (strategy === Strategy.equal) return logicNode('and', calls, location);
  const side = (index: number) => calls.map((call) => operand(call, index));
  return {
    kind: 'row compare',
    op: comparisonOf(strategy),
    left: side(0),
    right: side(1),
    equal: calls.map((call, i) => callOperator(scope, families[i]?.equal ?? 0, operand(call, 0), operand(call, 1), location)),
    less: calls.map((call, i) => callOperator(scope, families[i]?.less ?? 0, operand(call, 0), operand(call, 1), location)),
    type: TypeOid.bool,
    typmod: -1,
    ...at(location),
  };
}

function operand(call: BoundCall, index: number): BoundExpr {
  const arg = call.args[index];
  assert(arg !== undefined, 'a comparison has two operands');
  return arg;
}

function comparisonOf(strategy: number): '<' | '<=' | '>' | '>=' {
  switch (strategy) {
    case Strategy.less:
      return '<';
    case Strategy.lessEqual:
      return '<=';
    case Strategy.greater:
      return '>';
    default:
      return '>=';
  }
}

interface Order {
  readonly strategy: number;
  readonly equal: Oid;
  readonly less: Oid;
}

/** Equality and less-than of the order that an operator belongs to, and its place there. */
function orderOf(scope: Scope, call: BoundCall, op: string, location: number | undefined): Order {
  const { builtin } = scope.state;
  for (const amop of builtin.amopsByOperator(call.operator?.oid ?? 0)) {
    if (amop.method !== BTREE_METHOD) continue;
    const equal = builtin.amop(amop.family, amop.left, amop.right, 3)?.operator;
    const less = builtin.amop(amop.family, amop.left, amop.right, 1)?.operator;
    if (equal !== undefined && less !== undefined) return { strategy: amop.strategy, equal, less };
  }
  throw unorderedError(op, location);
}

function unorderedError(op: string, location: number | undefined) {
  return errorAt(SqlState.featureNotSupported, `could not determine interpretation of row comparison operator ${op}`, location, {
    hint: 'Row comparison operators must be associated with btree operator families.',
  });
}
