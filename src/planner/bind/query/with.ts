import { SqlState } from '../../../commons/sqlstates.js';
import type { CommonTableExpr, SelectStatement, With } from '../../parse/ast.js';
import { resolveUnknown } from '../coerce.js';
import { errorAt, locationOf } from '../errors.js';
import type { LogicalPlan, LogicalWith, OutputColumn } from '../logical.js';
import { type CteReference, Scope } from '../scope/scope.js';
import type { QueryShape, WithShape } from '../shape.js';
import type { BindState, BoundQuery, ChangeStatement } from '../state.js';
import { usesOfCte } from './references.js';

/** Puts the WITH queries that are computed on their own around the plan of their statement. */
export interface WithClause {
  wrap(body: LogicalPlan): LogicalPlan;
  /** After all of the statement is bound. */
  shape(): WithShape;
}

type WithQuery = LogicalWith['ctes'][number];

/** Notes the WITH list in the scope. @throws SqlError 42712, 42P19, 0A000 */
export function bindWith(scope: Scope, statement: (SelectStatement | ChangeStatement) & { readonly with?: With }): WithClause | undefined {
  const clause = statement.with;
  if (clause === undefined) return undefined;
  const computed: WithQuery[] = [];
  const entries = clause.ctes.map((cte, order) => {
    if (scope.ctes.has(cte.name)) {
      throw errorAt(SqlState.duplicateAlias, `WITH query name "${cte.name}" specified more than once`, locationOf(cte));
    }
    const entry = new CommonTable(scope, cte, clause, statement, order, computed);
    scope.ctes.set(cte.name, entry);
    return entry;
  });
  for (const entry of entries) entry.prepare();
  return {
    wrap: (body) => (computed.length === 0 ? body : { kind: 'with', ctes: computed, body }),
    shape: () => ({ recursive: clause.recursive === true, ctes: entries.map((entry) => entry.shape()) }),
  };
}

/** One WITH query: put in place where it is read once and computes nothing that must happen once, else computed on its own. */
class CommonTable {
  readonly name: string;
  readonly order: number;
  readonly #scope: Scope;
  readonly #cte: CommonTableExpr;
  readonly #isRecursive: boolean;
  readonly #mayInline: boolean;
  readonly #computed: WithQuery[];
  readonly #limit: number;
  readonly #uses: number;
  #isBinding = false;
  #shape: QueryShape | undefined;
  #own: { readonly cte: number; readonly columns: readonly OutputColumn[] } | undefined;

