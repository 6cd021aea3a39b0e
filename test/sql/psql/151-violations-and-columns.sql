-- Errors show values of columns that may not be read to nobody who did not give them.
create role see_1; create role see_2;
create table p (id int primary key, secret text unique, pub int, check (pub < 100)); insert into p values (1, 's1', 1), (2, 's2', 2);
create table c (id int primary key, pid int references p, note text not null);
grant select (id, pub), insert, update, delete on p to see_1;
grant insert, update on c to see_1;
set role see_1;
insert into p values (3, 's1', 3); insert into p values (1, 's9', 3); insert into p values (4, 's4', 300);
update p set pub = 300 where id = 1; update p set secret = 's2' where id = 1; update p set id = null where id = 1;
insert into c values (1, 77, 'x'); insert into c values (1, 1, 'x'); insert into c values (1, 1, 'x'); insert into c values (2, 1, null); insert into c (id, pid) values (2, 1);
delete from p where id = 1;
reset role; grant select (pid) on c to see_1; set role see_1;
insert into c values (9, 77, 'x'); insert into c values (10, 1, null);
reset role; revoke select on p from see_1; set role see_1; delete from p; update p set id = 5;
copy p (id, pub) from stdin;
9	900
\.
reset role;
-- partitions
create table pt (a int, b text, c int not null) partition by list (a); create table pt1 partition of pt for values in (1);
create table pt2 (c int not null, b text, a int check (a <> 2)); alter table pt attach partition pt2 for values in (2);
grant insert (a, b, c), update (b, c), select (a) on pt to see_1; set role see_1;
insert into pt values (1, 'b', 1); insert into pt values (1, 'b', null); insert into pt (a, b) values (1, 'b'); insert into pt values (2, 'b', 1); insert into pt values (9, 'b', 1);
update pt set c = null; update pt set c = null where a = 1; insert into pt (b, c) values ('x', 1);
reset role; revoke select on pt from see_1; set role see_1; insert into pt values (9, 'b', 1); insert into pt (a, b) values (1, 'z'); insert into pt1 values (1, 'x', 1); reset role;
-- row-level security
create table rl (a int primary key, b int check (b < 100)); insert into rl values (1, 1), (2, 2); alter table rl enable row level security;
create policy pp on rl to see_1 using (b < 2); create policy pq on rl to see_1, see_2 using (b < 5) with check (true); grant all on rl to see_1; set role see_1;
insert into rl values (1, 1); insert into rl values (10, 1000); update rl set b = 1000; select a from rl order by a; reset role;
drop role see_1; drop owned by see_1; select polname, polroles::regrole[] from pg_policy order by 1; drop role see_1;
drop role see_2; drop owned by see_2; drop role see_2; select polname from pg_policy;
drop table p, c, pt, rl;
