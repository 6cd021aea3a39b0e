import { notSupported } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { TypeOid } from '../../../types/oids.js';
import type { ColumnTypeDef, Expr, ExprCall, FromFunctions } from '../../parse/ast.js';
import { figureColumnName } from '../../parse/column-name.js';
import { inlineSet } from '../call/inline-function.js';
import { firstSet } from '../call/set-function.js';
import { resolveUnknown } from '../coerce.js';
import { errorAt, locationOf } from '../errors.js';
import type { BoundExpr } from '../expression.js';
import type { LogicalFunctionScan, LogicalPlan, OutputColumn } from '../logical.js';
import { outputColumn } from '../nodes.js';
import { outputFields } from '../row-type.js';
import { itemOf } from '../scope/relation-item.js';
import type { Scope } from '../scope/scope.js';
import type { RowField } from '../state.js';
import { forEachChild } from '../tree/walk.js';
import { resolveType } from '../type-name.js';
import { aliasNames } from './alias.js';
import { type BoundFrom, single } from './bound-from.js';
import type { Locks } from './locks.js';

type ScannedFunction = LogicalFunctionScan['functions'][number];

/** f(…), ROWS FROM (f(…), g(…)), with ordinality: sees its left neighbours without LATERAL being written. */
export function bindFunctions(scope: Scope, node: FromFunctions, locks: Locks): BoundFrom {
  const { state } = scope;
  const calls = node.functions.flatMap(({ call, columns }) =>
    spreadUnnest(call).map((one) => ({ call: one, columns: columns ?? node.columns })),
  );
  const firstName = figureColumnName(calls[0]?.call ?? { type: 'null' });
  const alias = node.alias?.name ?? firstName;
  if (locks.isNamed(alias)) throw errorAt(SqlState.featureNotSupported, 'FOR UPDATE cannot be applied to a function', undefined);
  const { isLateralActive, clause } = scope;
  scope.isLateralActive = true;
  scope.clause = 'FROM function';
  const scalarName = calls.length === 1 ? node.alias?.name : undefined;
  const functions = calls.map(({ call, columns }) => bindFunction(scope, call, columns, scalarName ?? figureColumnName(call)));
  const [only, second] = functions;
  const isAlone = only !== undefined && second === undefined && node.ordinality !== true;
  const inlined = isAlone ? inlineSet(scope, only.call, only.columns) : undefined;
  scope.isLateralActive = isLateralActive;
  scope.clause = clause;
  const ordinality: OutputColumn | undefined =
    node.ordinality === true ? { id: state.newColumn(), name: 'ordinality', type: TypeOid.int8, typmod: -1 } : undefined;
  const outputs = inlined === undefined ? functions.flatMap((scanned) => scanned.columns) : [...inlined.columns];
  if (ordinality !== undefined) outputs.push(ordinality);
  const names = aliasNames(
    alias,
    node.alias?.columns ?? [],
    outputs.map((column) => column.name),
  );
  const columns = outputs.map((column, i) => ({ ...column, name: names[i] ?? column.name }));
  const isScalar = isAlone && !only.composite;
  const rowType = isAlone && only.composite ? only.call.type : TypeOid.record;
  const plan: LogicalPlan = inlined?.plan ?? {
    kind: 'function scan',
    functions,
    alias,
    ...(ordinality === undefined ? {} : { ordinality }),
  };
  const item = itemOf(alias, node.alias !== undefined, columns, { isScalar, rowType });
  return single(scope, plan, item, () => ({ kind: 'functions', item, node, functions }));
}

/** unnest(a, b) stands for two calls side by side. */
function spreadUnnest(call: Expr): readonly Expr[] {
  if (call.type !== 'call' || call.function.schema !== undefined || call.function.name !== 'unnest' || call.args.length < 2) return [call];
  const { args, ...rest } = call;
  if (call.variadic === true || call.distinct === true || call.filter !== undefined) return [call];
  return args.map((arg): ExprCall => ({ ...rest, args: [arg] }));
}

function bindFunction(scope: Scope, node: Expr, definitions: readonly ColumnTypeDef[] | undefined, scalarName: string): ScannedFunction {
  const { state } = scope;
  const call = resolveUnknown(state, scope.bind(node));
  refuseNestedSets(call);
  const declared = outputFields(state, call);
  const fields = declared ?? definedFields(scope, call, definitions, locationOf(node));
  if (declared !== undefined && definitions !== undefined) {
    const what = call.type === TypeOid.record ? 'a function with OUT parameters' : 'a function returning a named composite type';
    throw errorAt(SqlState.syntaxError, `a column definition list is redundant for ${what}`, definitions[0] && locationOf(definitions[0]));
  }
  if (fields === undefined) {
    const name = outputName(scope, call) ?? scalarName;
    return { call, columns: [outputColumn(state.newColumn(), name, call)], composite: false };
  }
  const defined = call.kind === 'call' && declared === undefined ? { ...call, rowColumns: fields } : call;
  return { call: defined, columns: fields.map((field) => outputColumn(state.newColumn(), field.name, field)), composite: true };
}

/** A single OUT parameter names the column, whatever the alias. */
function outputName(scope: Scope, call: BoundExpr): string | undefined {
  const proc = call.kind === 'call' ? scope.state.procByOid(call.proc) : undefined;
  if (proc?.argModes === undefined) return undefined;
  const outputs = proc.argModes.flatMap((mode, i) => (mode === 'i' || mode === 'v' ? [] : [proc.argNames?.[i]]));
  return outputs.length === 1 ? outputs[0] || undefined : undefined;
}

/** A function that returns `record` needs to be told its columns, and only such a one may be. */
function definedFields(
  scope: Scope,
  call: BoundExpr,
  definitions: readonly ColumnTypeDef[] | undefined,
  location: number | undefined,
): readonly RowField[] | undefined {
  const { state } = scope;
  if (definitions === undefined) {
    if (call.type !== TypeOid.record) return undefined;
    throw errorAt(SqlState.syntaxError, 'a column definition list is required for functions returning "record"', location);
  }
  if (call.type !== TypeOid.record) {
    const [first] = definitions;
    throw errorAt(
      SqlState.syntaxError,
      'a column definition list is only allowed for functions returning "record"',
      first === undefined ? undefined : locationOf(first),
    );
  }
  if (call.kind !== 'call') throw notSupported('a column definition list for this expression', { position: location });
  return definitions.map((definition) => ({ name: definition.name, ...resolveType(state, scope.searchPath, definition.dataType) }));
}

function refuseNestedSets(call: BoundExpr): void {
  forEachChild(call, (child) => {
    const nested = firstSet(child);
    if (nested === undefined) return;
    throw errorAt(SqlState.featureNotSupported, 'set-returning functions must appear at top level of FROM', nested.location);
  });
}
