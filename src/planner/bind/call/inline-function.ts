import type { BuiltinProc } from '../../../catalog/builtin/index.js';
import type { RoutineDescriptor } from '../../../catalog/descriptors.js';
import { inputParameters } from '../../../catalog/made-routines.js';
import { placed, withContext } from '../../../commons/error-context.js';
import { FIRST_USER_OID, type Oid } from '../../../commons/ids.js';
import { SqlError } from '../../../commons/sql-error.js';
import { TypeOid } from '../../../types/oids.js';
import type { Expr, SelectFromStatement, SelectStatement, Statement } from '../../parse/ast.js';
import type { Parser } from '../../parse/parse.js';
import { coerceTo } from '../coerce.js';
import type { BoundExpr } from '../expression.js';
import type { LogicalPlan, OutputColumn } from '../logical.js';
import { Scope } from '../scope/scope.js';
import type { BindState, Environment, InlinedArguments } from '../state.js';
import { forEachChild, someExpr } from '../tree/walk.js';

/**
 * A call of a function in SQL that is one plain expression is that expression, with the arguments in the parameters' places: PostgreSQL's rules
 * (inline_function). Undefined where the call stays a call.
 */
export function inlineCall(scope: Scope, proc: BuiltinProc, args: readonly BoundExpr[], returnType: Oid): BoundExpr | undefined {
  const { state } = scope;
  const routine = state.catalog.routine(proc.oid);
  if (
    routine === undefined ||
    state.keepsShapes ||
    state.cx.keepsCalls === true ||
    !mayInline(routine, returnType) ||
    state.inlining.has(proc.oid)
  )
    return undefined;
  const body = expressionOf(state.cx.parser, routine);
  if (body === undefined) return undefined;
  const found = new Arguments(routine, args);
  const environment: Environment = { searchPath: pathOf(state, routine), hasParameters: false, arguments: found };
  const inner = new Scope(state, undefined, environment, scope.depth);
  state.inlining.add(proc.oid);
  try {
    const value = inner.bindIn('SELECT', body);
    const expr = value.type === returnType ? value : coerceTo(state, value, { type: returnType, typmod: -1 }, 'assignment');
    if (expr === undefined || inner.aggregates.length > 0 || inner.windowCalls.length > 0 || inner.hasSetFunctions) return undefined;
    return isSafe(routine, expr, found) ? expr : undefined;
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    throw withInlineContext(error, routine);
  } finally {
    state.inlining.delete(proc.oid);
  }
}

/**
 * A call in FROM of a set-returning function in SQL that is one query is that query: PostgreSQL's rules (inline_set_returning_function). Undefined
 * where it stays a call.
 *
 * @param columns that the call has
 */
export function inlineSet(scope: Scope, call: BoundExpr, columns: readonly OutputColumn[]): InlinedSet | undefined {
  const { state } = scope;
  if (call.kind !== 'call' || !call.returnsSet || call.proc < FIRST_USER_OID) return undefined;
  const routine = state.catalog.routine(call.proc);
  if (routine === undefined || state.keepsShapes || state.cx.keepsCalls === true || state.inlining.has(call.proc)) return undefined;
  if (!mayInlineSet(routine) || !call.args.every(isPlainArgument)) return undefined;
  const body = queryOf(state.cx.parser, routine);
  if (body === undefined) return undefined;
  const environment: Environment = {
    searchPath: pathOf(state, routine),
    hasParameters: false,
    arguments: new Arguments(routine, call.args),
  };
  const inner = new Scope(state, undefined, environment, scope.depth);
  state.inlining.add(call.proc);
  state.noteExpansion();
  try {
    const query = state.binders.query(inner, body).finish();
    const isSame = query.columns.length === columns.length && columns.every((column, i) => fits(query.columns[i], column));
    if (!isSame) return undefined;
    return { plan: query.plan, columns: query.columns.map((column, i) => ({ ...(columns[i] ?? column), id: column.id })) };
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    throw withInlineContext(error, routine);
  } finally {
    state.inlining.delete(call.proc);
  }
}

