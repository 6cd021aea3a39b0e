-- ALTER DEFAULT PRIVILEGES: what new objects start with; REASSIGN and DROP OWNED with them.
create role pa_d1; create role pa_d2; create role pa_d3; create role pa_d4;
create schema sd; grant all on schema sd to pa_d1, pa_d2, pa_d3; grant create on schema public to pa_d1;
alter default privileges grant select on tables to pa_d2;
alter default privileges grant insert (a) on tables to pa_d2;
alter default privileges in schema sd grant insert on tables to pa_d3 with grant option;
alter default privileges for role pa_d1 grant execute on functions to pa_d2;
alter default privileges for role pa_d1 revoke execute on functions from public;
alter default privileges for role pa_d1 revoke usage on types from public;
alter default privileges for role pa_d1 grant usage on types to pa_d3;
alter default privileges for role pa_d1 grant all on sequences to pa_d3 with grant option;
alter default privileges for role pa_d1, pa_d2 grant all on schemas to pa_d4;
alter default privileges in schema sd grant usage on schemas to pa_d4;
alter default privileges in schema nope grant select on tables to pa_d4;
alter default privileges for role nope grant select on tables to pa_d4;
alter default privileges grant usage on tables to pa_d4;
alter default privileges grant select on schemas to pa_d4;
alter default privileges grant execute on functions to public;
alter default privileges revoke execute on functions from public;
alter default privileges grant select on tables to public with grant option;
\ddp
select defaclrole::regrole, defaclnamespace::regnamespace, defaclobjtype, defaclacl from pg_default_acl order by 1,2,3;
create table t1 (a int, b int); create table sd.t2 (a int); create view v1 as select 1; create materialized view m1 as select 1 as x;  create sequence s1;
create function f0() returns int language sql as 'select 1'; create table sd.t3 as select 1 as a; create table sd.t4 (like t1);
\dp public.*
\dp sd.*
set role pa_d1;
create function sd.f1() returns int language sql as 'select 1'; create procedure sd.p1() language sql as ''; create aggregate sd.a1(int) (sfunc = int4pl, stype = int); create type sd.e1 as enum ('x'); create domain sd.dm as int;   create table sd.t5 (a int); create sequence sd.s5;
reset role;
create schema pas authorization pa_d1;
\dn+ pas
select proname, proacl from pg_proc where pronamespace = 'sd'::regnamespace order by 1;
select typname, typacl from pg_type where typnamespace = 'sd'::regnamespace and typname !~ '^_' order by 1;
\dp sd.*
set role pa_d2; select sd.f1(); select 'x'::sd.e1; create table sd.bad (x sd.e1); reset role;
set role pa_d4; select sd.f1(); reset role;
alter default privileges for role pa_d1 grant execute on functions to public;
alter default privileges for role pa_d1 revoke execute on functions from pa_d2;
set role pa_d2; alter default privileges for role pa_d1 grant select on tables to pa_d2; alter default privileges grant select on tables to pa_d3; reset role;
\ddp
drop role pa_d1;
drop role pa_d2;
drop role pa_d3;
drop role pa_d4;
drop schema sd;
reassign owned by pa_d1 to pa_d2;
\dp sd.*
select relname, relowner::regrole, relacl from pg_class where relnamespace='sd'::regnamespace order by 1;
select proname, proowner::regrole, proacl from pg_proc where pronamespace = 'sd'::regnamespace order by 1;
select typname, typowner::regrole, typacl from pg_type where typnamespace = 'sd'::regnamespace and typname !~ '^_' order by 1;
\dn+ pas
drop role pa_d1;
drop owned by pa_d1;
\ddp
drop role pa_d1;
drop owned by pa_d2; drop owned by pa_d2 cascade;
\ddp
\dp sd.*
drop role pa_d2;
drop role pa_d3;
drop owned by pa_d3; drop role pa_d3; drop owned by pa_d4; drop role pa_d4;
\ddp
alter default privileges grant execute on functions to public;
\ddp
drop schema sd cascade;
drop view v1; drop materialized view m1; drop table t1; drop sequence s1; drop function f0;
