-- Grant options, what hangs on them, and what is refused.
create role pa_r1; create role pa_r2; create role pa_r3; create role pa_r4 noinherit;
-- grant options and chains
create table t (a int, b int);
grant select on t to pa_r1 with grant option;
set role pa_r1;
grant select on t to pa_r2 with grant option;
grant update on t to pa_r2;
grant all on t to pa_r2;
grant select, update on t to pa_r3;
set role pa_r2;
grant select on t to pa_r1 with grant option;
grant select on t to pa_r3;
revoke select on t from pa_r1;
reset role;
\dp t
revoke select on t from pa_r1;
revoke grant option for select on t from pa_r1;
revoke grant option for select on t from pa_r1 cascade;
\dp t
revoke all on t from pa_r1, pa_r2 cascade;
\dp t
grant select on t to public with grant option;
grant usage on t to pa_r1;
grant select on sequence t to pa_r1;
create sequence s;
grant insert, select on s to pa_r1;
grant insert on sequence s to pa_r1;
grant all on s to pa_r2;
grant select (a) on sequence s to pa_r1;
grant select (last_value) on s to pa_r1;
grant usage (a) on t to pa_r1;
grant delete (a) on t to pa_r1;
grant foo on t to pa_r1;
grant select (nope) on t to pa_r1;
grant all (a, b) on t to pa_r1;
grant select on nope to pa_r1;
grant select on t to nope;
grant select on t to pa_r1 granted by pa_r2;
grant select on t to pa_r1 granted by current_user;
grant execute on schema public to pa_r1;
-- in whose name
grant pa_r1 to pa_r4; create role pa_r5; grant pa_r1 to pa_r5; grant select on t to pa_r1 with grant option; grant update on t to pa_r5 with grant option;
set role pa_r5; grant select on t to pa_r3; grant update on t to pa_r3; grant select, update on t to pa_r3; grant all on t to pa_r3; grant insert on t to pa_r3;
set role pa_r4; grant select on t to pa_r3; select * from t; revoke select on t from pa_r3; reset role;
\dp t
-- by members of the owner
grant create on schema public to pa_r1;
alter table t owner to pa_r1; set role pa_r5; grant delete on t to pa_r2; revoke delete on t from pa_r2; revoke select on t from pa_r1; select * from t; grant select on t to pa_r1; reset role;
\dp t
set role pa_r4; grant delete on t to pa_r2; reset role;
drop owned by pa_r1, pa_r2, pa_r3, pa_r4, pa_r5; drop role pa_r1, pa_r2, pa_r3, pa_r4, pa_r5; drop sequence s;
