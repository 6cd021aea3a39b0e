/**
 * Life of a statement in this room: a syntax tree comes in with the catalog as the session sees it → names are resolved, types settled, implicit
 * casts and defaults spelled out (query/, change/, from/, bind-expression/) → out comes a logical plan, the result's columns, the types of the
 * parameters, and what must be checked before each execution: privileges, tables read and written.
 */

import { baseTypeOf } from '../../catalog/builtin/index.js';
import type { RuleDescriptor, TableDescriptor, ViewDescriptor } from '../../catalog/descriptors.js';
import type { Oid } from '../../commons/ids.js';
import type { PlannerContext } from '../context.js';
import type { DataTypeDef, Expr, ExprCall, QName, SelectStatement } from '../parse/ast.js';
import { findCollation } from './bind-expression/casts.js';
import { bindExpression } from './bind-expression/index.js';
import { type BoundScalar, bindScalarIn, type ScalarOptions } from './bind-scalar.js';
import { type BoundTable, bindTableIn } from './bind-table.js';
import { type BoundProcedureCall, bindProcedureCall } from './call/procedure.js';
import { bindCopy } from './change/copy.js';
import { bindChange } from './change/index.js';
import { type ViewUpdates, viewUpdatesIn } from './change/view-updates.js';
import { coerceTo, coerceTypmod, type TargetType } from './coerce.js';
import type { BoundExpr } from './expression.js';
import type { BoundStatement, OutputColumn, ProjectedColumn, ResultColumn } from './logical.js';
import { outputColumn, referenceTo } from './nodes.js';
import { bindQuery } from './query/index.js';
import { bindRecursive } from './query/recursive.js';
import { checkRuleIn } from './rules/check.js';
import { type Product, rewriteByRules, ruledWithQuery } from './rules/index.js';
import { Scope } from './scope/scope.js';
import { type Binders, BindState, type BoundQuery, type ChangeStatement, privilegesOf } from './state.js';
import { resolveType } from './type-name.js';

export type { BoundScalar, ScalarOptions } from './bind-scalar.js';
export type { BoundTable } from './bind-table.js';

const binders: Binders = {
  expression: bindExpression,
  query: bindQuery,
  recursive: bindRecursive,
  change: bindChange,
  ruledChange: ruledWithQuery,
};

/** @throws SqlError with PostgreSQL's SQLSTATE, text and position */
export function bindStatement(statement: SelectStatement | ChangeStatement, cx: PlannerContext): BoundStatement {
  const state = new BindState(cx, binders);
  const root = new Scope(state, undefined);
  switch (statement.type) {
    case 'select':
    case 'set operation':
      return finishStatement(state, 'SELECT', bindQuery(root, statement).finish());
    case 'values':
      return finishStatement(state, 'VALUES', bindQuery(root, statement).finish());
    case 'insert':
      return finishStatement(state, 'INSERT', bindChange(root, statement));
    case 'update':
      return finishStatement(state, 'UPDATE', bindChange(root, statement));
    case 'delete':
      return finishStatement(state, 'DELETE', bindChange(root, statement));
    case 'merge':
      return finishStatement(state, 'MERGE', bindChange(root, statement));
  }
}

/** The query's columns cast to what a routine has to give. */
function castResults(state: BindState, query: BoundQuery): BoundQuery {
  const { results } = state.cx;
  if (results === undefined) return query;
  const columns = query.columns.map((column, i): ProjectedColumn => {
    const reference = referenceTo(column);
    const target = results[i];
    const expr = target === undefined ? reference : (coerceTo(state, reference, target, 'assignment') ?? reference);
    return { ...outputColumn(state.newColumn(), column.name, expr), expr };
  });
  return { ...query, plan: { kind: 'project', input: query.plan, columns }, columns: columns.map(({ expr: _expr, ...column }) => column) };
}

/** A statement, and what rules have run before and after it. */
export interface RuledStatement {
  readonly before: readonly BoundStatement[];
  readonly main: BoundStatement;
  readonly after: readonly BoundStatement[];
}

/** What rules make of a statement; undefined where none applies. @throws SqlError as bindStatement, and 42P17 */
export function bindByRules(statement: SelectStatement | ChangeStatement, cx: PlannerContext): RuledStatement | undefined {
  if (!cx.catalog.hasRules) return undefined;
  const ruled = rewriteByRules(statement, () => new BindState(cx, binders));
  if (ruled === undefined) return undefined;
  const typing = new BindState(cx, binders);
  ruled.type(typing);
  const paramTypes = typing.parameters.finish();
  const bound = ({ command, bind }: Product): BoundStatement => {
    const state = new BindState({ ...cx, paramTypes }, binders);
    return { ...finishStatement(state, command, bind(state)), paramTypes };
  };
  return { before: ruled.before.map(bound), main: bound(ruled.main), after: ruled.after.map(bound) };
}

