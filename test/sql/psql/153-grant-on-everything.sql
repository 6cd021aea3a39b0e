-- GRANT on indexes (not), types, routines, languages, tablespaces, all of a schema, built-in objects and settings.
create role pa_r1; create role pa_r2; create role pa_r3; create role pa_r4; create table t (a int); create sequence s; grant select on t to pa_r1, pa_r2;
create index ti on t (a); grant select on ti to pa_r1;
create type ct as (x int); grant select on ct to pa_r1;
grant usage on type ct to pa_r1; grant usage on domain ct to pa_r1;
create domain d as int; grant usage on domain d to pa_r1; grant usage on type d to pa_r2 with grant option;
\dT+
create type e as enum ('x'); revoke usage on type e from public;
\dT+ e
set role pa_r1; create table bad (x e); reset role; grant create on schema public to pa_r1; set role pa_r1; create table bad (x e); reset role;
create function f(int) returns int language sql as 'select $1'; create procedure p() language sql as '';
grant execute on function f to pa_r1; grant execute on procedure f to pa_r1; grant execute on routine p to pa_r2; grant execute on function p to pa_r2;
revoke all on function f(int) from public; 
select proname, proacl from pg_proc where proname in ('f','p') order by 1;
grant execute on function nope(int) to pa_r1;
grant usage on language sql to pa_r1; grant usage on language c to pa_r1; grant usage on language nope to pa_r1;
revoke usage on language plpgsql from public;
select lanname, lanacl from pg_language where lanname in ('sql','plpgsql') order by 1;
set role pa_r1; do $$ begin raise notice 'hi'; end $$; create function pf() returns int language plpgsql as 'begin return 1; end'; reset role;
grant usage on language plpgsql to public;
grant create on tablespace pg_default to pa_r1; grant create on tablespace nope to pa_r1; grant usage on tablespace pg_default to pa_r1;
select spcname, spcacl from pg_tablespace order by 1;
grant select on all tables in schema public to pa_r3; grant usage on all sequences in schema public to pa_r3; grant execute on all functions in schema public to pa_r3; grant execute on all procedures in schema public to pa_r3; grant execute on all routines in schema public to pa_r4;
\dp
select proname, proacl from pg_proc where proname in ('f','p') order by 1;
grant select (a) on all tables in schema public to pa_r3;
grant create, usage on schema public to pa_r3 with grant option;
\dn+ public
-- PostgreSQL's own
grant execute on function abs(int) to pa_r1; revoke execute on function abs(int) from public; grant execute on function pg_reload_conf() to pa_r1;
select oid::regprocedure, proacl from pg_proc where oid in ('abs(int)'::regprocedure, 'pg_reload_conf()'::regprocedure, 'pg_rotate_logfile()'::regprocedure) order by proname;
select has_function_privilege('pa_r2', 'abs(int)', 'execute'), has_function_privilege('pa_r1', 'abs(int)', 'execute'), has_function_privilege('pa_r2', 'pg_reload_conf()', 'execute'), has_function_privilege('pa_r1', 'pg_reload_conf()', 'execute');
set role pa_r1; select abs(a) from t; set role pa_r2; select abs(a) from t; select @ a from t; select abs(a::bigint) from t; create view va as select abs(a) from t; reset role;
revoke execute on function count(*) from public; set role pa_r1; select count(*) from (values (1)) v; reset role; grant execute on function count(*) to public;
grant execute on function abs(int) to public; revoke execute on function abs(int) from pa_r1;
revoke usage on type int8 from public; set role pa_r2; create temp table tb (a int8); select 1::int8; create temp table tb2 (a int8[]); reset role; grant usage on type int8 to public;
grant usage on type int8[] to pa_r1;
select relname, relacl from pg_class where relname = 'pg_authid'; grant select (rolname) on pg_authid to pa_r1; set role pa_r1; select count(rolname) > 0 from pg_authid; select rolpassword from pg_authid; reset role;
grant select on pg_authid to pa_r2; set role pa_r2; select count(rolpassword) >= 0 from pg_authid; reset role;
revoke select on pg_class from public; set role pa_r2; select 1 from pg_class limit 1; reset role; grant select on pg_class to public;
select relname, relacl from pg_class where relname in ('pg_authid', 'pg_class') order by 1; select attname, attacl from pg_attribute where attrelid = 'pg_authid'::regclass and attacl is not null;
select count(*) > 0 from pg_init_privs where objoid = 'pg_class'::regclass and initprivs::text = '{postgres=arwdDxt/postgres,=r/postgres}';
-- settings
grant set on parameter session_replication_role to pa_r1; grant set, alter system on parameter Work_Mem to pa_r1 with grant option; grant set on parameter nope to pa_r1; grant set on parameter my.own to pa_r2; grant select on parameter work_mem to pa_r2; grant all on parameter work_mem to pa_r2;
select parname, paracl from pg_parameter_acl order by 1;
select has_parameter_privilege('pa_r1', 'work_mem', 'set with grant option'), has_parameter_privilege('pa_r2', 'session_replication_role', 'set'), has_parameter_privilege('pa_r1', 'session_replication_role', 'set');
set role pa_r2; set session_replication_role = replica; set role pa_r1; set session_replication_role = replica; set session_replication_role = origin; grant set on parameter work_mem to pa_r3; grant alter system on parameter session_replication_role to pa_r3; reset role;
drop role pa_r1;
revoke all on parameter work_mem from pa_r1; revoke all on parameter work_mem from pa_r1 cascade; revoke set on parameter my.own from pa_r2;
select parname, paracl from pg_parameter_acl order by 1;
drop owned by pa_r1, pa_r2, pa_r3, pa_r4; drop role pa_r1, pa_r2, pa_r3, pa_r4;
select count(*) from pg_parameter_acl; select proacl from pg_proc where oid = 'abs(int)'::regprocedure; select relacl from pg_class where relname = 'pg_authid'; select lanacl from pg_language where lanname in ('sql', 'plpgsql') order by lanname;
drop table t; drop sequence s; drop function f; drop procedure p; drop type ct, e; drop domain d;
