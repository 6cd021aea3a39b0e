import type { RelationDescriptor, RoutineDescriptor } from '../../catalog/descriptors.js';
import type { Oid, UserId } from '../../commons/ids.js';
import type { MaybePromise } from '../../commons/maybe-promise.js';
import type { Notice } from '../../commons/sql-error.js';
import type { ResultColumn } from '../../planner/bind/logical.js';
import type { VariableScope } from '../../planner/context.js';
import type { FetchStatement, Statement } from '../../planner/parse/ast.js';
import type { Row, SqlValue } from '../../types/value.js';
import type { Batch, ExecutionContext } from '../context.js';
import type { CallTypes } from '../functions/implementation.js';
import type { Waiting } from '../waiting.js';
import type { CompileContext, CompiledRoutine, RoutineCall, TransitionTable } from './routine.js';

/**
 * How routines run statements (PostgreSQL's SPI), fulfilled by the session. All statements run in the session's transaction, with its settings,
 * its acting user and the role that is in force: a SECURITY DEFINER routine's owner's.
 *
 * Errors come with the place in the statement's own text as `internalPosition` and `internalQuery`; whoever runs the statement adds its own
 * lines of context with `withContext` (commons/error-context.ts).
 */
export interface StatementHost {
  /**
   * A statement to be run again and again: parsed at once, planned when it is first run and whenever the catalog, search_path or what else plans
   * depend on has changed. Belongs to a compiled routine; may be shared by sessions.
   * @throws SqlError 42601; also for a text of no statement or several
   */
  prepare(source: StatementSource): RoutineStatement;
  /** As `prepare`, for a text made at run time (EXECUTE): texts that come again are parsed and planned once. */
  dynamic(text: string, paramTypes: readonly Oid[]): RoutineStatement;
  /** The columns of the rows that a query gives, as things are now. Undefined: no rows (INSERT without RETURNING, utility statements). @throws as the binder */
  describe(statement: RoutineStatement): readonly ResultColumn[] | undefined;
  /** @throws SqlError 0A000 "INSERT is not allowed in a non-volatile function" for a statement that changes anything */
  requireReadOnly(statement: RoutineStatement): void;
  /**
   * Starts any statement, utility statements too. A promise only where it has to wait for a lock.
   * A volatile routine's statement takes a new snapshot and sees all that the transaction has written so far; a read-only one's (`call.isReadOnly`)
   * sees what the caller sees.
   * @throws SqlError 0A000 "INSERT is not allowed in a non-volatile function", and for transaction commands, COPY from or to the client …
   */
  open(statement: RoutineStatement, params: readonly SqlValue[], call: RoutineCall): MaybePromise<RunningStatement>;
  /**
   * The value of `SELECT expression` without a FROM: much cheaper than `open`. NULL where the query gives no row.
   * @throws SqlError 42601 "query returned %d columns", 21000 "query returned more than one row"
   */
  evaluate(statement: RoutineStatement, params: readonly SqlValue[], call: RoutineCall): MaybePromise<SqlValue>;

  /** Cursors are the session's portals: those of DECLARE too. @param name undefined: one is made up @returns its name @throws SqlError 42P03 */
  openCursor(
    name: string | undefined,
    statement: RoutineStatement,
    params: readonly SqlValue[],
    options: CursorOptions,
    call: RoutineCall,
  ): Waiting<string>;
  /** FETCH, or MOVE, which gives no rows. @throws SqlError 34000 */
  fetch(name: string, fetch: Pick<FetchStatement, 'direction' | 'count' | 'move'>): Waiting<FetchResult>;
  /** @throws SqlError 34000 */
  closeCursor(name: string): void;
  hasCursor(name: string): boolean;

  /** Starts a sub-transaction (a block with EXCEPTION). Ended by exactly one of the other two, latest first. */
  beginSub(): SubTransaction;
  releaseSub(sub: SubTransaction): void;
  /** Undoes all since, and ends it: also after an error of whatever kind. */
  rollbackSub(sub: SubTransaction): void;

