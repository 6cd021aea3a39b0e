create schema s93;
set search_path = s93;
create table t(a int primary key, b text);
insert into t values (1,'one'),(2,'two');
create view v as select a, upper(b) as ub, a*2 as d from t;
create function vt() returns trigger language plpgsql as $$
begin
  raise notice '% % % %: % -> %', tg_name, tg_when, tg_op, tg_level, old, new;
  if tg_level = 'STATEMENT' then return null; end if;
  if tg_op = 'INSERT' then insert into t values (new.a, new.ub); new.d := 99; return new; end if;
  if tg_op = 'UPDATE' then update t set a = new.a, b = new.ub where a = old.a; return new; end if;
  delete from t where a = old.a; return old;
end $$;
create trigger i instead of insert or update or delete on v for each row execute function vt();
create trigger bs before insert or update or delete on v execute function vt();
create trigger afs after insert or update or delete on v execute function vt();
insert into v values (3, 'three', 6), (4, 'four', 7) returning *;
insert into v(a) select 5;
update v set ub = 'X', d = 5 where a > 2 returning *;
update v set ub = o.b from t o where o.a = v.a and v.a = 1 returning v.a, v.ub, o.*;
delete from v where a = 5 returning *;
delete from v using t where t.a = v.a and t.a = 4;
create view w as select a as x, ub from v where a < 3 with check option;
insert into w values (2, 'dup');
insert into w values (10, 'ten');
update w set ub = 'zzz' where x = 2 returning *;
delete from w where x = 2;
select * from t order by 1;
select * from t order by 1;
with x as (insert into v values (30, 'cte', 0) returning a, d) select * from x;
select table_name, is_updatable, is_insertable_into, is_trigger_updatable, is_trigger_deletable, is_trigger_insertable_into from information_schema.views where table_name in ('v','w') order by 1;
select pg_relation_is_updatable('v'::regclass, true), pg_relation_is_updatable('v'::regclass, false);
merge into v using t on v.a = t.a when matched then delete;
\d v
drop view v;
drop view v cascade;
set client_min_messages = warning;
drop schema s93 cascade;
