create extension citext;
create extension citext;
create extension if not exists citext;
\set VERBOSITY terse
create extension no_such_thing schema nowhere;
\set VERBOSITY default
create extension pg_trgm version '0.1';
create extension pg_trgm schema nowhere;
select extname, extversion, nspname, extrelocatable, rolname = current_user as own from pg_extension e join pg_namespace n on n.oid = extnamespace join pg_roles r on r.oid = extowner order by 1;
select name, default_version, installed_version from pg_available_extensions where name in ('citext', 'hstore', 'plpgsql') order by 1;
select name, version, installed, superuser, trusted, relocatable, schema, requires from pg_available_extension_versions where name in ('citext', 'plpgsql') order by 1, 2;
comment on extension citext is 'texts without case';
\dx
begin;
create extension hstore;
select 'a=>1'::hstore;
rollback;
select 'a=>1'::hstore;
create schema ext;
create extension hstore schema ext;
select 'a=>1'::hstore;
select 'a=>1'::ext.hstore -> 'a';
select 'a=>1'::ext.hstore operator(ext.->) 'a';
set search_path = public, ext;
select 'a=>1'::hstore -> 'a', pg_typeof('a=>1'::hstore), pg_typeof(array['a=>1'::hstore]);
reset search_path;
select pg_typeof('a=>1'::ext.hstore), format_type('ext.hstore'::regtype, null), 'ext.hstore[]'::regtype, to_regtype('hstore');
alter extension hstore set schema public;
select 'a=>1'::hstore -> 'a';
alter extension hstore set schema nowhere;
alter extension plpgsql set schema public;
alter extension hstore update;
alter extension hstore update to '0.9';
alter extension nope update;
create table people (id int primary key, email citext unique, tags hstore, nick text check (nick::citext <> 'root'), low text default 'X'::citext);
create view loud as select upper(email) as email from people where email = 'a';
create view counts as select count(*) from people;
drop extension citext;
drop extension nope;
drop extension if exists nope;
drop type citext;
drop schema ext;
drop extension hstore cascade;
drop extension citext cascade;
\d people
select * from counts;
create extension citext version '1.4';
select extversion from pg_extension where extname = 'citext';
alter extension citext update to '1.5';
alter extension citext update;
\dx+ citext
select classid::regclass, deptype, count(*) from pg_depend d join pg_extension e on e.oid = d.refobjid and refclassid = 'pg_extension'::regclass where extname = 'citext' group by 1, 2 order by 1;
select pg_describe_object('pg_extension'::regclass, oid, 0) from pg_extension where extname = 'citext';
create role guest; set role guest;
create extension pgcrypto;
drop extension citext;
reset role;
drop role guest; drop extension citext; drop table people cascade;
