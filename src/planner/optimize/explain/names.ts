import { quoteIdentifier } from '../../../catalog/definitions/index.js';
import type { FormatContext } from '../../../types/format-context.js';
import type { BoundExpr, BoundSubquery, ColumnId } from '../../bind/expression.js';
import type { PhysicalPlan, PlannedQuery } from '../physical.js';
import { planInputs } from '../plan-inputs.js';
import { type ExpressionNames, printExpression } from './print-expression.js';

/** A sub-query of an expression, as EXPLAIN numbers it. */
export interface NamedSubquery {
  readonly title: string;
  readonly plan: PhysicalPlan;
}

const NOTHING: ReadonlySet<ColumnId> = new Set();

/** What the columns and sub-queries of one plan are called. */
export class PlanNames implements ExpressionNames {
  readonly format: FormatContext | undefined;
  readonly #planned: PlannedQuery;
  readonly #columns = new Map<ColumnId, string>();
  readonly #computed = new Map<ColumnId, BoundExpr>();
  readonly #isQualified: boolean;
  readonly #isVerbose: boolean;
  readonly #subqueries = new Map<object, { readonly reference: string } & NamedSubquery>();
  #newest: NamedSubquery[] = [];
  /** While a scan's conditions are printed: its own columns, which then go by their names alone. */
  own: ReadonlySet<ColumnId> = NOTHING;
  readonly #workTables = new Map<number, string>();
  /** While the conditions of the node that computes a call are printed: the call stands there itself. */
  isWithin = false;
  #number = 0;
  #initNumber = 0;

  /** @param verbose columns always with their tables */
  constructor(planned: PlannedQuery, verbose: boolean, format?: FormatContext) {
    this.#planned = planned;
    this.format = format;
    let relations = 0;
    const visit = (plan: PhysicalPlan): void => {
      relations += this.#note(plan);
      for (const input of planInputs(plan)) visit(input.plan);
      // The parts of a table have its column ids: above them, those go by the table's name.
      if (plan.kind === 'append' || plan.kind === 'merge append') this.#noteColumns(plan.tree?.alias ?? '', plan.tree?.columns ?? []);
    };
    visit(planned.plan);
    for (const { plan } of planned.subqueries.values()) visit(plan);
    this.#isQualified = relations > 1;
    this.#isVerbose = verbose;
  }

  #noteColumns(alias: string, columns: readonly { readonly id: ColumnId; readonly name: string }[]): void {
    for (const { id, name } of columns) this.#columns.set(id, `${quoteIdentifier(alias)}.${quoteIdentifier(name)}`);
  }

  /** @returns 1 for something that stands in FROM */
  #note(plan: PhysicalPlan): number {
    switch (plan.kind) {
      case 'table scan':
      case 'index scan':
      case 'inverted scan':
      case 'virtual scan':
        this.#noteColumns(plan.alias, plan.columns);
        return 1;
      case 'function scan':
        for (const { columns } of plan.functions) {
          for (const column of columns) this.#columns.set(column.id, `${quoteIdentifier(plan.alias)}.${quoteIdentifier(column.name)}`);
        }
        if (plan.ordinality !== undefined) this.#columns.set(plan.ordinality.id, `${quoteIdentifier(plan.alias)}.${plan.ordinality.name}`);
        return 1;
      case 'values':
        plan.output.forEach((id, i) => {
          this.#columns.set(id, `"*VALUES*".column${i + 1}`);
        });
        return 1;
      case 'cte scan':
      case 'work table':
        return 1;
      case 'with':
        for (const { name, plan: source } of plan.ctes) if (source.kind === 'recursive') this.#workTables.set(source.workTable, name);
        return 0;
      case 'project':
      case 'project set':
      case 'async calls':
        for (const { id, expr } of plan.columns) if (expr.kind !== 'column' || expr.id !== id) this.#computed.set(id, expr);
        return 0;
      case 'aggregate':
        for (const { id, expr } of plan.groups) if (expr.kind !== 'column' || expr.id !== id) this.#computed.set(id, expr);
        for (const { id, name, args, star, distinct } of plan.aggregates) {
          const list = star ? '*' : args.map((arg) => printExpression(arg, this)).join(', ');
          this.#columns.set(id, `${quoteIdentifier(name)}(${distinct ? 'DISTINCT ' : ''}${list})`);
        }
        return 0;
      case 'window':
        for (const { id, name, args, star } of plan.calls) {
          const list = star ? '*' : args.map((arg) => printExpression(arg, this)).join(', ');
          this.#columns.set(id, `${quoteIdentifier(name)}(${list}) OVER (?)`);
        }
        return 0;
      default:
        return 0;
    }
  }

  /** The recursive query whose rounds a work table holds. */
  workTable(number: number): string | undefined {
    return this.#workTables.get(number);
  }

  column(id: ColumnId, name: string): string {
    const computed = this.#computed.get(id);
    if (computed !== undefined) {
      // An expression that is computed below is printed in parentheses, as PostgreSQL does.
      this.#computed.delete(id);
      const text = printExpression(computed, this);
      this.#computed.set(id, computed);
      return computed.kind === 'column' || text.startsWith('(') ? text : `(${text})`;
    }
    const known = this.#columns.get(id);
    if (known === undefined) return quoteIdentifier(name);
    if (known.includes('(')) return this.isWithin ? known : `(${known})`;
    return (this.#isQualified && !this.own.has(id)) || this.#isVerbose ? known : known.slice(known.indexOf('.') + 1);
  }

  subquery(expr: BoundSubquery): string {
    const known = this.#subqueries.get(expr);
    if (known !== undefined) return known.reference;
    const planned = this.#planned.subqueries.get(expr);
    const number = ++this.#number;
    const isInit = expr.outerColumns.length === 0 && expr.mode !== 'any' && expr.mode !== 'all';
    const parameter = isInit ? this.#initNumber++ : 0;
    const title = isInit ? `InitPlan ${number} (returns $${parameter})` : `SubPlan ${number}`;
    const isHashed = expr.mode === 'any' && expr.outerColumns.length === 0;
    const reference = isInit ? `$${parameter}` : `(${isHashed ? 'hashed ' : ''}SubPlan ${number})`;
    if (planned !== undefined) this.#newest.push({ title, plan: planned.plan });
    this.#subqueries.set(expr, { reference, title, plan: planned?.plan ?? this.#planned.plan });
    return reference;
  }

  /** Sub-queries that were named since the last time: they are printed below the node whose expressions have them. */
  takeSubqueries(): readonly NamedSubquery[] {
    const taken = this.#newest;
    this.#newest = [];
    return taken;
  }
}
