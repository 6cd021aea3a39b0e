import { SqlState } from '../../../commons/sqlstates.js';
import { errorAt } from '../errors.js';
import type { BoundColumn, BoundExpr, ColumnId } from '../expression.js';
import type { GroupColumn, GroupingMask, LogicalPlan, OutputColumn } from '../logical.js';
import { columnNode, outputColumn, referenceTo } from '../nodes.js';
import { TableItem } from '../scope/relation-item.js';
import type { Scope } from '../scope/scope.js';
import { sameExpr } from '../tree/same.js';
import { mapExpr, someExpr, startOf } from '../tree/walk.js';

/**
 * The step from input rows to groups. Whatever stands above it speaks of group expressions, aggregates and outer columns only;
 * `rewrite` brings an expression there. @throws SqlError 42803
 */
export class Grouping {
  readonly #scope: Scope;
  readonly #groups: GroupColumn[] = [];
  /** Group expressions that are more than a column, and the column that has their value. */
  readonly #computed: { readonly expr: BoundExpr; readonly column: BoundColumn; readonly isConstant: boolean }[] = [];
  readonly #plain = new Set<ColumnId>();
  /** Indexes into the groups. */
  readonly #sets: number[][] | undefined;
  /** Columns that every grouping set has. */
  readonly #common = new Set<ColumnId>();
  readonly #masks: GroupingMask[];

  /**
   * @param expanded group expressions that the input has as columns already
   * @param sets indexes into `exprs` for each grouping set
   */
  constructor(
    scope: Scope,
    exprs: readonly BoundExpr[],
    expanded: ReadonlyMap<BoundExpr, OutputColumn>,
    sets?: readonly (readonly number[])[],
  ) {
    this.#scope = scope;
    this.#sets = sets === undefined ? undefined : [];
    const positions = exprs.map((expr) => {
      const column = expanded.get(expr);
      return column === undefined ? this.#add(expr) : this.#addExpanded(expr, column);
    });
    for (const set of sets ?? []) this.#sets?.push([...new Set(set.flatMap((index) => positions[index] ?? []))]);
    for (const [index, expr] of exprs.entries()) {
      if (expr.kind === 'column' && (sets ?? []).every((set) => set.includes(index))) this.#common.add(expr.id);
    }
    this.#masks = scope.masks.map(({ column, args }) => ({
      ...outputColumn(column.id, column.name, column),
      groups: args.map((arg) => this.#groupOf(exprs, positions, arg)),
    }));
    for (const aggregate of scope.aggregates) for (const arg of aggregate.direct ?? []) this.#checkDirect(arg);
  }

  #groupOf(exprs: readonly BoundExpr[], positions: readonly number[], arg: BoundExpr): number {
    const position = positions[exprs.findIndex((expr) => sameExpr(expr, arg))];
    if (position !== undefined) return position;
    const message = 'arguments to GROUPING must be grouping expressions of the associated query level';
    throw errorAt(SqlState.groupingError, message, startOf(arg));
  }

  #checkDirect(arg: BoundExpr): void {
    this.#isDirect = true;
    this.rewrite(arg);
    this.#isDirect = false;
  }
  #isDirect = false;

  /** @returns its place among the groups */
  #addExpanded(expr: BoundExpr, output: OutputColumn): number {
    const column = referenceTo(output);
    this.#computed.push({ expr, column, isConstant: this.#sets !== undefined && !isVarying(expr) });
    this.#scope.computed.set(output.id, column);
    return this.#groups.push({ ...output, expr: column }) - 1;
  }

  #add(expr: BoundExpr): number {
    if (expr.kind === 'column' && this.#scope.referenced.has(expr.id)) {
      const known = this.#groups.findIndex((group) => group.id === expr.id);
      if (known !== -1) return known;
      this.#plain.add(expr.id);
      return this.#groups.push({ ...outputColumn(expr.id, expr.name, expr), expr }) - 1;
    }
    const known = this.#computed.find((group) => sameExpr(group.expr, expr));
    if (known !== undefined) return this.#groups.findIndex((group) => group.id === known.column.id);
    const id = this.#scope.state.newColumn();
    const name = expr.kind === 'call' ? expr.name : 'group';
    const column = columnNode(id, name, expr.type, expr.typmod, expr.collation);
    this.#computed.push({ expr, column, isConstant: this.#sets !== undefined && !isVarying(expr) });
    this.#scope.computed.set(id, column);
    return this.#groups.push({ ...outputColumn(id, name, expr), expr }) - 1;
  }

  plan(input: LogicalPlan): LogicalPlan {
    return {
      kind: 'aggregate',
      input,
      groups: this.#groups,
      aggregates: this.#scope.aggregates,
      ...(this.#sets === undefined ? {} : { groupingSets: this.#sets }),
      ...(this.#masks.length === 0 ? {} : { masks: this.#masks }),
    };
  }

  /** What stands above the groups. */
  columns(): BoundColumn[] {
    return [...this.#groups, ...this.#scope.aggregates, ...this.#masks].map((column) => referenceTo(column));
  }

  /** An entry of the select list, which is a group even where it is constant: grouping sets without it have NULL there. */
  rewriteTarget(expr: BoundExpr): BoundExpr {
    const group = this.#computed.find((candidate) => candidate.isConstant && sameExpr(candidate.expr, expr));
    return group === undefined ? this.rewrite(expr) : group.column;
  }

  rewrite(expr: BoundExpr): BoundExpr {
    return mapExpr(expr, (part) => this.#replace(part));
  }

  #replace(expr: BoundExpr): BoundExpr | undefined {
    if (expr.kind === 'const' || expr.kind === 'param') return undefined;
    const group = this.#computed.find((candidate) => !candidate.isConstant && sameExpr(candidate.expr, expr));
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
    const added = this.#add(own.column);
    const group = this.#groups[added];
    if (group !== undefined) this.#groups[added] = { ...group, determined: true };
    for (const set of this.#sets ?? []) if (!set.includes(added)) set.push(added);
    return true;
  }

  #isDetermined(item: TableItem): boolean {
    const table = item.relation;
    if (table.kind !== 'table') return false;
    const key = table.constraints.find((constraint) => constraint.kind === 'primary key');
    if (key === undefined || key.kind !== 'primary key' || key.deferrable === true) return false;
    return key.columns.every((number) => this.#common.has((item.firstId + number - 1) as ColumnId));
  }

  #ungrouped(id: ColumnId, location: number | undefined, inSubquery: boolean) {
    const own = this.#scope.referenced.get(id);
    const name = own === undefined ? '' : `${own.item.alias}.${own.name}`;
    const message = inSubquery
      ? `subquery uses ungrouped column "${name}" from outer query`
      : `column "${name}" must appear in the GROUP BY clause or be used in an aggregate function`;
    const detail = 'Direct arguments of an ordered-set aggregate must use only grouped columns.';
    return errorAt(SqlState.groupingError, message, location, this.#isDirect ? { detail } : {});
  }
}

/** Does it depend on the row? PostgreSQL has folded what doesn't before it looks for groups in HAVING and inside of expressions. */
function isVarying(expr: BoundExpr): boolean {
  return someExpr(expr, (part) => part.kind === 'column' || part.kind === 'subquery' || (part.kind === 'call' && part.volatility !== 'i'));
}