interface InlinedSet {
  readonly plan: LogicalPlan;
  readonly columns: readonly OutputColumn[];
}

function mayInlineSet(routine: RoutineDescriptor): boolean {
  return (
    routine.language === 'sql' &&
    routine.form === 'function' &&
    routine.volatility !== 'volatile' &&
    !routine.strict &&
    !routine.securityDefiner &&
    routine.returnType !== TypeOid.void &&
    Object.keys(routine.settings).length === 0
  );
}

/** It means the same wherever in the query it stands. */
function isPlainArgument(arg: BoundExpr): boolean {
  return !someExpr(
    arg,
    (part) =>
      part.kind === 'column' || part.kind === 'whole row' || part.kind === 'subquery' || (part.kind === 'call' && part.volatility === 'v'),
  );
}

function fits(column: OutputColumn | undefined, { type, typmod }: OutputColumn): boolean {
  return column !== undefined && column.type === type && (typmod < 0 || column.typmod === typmod);
}

function withInlineContext(error: SqlError, routine: RoutineDescriptor): SqlError {
  const told = placed(error, routine.body ?? routine.source);
  return withContext(told instanceof SqlError ? told : error, `SQL function "${routine.name}" during inlining`);
}

function mayInline(routine: RoutineDescriptor, returnType: Oid): boolean {
  return (
    routine.language === 'sql' &&
    routine.form === 'function' &&
    !routine.returnsSet &&
    !routine.securityDefiner &&
    returnType !== TypeOid.record &&
    returnType !== TypeOid.void &&
    Object.keys(routine.settings).length === 0 &&
    routine.parameters.every(({ mode }) => mode === 'in' || mode === 'variadic')
  );
}

/** Names are looked up as when the body was made, or as they are now for one that is text. */
export function pathOf(state: BindState, routine: RoutineDescriptor): readonly Oid[] {
  if (routine.searchPath === undefined) return state.cx.searchPath;
  return routine.searchPath.flatMap((name) => state.catalog.schema(name)?.oid ?? []);
}

const bodies = new WeakMap<RoutineDescriptor, { readonly expr: Expr | undefined }>();

/** `SELECT expression`, or RETURN expression. */
function expressionOf(parser: Parser, routine: RoutineDescriptor): Expr | undefined {
  const known = bodies.get(routine);
  if (known !== undefined) return known.expr;
  const expr = readExpression(parser, routine);
  bodies.set(routine, { expr });
  return expr;
}

const queries = new WeakMap<RoutineDescriptor, { readonly query: SelectStatement | undefined }>();

/** The one query of a body. */
function queryOf(parser: Parser, routine: RoutineDescriptor): SelectStatement | undefined {
  const known = queries.get(routine);
  if (known !== undefined) return known.query;
  const query = readQuery(parser, routine);
  queries.set(routine, { query });
  return query;
}

const ATOMIC = /^\s*BEGIN\s+ATOMIC\s+([\s\S]*?);?\s*END\s*$/i;

function readQuery(parser: Parser, routine: RoutineDescriptor): SelectStatement | undefined {
  const text = routine.body === undefined ? routine.source : ATOMIC.exec(routine.body)?.[1];
  const statement = text === undefined ? undefined : onlyStatement(parser, text);
  if (statement === undefined || !isSelect(statement)) return undefined;
  if (statement.locking !== undefined || statement.with?.ctes.some((cte) => !isSelect(cte.statement)) === true) return undefined;
  return statement;
}

function isSelect(statement: Statement): statement is SelectStatement {
  return statement.type === 'select' || statement.type === 'values' || statement.type === 'set operation';
}

const RETURN = /^\s*RETURN\s/i;

