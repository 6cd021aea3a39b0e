-- Settings of databases, and of roles in them.
CREATE DATABASE d164_a;
CREATE ROLE d164_role LOGIN PASSWORD 'test-password';
ALTER DATABASE d164_a SET work_mem = '3MB';
ALTER DATABASE d164_a SET search_path TO app, public;
ALTER DATABASE d164_a SET statement_timeout FROM CURRENT;
ALTER DATABASE d164_a SET nope = 1;
ALTER DATABASE d164_a SET work_mem = 'much';
ALTER DATABASE d164_nope SET work_mem = '3MB';
ALTER ROLE d164_role SET work_mem = '4MB';
ALTER ROLE d164_role IN DATABASE d164_a SET work_mem = '5MB';
ALTER ROLE d164_role IN DATABASE d164_nope SET work_mem = '5MB';
ALTER ROLE ALL IN DATABASE d164_a SET maintenance_work_mem = '9MB';
\c d164_a
SHOW work_mem;
SHOW search_path;
SHOW maintenance_work_mem;
\c d164_a d164_role
SHOW work_mem;
\c postgres d164_role
SHOW work_mem;
ALTER DATABASE d164_a SET work_mem = '6MB';
\c postgres postgres
\drds
SELECT coalesce(datname, '-'), coalesce(rolname, '-'), setconfig
FROM pg_db_role_setting LEFT JOIN pg_database AS d ON d.oid = setdatabase LEFT JOIN pg_roles AS r ON r.oid = setrole
WHERE datname LIKE 'd164%' OR rolname LIKE 'd164%' ORDER BY 1, 2;
ALTER ROLE d164_role IN DATABASE d164_a RESET work_mem;
ALTER DATABASE d164_a RESET work_mem;
\c d164_a d164_role
SHOW work_mem;
\c d164_a postgres
SHOW work_mem;
ALTER DATABASE d164_a RESET ALL;
\c d164_a postgres
SHOW search_path;
\c postgres
ALTER ROLE d164_role IN DATABASE d164_a SET work_mem = '5MB';
DROP DATABASE d164_a;
\drds
DROP ROLE d164_role;
