import { compile } from '../executor/compile.js';
import { optimizeOptions } from '../executor/constant-evaluator.js';
import type { UtilityContext } from '../executor/ddl/index.js';
import type { PlannedRun } from '../executor/ddl/run-query.js';
import type { FunctionLibrary } from '../executor/functions/implementation.js';
import type { PlannerContext } from '../planner/context.js';
import { bindIndexOver } from '../planner/optimize/bind-index.js';
import { planQuery } from '../planner/plan.js';
import type { ReadView, Transaction } from '../transaction/transaction.js';
import type { SessionCore } from './session-core.js';
import { StatementContext } from './statement-context.js';

/** What a utility statement works with: an execution's context, and the session's planner. */
export class ContextOfUtility extends StatementContext implements UtilityContext {
  readonly planner: PlannerContext;
  readonly library: FunctionLibrary;
  readonly runQuery: PlannedRun;

  constructor(core: SessionCore, transaction: Transaction, view: ReadView) {
    super(core, transaction, view, [], [], undefined);
    this.planner = core.plannerContext([], true);
    this.library = core.server.compile.library;
    this.runQuery = (query) => {
      const planner = core.plannerContext([], true);
      const { query: planned } = planQuery(query, planner, optimizeOptions(this.library, planner.format, bindIndexOver(planner)));
      const compiled = compile(planned, core.server.compile);
      return { columns: planned.columns, start: () => compiled.start(this) };
    };
  }
}
