import type { ColumnId } from '../../planner/bind/expression.js';
import type { Row } from '../../types/value.js';
import type { RowVersion } from '../row-version.js';
import type { RowIdentity } from './row-identity.js';
import type { Running } from './running.js';

/** Tells the rows of a node apart: the same as long as it is the same row, whatever its values become. */
export type RowId = string;

/**
 * What becomes of one row of a node: `old` is undefined before it is there, `now` once it is gone. Within a commit a row may be told of more
 * than once; each time begins where the last one ended, and what counts is the first `old` and the last `now`.
 */
export type Push = (id: RowId, old: Row | undefined, now: Row | undefined) => void;

/** The same of a stored row. */
export type PushVersion = (id: RowId, old: RowVersion | undefined, now: RowVersion | undefined) => void;

/**
 * One step of a query that is kept up to date, compiled once and run for any number of users. It hands on exactly the changes of its own rows;
 * what it must remember for that it makes in `start`.
 */
export interface LiveNode {
  /** Position i of its rows holds column output[i]. */
  readonly output: readonly ColumnId[];
  readonly identity: RowIdentity;
  /** It remembers rows, so that it must be shown those that are there when it starts. */
  readonly isStateful: boolean;
  /** Begins with nothing: rows that are there already come as if they were inserted. */
  start(run: Running, push: Push): void;
}
