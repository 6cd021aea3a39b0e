import { rowsToShow } from '../../../catalog/virtual/rows-to-show.js';
import { type IndexCounters, TableCounters } from '../../../commons/activity-counters.js';
import type { SqlValue } from '../../../types/value.js';
import type { FunctionContext } from '../../context.js';
import type { ScalarFunction } from '../implementation.js';
import type { FunctionTable } from '../table.js';

/** Blocks, conflicts and the like, which this server has not: a counter is 0, a time NULL. */
const COUNTERS =
  'autoanalyze_count autovacuum_count blocks_fetched blocks_hit dead_tuples tuples_hot_updated ' +
  'xact_blocks_fetched xact_blocks_hit xact_numscans xact_tuples_deleted xact_tuples_fetched xact_tuples_hot_updated xact_tuples_inserted ' +
  'xact_tuples_returned xact_tuples_updated db_blocks_fetched db_blocks_hit ' +
  'db_conflict_bufferpin db_conflict_lock db_conflict_snapshot db_conflict_startup_deadlock ' +
  'db_conflict_tablespace bgwriter_buf_written_checkpoints bgwriter_buf_written_clean ' +
  'bgwriter_maxwritten_clean bgwriter_requested_checkpoints bgwriter_timed_checkpoints buf_alloc buf_fsync_backend buf_written_backend ' +
  'checkpoint_sync_time checkpoint_write_time';
const TIMES =
  'last_autoanalyze_time last_autovacuum_time ' +
  'bgwriter_stat_reset_time snapshot_timestamp function_calls function_self_time function_total_time xact_function_calls ' +
  'xact_function_self_time xact_function_total_time';
const RESETS =
  'pg_stat_reset_shared pg_stat_reset_single_function_counters pg_stat_reset_slru pg_stat_reset_replication_slot' +
  ' pg_stat_reset_subscription_stats pg_stat_clear_snapshot pg_stat_force_next_flush';

function named(names: string, prefix: string, implementation: ScalarFunction): Record<string, ScalarFunction> {
  return Object.fromEntries(names.split(' ').map((name) => [prefix + name, implementation]));
}

const nothing = () => [];

/** Of a table. */
const OF_TABLE: Readonly<Record<string, (done: TableCounters) => SqlValue>> = {
  tuples_inserted: (done) => done.inserted,
  tuples_updated: (done) => done.updated,
  tuples_deleted: (done) => done.deleted,
  mod_since_analyze: (done) => done.changes - done.changesAnalyzed,
  ins_since_vacuum: (done) => done.inserted - done.insertsVacuumed,
  analyze_count: (done) => done.analyses,
  vacuum_count: (done) => done.vacuums,
  last_analyze_time: (done) => done.analyzedMicros ?? null,
  last_vacuum_time: (done) => done.vacuumedMicros ?? null,
};

/** Of a table, or an index. */
const OF_EITHER: Readonly<Record<string, readonly [(done: TableCounters) => number, (done: IndexCounters) => number]>> = {
  numscans: [(done) => done.seqScans, (done) => done.scans],
  tuples_returned: [(done) => done.seqRead, (done) => done.read],
  tuples_fetched: [(done) => done.indexFetched, (done) => done.fetched],
};

/** Columns of pg_stat_database, from the third on, in order; of those that are not counted there is no function with a value. */
const OF_DATABASE =
  'numbackends xact_commit xact_rollback blocks_fetched blocks_hit tuples_returned tuples_fetched tuples_inserted tuples_updated tuples_deleted ' +
  'conflict_all temp_files temp_bytes deadlocks checksum_failures checksum_last_failure blk_read_time blk_write_time session_time active_time ' +
  'idle_in_transaction_time sessions sessions_abandoned sessions_fatal sessions_killed stat_reset_time';
const DATABASE_PROVIDER = 'pg_catalog.pg_stat_database';

