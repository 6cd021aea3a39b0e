-- Materialized views
create schema kept; set search_path = kept;
create table t(id int primary key, g text, v int);
insert into t select i, 'g'||(i%3), i*10 from generate_series(1,10) i;
create materialized view mv as select g, sum(v) as s from t group by g order by g;
table mv order by g;
create unique index mvi on mv (g);
insert into t values (11,'g9',5);
table mv order by g;
refresh materialized view concurrently mv;
table mv order by g;
create materialized view mv2(a,b) as select id, v from t with no data;
table mv2;
refresh materialized view mv2; select count(*) from mv2;
refresh materialized view concurrently mv2;
insert into mv values ('x',1); update mv set s=1; delete from mv; truncate mv;
drop table mv; drop view mv; drop materialized view t;
\d mv
\d+ mv2
\dm
select * from pg_matviews where schemaname = 'kept' order by 2;
select table_name from information_schema.tables where table_schema='kept' order by 1;
alter table t rename column v to vv; refresh materialized view mv; table mv order by g;
alter materialized view mv rename to mv3; alter materialized view mv3 rename column s to total; comment on materialized view mv3 is 'hi';
\d+ mv3
drop table t;
drop table t cascade;
create materialized view if not exists mv as select 1 as a; create materialized view if not exists mv as select 1 as a;
alter materialized view mv set (fillfactor=70); alter materialized view mv owner to current_user; explain (costs off) select * from mv;
create view vv as select * from mv; refresh materialized view vv; drop materialized view mv; drop materialized view if exists nope; drop materialized view mv cascade;
drop schema kept cascade;