/** @see checkRuleIn */
export function checkRule(
  rule: RuleDescriptor,
  relation: TableDescriptor | ViewDescriptor,
  offsets: readonly number[],
  cx: PlannerContext,
): readonly Oid[] {
  return checkRuleIn(rule, relation, offsets, () => new BindState(cx, binders));
}

function finishStatement(state: BindState, command: BoundStatement['command'], bound: BoundQuery): BoundStatement {
  const query = castResults(state, bound);
  return {
    command,
    plan: query.plan,
    columns: query.columns.map((column) => resultColumn(state, column)),
    paramTypes: state.parameters.finish(),
    privileges: privilegesOf(state.privileges),
    writes: [...state.writes],
    reads: [...state.reads],
    volatile: state.isVolatile,
    lifted: state.lifted.finish(),
    ...(query.cursorKeys === undefined ? {} : { cursorKeys: query.cursorKeys }),
    ...(query.shape === undefined ? {} : { shape: query.shape }),
  };
}

function resultColumn(state: BindState, column: OutputColumn): ResultColumn {
  const origin = state.originOf(column.id);
  const result = { ...column, tableOid: origin?.relation ?? 0, columnNumber: origin?.number ?? 0 };
  const type = state.types.typeByOid(column.type);
  // Clients are told a domain's base type.
  return type?.kind === 'd'
    ? { ...result, type: baseTypeOf(state.types, column.type), typmod: type.baseTypeModifier, domain: column.type }
    : result;
}

/**
 * An expression outside of any query: a default, a check, a generated column, an index expression or predicate, a condition of COPY.
 * @throws SqlError as PostgreSQL words it for that place
 */
export function bindScalar(expr: Expr, cx: PlannerContext, options: ScalarOptions): BoundScalar {
  return bindScalarIn(new BindState(cx, binders), expr, options);
}

/** A type as a definition or PREPARE names it. @throws SqlError 42704, 3F000, 22023 … */
export function resolveDataType(definition: DataTypeDef, cx: PlannerContext): TargetType {
  return resolveType(new BindState(cx, binders), cx.searchPath, definition);
}

/** @see BoundProcedureCall */
export function bindCallStatement(call: ExprCall, cx: PlannerContext): BoundProcedureCall {
  const scope = new Scope(new BindState(cx, binders), undefined);
  scope.clause = 'CALL';
  return bindProcedureCall(scope, call);
}

/** @see BoundTable */
export function bindTable(table: TableDescriptor, cx: PlannerContext): BoundTable {
  return bindTableIn(new BindState(cx, binders), table);
}

/** @see ViewUpdates */
export function bindViewUpdates(view: ViewDescriptor, needsColumns: boolean, cx: PlannerContext): ViewUpdates {
  return viewUpdatesIn(new BindState(cx, binders), view, needsColumns);
}

/** An argument of EXECUTE: no columns, no sub-queries, cast to the parameter's type as an assignment would. @throws SqlError */
export function bindStandalone(expr: Expr, cx: PlannerContext, target?: ScalarOptions['target']): BoundExpr {
  const options = target === undefined ? {} : { target };
  return bindScalarIn(new BindState(cx, binders), expr, { clause: 'EXECUTE', ...options }).expr;
}

/**
 * COPY … FROM as an INSERT: rows come in with the given columns, `plan.input` being an empty VALUES of them, in order.
 * @throws SqlError 42P01, 42703, 42701, 42501 …
 */
export function bindCopyTarget(table: QName, columns: readonly string[] | undefined, cx: PlannerContext): BoundStatement {
  const state = new BindState(cx, binders);
  return finishStatement(state, 'INSERT', bindCopy(new Scope(state, undefined), table, columns));
}

/**
 * The cast of a value that an assignment in a routine makes, over placeholder 0: as for a column, and where there is no cast, through its text.
 * @throws SqlError as the casts' own
 */
export function bindValueCast(from: TargetType, to: TargetType, cx: PlannerContext): BoundExpr {
  const state = new BindState(cx, binders);
  const value: BoundExpr = { kind: 'placeholder', slot: state.newSlot(), ...from };
  const cast = coerceTo(state, value, to, 'assignment');
  return cast ?? coerceTypmod(state, { kind: 'io cast', arg: value, explicit: false, type: to.type, typmod: -1 }, to, false);
}

/** A type's name as errors give it: with its schema where the search path does not show it. */
export function typeNameIn(type: Oid, cx: PlannerContext): string {
  return new BindState(cx, binders).typeName(type);
}

/** A collation by its name. @throws SqlError 42704, 3F000 */
export function collationNamed(name: QName, cx: PlannerContext): Oid {
  const state = new BindState(cx, binders);
  return findCollation(new Scope(state, undefined), name, undefined);
}
