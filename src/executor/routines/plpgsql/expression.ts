import { isRoutineSource } from '../../../catalog/made-routines.js';
import { typeRecord } from '../../../catalog/made-types.js';
import type { Oid } from '../../../commons/ids.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { BoundExpr } from '../../../planner/bind/expression.js';
import type { PlannerContext } from '../../../planner/context.js';
import { bindIndexOver } from '../../../planner/optimize/bind-index.js';
import type { PlanAsyncCalls, PlannedQuery } from '../../../planner/optimize/physical.js';
import type { Expr } from '../../../planner/parse/ast.js';
import type { Datum, ScalarVariable, SqlText } from '../../../planner/parse/plpgsql/ast.js';
import { isQuery, planQuery } from '../../../planner/plan.js';
import { TypeOid } from '../../../types/oids.js';
import { codecFor } from '../../../types/type-codec.js';
import type { Row, SqlValue } from '../../../types/value.js';
import { optimizeOptions } from '../../constant-evaluator.js';
import { compileEvaluator } from '../../expression/compile-evaluator.js';
import type { Evaluator } from '../../expression/evaluator.js';
import { type AsyncRowStep, compileAsyncSteps } from '../../operators/async-calls.js';
import { checkQuery, type QueryCheck } from '../../privileges.js';
import { Layout, Scope } from '../../scope.js';
import { StandaloneCompiler } from '../../standalone-compiler.js';
import { type Waiting, wait } from '../../waiting.js';
import type { RoutineStatement } from '../statements.js';
import type { Activation } from './activation.js';
import { appendInPlace, canAppend } from './append.js';
import { constantParts } from './constant-parts.js';
import { Shape } from './shape.js';
import { sharedVariables } from './shared-variables.js';
import { contextLine, explainSqlError } from './sql-context.js';
import { type ParsedSql, parseSql } from './sql-parse.js';
import { UsedVariables } from './used-variables.js';

/** Stands for "not at once". */
export const LATER: unique symbol = Symbol('later');

const NO_ROW: Row = [];

interface Plan {
  readonly variables: UsedVariables;
  readonly type: Oid;
  readonly typmod: number;
  /** Absent: it is a query, to be run as one. */
  readonly evaluate?: Evaluator;
  readonly slotCount: number;
  /** Of `variable || element` for that variable: the element. */
  readonly appended?: Evaluator;
  /** Functions of it that may wait, innermost first: what they give stands in one row. */
  readonly steps: readonly AsyncRowStep[];
  readonly check?: QueryCheck;
  /** Variables whose values it hands on whole: others may see their arrays then. */
  readonly shares: readonly number[];
  /** What it was planned as, to tell errors of constants. */
  readonly expr?: BoundExpr;
  readonly statement?: RoutineStatement;
}

/**
 * An expression of a body. Planned when it is first evaluated. `SELECT expression` without a FROM is evaluated directly, as PostgreSQL's simple
 * expressions are; anything else runs as a query.
 */
export class Expression {
  readonly sql: SqlText;
  /** A literal by itself is read as a value of this type at once. */
  #target: { readonly oid: Oid; readonly typmod: number } | undefined;
  #parsed: ParsedSql | undefined;
  #plan: Plan | undefined;

  constructor(sql: SqlText, target?: { readonly oid: Oid; readonly typmod: number }) {
    this.sql = sql;
    this.#target = target;
  }

  /** A part of a piece that has been parsed: a subscript. @param shift to be added to the tree's places */
  static ofTree(expr: Expr, sql: SqlText, shift: number, target?: { readonly oid: Oid; readonly typmod: number }): Expression {
    const expression = new Expression(sql, target);
    expression.#parsed = { statement: { type: 'select', columns: [{ expr }] }, parsed: '', shift };
    return expression;
  }

  /** It is for a part of its variable. */
  retarget(oid: Oid | undefined): void {
    this.#target = oid === undefined ? undefined : { oid, typmod: -1 };
  }

  parse(a: Activation): ParsedSql {
    try {
      this.#parsed ??= parseSql(this.sql, a.compile.planner.parser);
      return this.#parsed;
    } catch (error) {
      throw explainSqlError(error, this.sql.mode, this.sql.text, this.sql.text, 0);
    }
  }

  /** Of the value. Known from the first evaluation on. */
  get type(): Oid {
    return this.#plan?.type ?? TypeOid.unknown;
  }
  get typmod(): number {
    return this.#plan?.typmod ?? -1;
  }

  /** The value, or LATER where it takes `later` to get it; nothing has been done then. @throws SqlError */
  evaluate(a: Activation): SqlValue | typeof LATER {
    let plan = this.#plan;
    if (plan === undefined || !plan.variables.stillHolds(a)) plan = this.#makePlan(a);
    if (plan.evaluate === undefined || plan.steps.length > 0) return LATER;
    if (plan.variables.fields.length > 0) plan.variables.fill(a);
    if (plan.shares.length > 0) a.shareAll(plan.shares);
    plan.check?.(a.scope);
    try {
      return plan.evaluate(NO_ROW, plan.slotCount === 0 ? a.frame : a.frameFor(this, plan.slotCount));
    } catch (error) {
      throw this.#explain(error, plan, a);
    }
  }

