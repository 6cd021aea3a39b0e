import { baseTypeOf } from '../../catalog/builtin/index.js';
import type { Oid } from '../../commons/ids.js';
import { notSupported, SqlError } from '../../commons/sql-error.js';
import { codecFor } from '../../types/codecs.js';
import { TypeOid } from '../../types/oids.js';
import { SqlArray } from '../../types/value.js';
import { at } from './errors.js';
import type { BoundConst, BoundExpr } from './expression.js';
import { constNode } from './nodes.js';
import type { BindState } from './state.js';

const DATE_TYPES: ReadonlySet<Oid> = new Set([TypeOid.date, TypeOid.time, TypeOid.timetz, TypeOid.timestamp, TypeOid.timestamptz]);
/** Words whose value depends on when they are read: a plan that is kept must not hold what they meant once. */
const MOVING_DATES = /\b(now|today|tomorrow|yesterday)\b/i;

/**
 * An untyped literal becomes a value of its type. @throws SqlError as the type's input function, pointing at the literal
 */
export function readLiteral(state: BindState, literal: BoundConst, type: Oid, typmod: number): BoundExpr {
  const { value, location } = literal;
  const base = baseTypeOf(state.types, type);
  const inputTypmod = base === TypeOid.interval ? typmod : -1;
  if (typeof value !== 'string') return constNode(type, -1, null, location);
  if (base === TypeOid.text || base === TypeOid.varchar) return constNode(type, -1, value, location);
  if (DATE_TYPES.has(base) && MOVING_DATES.test(value)) {
    return { kind: 'io cast', arg: constNode(TypeOid.text, -1, value, location), explicit: false, type, typmod: -1, ...at(location) };
  }
  const codec = codecFor(base);
  if (codec === undefined && value.trim() === '{}' && state.types.typeByOid(base)?.isArray === true) {
    return constNode(type, -1, new SqlArray([]), location);
  }
  if (codec === undefined) throw notSupported(`a literal of type ${state.typeName(type)}`, { position: location });
  try {
    // An interval's typmod tells what a bare number means; its fields are cut off by the cast to the typmod that follows.
    return constNode(type, -1, codec.input(value, state.cx.format, inputTypmod), location);
  } catch (error) {
    throw error instanceof SqlError ? error.withDefaults({ position: location }) : error;
  }
}
