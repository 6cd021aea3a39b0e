import { BTREE_METHOD, baseTypeOf, canCoerce, defaultOpclass } from '../../../catalog/builtin/index.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { TypeOid } from '../../../types/oids.js';
import type { FrameBoundKind, WindowDef, WindowFrame } from '../../parse/ast.js';
import type { Clause } from '../clause.js';
import { coerceToSpecific } from '../coerce.js';
import { errorAt, locationOf } from '../errors.js';
import type { BoundExpr } from '../expression.js';
import type { BoundFrame, FrameBound, LogicalPlan, WindowStep } from '../logical.js';
import type { Scope } from '../scope/scope.js';
import { requireEquality, sortKey } from '../sort-key.js';
import { startOf } from '../tree/walk.js';
import { findWindowTarget, type SortItem } from './clauses.js';
import { refuseColumns } from './limit.js';
import type { Target } from './target.js';

/** A window with its names resolved. */
export interface QueryWindow {
  readonly definition: WindowDef;
  readonly partitionBy: readonly Target[];
  readonly orderBy: readonly SortItem[];
  readonly frame: BoundFrame;
}

const DEFAULT_FRAME: BoundFrame = { mode: 'RANGE', start: { kind: 'UNBOUNDED PRECEDING' }, end: { kind: 'CURRENT ROW' } };

/** The windows of WINDOW and OVER, in the order in which they are written. @throws SqlError 42P20, 42704 */
export function bindWindows(scope: Scope, targets: Target[]): readonly QueryWindow[] {
  const windows: QueryWindow[] = [];
  for (const definition of scope.windows) windows.push(bindWindow(scope, definition, windows, targets));
  return windows;
}

function bindWindow(scope: Scope, definition: WindowDef, earlier: readonly QueryWindow[], targets: Target[]): QueryWindow {
  const { name, refName } = definition;
  const location = locationOf(definition);
  const refuse = (message: string, fields: { hint?: string } = {}) => errorAt(SqlState.windowingError, message, location, fields);
  const named = (wanted: string): QueryWindow | undefined => earlier.find((window) => window.definition.name === wanted);
  if (name !== undefined && named(name) !== undefined) throw refuse(`window "${name}" is already defined`);
  const copied = refName === undefined ? undefined : named(refName);
  if (refName !== undefined && copied === undefined) {
    throw errorAt(SqlState.undefinedObject, `window "${refName}" does not exist`, location);
  }
  const orderBy: SortItem[] = [];
  for (const order of definition.orderBy ?? []) {
    const target = findWindowTarget(scope, order.by, targets);
    const { descending, nullsFirst } = sortKey(scope.state, target.expr, order);
    if (!orderBy.some((item) => item.target === target)) orderBy.push({ target, descending, nullsFirst });
  }
  const partitionBy: Target[] = [];
  for (const node of definition.partitionBy ?? []) {
    const target = findWindowTarget(scope, node, targets);
    requireEquality(scope.state, target.expr.type, startOf(target.expr));
    if (!partitionBy.includes(target)) partitionBy.push(target);
  }
  if (copied !== undefined) {
    if (partitionBy.length > 0) throw refuse(`cannot override PARTITION BY clause of window "${refName}"`);
    if (orderBy.length > 0 && copied.orderBy.length > 0) throw refuse(`cannot override ORDER BY clause of window "${refName}"`);
    if (copied.definition.frame !== undefined) {
      const message = `cannot copy window "${refName}" because it has a frame clause`;
      const isPlain = name === undefined && orderBy.length === 0 && definition.frame === undefined;
      throw refuse(message, isPlain ? { hint: 'Omit the parentheses in this OVER clause.' } : {});
    }
  }
  const order = copied !== undefined && orderBy.length === 0 ? copied.orderBy : orderBy;
  return {
    definition,
    partitionBy: copied === undefined ? partitionBy : copied.partitionBy,
    orderBy: order,
    frame: definition.frame === undefined ? DEFAULT_FRAME : bindFrame(scope, definition.frame, order, location),
  };
}

function bindFrame(scope: Scope, frame: WindowFrame, orderBy: readonly SortItem[], location: number | undefined): BoundFrame {
  const { mode, startOffset, endOffset, exclude } = frame;
  const refuse = (message: string) => errorAt(SqlState.windowingError, message, location);
  if (mode === 'RANGE' && (startOffset !== undefined || endOffset !== undefined) && orderBy.length !== 1) {
    throw refuse('RANGE with offset PRECEDING/FOLLOWING requires exactly one ORDER BY column');
  }
  if (mode === 'GROUPS' && orderBy.length === 0) throw refuse('GROUPS mode requires an ORDER BY clause');
  return {
    mode,
    start: bindBound(scope, mode, frame.start, startOffset, orderBy),
    end: bindBound(scope, mode, frame.end, endOffset, orderBy),
    ...(exclude === undefined ? {} : { exclude }),
  };
}

