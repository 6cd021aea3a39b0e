-- what the cumulative statistics count
CREATE TABLE counted (id int PRIMARY KEY, v int, w int);
CREATE INDEX counted_w ON counted (w);
SELECT pg_stat_force_next_flush();
SELECT seq_scan AS scans, seq_tup_read AS read FROM pg_stat_user_tables WHERE relname = 'counted' \gset
INSERT INTO counted SELECT g, g, g / 10 FROM generate_series(1, 100) AS g;
UPDATE counted SET v = v + 1000 WHERE v <= 10;
DELETE FROM counted WHERE v BETWEEN 11 AND 15;
SELECT count(*) FROM counted;
SELECT pg_stat_force_next_flush();
SELECT seq_scan - :scans AS scans, seq_tup_read - :read AS read, n_tup_ins, n_tup_upd, n_tup_del, n_mod_since_analyze, n_ins_since_vacuum FROM pg_stat_user_tables WHERE relname = 'counted';
-- what is rolled back was done all the same
BEGIN;
INSERT INTO counted SELECT g, g, g FROM generate_series(201, 203) AS g;
ROLLBACK;
SELECT pg_stat_force_next_flush();
SELECT n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_all_tables WHERE relid = 'counted'::regclass;
ANALYZE counted;
SELECT pg_stat_force_next_flush();
SELECT n_live_tup, n_mod_since_analyze, analyze_count, last_analyze IS NOT NULL AS analyzed, vacuum_count FROM pg_stat_user_tables WHERE relname = 'counted';
SET enable_seqscan = off;
SET enable_bitmapscan = off;
SELECT v FROM counted WHERE id = 20;
SELECT v FROM counted WHERE id = 21;
SELECT v FROM counted WHERE id = 2000;
SELECT v FROM counted WHERE w = 3 ORDER BY v;
RESET enable_seqscan;
RESET enable_bitmapscan;
SELECT pg_stat_force_next_flush();
SELECT indexrelname, idx_scan, idx_tup_read, idx_tup_fetch FROM pg_stat_user_indexes WHERE relname = 'counted' ORDER BY indexrelname;
SELECT idx_scan, idx_tup_fetch FROM pg_stat_user_tables WHERE relname = 'counted';
SELECT pg_stat_get_numscans('counted_pkey'::regclass), pg_stat_get_tuples_returned('counted_w'::regclass), pg_stat_get_tuples_fetched('counted_pkey'::regclass);
SELECT pg_stat_get_tuples_inserted('counted'::regclass), pg_stat_get_tuples_updated('counted'::regclass), pg_stat_get_tuples_deleted('counted'::regclass);
CREATE TABLE keyless (a int);
SELECT idx_scan, idx_tup_fetch, n_tup_ins, seq_scan FROM pg_stat_user_tables WHERE relname = 'keyless';
SELECT pg_stat_reset_single_table_counters('counted'::regclass);
SELECT n_tup_ins, seq_scan FROM pg_stat_user_tables WHERE relname = 'counted';
-- of the database
BEGIN;
ROLLBACK;
SELECT pg_stat_force_next_flush();
SELECT xact_commit > 10 AS commits, xact_rollback > 0 AS rollbacks, tup_inserted >= 103 AS inserted, tup_updated >= 10 AS updated, tup_deleted >= 5 AS deleted, tup_fetched > 0 AS fetched, sessions > 0 AS sessions, active_time > 0 AS active, session_time > 0 AS connected FROM pg_stat_database WHERE datname = current_database();
SELECT pg_stat_get_db_xact_commit(oid) > 10 AS commits, pg_stat_get_db_numbackends(oid) > 0 AS backends, pg_stat_get_db_stat_reset_time(oid) IS NULL AS never_reset FROM pg_database WHERE datname = current_database();
SELECT pg_stat_reset();
SELECT pg_stat_get_db_stat_reset_time(oid) IS NOT NULL AS reset FROM pg_database WHERE datname = current_database();
DROP TABLE counted, keyless;
