import type { DatabaseCounters } from '../../commons/activity-counters.js';
import type { Oid, UserId } from '../../commons/ids.js';
import type { Row, SqlValue } from '../../types/value.js';
import type { CatalogSnapshot } from '../catalog.js';
import type { DefinitionTexts } from '../definitions/index.js';
import type { VirtualDescriptor } from '../descriptors.js';

/** What virtual relations are computed from: the statement's catalog, who asks, and what only session and server know. */
export interface VirtualContext {
  readonly catalog: CatalogSnapshot;
  readonly currentRole: Oid;
  /** The end user for whom alone the session acts: of others who share its role it sees nothing. */
  readonly boundUser?: string | undefined;
  /** kalamdb.all_users is on: tables of users' rows show whose they are. */
  readonly allUsers?: boolean;
  /** Tables made without a type would not be shared ones here: those that are say so, or a dump would make them another type. */
  readonly namesSharedType?: boolean;
  readonly databaseName: string;
  /** The transaction's start: microseconds since 2000-01-01 UTC. */
  readonly nowMicros: number;
  /**
   * Full rows of a relation that lives above the catalog, by its provider's name (`pg_catalog.pg_settings`, `pg_catalog.pg_stat_activity`,
   * `system.sessions` …): all lines, whoever asks; what a role may not see is taken away here. Undefined where the session has none.
   */
  sessionRows(provider: string): Iterable<Row> | undefined;
  slotOfUser(user: UserId): number;
  slotShard(slot: number): number;
  /** A table's rows now, as good as the server knows; below 0 when it doesn't. */
  estimatedRows(table: Oid): number;
  /** What goes on in the database. */
  readonly counters?: DatabaseCounters | undefined;
  /** The last value a sequence gave out; null when none yet. */
  sequenceLastValue(sequence: Oid): SqlValue;
  /** What a sequence that is read like a table says of itself. */
  sequenceState?(sequence: Oid): { readonly lastValue: SqlValue; readonly isCalled: boolean } | undefined;
  /** Absent: definitions are shown as they are kept. */
  readonly texts?: DefinitionTexts | undefined;
}

/** The rows of pg_catalog, information_schema and system. One a server. */
export interface VirtualRelations {
  /**
   * Rows with all columns of the relation, in order; nobody may change them.
   * @param equal conditions `column = value` by column number: a hint, so that look-ups by oid or name needn't make every row. Rows that
   * don't meet it may still come; the caller checks again.
   */
  rows(table: VirtualDescriptor, cx: VirtualContext, equal: ReadonlyMap<number, SqlValue>): Iterable<Row>;
}
