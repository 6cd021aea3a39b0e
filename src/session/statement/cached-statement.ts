import type { Oid } from '../../commons/ids.js';
import { SqlError } from '../../commons/sql-error.js';
import { type CompiledQuery, type CompileServices, compile } from '../../executor/compile.js';
import { optimizeOptions } from '../../executor/constant-evaluator.js';
import type { LiftedLiteral, ResultColumn } from '../../planner/bind/logical.js';
import type { PlannerContext, VariableScope } from '../../planner/context.js';
import { bindIndexOver } from '../../planner/optimize/bind-index.js';
import type { PlannedQuery } from '../../planner/optimize/physical.js';
import type { ParsedStatement, Statement } from '../../planner/parse/ast.js';
import { isQuery, planQuery, type QueryPlan } from '../../planner/plan.js';
import type { FieldDescription } from '../../wire/port.js';
import type { PlanEnvironment } from '../plan-environment.js';
import { type TableLock, tableLocksOf } from '../run/table-locks.js';
import { describeColumns } from './describe-columns.js';
import type { StatementEntry } from './statement-statistics.js';

/** A query planned and compiled in one environment. Shared by all sessions; holds nothing of an execution. */
export class StatementPlan {
  readonly environment: PlanEnvironment;
  readonly compiled: CompiledQuery;
  readonly lifted: readonly LiftedLiteral[];
  #tableLocks: readonly TableLock[] | undefined;
  #textFields: readonly FieldDescription[] | undefined;
  #binaryFields: readonly FieldDescription[] | undefined;
  /** What rules have run before and after it. */
  ruled: { readonly before: readonly StatementPlan[]; readonly after: readonly StatementPlan[] } | undefined;
  /** It was run before. */
  isReused = false;
  /** The statement's one row stands for any number of rows of so many literals. */
  readonly literalsPerRow: number | undefined;

  constructor(environment: PlanEnvironment, compiled: CompiledQuery, lifted: readonly LiftedLiteral[], literalsPerRow: number | undefined) {
    this.environment = environment;
    this.compiled = compiled;
    this.lifted = lifted;
    this.literalsPerRow = literalsPerRow;
  }

  get query(): PlannedQuery {
    return this.compiled.planned;
  }

  /** Taken before it runs. */
  get tableLocks(): readonly TableLock[] {
    this.#tableLocks ??= [...tableLocksOf(this.query, this.environment.catalog), ...(this.ruled === undefined ? [] : locksOf(this.ruled))];
    return this.#tableLocks;
  }

  get columns(): readonly ResultColumn[] {
    return this.compiled.planned.columns;
  }

  /** @param format 0 text, 1 binary, for all columns */
  fields(format: 0 | 1): readonly FieldDescription[] {
    if (format === 0) {
      this.#textFields ??= describeColumns(this.columns, ALL_TEXT, this.environment.catalog.builtin);
      return this.#textFields;
    }
    this.#binaryFields ??= describeColumns(this.columns, ALL_BINARY, this.environment.catalog.builtin);
    return this.#binaryFields;
  }
}

function locksOf({ before, after }: NonNullable<StatementPlan['ruled']>): readonly TableLock[] {
  return [...before, ...after].flatMap((plan) => plan.tableLocks);
}

const ALL_TEXT: readonly number[] = [];
const ALL_BINARY: readonly number[] = [1];

/** What a routine's statement is bound with besides what its session has. */
export interface StatementScope {
  readonly variables?: VariableScope | undefined;
  readonly results?: PlannerContext['results'];
  readonly isCursor?: true;
  readonly searchPath?: readonly Oid[] | undefined;
}

/** One statement of a text, with its plans by environment. Shared by all sessions that send the same text. */
export class CachedStatement {
  readonly parsed: ParsedStatement;
  readonly paramTypes: readonly Oid[];
  /** No parameters but the given ones: the simple protocol has none. */
  readonly paramsFixed: boolean;
  readonly isQuery: boolean;
  readonly scope: StatementScope | undefined;
  /** Where it was counted last. */
  statistics: StatementEntry | undefined;
  #asCursor: CachedStatement | undefined;
  #within: CachedStatement | undefined;
  #plan: StatementPlan | undefined;
  /** Made for the second one: most statements have one plan. */
  #others: WeakMap<PlanEnvironment, StatementPlan> | undefined;

  constructor(parsed: ParsedStatement, paramTypes: readonly Oid[], paramsFixed: boolean, scope?: StatementScope) {
    this.parsed = parsed;
    this.scope = scope;
    this.paramTypes = paramTypes;
    this.paramsFixed = paramsFixed;
    const { statement } = parsed;
    this.isQuery = isQuery(statement) && !(statement.type === 'select' && statement.into !== undefined);
  }

  /** The query within a statement that is none itself: its parameters are the statement's. */
  get within(): CachedStatement | undefined {
    const statement = queryWithin(this.parsed.statement);
    if (statement === undefined) return undefined;
    this.#within ??= new CachedStatement({ ...this.parsed, statement }, this.paramTypes, this.paramsFixed, this.scope);
    return this.#within;
  }

  /** The same statement as a cursor's. */
  get asCursor(): CachedStatement {
    this.#asCursor ??= new CachedStatement(this.parsed, this.paramTypes, this.paramsFixed, { ...this.scope, isCursor: true });
    return this.#asCursor;
  }

  /** @returns the plan if there is one already */
  known(environment: PlanEnvironment): StatementPlan | undefined {
    const plan = this.#plan;
    if (plan !== undefined && plan.environment === environment) return plan;
    return this.#others?.get(environment);
  }

  /** @throws SqlError as the binder, 0A000 */
  plan(environment: PlanEnvironment, context: () => PlannerContext, services: CompileServices): StatementPlan {
    const known = this.known(environment);
    if (known !== undefined) {
      this.#setPlan(known);
      return known;
    }
    const { statement } = this.parsed;
    if (!isQuery(statement)) throw new SqlError('XX000', 'a statement without a plan');
    const cx = context();
    const isAtOnce = this.paramsFixed && this.scope === undefined;
    const planned = planQuery(statement, cx, optimizeOptions(services.library, cx.format, bindIndexOver(cx), isAtOnce));
    const perRow = literalsPerRow(statement);
    const made = ({ query, lifted }: QueryPlan): StatementPlan => new StatementPlan(environment, compile(query, services), lifted, perRow);
    const { ruled } = planned;
    const plan = made(planned);
    if (ruled !== undefined) plan.ruled = { before: ruled.before.map(made), after: ruled.after.map(made) };
    this.#setPlan(plan);
    return plan;
  }

  #setPlan(plan: StatementPlan): void {
    const before = this.#plan;
    this.#plan = plan;
    if (before === undefined || before === plan) return;
    this.#others ??= new WeakMap();
    this.#others.set(before.environment, before);
  }
}

function queryWithin(statement: Statement): Statement | undefined {
  switch (statement.type) {
    case 'declare cursor':
      return statement.query;
    case 'explain':
      return queryWithin(statement.statement) ?? (isQuery(statement.statement) ? statement.statement : undefined);
    case 'create table as':
      return isQuery(statement.query) ? statement.query : undefined;
    case 'select': {
      const { into, ...query } = statement;
      return into === undefined ? undefined : query;
    }
    default:
      return undefined;
  }
}

function literalsPerRow(statement: Statement): number | undefined {
  const source = statement.type === 'insert' ? statement.insert : undefined;
  return source?.type === 'values' ? source.literalsPerRow : undefined;
}
