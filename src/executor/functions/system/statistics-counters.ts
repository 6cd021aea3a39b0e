import type { ScalarFunction } from '../implementation.js';
import type { FunctionTable } from '../table.js';

/**
 * The functions behind PostgreSQL's statistics views. This server counts nothing of the kind (its views show zeros too): a counter is 0,
 * a time NULL, and nothing is ever reset.
 */
const COUNTERS =
  'analyze_count autoanalyze_count autovacuum_count vacuum_count blocks_fetched blocks_hit dead_tuples live_tuples ins_since_vacuum ' +
  'mod_since_analyze numscans tuples_deleted tuples_fetched tuples_hot_updated tuples_inserted tuples_returned tuples_updated ' +
  'xact_blocks_fetched xact_blocks_hit xact_numscans xact_tuples_deleted xact_tuples_fetched xact_tuples_hot_updated xact_tuples_inserted ' +
  'xact_tuples_returned xact_tuples_updated db_active_time db_blk_read_time db_blk_write_time db_blocks_fetched db_blocks_hit ' +
  'db_checksum_failures db_conflict_all db_conflict_bufferpin db_conflict_lock db_conflict_snapshot db_conflict_startup_deadlock ' +
  'db_conflict_tablespace db_deadlocks db_idle_in_transaction_time db_session_time db_sessions db_sessions_abandoned ' +
  'db_sessions_fatal db_sessions_killed db_temp_bytes db_temp_files db_tuples_deleted db_tuples_fetched db_tuples_inserted ' +
  'db_tuples_returned db_tuples_updated db_xact_commit db_xact_rollback bgwriter_buf_written_checkpoints bgwriter_buf_written_clean ' +
  'bgwriter_maxwritten_clean bgwriter_requested_checkpoints bgwriter_timed_checkpoints buf_alloc buf_fsync_backend buf_written_backend ' +
  'checkpoint_sync_time checkpoint_write_time';
const TIMES =
  'last_analyze_time last_autoanalyze_time last_autovacuum_time last_vacuum_time db_checksum_last_failure db_stat_reset_time ' +
  'bgwriter_stat_reset_time snapshot_timestamp function_calls function_self_time function_total_time xact_function_calls ' +
  'xact_function_self_time xact_function_total_time';
const RESETS =
  'pg_stat_reset pg_stat_reset_shared pg_stat_reset_single_table_counters pg_stat_reset_single_function_counters pg_stat_reset_slru ' +
  'pg_stat_reset_replication_slot pg_stat_reset_subscription_stats pg_stat_clear_snapshot pg_stat_force_next_flush';

function named(names: string, prefix: string, implementation: ScalarFunction): Record<string, ScalarFunction> {
  return Object.fromEntries(names.split(' ').map((name) => [prefix + name, implementation]));
}

const nothing = () => [];

export const statisticsFunctions: FunctionTable = {
  scalar: {
    ...named(COUNTERS, 'pg_stat_get_', () => 0),
    ...named(TIMES, 'pg_stat_get_', () => null),
    ...named(RESETS, '', () => ''),
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
