import type { Catalog, CatalogSnapshot } from '../catalog/catalog.js';
import type { Oid, Seq, UserId } from '../commons/ids.js';
import type { MaybePromise } from '../commons/maybe-promise.js';
import type { NotificationBatch } from '../commons/notification-batch.js';
import type { InterruptCheck } from '../executor/context.js';
import type { BoundExpr } from '../planner/bind/expression.js';
import type { RequiredPrivilege } from '../planner/bind/logical.js';
import type { PlannerContext } from '../planner/context.js';
import type { SelectStatement, Statement } from '../planner/parse/ast.js';
import type { ReadView, Transaction } from '../transaction/transaction.js';
import type { FormatContext } from '../types/format-context.js';
import type { Row, SqlValue } from '../types/value.js';
import type { ListenOptions } from './listen-options.js';
import type { Listener } from './listener.js';

/**
 * Life of a notification: a commit becomes durable → the hub gets its event, in commit order → plain NOTIFYs go to the listeners of their
 * channel; changed rows are looked up by (table, user), so that only that user's live queries are asked → each decides by its filter over the
 * old and the new row whether a row entered, changed or left → its session's output gets a NotificationResponse, or a resync when it is too slow.
 */
export interface Notifications {
  /** One a session of a database; everything that a session does with notifications goes through it. */
  open(subscriber: Subscriber, catalog: Catalog): SessionNotifications;
  readonly liveQueryCount: number;
  /** Rows of system.live_queries. */
  liveQueryRows(): Iterable<Row>;
  /** Ends a live query of any session. False when there is none of that id. */
  cancelLiveQuery(id: number | bigint): boolean;
}

/** What the hub needs of a session. */
export interface Subscriber {
  readonly pid: number;
  /** Sends notifications; never throws. */
  notify(batch: NotificationBatch): void;
  /** Bytes that the client has not taken yet: above the limit a live query turns to resync. */
  readonly bufferedBytes: number;
  /** Settings that shape values in payloads, as they are now. */
  format(): FormatContext;
  /** kalamdb.live_batch: all changes of a commit come in one notification. */
  readonly wantsBatches: boolean;
}

export interface ListenContext {
  readonly transaction: Transaction;
  readonly catalog: CatalogSnapshot;
  readonly planner: PlannerContext;
  readonly actingUser: UserId;
  /** @throws SqlError 42501 */
  checkPrivileges(required: readonly RequiredPrivilege[]): void;
  readonly listener: Listener;
  /** @throws SqlError 42501 where the session may not act for others */
  checkMayActFor(): void;
  /** The value of an expression without columns, as the session sees it now, acting for a user. */
  evaluate(expr: BoundExpr, user: UserId): SqlValue;
  /** Whether who listens may see what all users do: the server's own lists. */
  readonly isAdministrator: boolean;
  /** A query to be run again and again, as who listens now and with the settings of now. */
  repeated(statement: SelectStatement, options: RepeatOptions): RepeatedQuery;
  /** Statements of a text. @throws SqlError 42601 */
  parse(text: string): readonly Statement[];
  readonly interrupt: InterruptCheck;
}

/** Takes the rows of one run. */
export interface RowsOfRun {
  /** @param seq of the snapshot that it reads */
  begin(seq: Seq): void;
  add(rows: readonly Row[]): void;
}

export interface RepeatOptions {
  /** Whose rows it reads. */
  readonly user: UserId;
  /** Schemas that its names are of, where it is not the session's search path. */
  readonly path: readonly string[] | undefined;
  /** It may do more than read, if it could: the first run is in its own session too, which is read only. */
  readonly isAlone: boolean;
}

/** A query in a session of its own. */
export interface RepeatedQuery {
  /** Runs it in the transaction that listens. */
  first(into: RowsOfRun): MaybePromise<void>;
  /** Runs it by itself, read only. @returns the newest commit that it has seen */
  again(into: RowsOfRun): Promise<Seq>;
  /** Ends a run that is under way. */
  close(): void;
}

export interface SessionNotifications {
  /**
   * LISTEN: a live query if `channel` names a table or view along the search path ("schema.name" too), else a plain channel.
   * Takes effect at commit; a live query then delivers every change after the last snapshot in which the transaction read its relation.
   * A query that remembers rows reads them first.
   * @throws SqlError 0A000 for what cannot be live (hint), 42501 without SELECT on it, 53400 above kalamdb.max_live_queries_per_session,
   * 54000 for one that would remember too much
   */
  listen(channel: string, options: ListenOptions, cx: ListenContext): MaybePromise<void>;
  /**
   * The rows of what can be listened to, as changes that insert them, or what has changed since a commit.
   * @throws SqlError as `listen`; 42P01 where there is nothing of that name; 58P01 where what has changed can't be told
   */
  changes(name: string, since: number | bigint | undefined, view: ReadView, cx: ListenContext): MaybePromise<readonly string[]>;
  /** UNLISTEN one, or all. Takes effect at commit. */
  unlisten(channel: string | undefined, transaction: Transaction): void;
  /** Call after each statement of a transaction while `hasPending`: which relations it read, on which snapshot. */
  noteRead(reads: readonly Oid[], seq: Seq): void;
  readonly hasPending: boolean;
  /** Channels listened to, for pg_listening_channels(). */
  channels(): Iterable<string>;
  /** How many live queries it has, for system.sessions. */
  readonly liveQueryCount: number;
  /** The acting user changed: live queries of the one before end, with a notice from the session. @returns how many ended */
  actingUserChanged(user: UserId): number;
  close(): void;
}
