import type { CatalogSnapshot } from '../../catalog/catalog.js';
import type { ColumnDescriptor, RelationDescriptor, RoutineDescriptor } from '../../catalog/descriptors.js';
import type { PlannerContext } from '../../planner/context.js';
import type { Row, SqlValue } from '../../types/value.js';
import type { ExecutionContext } from '../context.js';
import type { CallTypes, FunctionLibrary } from '../functions/implementation.js';
import type { Waiting } from '../waiting.js';
import type { StatementHost } from './statements.js';

/**
 * Life of a user's routine: CREATE FUNCTION has its language validate it, and stores a descriptor → a call is bound like any other (proc and
 * types resolved) → when it is first run, its language compiles it for those types; what comes out is kept as long as nothing in the catalog
 * changes → each call enters the routine (call.ts: EXECUTE privilege, depth, SECURITY DEFINER, SET clauses), runs the compiled routine, which
 * runs its statements through the session (statements.ts), and leaves it, also on errors.
 *
 * To add a language, add an entry to languages.ts.
 */
export interface RoutineLanguage {
  /** pg_language.lanname */
  readonly name: string;
  /**
   * At CREATE, unless check_function_bodies is off: syntax, and what can be told of names and types.
   * @throws SqlError as PostgreSQL's validator; positions count within `routine.source`
   */
  validate(routine: RoutineDescriptor, cx: CompileContext): void;
  /** For the types of a call: those of polymorphic parameters and results are settled in `types`. Called rarely; may throw what the source deserves. */
  compile(routine: RoutineDescriptor, types: CallTypes, cx: CompileContext): CompiledRoutine;
  /** DO: the code as a routine without name, parameters and result, to be run by `value`. Absent: the language has no inline code. */
  inline?(source: string, cx: CompileContext): CompiledRoutine;
}

export interface CompileContext {
  readonly catalog: CatalogSnapshot;
  readonly planner: PlannerContext;
  readonly library: FunctionLibrary;
  readonly statements: StatementHost;
  /** Where the source begins in the statement that the client has sent: for notices about places in it. */
  readonly sourceStart?: number | undefined;
  /** It is compiled as the function of a trigger on that relation: `types` are empty, `trigger` will be called. */
  readonly trigger?: { readonly relation: RelationDescriptor } | undefined;
}

/**
 * A routine ready to run. Holds nothing of a call: one serves all calls and sessions, also calls within calls. Whatever may wait is a
 * `Waiting` (waiting.ts); it usually ends without.
 */
export interface CompiledRoutine {
  /** A function that returns no set: its value (rows as SqlRecord). A procedure: the SqlRecord of its OUT and INOUT parameters, or null without. */
  value(args: readonly SqlValue[], call: RoutineCall): Waiting<SqlValue>;
  /** A function that returns a set: gives each row to `out`; a scalar result is a row of one, null for a whole row a row of NULLs. */
  set?(args: readonly SqlValue[], call: RoutineCall, out: RowSink): Waiting<void>;
  /** A trigger function. @returns the row to go on with; null: nothing is to be done for this row. The result of AFTER and statement triggers is ignored. */
  trigger?(trigger: TriggerCall, call: RoutineCall): Waiting<Row | null>;
}

export interface RowSink {
  add(row: Row): void;
}

/** One call. */
export interface RoutineCall {
  readonly routine: RoutineDescriptor;
  readonly types: CallTypes;
  readonly statements: StatementHost;
  /**
   * The context of whoever calls: for formats, interrupt checks and the session. Its `params` are the caller's, its `view` what the caller sees,
   * and after a COMMIT in a procedure its transaction is over: statements are run through `statements` alone.
   */
  readonly cx: ExecutionContext;
  /** Its statements see what the caller sees, and may change nothing: STABLE and IMMUTABLE functions. */
  readonly isReadOnly: boolean;
  /** COMMIT and ROLLBACK are refused (2D000): true but for CALL and DO as a client's own statement outside a block, and CALL directly within those. */
  readonly isAtomic: boolean;
}

/** What a trigger function is told. Rows hold a value for each of the relation's columns by `number - 1`, dropped ones too. */
export interface TriggerCall {
  readonly name: string;
  readonly when: 'BEFORE' | 'AFTER' | 'INSTEAD OF';
  readonly level: 'ROW' | 'STATEMENT';
  readonly event: 'INSERT' | 'UPDATE' | 'DELETE' | 'TRUNCATE';
  readonly relation: RelationDescriptor;
  readonly columns: readonly ColumnDescriptor[];
  /** Row triggers of UPDATE and DELETE. */
  readonly old?: Row;
  /** Row triggers of INSERT and UPDATE. */
  readonly new?: Row;
  /** TG_ARGV */
  readonly args: readonly string[];
  /** REFERENCING … TABLE AS: read by its statements like tables of that name. */
  readonly transitionTables?: readonly TransitionTable[];
}
export interface TransitionTable {
  readonly name: string;
  readonly columns: readonly ColumnDescriptor[];
  /** As in TriggerCall. */
  readonly rows: Iterable<Row>;
  readonly count: number;
}
