import type { Oid } from '../../../commons/ids.js';
import type { Expr, SelectStatement, WindowDef } from '../../parse/ast.js';
import type { Clause } from '../clause.js';
import type { BoundColumn, BoundExpr, ColumnId } from '../expression.js';
import type { Aggregate, LogicalPlan, OutputColumn, WindowCall } from '../logical.js';
import type { BindState, Environment, PendingQuery, QueryOptions } from '../state.js';
import type { ListItem, RelationItem } from './relation-item.js';

/** A FROM item as the current clause sees it (PostgreSQL's ParseNamespaceItem). */
export interface NamespaceEntry {
  readonly item: RelationItem;
  /** `item.column` may be written. */
  readonly isRelationVisible: boolean;
  /** Its columns may be written without its name, and `*` shows them. */
  readonly areColumnsVisible: boolean;
  /** Only LATERAL items see it: a left neighbour in FROM. */
  isLateralOnly: boolean;
  /** False: the join's type forbids to look at it from the right. */
  isLateralAllowed: boolean;
}

export function setLateral(entries: readonly NamespaceEntry[], isLateralOnly: boolean, isLateralAllowed: boolean): void {
  for (const entry of entries) {
    entry.isLateralOnly = isLateralOnly;
    entry.isLateralAllowed = isLateralAllowed;
  }
}

export function entryOf(item: RelationItem): NamespaceEntry {
  return { item, isRelationVisible: true, areColumnsVisible: true, isLateralOnly: false, isLateralAllowed: true };
}

/** A WITH query as later parts of the statement find it. */
export interface CteEntry {
  readonly name: string;
  /** Its place in its WITH list: without RECURSIVE, only later ones see it. */
  readonly order: number;
  /** Makes the plan of one reference. @param location of the reference */
  reference(location: number | undefined, from: Scope): CteReference;
}
export interface CteReference {
  readonly plan: LogicalPlan;
  readonly columns: readonly OutputColumn[];
  /** So many of them are what `*` stands for; absent: all. */
  readonly starSize?: number;
}

/** The rows that a rule's command stands beside. */
export interface RuleRows {
  readonly plan: LogicalPlan;
  /** OLD and NEW. */
  readonly entries: readonly NamespaceEntry[];
  /** Puts the WITH queries of the statement that the rule applies to around what comes of the rule. */
  readonly wrap: (plan: LogicalPlan) => LogicalPlan;
}

/** The names of one query level: what FROM brings, WITH queries, aggregates; above it the queries that it is part of. */
export class Scope {
  readonly state: BindState;
  readonly environment: Environment;
  readonly parent: Scope | undefined;
  readonly depth: number;
  namespace: NamespaceEntry[] = [];
  /** Everything that FROM named, visible or not: for hints. */
  readonly items: RelationItem[] = [];
  readonly ctes = new Map<string, CteEntry>();
  /**
   * Set on the level that stands between a WITH query and the query that the WITH is of: it sees the parent's WITH queries before this
   * place in the list, and nothing of the parent's FROM.
   */
  cteLimit: number | undefined;
  clause: Clause = 'SELECT';
  /** What UPDATE or DELETE changes: FROM may not look at it. */
  changedItem: RelationItem | undefined;
  /** True while a LATERAL item of this level is bound. */
  isLateralActive = false;
  /** Columns of this level that something refers to, with the item that they are of. */
  readonly referenced = new Map<ColumnId, { readonly column: BoundColumn; readonly item: RelationItem; readonly name: string }>();
  /** Outputs of aggregates and group expressions of this level. */
  readonly computed = new Map<ColumnId, BoundColumn>();
  readonly aggregates: Aggregate[] = [];
  /** GROUPING(…) of this level, whose arguments must be among its groups. */
  readonly masks: { readonly column: BoundColumn; readonly args: readonly BoundExpr[] }[] = [];
  /** The WINDOW clause's definitions, then those that OVER brings. */
  windows: WindowDef[] = [];
  readonly windowCalls: { readonly call: WindowCall; readonly window: WindowDef }[] = [];
  /** Where the first aggregate stands. */
  aggregateLocation: number | undefined;
  /** Columns of enclosing levels that this query uses. */
  readonly outerColumns = new Set<ColumnId>();
  /** Columns of this level that LATERAL items used, in order. */
  readonly lateralColumns: ColumnId[] = [];
  /** The recursive term of a WITH RECURSIVE query may not have aggregates. */
  isRecursiveTerm = false;
  hasSetFunctions = false;
  /** Set where a rule's command is bound, until the query of it that they belong to takes them. */
  ruleRows: RuleRows | undefined;
  /** What rows of an UPDATE or DELETE must fulfil that conditional rules leave to it. */
  exempt: ((old: ListItem, row: ListItem | undefined) => BoundExpr | undefined) | undefined;

  takeRuleRows(): RuleRows | undefined {
    const rows = this.ruleRows;
    this.ruleRows = undefined;
    return rows;
  }

  /** @param above for a query that sees nothing of the one around it (a view): how deep it stands all the same */
  constructor(
    state: BindState,
    parent: Scope | undefined,
    environment: Environment = parent?.environment ?? state.environment,
    above = -1,
  ) {
    this.state = state;
    this.parent = parent;
    this.environment = environment;
    this.depth = (parent?.depth ?? above) + 1;
  }

  get searchPath(): readonly Oid[] {
    return this.environment.searchPath;
  }

  bind(node: Expr): BoundExpr {
    return this.state.binders.expression(this, node);
  }

  /** An expression of that part of the statement. */
  bindIn(clause: Clause, node: Expr): BoundExpr {
    const before = this.clause;
    this.clause = clause;
    const expr = this.state.binders.expression(this, node);
    this.clause = before;
    return expr;
  }

  query(statement: SelectStatement, options?: QueryOptions): PendingQuery {
    return this.state.binders.query(this, statement, options);
  }

  add(entry: NamespaceEntry): void {
    this.namespace.push(entry);
    this.items.push(entry.item);
  }

  /** The next level out whose FROM can be seen. */
  get nameParent(): Scope | undefined {
    return this.cteLimit === undefined ? this.parent : this.parent?.parent;
  }

  findCte(name: string): CteEntry | undefined {
    return this.#lookUpCte(name, false);
  }

  /** There is a WITH query of the name that only later ones of its list see. */
  hasFutureCte(name: string): boolean {
    return this.#lookUpCte(name, true) !== undefined;
  }

  #lookUpCte(name: string, isFuture: boolean): CteEntry | undefined {
    let limit = Number.POSITIVE_INFINITY;
    for (let scope: Scope | undefined = this; scope !== undefined; scope = scope.parent) {
      const cte = scope.ctes.get(name);
      if (cte !== undefined && cte.order >= limit === isFuture) return cte;
      limit = scope.cteLimit ?? Number.POSITIVE_INFINITY;
    }
    return undefined;
  }

  /** A column of `owner` was used here: every level in between now depends on it. */
  noteUse(owner: Scope, id: ColumnId): void {
    for (const probe of this.state.probes)
      if (owner.depth <= probe.depth && owner.depth > probe.columnDepth) probe.columnDepth = owner.depth;
    for (let scope: Scope | undefined = this; scope !== undefined && scope !== owner; scope = scope.parent) {
      if (scope.outerColumns.has(id)) continue;
      scope.outerColumns.add(id);
      for (const probe of this.state.probes) probe.added.push({ scope, id });
    }
  }
}
