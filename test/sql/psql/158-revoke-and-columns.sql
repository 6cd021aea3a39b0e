-- REVOKE from a relation is one from each of its columns; who may not grant is told what was not done.
create role pa_y1; create role pa_y2; create table t (a int, b int); grant select on t to pa_y1; grant select (a) on t to pa_y2; grant update on t to pa_y1 with grant option;
set role pa_y1; revoke select on t from pa_y2; revoke all on t from pa_y2; revoke select (a) on t from pa_y2; revoke select (b) on t from pa_y2; revoke update on t from pa_y2; grant select (a), update (b) on t to pa_y2; grant all (a, b) on t to pa_y2; revoke update (a) on t from pa_y2; reset role;
set role pa_y2; revoke select on t from pa_y1; grant select (b) on t to pa_y1; grant insert (a) on t to pa_y1; grant insert on t to pa_y1; reset role;
\dp t
revoke update on t from pa_y1; revoke update on t from pa_y1 cascade;
\dp t
create role pa_y3; grant update (a) on t to pa_y1 with grant option; set role pa_y1; grant update (a) on t to pa_y3; reset role; revoke update (a) on t from pa_y1; revoke grant option for update (a) on t from pa_y1 cascade; 
\dp t
revoke all on t from public, pa_y1, pa_y2, pa_y3;
\dp t
grant select on t, t to pa_y1, pa_y1; revoke select on t from pa_y1; grant all on t to postgres; revoke all on t from postgres; 
\dp t
grant select on t to pa_y1;
\dp t
select * from t; set role pa_y1; select * from t; reset role;
revoke all on schema public from pa_y1 restrict; grant select on t to pa_y1 granted by postgres; grant select on t to current_user; grant select on t to session_user; grant select on t to current_role;
\dp t
drop table t; drop role pa_y1, pa_y2, pa_y3;
