import type { MaybePromise } from '../../commons/maybe-promise.js';
import type { RunningQuery } from '../../executor/compile.js';
import type { Batch } from '../../executor/context.js';
import type { PlannerContext } from '../../planner/context.js';
import type { LiftedLiteral } from '../../planner/parse/literals.js';
import type { ReadView, Transaction } from '../../transaction/transaction.js';
import type { SqlValue } from '../../types/value.js';
import type { OpenedStatement } from '../opened-statement.js';
import type { SessionCore } from '../session-core.js';
import type { CachedStatement, StatementPlan } from '../statement/cached-statement.js';
import { liftedRows, liftedValues } from '../statement/lifted-values.js';
import { RuledQuery } from './ruled-query.js';
import { takeTableLocks } from './table-locks.js';

/** A query under way. */
export class OpenedQuery implements OpenedStatement {
  readonly plan: StatementPlan;
  readonly format = 0;
  readonly #core: SessionCore;
  readonly #running: RunningQuery;
  readonly #view: ReadView;
  #closed = false;

  constructor(core: SessionCore, plan: StatementPlan, running: RunningQuery, view: ReadView) {
    this.#core = core;
    this.plan = plan;
    this.#running = running;
    this.#view = view;
    core.openQueries.push(this);
  }

  get columns(): StatementPlan['columns'] | undefined {
    const { columns, query } = this.plan;
    return columns.length === 0 && query.command !== 'SELECT' && query.command !== 'VALUES' ? undefined : columns;
  }

  /** What rules make of it, where they do. */
  get ruled(): RuledQuery | undefined {
    return this.#running instanceof RuledQuery ? this.#running : undefined;
  }

  /** Rows changed so far. */
  get affected(): number {
    return this.#running.affected;
  }

  next(): MaybePromise<Batch | null> {
    return this.#running.next();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#leave();
    this.#running.close();
    const { notifications } = this.#core;
    if (notifications.hasPending) notifications.noteRead(this.plan.query.reads, this.#view.seq);
    this.#view.release();
  }

  /** Nearly always it is the last. */
  #leave(): void {
    const { openQueries } = this.#core;
    if (openQueries.at(-1) === this) openQueries.pop();
    else openQueries.splice(openQueries.lastIndexOf(this), 1);
  }

  tag(rows: number): string {
    switch (this.plan.query.command) {
      case 'SELECT':
      case 'VALUES':
        return `SELECT ${rows}`;
      case 'INSERT':
        return `INSERT 0 ${this.#running.affected}`;
      case 'UPDATE':
        return `UPDATE ${this.#running.affected}`;
      case 'DELETE':
        return `DELETE ${this.#running.affected}`;
      case 'MERGE':
        return `MERGE ${this.#running.affected}`;
    }
  }
}

/** The plan that holds now. @throws SqlError as the binder */
export function currentPlan(core: SessionCore, cached: CachedStatement): StatementPlan {
  const unreadable = core.block.transaction?.unreadableIndexes;
  const own = unreadable === undefined || unreadable.length === 0 ? core.environment() : core.environmentWithout(unreadable);
  const searchPath = cached.scope?.searchPath;
  const environment = searchPath === undefined ? own : core.environmentAlong(own, searchPath);
  const context = (): PlannerContext => {
    const planner = core.plannerContext(cached.paramTypes, cached.paramsFixed, environment.catalog);
    if (cached.scope === undefined) return planner;
    const { variables, results, isCursor } = cached.scope;
    return {
      ...planner,
      searchPath: environment.searchPath,
      variables,
      results,
      isCursor,
      transitions: core.services.statements.stack.transitions,
    };
  };
  return cached.known(environment) ?? cached.plan(environment, context, core.server.compile);
}

/**
 * Starts a query in the session's transaction: table locks, then the plan, then the snapshot, then the operators.
 * A promise only where a lock has to be waited for.
 *
 * @param through sees what that view sees instead of a new one
 */
export function openQuery(
  core: SessionCore,
  cached: CachedStatement,
  params: readonly SqlValue[],
  literals: readonly LiftedLiteral[],
  through?: ReadView,
): MaybePromise<OpenedQuery> {
  const transaction = core.block.enter();
  return lockAndStart(core, transaction, cached, currentPlan(core, cached), params, literals, through);
}

function lockAndStart(
  core: SessionCore,
  transaction: Transaction,
  cached: CachedStatement,
  plan: StatementPlan,
  params: readonly SqlValue[],
  literals: readonly LiftedLiteral[],
  through: ReadView | undefined,
): MaybePromise<OpenedQuery> {
  const locked = takeTableLocks(transaction, plan.tableLocks);
  if (locked === undefined) return start(core, transaction, plan, params, literals, through);
  return locked.then(() => {
    // Whoever held the table may have altered it.
    const now = currentPlan(core, cached);
    return now === plan
      ? start(core, transaction, plan, params, literals, through)
      : lockAndStart(core, transaction, cached, now, params, literals, through);
  });
}

function start(
  core: SessionCore,
  transaction: Transaction,
  plan: StatementPlan,
  params: readonly SqlValue[],
  literals: readonly LiftedLiteral[],
  through: ReadView | undefined,
): OpenedQuery {
  const { ruled } = plan;
  if (ruled === undefined) return startOne(core, transaction, plan, params, literals, through);
  const view = through ?? transaction.view();
  through?.retain();
  const open = (one: StatementPlan): OpenedQuery => startOne(core, transaction, one, params, literals, through);
  return new OpenedQuery(core, plan, new RuledQuery(plan, ruled, open), view);
}

function startOne(
  core: SessionCore,
  transaction: Transaction,
  plan: StatementPlan,
  params: readonly SqlValue[],
  literals: readonly LiftedLiteral[],
  through: ReadView | undefined,
): OpenedQuery {
  const { literalsPerRow } = plan;
  const rows = literalsPerRow === undefined ? undefined : liftedRows(plan.lifted, literals, literalsPerRow, core.format);
  const lifted = rows === undefined ? liftedValues(plan.lifted, literals, core.format) : [];
  const view = through ?? transaction.view();
  through?.retain();
  try {
    const cx = core.execution(transaction, view, params, lifted, rows);
    return new OpenedQuery(core, plan, plan.compiled.start(cx), view);
  } catch (error) {
    view.release();
    throw error;
  }
}
