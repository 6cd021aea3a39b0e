import { baseTypeOf, selectCommonType } from '../../catalog/builtin/index.js';
import type { Oid } from '../../commons/ids.js';
import { SqlState } from '../../commons/sqlstates.js';
import { coerceType, type TargetType } from './coerce.js';
import { errorAt } from './errors.js';
import type { BoundExpr } from './expression.js';
import type { BindState } from './state.js';
import { startOf } from './tree/walk.js';

/** The type that all arms take. @param construct "CASE", "UNION" … @throws SqlError 42804 at the arm that doesn't fit */
export function commonType(state: BindState, arms: readonly BoundExpr[], construct: string): Oid {
  const types = arms.map((arm) => arm.type);
  const common = selectCommonType(state.types, types);
  if (!('mismatch' in common)) return common.type;
  const [left, right] = common.mismatch;
  const culprit = arms.findIndex((arm, i) => i > 0 && baseTypeOf(state.types, arm.type) === right);
  const arm = arms[culprit];
  throw errorAt(
    SqlState.datatypeMismatch,
    `${construct} types ${state.typeName(left)} and ${state.typeName(right)} cannot be matched`,
    arm === undefined ? undefined : startOf(arm),
  );
}

/** @throws SqlError 42846 */
export function coerceToCommon(state: BindState, arm: BoundExpr, type: Oid, construct: string): BoundExpr {
  if (arm.type === type) return arm;
  const result = coerceType(state, arm, { type, typmod: -1 }, 'implicit');
  if (result !== undefined) return result;
  throw errorAt(
    SqlState.cannotCoerce,
    `${construct} could not convert type ${state.typeName(arm.type)} to ${state.typeName(type)}`,
    startOf(arm),
  );
}

/** A modifier that all arms share, else none. */
export function commonTypmod(arms: readonly { readonly type: Oid; readonly typmod: number }[], type: Oid): number {
  const typmod = arms[0]?.typmod ?? -1;
  return arms.every((arm) => arm.type === type && arm.typmod === typmod) ? typmod : -1;
}

export interface CommonArms {
  readonly arms: readonly BoundExpr[];
  readonly target: TargetType;
}

/** All arms brought to their common type. @param first those that count first for the choice, when it isn't their order */
export function coerceArms(
  state: BindState,
  arms: readonly BoundExpr[],
  construct: string,
  first: readonly BoundExpr[] = arms,
): CommonArms {
  const type = commonType(state, first, construct);
  const coerced = arms.map((arm) => coerceToCommon(state, arm, type, construct));
  return { arms: coerced, target: { type, typmod: commonTypmod(coerced, type) } };
}
