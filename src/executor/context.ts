import type { CatalogSnapshot, Catalogs, SessionCatalog } from '../catalog/catalog.js';
import type { DefinitionTexts } from '../catalog/definitions/index.js';
import type { TableDescriptor } from '../catalog/descriptors.js';
import type { DatabaseCounters } from '../commons/activity-counters.js';
import type { Clock } from '../commons/clock.js';
import type { Oid, UserId } from '../commons/ids.js';
import type { MaybePromise } from '../commons/maybe-promise.js';
import type { Notice } from '../commons/sql-error.js';
import type { ReadView, Transaction, TransactionManager } from '../transaction/transaction.js';
import type { FormatContext } from '../types/format-context.js';
import type { Row, SqlValue } from '../types/value.js';
import type { TableAccess } from './access/table-access.js';
import type { ConstraintChecks } from './dml/constraint-checks.js';
import type { OpenObjects } from './large-objects/open-objects.js';
import type { SpillCounts } from './operators/spill-file.js';
import type { StatementHost } from './routines/statements.js';
import type { SharedMemory } from './shared-memory.js';

/** Everything one execution of a statement works with. Made by the session for each execution. */
export interface ExecutionContext {
  readonly transaction: Transaction;
  readonly view: ReadView;
  readonly catalog: CatalogSnapshot;
  readonly access: TableAccess;
  readonly session: SessionServices;
  /** Values of $1 …, by index from 0. */
  readonly params: readonly SqlValue[];
  /** Values of literals that the statement cache lifted; of the row at hand where there are `literalRows`. */
  lifted: readonly SqlValue[];
  /** For a VALUES whose one row stands for many. */
  readonly literalRows?: readonly (readonly SqlValue[])[] | undefined;
  readonly format: FormatContext;
  /** Whose partition of user and stream tables is read and written. */
  readonly actingUser: UserId;
  readonly workMemBytes: number;
  /** What work_mem could not hold is counted there. */
  readonly spills: SpillCounts;
  readonly interrupt: InterruptCheck;
}

/** Long work calls this between batches. */
export interface InterruptCheck {
  /** @throws SqlError 57014 when cancelled or timed out, 57P01 when terminated */
  check(): void;
  /** True when the event loop has waited long enough (about 10 ms) that the caller should await `turn()`. */
  shouldYield(): boolean;
  /** Resolves after other sessions had their turn. */
  turn(): Promise<void>;
}

/** What SQL functions and utility statements may ask of their session and server. */
export interface SessionServices {
  readonly backendPid: number;
  readonly clock: Clock;
  readonly catalog: SessionCatalog;
  readonly transactions: TransactionManager;
  readonly sharedMemory: SharedMemory;
  readonly openObjects: OpenObjects;
  /** That it is connected to. */
  readonly database: { readonly oid: Oid; readonly name: string };
  /** Of all databases. */
  readonly catalogs: Catalogs;
  /** What goes on in it. */
  readonly counters: DatabaseCounters;
  /** Backends besides this one that are connected to a database. */
  otherSessions(database: Oid): readonly number[];
  readonly currentUser: string;
  readonly sessionUser: string;
  readonly currentRole: Oid;
  /** The end user for whom alone the session acts, by its log-in. */
  readonly boundUser?: string | undefined;
  /** kalamdb.all_users is on, and the current role may have it so. */
  readonly allUsers?: boolean;
  readonly statementStartMicros: number;
  /** Effective search path as schema names, with implicit ones when asked. */
  searchPath(includeImplicit: boolean): readonly string[];
  /** @throws SqlError 42704 unless missingOk */
  getSetting(name: string, missingOk: boolean): string | undefined;
  /** @throws SqlError 22023, 42501, 55P02 … */
  setSetting(name: string, value: string, isLocal: boolean): string;
  /** Whether a setting could have such a value. @throws as `setSetting` */
  checkSetting(name: string, value: string): void;
  notice(notice: Notice): void;
  /** What its transaction has still to check. */
  readonly constraintChecks: ConstraintChecks;
  /** Sequence functions; `oid` is the sequence's. An identity column's asks for no privilege of its own. @throws SqlError 2200H, 55000, 42501 */
  nextval(oid: Oid, ofIdentity?: boolean): SqlValue;
  currval(oid: Oid): SqlValue;
  lastval(): SqlValue;
  setval(oid: Oid, value: number | bigint, isCalled: boolean): SqlValue;
  /** pg_cancel_backend and pg_terminate_backend: false when there is no such backend. */
  signalBackend(pid: number, kind: 'cancel' | 'terminate'): boolean;
  /** Advisory locks of the session. */
  advisoryLock(key: string, mode: 'shared' | 'exclusive', scope: 'session' | 'transaction', wait: boolean): MaybePromise<boolean>;
  advisoryUnlock(key: string, mode: 'shared' | 'exclusive'): boolean;
  advisoryUnlockAll(): void;
  /** Rows of virtual relations that live above the catalog: system.sessions, pg_stat_activity, pg_locks, pg_prepared_statements … */
  virtualRows(provider: string): Iterable<Row> | undefined;
  /** pg_stat_statements_reset; undefined: whatever. */
  resetStatementStatistics(of: {
    readonly role?: Oid | undefined;
    readonly database?: Oid | undefined;
    readonly id?: bigint | undefined;
  }): void;
  /** Some query of the session reads or writes the relation right now: one that has called what asks, or a cursor's. */
  isInUse(relation: Oid): boolean;
  /** The key of the table's row that a cursor is on; undefined: the row is another table's of its tree. @throws SqlError 34000, 24000 */
  cursorRow(name: string, table: TableDescriptor): Uint8Array | undefined;
  cancelLiveQuery(id: number | bigint): boolean;
  /** Changes as JSON texts: of all rows of what is named, or since a commit. @throws SqlError as LISTEN, 42P01, 58P01 */
  liveChanges(name: string, since: number | bigint | undefined, view: ReadView): MaybePromise<readonly string[]>;
  /** pg_reload_conf. */
  reloadConfiguration(): void;
  /** Views and expressions of definitions as this session reads them. */
  readonly texts: DefinitionTexts;
  /** How users' routines run statements. */
  readonly statements: StatementHost;
}

/** What a function's implementation gets behind its arguments. */
export type FunctionContext = ExecutionContext;

/** A batch of rows: at least one. The receiver may keep the rows and the array; nobody changes a row after handing it on. */
export type Batch = Row[];

/** A running operator. Pulled by its consumer; never called again after null or an error, except for close. */
export interface Operator {
  next(): MaybePromise<Batch | null>;
  /** Frees what it holds. May be called at any time, and more than once. */
  close(): void;
}