  /** `variable || element` for that variable, once it is planned: done in place, where that can be. @returns whether it was */
  append(a: Activation): boolean {
    const plan = this.#plan;
    const { target } = this.sql;
    if (plan?.appended === undefined || target === undefined || !canAppend(a, target) || !plan.variables.stillHolds(a)) return false;
    plan.variables.fill(a);
    a.shareAll(plan.shares);
    plan.check?.(a.scope);
    return appendInPlace(a, target, plan.appended(NO_ROW, plan.slotCount === 0 ? a.frame : a.frameFor(this, plan.slotCount)));
  }

  *later(a: Activation): Waiting<SqlValue> {
    const plan = this.#plan ?? this.#makePlan(a);
    if (plan.statement !== undefined) {
      const value = yield* this.#query(plan, plan.statement, a);
      this.#plan = plan;
      return value;
    }
    const { evaluate } = plan;
    if (evaluate === undefined) throw new Error('an expression without a plan');
    plan.variables.fill(a);
    a.shareEverything();
    plan.check?.(a.scope);
    const frame = a.frameFor(this, plan.slotCount);
    const row: Row = [];
    a.sqlLine = undefined;
    for (const step of plan.steps) row.push(yield* step(row, frame));
    // What was called may have changed rows; and it may have come by here, with records of other shapes.
    a.statementEnded();
    this.#plan = plan;
    return evaluate(row, frame);
  }

  *#query(plan: Plan, statement: RoutineStatement, a: Activation): Waiting<SqlValue> {
    const { statements } = a.call;
    const { text } = this.sql;
    a.sqlLine = contextLine(this.sql.mode, text);
    try {
      const opening = statements.open(statement, plan.variables.values(a), a.call);
      const running = opening instanceof Promise ? yield* wait(opening) : opening;
      try {
        let only: Row | undefined;
        let count = 0;
        for (;;) {
          const next = running.next();
          const batch = next instanceof Promise ? yield* wait(next) : next;
          if (batch === null || count > 1) break;
          only ??= batch[0];
          count += batch.length;
        }
        if (count > 1) throw new SqlError(SqlState.cardinalityViolation, 'query returned more than one row');
        return only?.[0] ?? null;
      } finally {
        running.close();
      }
    } catch (error) {
      throw this.#explainRun(error);
    } finally {
      a.sqlLine = undefined;
      a.statementEnded();
    }
  }

  /** Of ROW(…): its columns, of which literals have no type yet. */
  get rowShape(): Shape | undefined {
    const expr = this.#plan?.expr;
    if (expr?.kind !== 'row' || expr.type !== TypeOid.record) return undefined;
    return new Shape(
      expr.fields.map((_, i) => `f${i + 1}`),
      expr.fields.map((field) => field.type),
      expr.fields.map((field) => field.typmod),
    );
  }

  /** It has one value, which the planner knows. */
  get isConstant(): boolean {
    return this.#plan?.expr?.kind === 'const';
  }

  /** What is done with the value belongs to the SQL, too. */
  explain(error: unknown): unknown {
    return this.#explainRun(error);
  }

  #explainRun(error: unknown): unknown {
    const parsed = this.#parsed;
    return explainSqlError(error, this.sql.mode, this.sql.text, parsed?.parsed ?? this.sql.text, parsed?.shift ?? 0);
  }

  #makePlan(a: Activation): Plan {
    try {
      const plan = this.#planNow(a);
      this.#plan = plan;
      return plan;
    } catch (error) {
      throw this.#explainRun(error);
    }
  }

  #planNow(a: Activation): Plan {
    const parsed = this.parse(a);
    const { statement } = parsed;
    const variables = new UsedVariables(this.sql.names, a);
    const literal = this.#literal(parsed, a, variables);
    if (literal !== undefined) return literal;
    if (!isQuery(statement)) throw new SqlError(SqlState.syntaxError, 'query did not return data');
    const { planner, library } = a.compile;
    const cx: PlannerContext = {
      ...planner,
      paramTypes: a.body.paramTypes,
      paramsFixed: true,
      variables,
      transitions: a.call.statements.stack.transitions,
    };
    const { query } = planQuery(statement, cx, optimizeOptions(library, cx.format, bindIndexOver(cx)));
    const { columns } = query;
    const [column] = columns;
    if (column === undefined || columns.length > 1) {
      const what = this.sql.mode === 'assignment' ? 'assignment source' : 'query';
      throw new SqlError(SqlState.syntaxError, `${what} returned ${columns.length} column${columns.length === 1 ? '' : 's'}`);
    }
    const base = { variables, type: column.domain ?? column.type, typmod: column.typmod };
    const appendTo = parsed.steps === undefined ? this.sql.target : undefined;
    const direct = directPlan(query, a, appendTo === undefined ? undefined : a.body.datum(appendTo));
    if (direct !== undefined) return { ...base, ...direct };
    const prepared = a.call.statements.prepare({ text: parsed.parsed, statement, paramTypes: a.body.paramTypes, variables });
    return { ...base, statement: prepared, slotCount: 0, steps: [], shares: [] };
  }

  /** `'text'` for a variable of another type is read by that type's input function, once. */
  #literal({ statement }: ParsedSql, a: Activation, variables: UsedVariables): Plan | undefined {
    if (
      this.#target === undefined ||
      this.sql.mode !== 'assignment' ||
      statement.type !== 'select' ||
      statement.columns.length !== 1 ||
      statement.from !== undefined
    ) {
      return undefined;
    }
    const expr = statement.columns[0]?.expr;
    if (expr?.type !== 'string') return undefined;
    const { oid, typmod } = this.#target;
    if (oid === TypeOid.text || oid === TypeOid.record || typmod >= 0) return undefined;
    if (oid >= FIRST_SPECIAL && typeRecord(a.compile.catalog, oid)?.kind === 'd') return undefined;
    const codec = codecFor(oid);
    if (codec === undefined) return undefined;
    try {
      const value = codec.input(expr.value, a.compile.planner.format, -1);
      return { variables, type: oid, typmod: -1, evaluate: () => value, slotCount: 0, steps: [], shares: [] };
    } catch (error) {
      const position = expr._location?.start;
      throw error instanceof SqlError && position !== undefined ? error.withDefaults({ position }) : error;
    }
  }

  /** Of a constant's evaluation, PostgreSQL tells with the SQL, since it computes constants when it plans. */
  #explain(error: unknown, { expr }: Plan, a: Activation): unknown {
    if (!(error instanceof SqlError)) return error;
    const isPlaced = error.fields.position !== undefined && error.fields.where === undefined;
    return isPlaced || (expr !== undefined && failsByItself(expr, a)) ? this.#explainRun(error) : error;
  }
}

