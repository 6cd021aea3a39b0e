import type { ResultColumn } from '../../planner/bind/logical.js';
import type { SelectStatement } from '../../planner/parse/ast.js';
import type { Operator } from '../context.js';

/** A query within a utility statement: its columns are known before it runs. */
export interface RunningQuery {
  readonly columns: readonly ResultColumn[];
  start(): Operator;
}
/** @param isDefinition it is not run */
export type PlannedRun = (query: SelectStatement, isDefinition?: boolean) => RunningQuery;
