-- What belongs to a database and what all share.
CREATE DATABASE d163_a;
CREATE DATABASE d163_b;
\c d163_a
CREATE TABLE t (a int PRIMARY KEY);
INSERT INTO t VALUES (1);
CREATE SCHEMA s;
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 163';
CREATE EXTENSION citext;
CREATE ROLE d163_role;
SELECT 'x'::citext = 'X';
SELECT current_database(), current_catalog;
SELECT catalog_name FROM information_schema.information_schema_catalog_name;
SELECT table_catalog, table_schema, table_name FROM information_schema.tables WHERE table_schema = 'public';
SELECT datname FROM pg_stat_activity WHERE pid = pg_backend_pid();
SELECT count(*) FROM d163_a.public.t;
SELECT d163_a.public.t.a FROM t;
SELECT count(*) FROM d163_b.public.t;
SELECT d163_b.public.f();
INSERT INTO d163_b.public.t VALUES (1);
CREATE TABLE d163_b.public.u (a int);
DROP TABLE d163_b.public.t;
ALTER TABLE d163_b.public.t ADD b int;
CREATE VIEW d163_b.public.v AS SELECT 1;
CREATE SEQUENCE d163_b.public.q;
COMMENT ON TABLE d163_b.public.t IS 'x';
SELECT 1::d163_b.public.t;
CREATE TABLE d163_a.public.u (a int);
DROP TABLE d163_a.public.u;
\c d163_b
SELECT * FROM t;
SELECT f();
SELECT 'x'::citext;
SELECT rolname FROM pg_roles WHERE rolname = 'd163_role';
SELECT nspname FROM pg_namespace WHERE nspname = 's';
SELECT extname FROM pg_extension ORDER BY 1;
CREATE TABLE t (b text);
INSERT INTO t VALUES ('b');
\d t
SELECT * FROM t;
\c d163_a
\d t
SELECT * FROM t;
SELECT relname, relkind FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r';
-- Locks of advice are a database's.
SELECT pg_advisory_lock(163);
SELECT d.datname, l.objid FROM pg_locks AS l LEFT JOIN pg_database AS d ON d.oid = l.database WHERE locktype = 'advisory';
-- Sizes and descriptions.
SELECT pg_database_size('d163_a') > 0, pg_database_size(oid) > 0 FROM pg_database WHERE datname = 'd163_b';
SELECT pg_database_size('d163_nope');
SELECT pg_database_size(1::oid) > 0, pg_database_size(99999999::oid);
SELECT pg_describe_object('pg_database'::regclass, oid, 0), (pg_identify_object('pg_database'::regclass, oid, 0)).* FROM pg_database WHERE datname = 'd163_b';
SELECT datname, numbackends FROM pg_stat_database WHERE datname LIKE 'd163%' ORDER BY 1;
-- Roles that others need.
CREATE TABLE theirs (a int);
ALTER TABLE theirs OWNER TO d163_role;
GRANT SELECT ON t TO d163_role;
\c d163_b
GRANT INSERT ON t TO d163_role;
GRANT CONNECT ON DATABASE d163_b TO d163_role;
DROP ROLE d163_role;
\c postgres
DROP ROLE d163_role;
DROP DATABASE d163_b;
DROP ROLE d163_role;
DROP DATABASE d163_a;
DROP ROLE d163_role;
