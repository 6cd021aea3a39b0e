import type { Oid } from '../commons/ids.js';
import { compile } from '../executor/compile.js';
import { optimizeOptions } from '../executor/constant-evaluator.js';
import type { UtilityContext } from '../executor/ddl/index.js';
import type { PlannedRun } from '../executor/ddl/run-query.js';
import type { FunctionLibrary } from '../executor/functions/implementation.js';
import type { PlannerContext } from '../planner/context.js';
import { bindIndexOver } from '../planner/optimize/bind-index.js';
import { planQuery } from '../planner/plan.js';
import type { ReadView, Transaction } from '../transaction/transaction.js';
import type { SqlValue } from '../types/value.js';
import type { SessionCore } from './session-core.js';
import type { StatementScope } from './statement/cached-statement.js';
import { StatementContext } from './statement-context.js';

export interface QueryParams {
  readonly types: readonly Oid[];
  readonly values: readonly SqlValue[];
  /** Of a routine's statement: what its parameters are called. */
  readonly scope?: StatementScope | undefined;
}

const NO_PARAMS: QueryParams = { types: [], values: [] };

/** What a utility statement works with: an execution's context, and the session's planner. */
export class ContextOfUtility extends StatementContext implements UtilityContext {
  readonly planner: PlannerContext;
  readonly library: FunctionLibrary;
  readonly runQuery: PlannedRun;

  /** @param params of the query within, where that was prepared */
  constructor(core: SessionCore, transaction: Transaction, view: ReadView, params: QueryParams = NO_PARAMS) {
    super(core, transaction, view, params.values, [], undefined);
    const withNames = (planner: PlannerContext): PlannerContext =>
      params.scope === undefined ? planner : { ...planner, variables: params.scope.variables };
    // row_security = off is about rows that are read: what is only defined reads none.
    const { rowSecurityOff: _, ...planner } = core.plannerContext(params.scope === undefined ? [] : params.types, true);
    this.planner = withNames(planner);
    this.library = core.server.compile.library;
    this.runQuery = (query, isDefinition = false) => {
      const planner = { ...withNames(core.plannerContext(params.types, true)), ...(isDefinition ? { isDefinition } : {}) };
      const { query: planned } = planQuery(query, planner, optimizeOptions(this.library, planner.format, bindIndexOver(planner)));
      const compiled = compile(planned, core.server.compile);
      return { columns: planned.columns, start: () => compiled.start(this) };
    };
  }
}