function readExpression(parser: Parser, routine: RoutineDescriptor): Expr | undefined {
  const text =
    routine.body === undefined ? routine.source : RETURN.test(routine.body) ? routine.body.replace(RETURN, 'SELECT ') : undefined;
  const statement = text === undefined ? undefined : onlyStatement(parser, text);
  return statement?.type === 'select' ? onlyExpression(statement) : undefined;
}

function onlyStatement(parser: Parser, text: string): Statement | undefined {
  let statements: ReturnType<Parser['parse']>;
  try {
    statements = parser.parse(text);
  } catch (error) {
    // The call will tell.
    if (error instanceof SqlError) return undefined;
    throw error;
  }
  const [first, second] = statements;
  return second === undefined ? first?.statement : undefined;
}

function onlyExpression({ type: _type, _location, columns, ...rest }: SelectFromStatement): Expr | undefined {
  const [column, second] = columns;
  if (column === undefined || second !== undefined || Object.values(rest).some((part) => part !== undefined)) return undefined;
  return (column.expr.type === 'ref' || column.expr.type === 'field') && column.expr.star === true ? undefined : column.expr;
}

class Arguments implements InlinedArguments {
  readonly #routine: RoutineDescriptor;
  readonly #names: readonly (string | undefined)[];
  readonly args: readonly BoundExpr[];
  readonly uses: number[];

  constructor(routine: RoutineDescriptor, args: readonly BoundExpr[]) {
    this.#routine = routine;
    this.#names = inputParameters(routine).map(({ name }) => name);
    this.args = args;
    this.uses = args.map(() => 0);
  }

  named(names: readonly string[]): BoundExpr | undefined {
    const [first, second] = names;
    const isQualified = names.length === 2 && first === this.#routine.name;
    const name = isQualified ? second : names.length === 1 ? first : undefined;
    return name === undefined ? undefined : this.numbered(this.#names.indexOf(name) + 1);
  }

  numbered(number: number): BoundExpr | undefined {
    const arg = this.args[number - 1];
    if (arg !== undefined) this.uses[number - 1] = (this.uses[number - 1] ?? 0) + 1;
    return arg;
  }
}

/** An argument of more parts is computed once. */
const MAX_REPEATED_PARTS = 10;

function isSafe(routine: RoutineDescriptor, expr: BoundExpr, { args, uses }: Arguments): boolean {
  if (someExpr(expr, (part) => part.kind === 'subquery')) return false;
  if (routine.volatility === 'immutable' && hasVolatility(expr, 'is not immutable')) return false;
  if (routine.volatility === 'stable' && hasVolatility(expr, 'is volatile')) return false;
  if (routine.strict && (uses.includes(0) || !isStrict(expr))) return false;
  return args.every((arg, i) => {
    const count = uses[i] ?? 0;
    if (count === 1) return true;
    if (hasVolatility(arg, 'is volatile')) return false;
    return count === 0 || (partsOf(arg) <= MAX_REPEATED_PARTS && !someExpr(arg, isCostly));
  });
}

function hasVolatility(expr: BoundExpr, what: 'is volatile' | 'is not immutable'): boolean {
  return someExpr(expr, (part) => part.kind === 'call' && (what === 'is volatile' ? part.volatility === 'v' : part.volatility !== 'i'));
}

function isStrict(expr: BoundExpr): boolean {
  return !someExpr(expr, (part) => {
    switch (part.kind) {
      case 'call':
        return !part.strict;
      case 'const':
      case 'param':
      case 'column':
      case 'relabel':
      case 'io cast':
      case 'typmod cast':
      case 'not':
        return false;
      default:
        return true;
    }
  });
}

function isCostly(expr: BoundExpr): boolean {
  return expr.kind === 'subquery' || (expr.kind === 'call' && expr.proc >= FIRST_USER_OID);
}

function partsOf(expr: BoundExpr): number {
  let count = 1;
  forEachChild(expr, (child) => {
    count += partsOf(child);
  });
  return count;
}
