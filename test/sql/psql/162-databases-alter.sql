-- ALTER DATABASE, and connecting.
CREATE ROLE d162_owner LOGIN PASSWORD 'test-password';
CREATE ROLE d162_maker LOGIN CREATEDB PASSWORD 'test-password';
CREATE DATABASE d162_a OWNER d162_maker;
GRANT CREATE, TEMPORARY ON DATABASE d162_a TO d162_owner;
SELECT datacl FROM pg_database WHERE datname = 'd162_a';
ALTER DATABASE d162_a RENAME TO d162_b;
ALTER DATABASE d162_a RENAME TO d162_c;
ALTER DATABASE d162_b RENAME TO postgres;
ALTER DATABASE postgres RENAME TO other;
\c d162_b
SELECT current_database();
ALTER DATABASE d162_b RENAME TO d162_c;
\c postgres
ALTER DATABASE d162_b OWNER TO d162_owner;
SELECT pg_get_userbyid(datdba), datacl FROM pg_database WHERE datname = 'd162_b';
ALTER DATABASE d162_nope OWNER TO d162_owner;
ALTER DATABASE d162_b OWNER TO d162_nope;
\c d162_b d162_owner
ALTER DATABASE d162_b OWNER TO d162_maker;
ALTER DATABASE d162_b OWNER TO CURRENT_USER;
ALTER DATABASE d162_b RENAME TO d162_c;
CREATE SCHEMA made;
SELECT pg_get_userbyid(nspowner), has_schema_privilege('public', 'CREATE') FROM pg_namespace WHERE nspname = 'public';
CREATE TABLE public.t (a int);
\c postgres postgres
ALTER DATABASE d162_b CONNECTION LIMIT 0;
\c d162_b
\c postgres
ALTER DATABASE d162_b WITH CONNECTION LIMIT = -1 ALLOW_CONNECTIONS = false;
SELECT datconnlimit, datallowconn FROM pg_database WHERE datname = 'd162_b';
ALTER DATABASE d162_b ALLOW_CONNECTIONS true IS_TEMPLATE true;
ALTER DATABASE postgres ALLOW_CONNECTIONS false;
ALTER DATABASE d162_b CONNECTION LIMIT -7;
ALTER DATABASE d162_b NOPE 1;
ALTER DATABASE d162_b IS_TEMPLATE true IS_TEMPLATE false;
ALTER DATABASE d162_b SET TABLESPACE pg_default;
ALTER DATABASE d162_b SET TABLESPACE pg_nope;
BEGIN;
ALTER DATABASE d162_b SET TABLESPACE pg_default;
ROLLBACK;
ALTER DATABASE d162_b REFRESH COLLATION VERSION;
BEGIN;
ALTER DATABASE d162_b CONNECTION LIMIT 3;
ALTER DATABASE d162_b RENAME TO d162_d;
SELECT datname, datconnlimit, datistemplate FROM pg_database WHERE datname LIKE 'd162%';
ROLLBACK;
SELECT datname, datconnlimit, datistemplate FROM pg_database WHERE datname LIKE 'd162%';
DROP DATABASE d162_b;
ALTER DATABASE d162_b IS_TEMPLATE false;
-- CONNECT.
REVOKE CONNECT ON DATABASE d162_b FROM PUBLIC;
SELECT has_database_privilege('d162_maker', 'd162_b', 'CONNECT'), has_database_privilege('d162_owner', 'd162_b', 'CONNECT');
GRANT CONNECT ON DATABASE d162_b TO d162_maker;
\c d162_b d162_maker
CREATE SCHEMA mine;
CREATE TEMP TABLE t (a int);
\c postgres postgres
REVOKE TEMPORARY ON DATABASE d162_b FROM PUBLIC;
REVOKE TEMP ON DATABASE d162_nope FROM PUBLIC;
GRANT SELECT ON DATABASE d162_b TO d162_maker;
\c d162_b d162_maker
CREATE TEMP TABLE t (a int);
SELECT has_database_privilege('d162_b', 'CONNECT'), has_database_privilege('d162_b', 'TEMP'), has_database_privilege('d162_b', 'CREATE'),
  has_database_privilege('postgres', 'TEMP'), has_database_privilege('d162_nope', 'TEMP');
SELECT has_database_privilege('d162_owner', 'd162_b', 'TEMP WITH GRANT OPTION');
\c postgres postgres
SELECT datacl FROM pg_database WHERE datname = 'd162_b';
DROP ROLE d162_owner;
DROP ROLE d162_maker;
DROP DATABASE d162_b;
DROP ROLE d162_owner, d162_maker;
