-- Privileges on columns of user tables: of one's own rows, and nothing of them where a column may not be read.
create role ua login; create role ub login;
create table notes (id int primary key, title text, secret text check (length(secret) < 5), rating int not null default 0) with (type = 'user');
grant select (id, title), insert (id, title, secret), update (title, secret), delete on notes to ua, ub;
set role ua; insert into notes (id, title, secret) values (1, 'a one', 'sa1'), (2, 'a two', 'sa2'); reset role;
set role ub; insert into notes (id, title, secret) values (1, 'b one', 'sb1'); reset role;
set role ua;
select id, title from notes order by id; select * from notes; select secret from notes; select id from notes where secret = 'sb1'; select count(*) from notes;
insert into notes (id, title, rating) values (3, 'x', 1); insert into notes (id, title, secret) values (1, 'again', 'x'); insert into notes (id, secret) values (4, 'much too long');
update notes set secret = 'much too long' where id = 1; update notes set secret = 'sb1' where id = 1; update notes set rating = 3; update notes set title = 'mine' where id = 2 returning id, title; update notes set title = 'x' returning *;
select _seq is null from notes; select _user_id from notes; set kalamdb.all_users = on; select id from notes;
listen notes;
create temp view titles as select id, title from notes; listen titles; unlisten *; drop view titles;
delete from notes where id = 2; delete from notes where secret is null; truncate notes;
reset role;
reset kalamdb.all_users;
-- who acts for a user needs the privileges itself
create role svc login; grant kalamdb_service to svc; grant select (title) on notes to svc;
set session authorization svc; set kalamdb.user_id = 'ub'; select title from notes; select id from notes; reset kalamdb.user_id; reset session authorization;
-- references to columns, defaults, dependents
create table kinds (code int primary key, name text unique); grant references (code), select (code) on kinds to ua; grant create on schema public to ua;
alter default privileges for role ua grant select, insert on tables to ub;
set role ua; create table own (id int primary key, kind int references kinds) with (type = 'user'); create table own2 (kind text references kinds (name)) with (type = 'user'); insert into own values (1, 7); reset role;
\dp own
set role ub; insert into own values (1, null); select * from own; reset role;
set role ua; select count(*) from own; reset role;
drop role ua;
drop owned by ua; drop owned by ub, svc;
\dp notes
\ddp
set kalamdb.all_users = on; select _user_id, id, title, secret from notes order by 1, 2; reset kalamdb.all_users;
drop table notes, kinds; drop role ua, ub, svc;
