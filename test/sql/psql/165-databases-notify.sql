-- Channels belong to a database.
CREATE DATABASE d165_a;
\c d165_a
LISTEN c;
SELECT pg_listening_channels();
\c postgres
SELECT pg_listening_channels();
LISTEN c;
\c d165_a
NOTIFY c, 'nobody hears it';
SELECT pg_notify('c', 'nor this');
SELECT pg_notification_queue_usage();
CREATE TEMP TABLE t (a int);
SELECT count(*) FROM pg_class WHERE relname = 't';
PREPARE p AS SELECT current_database();
EXECUTE p;
\c postgres
DROP DATABASE d165_a;
