-- Views, defaults, checks and indexes go on when what they read gets another name
create schema named; set search_path = named;
create table t1(a int primary key, b text, c int default 3, check (c > 0), g int generated always as (c+1) stored);
create table t2(a int, x int);
create index ix on t1 (lower(b)) where c > 1;
create view v1 as select a, b from t1 where c > 2;
create view v2 as select * from t1 join t2 using (a);
create view v3 as select count(*) from v1;
create sequence sq; create table t3(id int default nextval('sq'), e int);
create type mood as enum ('x','y'); create view v4 as select 'x'::mood as m, 5 as five;
alter table t1 rename c to cc; alter table t1 rename a to id; alter table t1 rename to tt; alter table t2 add column b text; alter sequence sq rename to sq2; alter type mood rename to mood2; alter view v1 rename column b to bee;
create schema s2; alter table t2 set schema s2;
alter schema s2 rename to s3;
select * from v1; select * from v2; select * from v3; select * from v4; insert into t3 values (default, 1); table t3; insert into tt values (1,'x'); table tt;
\d+ tt
\d+ v1
\d v4
\d t3
alter table tt add constraint named_check check (length(b) < 10); alter table tt rename constraint named_check to other;
alter table tt alter column b set default 'x'; alter table tt rename b to bb; \d tt
drop table s3.t2 cascade; drop schema s3; drop schema named cascade;
