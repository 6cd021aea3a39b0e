-- What other scripts have left in the database.
set client_min_messages = warning;
drop extension if exists btree_gin, btree_gist, pg_trgm cascade;
reset client_min_messages;
create role maker; grant create on database postgres to maker; grant create on schema public to maker;
set role maker;
create extension citext; create extension pg_stat_statements;
reset role;
select typname, typowner::regrole from pg_type where typname in ('citext', '_citext') order by 1;
select distinct proowner::regrole from pg_proc p join pg_depend d on d.objid = p.oid and d.classid = 'pg_proc'::regclass and d.deptype = 'e' join pg_extension e on e.oid = d.refobjid where extname = 'citext';
create extension pg_stat_statements;
\d pg_stat_statements_info
drop view pg_stat_statements; create view busy as select query from pg_stat_statements; drop extension pg_stat_statements; drop extension pg_stat_statements cascade; select * from busy;
create schema a; create schema b; create extension hstore schema a; create table a.t (h a.hstore); create table public.u (id int primary key, h a.hstore);
alter extension hstore set schema b; drop schema a cascade; select 'x=>1'::b.hstore; insert into u values (1, 'a=>1'); select h operator(b.->) 'a' from u;
set search_path = b, public; \d u
select h -> 'a' from u; reset search_path;
set client_min_messages = error; drop schema b cascade; reset client_min_messages; \dx
\d u
begin; create extension unaccent; select unaccent('é'); savepoint s; drop extension unaccent; select unaccent('é'); rollback to s; select unaccent('è'); commit; select unaccent('ê'), 'unaccent'::regdictionary, ts_lexize('unaccent', 'Hôtel'), ts_lexize('unaccent', 'plain');
create text search configuration fr (copy = french); alter text search configuration fr alter mapping for hword, hword_part, word with unaccent, french_stem; select to_tsvector('fr', 'Hôtels de la Mer'), to_tsvector('fr', 'Hôtel') @@ to_tsquery('fr', 'hotels'); drop text search configuration fr; drop extension unaccent;
drop table u; drop extension citext; revoke all on database postgres from maker; revoke all on schema public from maker; drop role maker;
create extension moddatetime; create extension insert_username; create table t (a int primary key, ts timestamp, tz timestamptz, n text, i int);
create trigger x before update on t for each row execute function moddatetime(tz); create trigger w before insert or update on t for each row execute function insert_username(n); insert into t values (1); update t set a = 2 returning tz = now(), n; drop trigger x on t;
create trigger x before update on t for each row execute function moddatetime(i); update t set a = 3; drop trigger x on t; create trigger x before update on t for each row execute function moddatetime(); update t set a = 3; drop trigger x on t; create trigger x before insert on t for each row execute function moddatetime(ts); insert into t values (7); drop extension moddatetime; drop table t; drop extension moddatetime; drop extension insert_username;