const FIRST_SPECIAL = 10_000;

type Direct = Pick<Plan, 'evaluate' | 'slotCount' | 'steps' | 'check' | 'expr' | 'shares' | 'appended'>;

/** The plan of `SELECT expression`, with functions that may wait beneath or without. */
function directPlan(query: PlannedQuery, a: Activation, target: Datum | undefined): Direct | undefined {
  const { plan } = query;
  if (query.subqueries.size > 0 || plan.kind !== 'project' || plan.columns.length !== 1) return undefined;
  const nodes: PlanAsyncCalls[] = [];
  let input = plan.input;
  while (input.kind === 'async calls') {
    if (input.columns.some(({ expr, guard }) => guard !== undefined || expr.kind !== 'call' || !isRoutineSource(expr.source)))
      return undefined;
    nodes.unshift(input);
    input = input.input;
  }
  if (input.kind !== 'result' || input.never === true) return undefined;
  const [column] = plan.columns;
  if (column === undefined) return undefined;
  const { library } = a.compile;
  const compiler = new StandaloneCompiler(library);
  const steps = nodes.flatMap((node) => compileAsyncSteps(node, node.input.output, new Scope(), compiler));
  const layout = new Layout(plan.input.output, new Scope(), compiler);
  const element = steps.length === 0 && target?.kind === 'scalar' ? appendedElement(column.expr, target) : undefined;
  const evaluate = compileEvaluator(column.expr, layout);
  return {
    evaluate,
    slotCount: compiler.slotCount,
    steps,
    expr: column.expr,
    shares: sharedVariables(element ?? column.expr),
    ...(element === undefined ? {} : { appended: compileEvaluator(element, layout) }),
    ...(query.privileges.length === 0 ? {} : { check: checkQuery(query) }),
  };
}

/** `variable || element` for that variable. */
function appendedElement(expr: BoundExpr, { number, type }: ScalarVariable): BoundExpr | undefined {
  if (expr.kind !== 'call' || expr.source !== 'array_append' || expr.type !== type.oid) return undefined;
  const [array, element] = expr.args;
  return array?.kind === 'param' && array.index === number ? element : undefined;
}

/** A part of it has no variables and fails all the same. */
function failsByItself(expr: BoundExpr, a: Activation): boolean {
  return constantParts(expr).some((part) => {
    const compiler = new StandaloneCompiler(a.compile.library);
    try {
      compileEvaluator(part, new Layout([], new Scope(), compiler))(NO_ROW, a.frameFor(part, compiler.slotCount));
      return false;
    } catch (error) {
      return error instanceof SqlError;
    }
  });
}