  constructor(
    scope: Scope,
    cte: CommonTableExpr,
    clause: With,
    statement: SelectStatement | ChangeStatement,
    order: number,
    computed: WithQuery[],
  ) {
    this.name = cte.name;
    this.order = order;
    this.#scope = scope;
    this.#cte = cte;
    this.#computed = computed;
    this.#limit = clause.recursive === true ? Number.POSITIVE_INFINITY : order;
    const isSearch = cte.search !== undefined || cte.cycle !== undefined;
    this.#isRecursive = clause.recursive === true && usesOfCte(cte.statement, cte.name).length > 0;
    if (isSearch && !this.#isRecursive) throw errorAt(SqlState.syntaxError, 'WITH query is not recursive', locationOf(cte));
    // Without RECURSIVE a name in its own text means something else.
    this.#uses =
      usesOfCte(statement, cte.name, clause).length - (clause.recursive === true ? 0 : usesOfCte(cte.statement, cte.name).length);
    const isQuery = cte.statement.type === 'select' || cte.statement.type === 'set operation' || cte.statement.type === 'values';
    const isLocking = isQuery && 'locking' in cte.statement && cte.statement.locking !== undefined;
    this.#mayInline =
      isQuery && !isLocking && !this.#isRecursive && (cte.materialized === false || (cte.materialized === undefined && this.#uses === 1));
  }

  shape(): WithShape['ctes'][number] {
    const { cycle } = this.#cte;
    const query = this.#shape;
    if (cycle === undefined) return { cte: this.#cte, query };
    const [value, otherwise] = [cycle.value, cycle.default].map((node) => resolveUnknown(this.#scope.state, this.#scope.bind(node)));
    return value === undefined || otherwise === undefined
      ? { cte: this.#cte, query }
      : { cte: this.#cte, query, cycle: { value, default: otherwise } };
  }

  /** Binds it at once, unless it is bound where it is read. */
  prepare(): void {
    if (this.#own !== undefined) return;
    if (!this.#mayInline) this.#compute();
    else if (this.#uses === 0) this.#bind();
  }

  reference(location: number | undefined, reader: Scope): CteReference {
    if (this.#own === undefined && this.#mayInline) {
      const { state } = this.#scope;
      const before = state.isVolatile;
      state.isVolatile = false;
      state.noteExpansion();
      const query = this.#bind();
      const { isVolatile } = state;
      state.isVolatile = isVolatile || before;
      if (!isVolatile) {
        // What it uses from outside of the WITH, the queries between that and the reader now use too.
        for (let level: Scope | undefined = reader; level !== undefined && level !== this.#scope; level = level.parent) {
          for (const id of query.outerColumns) level.outerColumns.add(id);
        }
        return { plan: query.plan, columns: query.columns };
      }
      this.#keep(query);
    } else if (this.#own === undefined) this.#compute();
    return this.#scan(location);
  }

  #scan(location: number | undefined): CteReference {
    const own = this.#own;
    if (own === undefined) throw new RangeError('a WITH query is bound before it is read');
    if (own.columns.length === 0 && isChange(this.#cte.statement)) {
      throw errorAt(SqlState.featureNotSupported, `WITH query "${this.name}" does not have a RETURNING clause`, location);
    }
    const columns = freshColumns(this.#scope.state, own.columns);
    return { plan: { kind: 'cte scan', cte: own.cte, name: this.name, columns }, columns };
  }

  #compute(): void {
    if (this.#isBinding) {
      throw errorAt(SqlState.featureNotSupported, 'mutual recursion between WITH items is not implemented', locationOf(this.#cte));
    }
    this.#isBinding = true;
    const query = this.#isRecursive ? this.#scope.state.binders.recursive(this.#bodyScope(), this.#cte) : this.#bind();
    this.#isBinding = false;
    this.#shape = query.shape;
    this.#keep(query);
  }

  #keep(query: BoundQuery): void {
    const cte = this.#scope.state.newCte();
    this.#own = { cte, columns: query.columns };
    this.#computed.push({ cte, name: this.name, plan: query.plan, outputs: query.columns });
  }

  #bodyScope(): Scope {
    const body = new Scope(this.#scope.state, this.#scope);
    body.cteLimit = this.#limit;
    return body;
  }

  #bind(): BoundQuery {
    const { statement } = this.#cte;
    const body = this.#bodyScope();
    if (!isChange(statement)) {
      const query = body.query(statement).finish();
      this.#shape = query.shape;
      return named(this.#cte, query);
    }
    // The statement's own level lies right below the root.
    if (this.#scope.depth !== 1) {
      throw errorAt(
        SqlState.featureNotSupported,
        'WITH clause containing a data-modifying statement must be at the top level',
        locationOf(this.#cte),
      );
    }
    return named(this.#cte, body.state.binders.ruledChange(body, statement) ?? body.state.binders.change(body, statement));
  }
}

function isChange(statement: CommonTableExpr['statement']): statement is Exclude<ChangeStatement, { type: 'merge' }> {
  return statement.type === 'insert' || statement.type === 'update' || statement.type === 'delete';
}

function freshColumns(state: BindState, columns: readonly OutputColumn[]): OutputColumn[] {
  return columns.map((column) => {
    const id = state.newColumn();
    state.noteOrigin(id, state.originOf(column.id));
    const fields = state.recordFields.get(column.id);
    if (fields !== undefined) state.recordFields.set(id, fields);
    return { ...column, id };
  });
}

/** With the column names of `name (a, b) AS …`. @throws SqlError 42P10 */
export function named(cte: CommonTableExpr, query: BoundQuery): BoundQuery {
  const { columns } = cte;
  if (columns === undefined) return query;
  if (columns.length > query.columns.length) {
    throw errorAt(
      SqlState.invalidColumnReference,
      `WITH query "${cte.name}" has ${query.columns.length} columns available but ${columns.length} columns specified`,
      locationOf(cte),
    );
  }
  return { ...query, columns: query.columns.map((column, i) => ({ ...column, name: columns[i] ?? column.name })) };
}