function bindBound(
  scope: Scope,
  mode: WindowFrame['mode'],
  kind: FrameBoundKind,
  node: WindowFrame['startOffset'],
  orderBy: readonly SortItem[],
): FrameBound {
  if (node === undefined) return { kind };
  const clause: Clause = `WINDOW ${mode}`;
  const written = scope.bindIn(clause, node);
  const [order] = orderBy;
  if (mode !== 'RANGE' || order === undefined) {
    const offset = coerceToSpecific(scope.state, written, TypeOid.int8, mode);
    refuseColumns(scope, offset, mode);
    return { kind, offset };
  }
  const { type, proc } = inRangeFunction(scope, order.target.expr, written);
  const offset = coerceToSpecific(scope.state, written, type, mode);
  refuseColumns(scope, offset, mode);
  return { kind, offset, inRange: { proc, source: scope.state.procByOid(proc)?.source ?? '' } };
}

/** pg_amproc's number of in_range functions (BTINRANGE_PROC). */
const IN_RANGE = 3;

/** The function that knows the distance of the column's values, and the type of offset that it takes. @throws SqlError 0A000 */
function inRangeFunction(scope: Scope, column: BoundExpr, offset: BoundExpr): { readonly type: number; readonly proc: number } {
  const { state } = scope;
  const opclass = defaultOpclass(state.types, baseTypeOf(state.types, column.type), BTREE_METHOD);
  const refuse = (message: string, hint?: string) =>
    errorAt(SqlState.featureNotSupported, message, startOf(offset), hint === undefined ? {} : { hint });
  const columnType = opclass?.inputType ?? column.type;
  const known = state.builtin
    .amprocs()
    .filter((proc) => proc.family === opclass?.family && proc.number === IN_RANGE && proc.left === columnType);
  const forType = `RANGE with offset PRECEDING/FOLLOWING is not supported for column type ${state.typeName(columnType)}`;
  if (known.length === 0) throw refuse(forType);
  const fitting = known.filter((proc) => offset.type === TypeOid.unknown || canCoerce(state.types, offset.type, proc.right, 'implicit'));
  const preferred = offset.type === TypeOid.unknown ? columnType : offset.type;
  const chosen = fitting.find((proc) => proc.right === preferred) ?? fitting[0];
  if (chosen === undefined) {
    throw refuse(`${forType} and offset type ${state.typeName(offset.type)}`, 'Cast the offset value to an appropriate type.');
  }
  if (fitting.length > 1 && chosen.right !== preferred) {
    throw refuse(
      `RANGE with offset PRECEDING/FOLLOWING has multiple interpretations for column type ${state.typeName(columnType)} and offset type ${state.typeName(offset.type)}`,
      'Cast the offset value to the exact intended type.',
    );
  }
  return { type: chosen.right, proc: chosen.proc };
}

/** Puts the windows that have calls on a plan. @param rewrite brings an expression above the query's groups */
export function windowPlan(
  scope: Scope,
  input: LogicalPlan,
  windows: readonly QueryWindow[],
  rewrite: (expr: BoundExpr) => BoundExpr,
): LogicalPlan {
  const steps = inSortOrder(windows).flatMap((window): WindowStep[] => {
    const calls = scope.windowCalls.filter((each) => each.window === window.definition);
    if (calls.length === 0) return [];
    return [
      {
        partitionBy: window.partitionBy.map((target) => target.expr),
        orderBy: window.orderBy.map(({ target, descending, nullsFirst }) => ({ expr: target.expr, descending, nullsFirst })),
        frame: window.frame,
        calls: calls.map(({ call }) => ({
          ...call,
          args: call.args.map(rewrite),
          ...(call.filter === undefined ? {} : { filter: rewrite(call.filter) }),
        })),
      },
    ];
  });
  return steps.length === 0 ? input : { kind: 'window', input, steps };
}

/** PostgreSQL's order: windows whose sort begins like another's, but goes further, come before it, so that one sort serves both. */
function inSortOrder(windows: readonly QueryWindow[]): readonly QueryWindow[] {
  const keysOf = ({ partitionBy, orderBy }: QueryWindow): SortItem[] => {
    const keys: SortItem[] = partitionBy.map((target) => ({ target, descending: false, nullsFirst: false }));
    for (const item of orderBy) if (!partitionBy.includes(item.target)) keys.push(item);
    return keys;
  };
  const keyed = windows.map((window) => ({ window, keys: keysOf(window) }));
  keyed.sort((a, b) => compareKeys(a.keys, b.keys));
  return keyed.map(({ window }) => window);
}

function compareKeys(a: readonly SortItem[], b: readonly SortItem[]): number {
  for (const [i, ours] of a.entries()) {
    const theirs = b[i];
    if (theirs === undefined) break;
    const byReference = (theirs.target.sortReference ?? 0) - (ours.target.sortReference ?? 0);
    if (byReference !== 0) return byReference;
    if (ours.descending !== theirs.descending) return ours.descending ? -1 : 1;
    if (ours.nullsFirst !== theirs.nullsFirst) return ours.nullsFirst ? -1 : 1;
  }
  return b.length - a.length;
}
