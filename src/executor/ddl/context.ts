import type { ResultColumn } from '../../planner/bind/logical.js';
import type { PlannerContext } from '../../planner/context.js';
import type { Statement } from '../../planner/parse/ast.js';
import type { Row } from '../../types/value.js';
import type { ExecutionContext } from '../context.js';
import type { FunctionLibrary } from '../functions/implementation.js';
import type { PlannedRun } from './run-query.js';

/** What a utility statement works with besides an execution's context. */
export interface UtilityContext extends ExecutionContext {
  readonly planner: PlannerContext;
  readonly library: FunctionLibrary;
  /** Plans and runs a query of its own (CREATE TABLE AS): the session's planner and executor, in this transaction. */
  readonly runQuery: PlannedRun;
}

export interface UtilityResult {
  /** The command tag: `CREATE TABLE`. */
  readonly tag: string;
  readonly columns?: readonly ResultColumn[];
  readonly rows?: readonly Row[];
}

export type UtilityStatement<T extends Statement['type']> = Extract<Statement, { type: T }>;