function ofDatabases(): Record<string, ScalarFunction> {
  const made = (place: number): ScalarFunction => {
    return (database: SqlValue, cx: FunctionContext) => {
      for (const row of cx.session.virtualRows(DATABASE_PROVIDER) ?? []) if (row[0] === database) return row[place] ?? null;
      return place === 1 ? 0 : null;
    };
  };
  return Object.fromEntries(OF_DATABASE.split(' ').map((name, i) => [`pg_stat_get_db_${name}`, made(i + 1)]));
}

function ofRelations(): Record<string, ScalarFunction> {
  const functions: [string, ScalarFunction][] = [];
  const known = (oid: SqlValue | undefined, cx: FunctionContext): TableCounters =>
    (typeof oid === 'number' ? cx.session.counters.known(oid) : undefined) ?? UNTOUCHED;
  for (const [name, read] of Object.entries(OF_TABLE)) functions.push([name, (oid: SqlValue, cx: FunctionContext) => read(known(oid, cx))]);
  for (const [name, [ofTable, ofIndex]] of Object.entries(OF_EITHER)) {
    functions.push([
      name,
      (oid: SqlValue, cx: FunctionContext) => {
        const relation = typeof oid === 'number' ? cx.catalog.relationByOid(oid) : undefined;
        if (relation?.kind !== 'index') return ofTable(known(oid, cx));
        const index = cx.session.counters.known(relation.table)?.indexes.get(relation.oid);
        return index === undefined ? 0 : ofIndex(index);
      },
    ]);
  }
  return Object.fromEntries(functions.map(([name, made]) => [`pg_stat_get_${name}`, made]));
}

const UNTOUCHED = new TableCounters();

export const statisticsFunctions: FunctionTable = {
  scalar: {
    ...named(COUNTERS, 'pg_stat_get_', () => 0),
    ...named(TIMES, 'pg_stat_get_', () => null),
    ...named(RESETS, '', () => ''),
    ...ofRelations(),
    ...ofDatabases(),
    pg_stat_get_live_tuples: (oid: SqlValue, cx: FunctionContext) =>
      typeof oid === 'number' ? Math.max(0, rowsToShow(cx.catalog, cx.session.currentRole, oid) ?? 0) : 0,
    pg_stat_reset: (cx: FunctionContext) => {
      const { counters, database, transactions, clock } = cx.session;
      counters.reset(clock.nowMicros(), transactions.locks.deadlocksIn(database.oid));
      return '';
    },
    pg_stat_reset_single_table_counters: (oid: SqlValue, cx: FunctionContext) => {
      if (typeof oid === 'number') cx.session.counters.resetOne(oid, cx.session.clock.nowMicros());
      return '';
    },
    pg_stat_have_stats: () => false,
    pg_log_backend_memory_contexts: () => false,
  },
  set: {
    pg_tablespace_databases: nothing,
    pg_stat_get_progress_info: nothing,
    pg_stat_get_subscription: nothing,
    pg_stat_get_subscription_stats: nothing,
    pg_stat_get_wal_senders: nothing,
    pg_stat_get_slru: nothing,
    pg_stat_get_recovery_prefetch: nothing,
    pg_get_replication_slots: nothing,
    pg_show_replication_origin_status: nothing,
    pg_get_shmem_allocations: nothing,
    pg_get_backend_memory_contexts: nothing,
    show_all_file_settings: nothing,
    pg_ident_file_mappings: nothing,
    pg_get_multixact_members: nothing,
    pg_get_catalog_foreign_keys: nothing,
    pg_ls_archive_statusdir: nothing,
    pg_ls_logdir: nothing,
    pg_ls_logicalmapdir: nothing,
    pg_ls_logicalsnapdir: nothing,
    pg_ls_tmpdir_noargs: nothing,
    pg_ls_tmpdir_1arg: nothing,
    pg_ls_replslotdir: nothing,
    pg_ls_waldir: nothing,
  },
};
