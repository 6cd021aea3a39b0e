-- ALTER TABLE: what is only kept and shown, typed tables, constraints that are validated later, keys of indexes that are there
create schema altered; set search_path = altered;
create table t(a int, b text, c numeric, d int generated always as (a * 2) stored);
insert into t(a, b) values (1, 'x'), (2, 'y'), (3, null);
alter table t alter b set storage external, alter b set statistics 200, alter b set compression pglz, alter a set (n_distinct = -0.5);
alter table t alter a set storage external;
alter table t alter nope set storage plain; alter table t alter a set statistics -2; alter table t alter b set storage odd;
\d+ t
alter table t alter b set compression default, alter b set statistics -1, alter a reset (n_distinct);
alter table t add constraint pos check (a > 1) not valid; \d t
insert into t(a) values (0); alter table t validate constraint pos; delete from t where a = 1; alter table t validate constraint pos; \d t
alter table t validate constraint nope; alter table t alter d drop expression; alter table t alter d drop expression; alter table t alter d drop expression if exists;
update t set a = 5 where a = 2; select a, d from t order by a;
create unique index ui on t (a); alter table t add constraint t_key unique using index ui; \d t
create unique index ui2 on t (c); alter table t add primary key using index ui2;
update t set c = a; alter table t add primary key using index ui2; \d t
create index plain on t (b); alter table t add unique using index plain; create unique index part on t (b) where a > 1; alter table t add unique using index part;
alter table t cluster on plain; alter table t replica identity using index ui2; alter table t replica identity full; \d+ t
alter table t set without cluster; alter table t replica identity default; cluster t; cluster t using plain; cluster t;
alter table t set unlogged; select relpersistence from pg_class where relname = 't' and relnamespace = 'altered'::regnamespace; alter table t set logged;
alter table t set access method heap; alter table t set access method odd; alter table t set tablespace pg_default; alter table t set without oids;
create type pair as (x int, y text); create table p (x int, y text); alter table p of pair; \d p
alter table p add column z int; alter table p not of; alter table p add column z int; alter table p of pair; create table tt of pair (x primary key default 5); \d tt
alter table t alter column a type bigint, add column e int default 7, drop column b, alter column e set not null, add constraint e_pos check (e > 0); \d t
select * from t order by a;
alter table t drop constraint t_pkey, drop column c; insert into t(a) values (9); select * from t order by a;
create index idx on t (a, (a + 1)) with (fillfactor = 70); alter index idx alter column 2 set statistics 100; alter index idx alter column 1 set statistics 100; alter index idx alter column 9 set statistics 1; \d+ idx
alter index idx set (fillfactor = 80); alter index idx reset (fillfactor); alter index idx set (nope = 1); reindex index idx; reindex table t; reindex index t; reindex schema altered;
alter table t add constraint fk foreign key (a) references t (a) on delete set null (a); create table parent (a int, b int, primary key (a, b));
create table child (a int, b int, c int, foreign key (a, b) references parent on delete set null (b), foreign key (a, c) references parent (a, b) on delete set default (c)); \d child
insert into parent values (1, 2), (1, 3); insert into child values (1, 2, null); delete from parent where b = 2; table child;
create table bad (a int, b int, foreign key (a) references tt on delete set null (b)); create table bad (a int, foreign key (tableoid) references tt);
drop schema altered cascade;
