import { notSupported, SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { parseBits } from '../../../types/bit-string.js';
import { codecFor } from '../../../types/codecs.js';
import { TypeOid } from '../../../types/oids.js';
import type {
  ExprBitString,
  ExprBoolean,
  ExprDefault,
  ExprInteger,
  ExprLifted,
  ExprNull,
  ExprNumeric,
  ExprParameter,
  ExprString,
} from '../../parse/ast.js';
import { errorAt, locationOf } from '../errors.js';
import type { BoundExpr } from '../expression.js';
import { booleanNode, constNode } from '../nodes.js';
import type { Scope } from '../scope/scope.js';

const INT8_MAX = 9223372036854775807n;
const INT8_MIN = -9223372036854775808n;

export function bindInteger(_scope: Scope, node: ExprInteger): BoundExpr {
  return constNode(TypeOid.int4, -1, node.value, locationOf(node));
}

export function bindNumeric(scope: Scope, node: ExprNumeric): BoundExpr {
  const type = fitsInt8(node.text) ? TypeOid.int8 : TypeOid.numeric;
  const codec = codecFor(type);
  if (codec === undefined) throw notSupported('numeric literals', { position: locationOf(node) });
  return constNode(type, -1, codec.input(node.text, scope.state.cx.format, -1), locationOf(node));
}

function fitsInt8(text: string): boolean {
  if (!/^-?\d{1,19}$/.test(text)) return false;
  const value = BigInt(text);
  return value >= INT8_MIN && value <= INT8_MAX;
}

export function bindString(_scope: Scope, node: ExprString): BoundExpr {
  return constNode(TypeOid.unknown, -1, node.value, locationOf(node));
}

export function bindBitString(_scope: Scope, node: ExprBitString): BoundExpr {
  const location = locationOf(node);
  try {
    return constNode(TypeOid.bit, -1, parseBits(node.text), location);
  } catch (error) {
    throw error instanceof SqlError ? error.withDefaults({ position: location }) : error;
  }
}

export function bindBoolean(_scope: Scope, node: ExprBoolean): BoundExpr {
  return booleanNode(node.value, locationOf(node));
}

export function bindNull(_scope: Scope, node: ExprNull): BoundExpr {
  return constNode(TypeOid.unknown, -1, null, locationOf(node));
}

/** Where DEFAULT may stand, INSERT and UPDATE look for it before they bind. */
export function bindDefault(_scope: Scope, node: ExprDefault): BoundExpr {
  throw errorAt(SqlState.syntaxError, 'DEFAULT is not allowed in this context', locationOf(node));
}

export function bindParameter(scope: Scope, node: ExprParameter): BoundExpr {
  const inlined = scope.environment.arguments?.numbered(node.index);
  if (inlined !== undefined) return inlined;
  if (!scope.environment.hasParameters) {
    throw errorAt(SqlState.undefinedParameter, `there is no parameter $${node.index}`, locationOf(node));
  }
  return scope.state.parameters.bind(node.index, locationOf(node));
}

export function bindLifted(scope: Scope, node: ExprLifted): BoundExpr {
  return scope.state.lifted.bind(node.index, node.kind, locationOf(node));
}
