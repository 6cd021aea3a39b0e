import { SqlState } from '../../../commons/sqlstates.js';
import { errorAt } from '../errors.js';
import type { BoundColumn, BoundExpr, ColumnId } from '../expression.js';
import type { LogicalPlan, OutputColumn, ProjectedColumn } from '../logical.js';
import { columnNode, outputColumn, referenceTo } from '../nodes.js';
import { TableItem } from '../scope/relation-item.js';
import type { Scope } from '../scope/scope.js';
import { sameExpr } from '../tree/same.js';
import { mapExpr } from '../tree/walk.js';

/**
 * The step from input rows to groups. Whatever stands above it speaks of group expressions, aggregates and outer columns only;
 * `rewrite` brings an expression there. @throws SqlError 42803
 */
export class Grouping {
  readonly #scope: Scope;
  readonly #groups: ProjectedColumn[] = [];
  /** Group expressions that are more than a column, and the column that has their value. */
  readonly #computed: { readonly expr: BoundExpr; readonly column: BoundColumn }[] = [];
  readonly #plain = new Set<ColumnId>();

  /** @param expanded group expressions that the input has as columns already */
  constructor(scope: Scope, exprs: readonly BoundExpr[], expanded: ReadonlyMap<BoundExpr, OutputColumn>) {
    this.#scope = scope;
    for (const expr of exprs) {
      const column = expanded.get(expr);
      if (column === undefined) this.#add(expr);
      else this.#addExpanded(expr, column);
    }
  }

  #addExpanded(expr: BoundExpr, output: OutputColumn): void {
    const column = referenceTo(output);
    this.#groups.push({ ...output, expr: column });
    this.#computed.push({ expr, column });
    this.#scope.computed.set(output.id, column);
  }

  #add(expr: BoundExpr): void {
    const { state } = this.#scope;
    if (expr.kind === 'column' && this.#scope.referenced.has(expr.id)) {
      if (!this.#plain.has(expr.id)) this.#groups.push({ ...outputColumn(expr.id, expr.name, expr), expr });
      this.#plain.add(expr.id);
      return;
    }
    if (this.#computed.some((group) => sameExpr(group.expr, expr))) return;
    const id = state.newColumn();
    const name = expr.kind === 'call' ? expr.name : 'group';
    this.#groups.push({ ...outputColumn(id, name, expr), expr });
    const column = columnNode(id, name, expr.type, expr.typmod, expr.collation);
    this.#computed.push({ expr, column });
    this.#scope.computed.set(id, column);
  }

  plan(input: LogicalPlan): LogicalPlan {
    return { kind: 'aggregate', input, groups: this.#groups, aggregates: this.#scope.aggregates };
  }

  rewrite(expr: BoundExpr): BoundExpr {
    return mapExpr(expr, (part) => this.#replace(part));
  }

  #replace(expr: BoundExpr): BoundExpr | undefined {
    if (expr.kind === 'const' || expr.kind === 'param') return undefined;
    const group = this.#computed.find((candidate) => sameExpr(candidate.expr, expr));
    if (group !== undefined) return { ...group.column, ...(expr.location === undefined ? {} : { location: expr.location }) };
    if (expr.kind === 'column') {
      if (!this.#isGrouped(expr.id)) throw this.#ungrouped(expr.id, expr.location, false);
      return expr;
    }
    if (expr.kind === 'subquery') {
      for (const id of expr.outerColumns) if (!this.#isGrouped(id)) throw this.#ungrouped(id, this.#placeOf(id), true);
    }
    return undefined;
  }

  #placeOf(id: ColumnId): number | undefined {
    return this.#scope.referenced.get(id)?.column.location;
  }

  /** Grouped by, or determined by a primary key that all is grouped by, or of another level. */
  #isGrouped(id: ColumnId): boolean {
    if (this.#plain.has(id)) return true;
    const own = this.#scope.referenced.get(id);
    if (own === undefined) return true;
    if (!(own.item instanceof TableItem) || !this.#isDetermined(own.item)) return false;
    this.#add(own.column);
    return true;
  }

  #isDetermined(item: TableItem): boolean {
    const table = item.relation;
    if (table.kind !== 'table') return false;
    const key = table.constraints.find((constraint) => constraint.kind === 'primary key');
    if (key === undefined || key.kind !== 'primary key' || key.deferrable === true) return false;
    return key.columns.every((number) => this.#plain.has((item.firstId + number - 1) as ColumnId));
  }

  #ungrouped(id: ColumnId, location: number | undefined, inSubquery: boolean) {
    const own = this.#scope.referenced.get(id);
    const name = own === undefined ? '' : `${own.item.alias}.${own.name}`;
    const message = inSubquery
      ? `subquery uses ungrouped column "${name}" from outer query`
      : `column "${name}" must appear in the GROUP BY clause or be used in an aggregate function`;
    return errorAt(SqlState.groupingError, message, location);
  }
}
