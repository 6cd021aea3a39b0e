-- GRANT of roles, loops, ADMIN OPTION, INHERIT, SET ROLE, and what keeps a role from being dropped.
create role pa_r1; create role pa_r2; create role pa_r3; create role pa_r4 noinherit; create role pa_g;
grant pa_r1 to pa_r2; grant pa_r2 to pa_r1; grant pa_r1 to pa_r1; grant pa_r1 to pa_r2; grant pa_r1 to pa_r2 with admin option; grant pa_r1 to public; grant nope to pa_r1; grant pa_r1 to nope;
grant pa_r1 to pa_r3 granted by pa_r2; revoke pa_r1 from pa_r4; revoke admin option for pa_r1 from pa_r2; 
grant pg_database_owner to pa_r1; grant pa_r1 to pg_database_owner;
\du pa_*
select roleid::regrole, member::regrole, admin_option, grantor::regrole from pg_auth_members where roleid::regrole::text like 'pa%' order by 1,2;
set role pa_r3; grant pa_r1 to pa_r4; grant pa_r1 to pa_r4 granted by pa_r2; create role pa_x; drop role pa_g; alter role pa_g createdb; reset role;
-- admins by way of another role
grant pa_g to pa_r1 with admin option; grant pa_r1 to pa_r3; set role pa_r3; grant pa_g to pa_r2; revoke pa_g from pa_r2; set role pa_r2; grant pa_g to pa_r3; reset role;
select pg_has_role('pa_r3', 'pa_g', 'usage with admin option'), pg_has_role('pa_r3', 'pa_g', 'member'), pg_has_role('pa_r4', 'pa_g', 'usage'), pg_has_role('postgres', 'pa_g', 'member with grant option');
-- inherit
create table t (a int); grant select on t to pa_g; grant pa_g to pa_r4; set role pa_r4; select * from t; set role pa_g; select * from t; reset role; set session authorization pa_r4; set role pa_g; select current_user, session_user; set role pa_r2; set role none; reset session authorization;
alter role pa_r4 inherit; set role pa_r4; select * from t; reset role;
-- created with memberships
create role pa_n1 in role pa_g role pa_r1 admin pa_r2; 
create role pa_n1 role pa_r1; create role pa_n2 admin pa_r2 in role pa_g, pa_r1; create role pa_n3 role pa_n3; create role pa_n4 superuser; create role pa_cr createrole;
select roleid::regrole, member::regrole, admin_option from pg_auth_members where roleid::regrole::text like 'pa%' order by roleid::regrole::text, member::regrole::text;
set role pa_cr; create role pa_n5 in role pa_n4; create role pa_n5 superuser; create role pa_n5 replication; create role pa_n5 bypassrls; create role pa_n5 login createdb createrole in role pa_g; alter role pa_n4 login; alter role pa_n5 superuser; alter role pa_n5 bypassrls; drop role pa_n4; grant pa_n4 to pa_n5; grant pa_n5 to pa_g; drop role pa_n5; reset role;
drop role pa_r1; drop role postgres; drop role pg_monitor; drop role current_user; drop role nope; drop role if exists nope; drop role pa_g;
set role pa_cr; drop role pa_cr; reset role; set session authorization pa_cr; drop role pa_cr; reset session authorization;
drop table t; drop role pa_r1, pa_r2, pa_r3, pa_r4, pa_g, pa_n1, pa_n2, pa_n4, pa_cr;
