-- Privileges on columns: what may be read, written and referred to with them.
create role col_alice; create role col_bob;
create table t (a int primary key, b text, c int not null default 0);
insert into t values (1, 'x', 2);
grant select (a, b), insert (a, c), update (c) on t to col_alice with grant option;
\dp t
set role col_alice;
select a from t; select a, b from t; select c from t; select * from t; select count(*) from t; select t from t; select 1 from t;
insert into t (a, c) values (2, 3); insert into t (a, b) values (3, 'y'); insert into t values (4, 'z', 1);
insert into t (a, c) values (5, 3) returning a; insert into t (a, c) values (6, 3) returning c;
update t set c = 5 where a = 1; update t set c = c + 1; update t set b = 'q'; update t set c = 1 returning *;
delete from t;
select ctid from t;
select count(*) from (select a from t for update) q;
explain (costs off) select c from t;
grant select (a) on t to col_bob; grant select (c) on t to col_bob; grant select on t to col_bob;
reset role;
\dp t
revoke select (a) on t from col_alice;
revoke select (a) on t from col_alice cascade;
revoke select, insert on t from col_alice;
\dp t
select attname, attacl from pg_attribute where attrelid = 't'::regclass and attnum > 0;
select grantee, column_name, privilege_type, is_grantable from information_schema.column_privileges where table_name = 't' and grantee <> 'postgres' order by 1, 2, 3;
revoke all on t from col_alice, col_bob;
\dp t
-- joins, whole rows, sub-queries, hidden columns
grant select (a, b) on t to col_bob; set role col_bob;
select (t).a from t; select row_to_json(t) from t; select 1 from t where c = 1; select a from t order by c; select a from t group by a, c;
select count(*) from t x join t y using (a); select 1 from t x join t y using (c); select 1 from t x natural join t y;
select a from (select * from t) q; with q as (select a from t) select count(*) from q; select exists (select from t where c = 1); select exists (select 1 from t);
select sum(a) > 0 from t; select sum(c) from t; table t; select t.* from t; select tableoid from t; select xmin from t; lock table t; truncate t; analyze t;
reset role; grant select (tableoid) on t to col_bob; set role col_bob; select distinct tableoid::regclass from t; reset role;
\dp t
select has_column_privilege('col_bob', 't', 'a', 'select'), has_column_privilege('col_bob', 't', 'c', 'select'), has_column_privilege('col_bob', 't', 'tableoid', 'select'),
  has_column_privilege('col_bob', 't', 1::smallint, 'select with grant option'), has_any_column_privilege('col_bob', 't', 'select'), has_any_column_privilege('col_bob', 't', 'references'),
  has_table_privilege('col_bob', 't', 'select'), has_column_privilege('col_bob', 't', 99::smallint, 'select'), has_column_privilege('col_bob', 't', 'nope', 'select');
set role col_bob;
select column_name from information_schema.columns where table_name = 't'; select table_name from information_schema.tables where table_name = 't';
reset role;
-- what becomes of them
alter table t drop column b; alter table t add column d int;
\dp t
set role col_bob; select d from t; reset role;
create table inh (e int) inherits (t);
\dp inh
set role col_bob; select a from inh; select count(a) from t; reset role;
create view v as select a, c from t; grant select (a) on v to col_bob; create or replace view v as select a, c, 1 as more from t;
\dp v
grant create on schema public to col_alice;
alter table t owner to col_alice;
\dp t
create table l (like t including all);
\dp l
drop table l;
-- sequences
create sequence s; grant select (last_value) on s to col_bob; set role col_bob; select last_value from s; select * from s; select nextval('s'); reset role;
\dp s
drop sequence s;
-- foreign keys
create table r1 (a int primary key, b int unique, unique (a, b)); grant references (a) on r1 to col_bob; grant create on schema public to col_bob; set role col_bob;
create table r2 (x int references r1); create table r3 (x int references r1 (b)); create table r4 (x int, y int, foreign key (x, y) references r1 (a, b));
reset role; grant references on r1 to col_bob; set role col_bob; create table r3 (x int references r1 (b)); reset role;
-- COPY
truncate t, inh; insert into t (a) values (1);
grant insert (a, d) on t to col_bob; grant pg_read_server_files to col_bob; set role col_bob;
copy t to stdout; copy t (a) to stdout; copy (select a, c from t) to stdout; copy t from '/dev/null'; copy t (a, c) from '/dev/null'; copy t (a, d) from '/dev/null';
copy t (a, d) from stdin;
30	31
\.
reset role;
-- ON CONFLICT
create table oc (a int primary key, b int, c int, constraint ocu unique (b)); insert into oc values (1, 1, 1); grant insert (a, b), update (c) on oc to col_bob; set role col_bob;
insert into oc (a, b) values (1, 2) on conflict do nothing; insert into oc (a, b) values (1, 2) on conflict (a) do nothing; insert into oc (a, b) values (1, 2) on conflict on constraint ocu do nothing;
reset role; grant select (a) on oc to col_bob; set role col_bob;
insert into oc (a, b) values (1, 2) on conflict (a) do nothing; insert into oc (a, b) values (1, 2) on conflict (a) do update set c = 5;
insert into oc (a, b) values (1, 2) on conflict (a) do update set c = excluded.b; insert into oc (a, b) values (1, 2) on conflict (a) do update set b = 5;
insert into oc (a, b) values (1, 2) on conflict (a) do update set c = oc.c + 1; insert into oc (a, b) values (1, 2) on conflict (a) do update set c = 5 where oc.b = 1;
insert into oc (a, b) values (7, 7) returning a; insert into oc (a, b) values (8, 8) returning b; insert into oc default values;
reset role;
-- MERGE
create table mt (a int, b int, c int); create table ms (x int, y int, z int); grant select (a), update (b), insert (a) on mt to col_bob; grant select (x) on ms to col_bob; set role col_bob;
merge into mt using ms on a = x when matched then update set b = 1 when not matched then insert (a) values (x);
merge into mt using ms on a = x when matched then update set b = y; merge into mt using ms on a = x when matched then delete;
merge into mt using ms on a = x when matched and c = 1 then do nothing; merge into mt using ms on a = x when not matched then insert (a, b) values (x, 1);
reset role;
-- views
create view vu as select a, b, c from oc where c < 50 with check option; grant select (a), insert (a, c), update (c) on vu to col_bob;
set role col_bob; select a from vu order by a; select c from vu; insert into vu (a, c) values (20, 60); insert into vu (a, c) values (20, 20); insert into vu (a, b) values (21, 1); update vu set c = 70 where a = 1; update vu set c = 5 where a = 1; update vu set c = c + 1; update vu set b = 1; select * from vu; select count(*) > 0 from vu; delete from vu; reset role;
create view v2 with (security_invoker) as select a, c from oc; grant select on v2 to col_bob; set role col_bob; select a from v2; reset role; grant select (c) on oc to col_bob; set role col_bob; select count(a) from v2; reset role;
drop role col_bob;
drop owned by col_bob; drop role col_bob; drop owned by col_alice cascade; drop role col_alice;
drop view v2, vu; drop table oc, mt, ms, r1;