  /** COMMIT and ROLLBACK in procedures and DO; the next statement begins a new transaction. @throws SqlError 2D000 "invalid transaction termination" */
  commit(chain: boolean, call: RoutineCall): Waiting<void>;
  rollback(chain: boolean, call: RoutineCall): Waiting<void>;

  /** The value of a setting; undefined: there is none of that name. */
  setting(name: string): string | undefined;

  /** Sent to the client as the settings say. @returns what to wait for before the next one, where the client does not keep up */
  notice(notice: Notice): Promise<void> | undefined;

  /** What expressions of a routine are evaluated with by itself: `params` may change meanwhile. Released when the routine ends, and to see newer rows. */
  expressionScope(params: readonly SqlValue[], call: RoutineCall): ExpressionScope;

  // ------------------------------------------------------------ for call.ts

  /**
   * The routine as compiled under the catalog and settings in force now: by its language, unless it is there already.
   * @param key of the routine, and of what else it is compiled for
   */
  compiled(routine: RoutineDescriptor, key: string, types: CallTypes, trigger?: { readonly relation: RelationDescriptor }): CompiledRoutine;
  /** What languages validate and compile with. */
  compileContext(): CompileContext;
  /** @see call.ts */
  readonly stack: RoutineStack;
}

export interface ExpressionScope extends ExecutionContext {
  release(): void;
}

export interface StatementSource {
  readonly text: string;
  /** The tree, where it is at hand; locations count within `text`. */
  readonly statement?: Statement;
  /** Of $1 …; the statement may have no others. */
  readonly paramTypes: readonly Oid[];
  /** Names that stand for parameters: their indexes count among `paramTypes` or go beyond. */
  readonly variables?: VariableScope;
  /** What the columns of its rows are cast to, as by an assignment. */
  readonly results?: readonly { readonly type: Oid; readonly typmod: number }[];
  /** Bound under this search path (schemas' oids) instead of the session's. */
  readonly searchPath?: readonly Oid[];
}

/** See `StatementHost.prepare`. */
export interface RoutineStatement {
  readonly text: string;
  readonly statement: Statement;
  /** SELECT, VALUES, INSERT, UPDATE, DELETE, MERGE: what the planner plans. */
  readonly isQuery: boolean;
}

/** Pulled until null, closed in any case. */
export interface RunningStatement {
  readonly columns: readonly ResultColumn[] | undefined;
  next(): MaybePromise<Batch | null>;
  close(): void;
  /** Rows that an INSERT, UPDATE, DELETE or MERGE has changed so far; for other statements the rows that were pulled. */
  readonly processed: number;
}

export interface CursorOptions {
  /** undefined: as the plan allows. */
  readonly scroll?: boolean;
}
export interface FetchResult {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly Row[];
  /** Rows that were passed. */
  readonly moved: number;
}
/** Opaque. */
export type SubTransaction = number & { readonly __subTransaction: never };

/** One routine under way. */
export interface RoutineFrame {
  /** What it is at, as lines of context, innermost first. */
  context(): readonly string[];
  /** Before a COMMIT or ROLLBACK: rows that it is in the middle of are brought to safety. */
  hold(): Waiting<void>;
}

/** Who runs, and how deep. */
export interface RoutineStack {
  /** Routines under way that tell where they are, outermost first. */
  readonly frames: RoutineFrame[];
  /** Calls within calls. */
  depth: number;
  /** Triggers that are firing: pg_trigger_depth(). */
  triggers: number;
  /** What the trigger's statements may read by name, while its own statements run. */
  transitions: readonly TransitionTable[] | undefined;
  /** Above 0 while something runs that can't wait: then nobody gives way to other sessions. */
  synchronous: number;
  /** Above 0 while rows of all users go through expressions: then only administrators' statements may run routines, which would see them. */
  overAllUsers: number;
  /** What runs until the result is called reads and writes that user's rows. */
  actFor(user: UserId): () => void;
  /**
   * Makes a routine's SET clauses and its owner's rights those in force.
   * @returns what puts back what was before; called also after an error
   */
  enter(owner: Oid | undefined, settings: Readonly<Record<string, string>>): () => void;
}
