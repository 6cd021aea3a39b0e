-- What goes along with what is dropped, in PostgreSQL's order
create schema dep; set search_path = dep;
create table t(id int primary key, a int, b int generated always as (a + 1) stored, c text);
create table u(t_id int references t, v text); create view v1 as select id, c from t; create view v2 as select v1.id, u.v from v1 join u on u.t_id = v1.id; create view v3 as select * from t group by id;
create sequence s; create table w(x int default nextval('s')); create materialized view m as select count(*) from v1;
drop table t; alter table t drop column c; alter table t drop column a; alter table t drop constraint t_pkey; drop sequence s; drop view v1;
begin; alter table t drop column a cascade; \d t
rollback;
begin; alter table t drop constraint t_pkey cascade; \d t
rollback;
begin; drop view v1 cascade; rollback; begin; drop sequence s cascade; \d w
rollback;
begin; drop table t, u; rollback; begin; drop table t, u cascade; rollback;
create type mood as enum ('x'); create function f() returns int language sql as 'select 1'; create view v4 as select f() as f, 'x'::mood as m; create domain d as int check (value > 0);
drop schema dep; drop schema dep cascade;
select count(*) from pg_class where relnamespace = 0; drop schema dep;
-- elements of a new schema see each other
create schema made authorization current_user create table t (a int primary key) create view v as select * from t create index on t (a) create sequence q grant select on t to public;
\d made.v
create schema made2 create table made.t3 (a int);
create schema made3 create temp view tv as select 1;
show search_path;
comment on schema made is 'made of parts'; comment on sequence made.q is 'a sequence'; select obj_description('made'::regnamespace, 'pg_namespace'), obj_description('made.q'::regclass, 'pg_class');
select last_value, is_called from made.q; select nextval('made.q'); select last_value, is_called from made.q;
drop schema made cascade;
create temp table tmp(a int); create view reads_temp as select * from tmp; drop view reads_temp;
