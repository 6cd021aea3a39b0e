import type { IndexDescriptor, TableDescriptor } from '../../catalog/descriptors.js';
import type { BoundExpr } from '../bind/expression.js';
import type { EvaluateConstant } from './fold.js';

/** What optimizing needs from the rooms above. */
export interface OptimizeOptions {
  readonly evaluateConstant: EvaluateConstant;
  /** Whether the function of this pg_proc.prosrc may wait (pg_sleep): such calls are done in nodes of their own. */
  readonly isAsync: (source: string) => boolean;
  /** For indexes on expressions and partial ones. Absent: these serve no query. */
  readonly bindIndex?: BindIndex | undefined;
}

/** An index's expressions and predicate over a table's columns: a column's id there is its number. */
export interface BoundIndex {
  readonly keys: readonly BoundExpr[];
  readonly predicate?: BoundExpr | undefined;
}
/** An index, or whatever else is over columns and expressions of a table. */
export interface IndexOver {
  readonly name: string;
  readonly columns: readonly Pick<IndexDescriptor['columns'][number], 'column' | 'exprText' | 'type'>[];
  readonly predicateText?: string;
}
export type BindIndex = (table: TableDescriptor, index: IndexOver) => BoundIndex | undefined;
